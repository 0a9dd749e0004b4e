"""The signed link at the foot of a mail, by which one group of mails ends with one click and without signing in."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from portal.accounts.models import User
from portal.notices.kinds import GROUPS

# It carries no time, because it never expires: a mail may be found again after years, and the wish is harmless. So the
# header and the text of one mail have the same link, whenever each was put together.
SIGNER = signing.Signer(salt="notices.unsubscribe")


class Wish(NamedTuple):
    """Who wants no more mails of which group."""

    user: User
    group: str


def token_for(user: User, group: str) -> str:
    return SIGNER.sign_object([user.pk, group])


def wish_in(token: str) -> Wish | None:
    """None for a token that is not ours, whose person is gone, or whose group cannot be switched off."""
    try:
        pk, group = SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or group not in GROUPS or GROUPS[group].is_service:
        return None
    return Wish(user, group)


def unsubscribe_url(user: User, group: str) -> str:
    """Absolute, in the active language."""
    return f"{settings.SITE_URL}{reverse('notices:unsubscribe', args=[token_for(user, group)])}"
