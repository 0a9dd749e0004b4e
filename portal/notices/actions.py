"""Tell people, each thing once."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.utils import timezone, translation
from django.utils.translation import get_language

from portal.accounts.enums import MemberRole, StaffRoleKind
from portal.accounts.models import User
from portal.common.languages import format_day
from portal.jobs.actions import enqueue
from portal.notices.clock import quiet_until, zone_of
from portal.notices.enums import Cadence
from portal.notices.gathering import PAUSE, is_counted, pause_before, unmailed, waits_in_a_count
from portal.notices.kinds import GROUPS, KINDS
from portal.notices.models import MailChoice, Notice, QuietHours, WithdrawnEvent

STORED_DAY = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?P<more> .+)?$")


class Withdrawn(NamedTuple):
    """How many people were spared the news of an event, and how many had been told before."""

    untold: int
    told: int


@transaction.atomic
def notify(
    *,
    recipients: Iterable[User],
    kind: str,
    event: str,
    params: Mapping[str, str],
    path: str,
    not_before: datetime | None = None,
) -> int:
    """Store a notice for each recipient who has none of this ``event`` yet, owe the mails, return how many are new.

    Until ``not_before`` nobody sees it and no mail leaves; ``withdraw(event=…)`` takes it back as if it had never
    been: so a decision may be undone for half a minute, and its job may still write the notices at once. An event
    that was withdrawn before its job ran stays untold.
    """
    _hold_event(event)
    if WithdrawnEvent.objects.filter(event=event).exists():
        return 0
    people = {user.pk: user for user in recipients}
    cadences = cadences_of(people, kind)
    defaults = {"kind": kind, "params": dict(params), "path": path, "held_until": not_before}
    new = 0
    for pk, user in people.items():
        notice, created = Notice.objects.get_or_create(
            recipient=user, event=event, defaults={**defaults, "cadence": cadences[pk]}
        )
        new += created
        if created and notice.cadence == Cadence.NOW and not waits_in_a_count(notice):
            owe_mail(notice, at_least=pause_before(notice))
    return new


@transaction.atomic
def withdraw(*, event: str) -> Withdrawn:
    """Take back what nobody was told yet (see ``notify``). Whoever was told needs a notice that says so."""
    _hold_event(event)
    WithdrawnEvent.objects.get_or_create(event=event)
    untold, _by_model = Notice.objects.filter(event=event, held_until__gt=timezone.now()).delete()
    return Withdrawn(untold, Notice.objects.filter(event=event).count())


def _hold_event(event: str) -> None:
    """Telling and taking back wait for each other: neither must miss what the other is about to commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"notice/{event}"])


def cadences_of(users: Iterable[int], kind: str) -> dict[int, str]:
    """User → how a notice of this kind is mailed to them. Service mails come at once, whatever was chosen."""
    keys, group = list(users), GROUPS[KINDS[kind].group]
    if not KINDS[kind].is_mailed:
        return dict.fromkeys(keys, Cadence.OFF.value)
    found = dict.fromkeys(keys, str(group.cadence))
    if not group.is_service:
        chosen = MailChoice.objects.filter(user__in=keys, group=KINDS[kind].group)
        found |= dict(chosen.values_list("user_id", "cadence"))
    return found


def owe_mail(notice: Notice, *, at_least: timedelta = timedelta(0)) -> None:
    delay = max(mail_due(notice) - timezone.now(), at_least)
    enqueue(kind="notices.send_mail", subject=f"notice:{notice.pk}", delay=delay)


def mail_due(notice: Notice) -> datetime:
    """When its mail may go: not while it is held back, nor in the reader's quiet hours unless it is a service mail."""
    now = timezone.now()
    start = max(now, notice.held_until or now)
    quiet = None if KINDS[notice.kind].is_service else QuietHours.objects.filter(user=notice.recipient_id).first()
    if quiet is None:
        return start
    return quiet_until(start, zone_of(notice.recipient.time_zone), quiet.starts, quiet.ends) or start


@transaction.atomic
def mark_all_read(*, user: User) -> int:
    return Notice.objects.visible_to(user).unread().update(read_at=timezone.now())


@transaction.atomic
def mark_read(*, notice: Notice) -> None:
    """Of a kind that is shown as a count, all that the count stood for."""
    read = Notice.objects.visible_to(notice.recipient).unread()
    read = read.filter(kind=notice.kind) if KINDS[notice.kind].count else read.filter(pk=notice.pk)
    read.update(read_at=timezone.now())


@transaction.atomic
def mark_mailed(*, notice: Notice, until: int) -> None:
    """With all that its mail counted: those of its kind up to ``until``. What came while it was sent owes the next."""
    counted_too = unmailed(notice).told() if is_counted(notice) else Notice.objects.filter(pk=notice.pk, mailed_at=None)
    counted_too.filter(pk__lte=until).update(mailed_at=timezone.now())
    later = unmailed(notice).order_by("pk").first() if is_counted(notice) else None
    if later is not None:
        owe_mail(later, at_least=PAUSE)


def members_of(organisation_id: int | None, *, deciding: bool = False) -> list[User]:
    """Active members of an organisation; only those who may speak for it where ``deciding``."""
    people = User.objects.filter(membership__organisation=organisation_id, is_active=True)
    if deciding:
        people = people.filter(membership__role__in=[MemberRole.APPROVER, MemberRole.ADMIN])
    return list(people.distinct().order_by("pk"))


def staff_of(role: str) -> list[User]:
    """Active people who hold a staff role."""
    return list(User.objects.filter(staffrole__role=role, is_active=True).order_by("pk"))


def moderators() -> list[User]:
    return staff_of(StaffRoleKind.MODERATOR)


def path_of(record: models.Model) -> str:
    """The record's address without a language, which each reader's own is put before."""
    with translation.override("en"):
        return record.get_absolute_url().removeprefix("/en")  # type: ignore[attr-defined]


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    """The notice's line in the active language; a day, which is kept as ISO writes it, in words of that language."""
    shown = {**params, "date": _day_in_words(str(params["date"]))} if "date" in params else params
    return str(KINDS[kind].subject) % shown


def _day_in_words(stored: str) -> str:
    """ "2027-03-28 18:00 (Asia/Seoul)" → "28 de marzo de 2027, 18:00 (Asia/Seoul)"; other words stay as they are."""
    found = STORED_DAY.match(stored)
    if found is None:
        return stored
    day = format_day(date.fromisoformat(found["day"]), get_language() or "en")
    return f"{day}, {found['more'].lstrip()}" if found["more"] else day


def counted(kind: str, number: int) -> str:
    """The line that stands for ``number`` notices of a kind that is counted, in the active language."""
    count: Any = KINDS[kind].count
    return str(count % {"count": number})
