"""Addresses to which a person answers a mail of a thread: they say which introduction and who, and are signed.

In lower case and short, because mail servers fold the part before the @ and cut it at 64 letters.
"""

import hmac
import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "matching.introductions.reply"
_SIGNED = 24
ADDRESS = re.compile(r"reply\+(\d{1,18})-(\d{1,18})-([0-9a-f]{24})$")


def _signature(introduction_id: int, user_id: int) -> str:
    return salted_hmac(_SALT, f"{introduction_id}:{user_id}", algorithm="sha256").hexdigest()[:_SIGNED]


def reply_address(introduction_id: int, user_id: int) -> str:
    """Where this person's answers go; empty where the portal takes no mail."""
    if not settings.INBOUND_DOMAIN:
        return ""
    return f"reply+{introduction_id}-{user_id}-{_signature(introduction_id, user_id)}@{settings.INBOUND_DOMAIN}"


def whose(address: str) -> tuple[int, int] | None:
    """(introduction, user) of an address that this portal wrote; None for any other."""
    local, _at, domain = parseaddr(address)[1].lower().rpartition("@")
    found = ADDRESS.fullmatch(local)
    if found is None or not settings.INBOUND_DOMAIN or domain != settings.INBOUND_DOMAIN.lower():
        return None
    introduction_id, user_id = int(found[1]), int(found[2])
    signed = hmac.compare_digest(found[3], _signature(introduction_id, user_id))
    return (introduction_id, user_id) if signed else None
