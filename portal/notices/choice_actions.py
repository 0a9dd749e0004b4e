"""How a person wants to be told."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import DomainError
from portal.notices.enums import Cadence
from portal.notices.kinds import GROUPS, KINDS
from portal.notices.models import MailChoice, Notice, QuietHours


@transaction.atomic
def choose_mails(*, by: User, cadences: Mapping[str, str], quiet: tuple[time, time] | None) -> None:
    """Set how often mails of the groups named come, and the quiet hours (from, until; None: none)."""
    for group, cadence in cadences.items():
        _choose(by, group, cadence)
    if quiet is None:
        QuietHours.objects.filter(user=by).delete()
    else:
        QuietHours.objects.update_or_create(user=by, defaults={"starts": quiet[0], "ends": quiet[1]})
    hours = [f"{moment:%H:%M}" for moment in quiet] if quiet else []
    record(by=by, action="user.choose_mails", subject=by, after={"cadences": dict(cadences), "quiet": hours})


@transaction.atomic
def unsubscribe(*, user: User, group: str, by: str = "link") -> None:
    """End mails of one group; by a link that was mailed to them, so that nobody needs to sign in. Twice is no harm."""
    _choose(user, group, Cadence.OFF)
    record(by=user, action="user.unsubscribe", subject=user, after={"group": group}, note=by)


@transaction.atomic
def resubscribe(*, user: User, group: str) -> None:
    """Undo ``unsubscribe``: as often as the group comes to those who chose nothing."""
    _choose(user, group, GROUPS[group].cadence)
    record(by=user, action="user.resubscribe", subject=user, after={"group": group})


def _choose(user: User, group: str, cadence: str) -> None:
    """What waits for a digest follows the new choice; what should come at once from now on stays in its digest."""
    if GROUPS[group].is_service:
        raise DomainError(
            _("These mails concern security or a date that binds you and cannot be switched off."), code="service_mail"
        )
    MailChoice.objects.update_or_create(user=user, group=group, defaults={"cadence": cadence})
    if cadence != Cadence.NOW:
        kinds = [code for code, kind in KINDS.items() if kind.group == group]
        waiting = Notice.objects.for_digest().filter(recipient=user, kind__in=kinds)
        waiting.update(cadence=cadence)
