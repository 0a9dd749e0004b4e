"""Mails fetched from an IMAP mailbox: for hosts where no mail server can run a command."""

import imaplib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings

from matching.introductions.mail_actions import receive_mail

logger = logging.getLogger(__name__)

AT_ONCE = 50
PATIENCE = 20


@contextmanager
def _connected() -> Iterator[imaplib.IMAP4]:
    """Signed in, with the folder open. The URL: imaps://user:password@host:993/INBOX"""
    parts = urlsplit(settings.INBOUND_IMAP_URL)
    make = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    with make(parts.hostname or "", port, timeout=PATIENCE) as box:
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        box.select(parts.path.strip("/") or "INBOX")
        yield box


def take_new_mails() -> int:
    """Take the unseen mails in, and mark each as seen once it is safely in the database. Returns how many."""
    with _connected() as box:
        _answer, found = box.search(None, "UNSEEN")
        numbers = found[0].split()[:AT_ONCE]
        for number in numbers:
            _answer, parts = box.fetch(number.decode(), "(BODY.PEEK[])")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            if raw:
                receive_mail(raw=raw)
            box.store(number.decode(), "+FLAGS", "\\Seen")
    return len(numbers)
