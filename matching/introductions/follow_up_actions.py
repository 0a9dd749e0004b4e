"""Follow-ups: made due by a timer, answered by both sides through a link, compared, and settled by a moderator."""

import calendar
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.actions import ENDED
from matching.introductions.enums import Reached
from matching.introductions.models import FollowUp, FollowUpAnswer
from matching.introductions.rules import can_settle_follow_up
from matching.models import Introduction
from matching.rules import city_id, provider_id
from matching.states import INTRODUCED
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue
from portal.notices.clock import zone_of

MONTHS = (3, 6, 12, 24)
REMIND_AFTER = timedelta(days=14)
LINK_HOLDS = timedelta(days=120)
SIDES = ("city", "provider")
_SALT = "matching.introductions.follow-up"


class Asked(NamedTuple):
    """Whom a link was mailed to, for which side of which follow-up."""

    follow_up: FollowUp
    side: str
    user: User


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that one is shorter."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def follow_up_token(follow_up: FollowUp, side: str, user: User) -> str:
    return signing.dumps([follow_up.pk, SIDES.index(side), user.pk], salt=_SALT)


def asked_by(token: str) -> Asked | None:
    """Whom the link was for; None for one that this portal did not write, or that is too old."""
    try:
        follow_up_id, side, user_id = signing.loads(token, salt=_SALT, max_age=LINK_HOLDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    follow_up = FollowUp.objects.with_records().filter(pk=follow_up_id).first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if follow_up is None or user is None:
        return None
    # Who has left the organisation since does not speak for it.
    match = follow_up.introduction.match
    speaks_for = city_id(match) if SIDES[side] == "city" else provider_id(match)
    return Asked(follow_up, SIDES[side], user) if speaks_for in user.organisation_ids else None


def began_on(introduction: Introduction) -> date:
    """The day of the introduction on the city's own calendar, from which its months are counted."""
    city = introduction.match.demand.city
    return introduction.introduced_at.astimezone(zone_of(city.time_zone if city else "UTC")).date()


@transaction.atomic
def ask_follow_ups(*, today: date) -> int:
    """Make due what is due: of each introduction the latest date that has come, so that a pause sends no heap of mails.

    What ended is not asked about again. Returns how many were asked.
    """
    # Three days more than three months back: the 31st has no like in a shorter month, and is due at its end.
    earliest = months_after(today, -MONTHS[0]) + timedelta(days=3)
    found = Introduction.objects.filter(introduced_at__date__lte=earliest, match__state__in=INTRODUCED - ENDED)
    found = found.select_related("match__demand__city")
    count = 0
    for introduction in found.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk"):
        start = began_on(introduction)
        months = max((number for number in MONTHS if months_after(start, number) <= today), default=0)
        if not months:
            continue
        due_on = months_after(start, months)
        row, is_new = FollowUp.objects.get_or_create(
            introduction=introduction, months=months, defaults={"due_on": due_on, "asked_at": timezone.now()}
        )
        if is_new:
            record(by="system", action="follow_up.ask", subject=row, after={"months": months, "due_on": due_on})
            enqueue(kind="introductions.follow_up_asked", subject=f"followup:{row.pk}")
            count += 1
    return count


@transaction.atomic
def remind_of_follow_ups(*, today: date) -> int:
    """Remind once those who have not answered after a fortnight. Returns of how many follow-ups."""
    due = FollowUp.objects.filter(asked_at__date__lte=today - REMIND_AFTER, reminded_at=None)
    count = 0
    for row in due.select_for_update(no_key=True, skip_locked=True).order_by("pk"):
        row.reminded_at = timezone.now()
        row.save(update_fields=["reminded_at", "updated_at"])
        if row.answers.count() < len(SIDES):
            record(by="system", action="follow_up.remind", subject=row)
            enqueue(kind="introductions.follow_up_reminder", subject=f"followup:{row.pk}")
            count += 1
    return count


@transaction.atomic
def answer_follow_up(*, asked: Asked, stage: str, reached: str, words: str, language: str) -> FollowUpAnswer:
    """One side's answer, which it may correct as long as its link holds and no moderator has settled the matter."""
    row = FollowUp.objects.select_for_update(no_key=True).get(pk=asked.follow_up.pk)
    if row.settled_at is not None:
        raise DomainError(_("ICLEI has closed this follow-up. Write to us if something is not right."), code="closed")
    answer = row.answers.filter(side=asked.side).first() or FollowUpAnswer(follow_up=row, side=asked.side)
    before = {"stage": answer.stage, "reached": answer.reached}
    answer.stage, answer.reached, answer.words = stage, reached, words
    answer.language, answer.by = language, asked.user
    answer.save()
    after = {"side": asked.side, "stage": stage, "reached": reached}
    record(by=asked.user, action="follow_up.answer", subject=row, before=before, after=after)
    was, row.is_conflict = row.is_conflict, differ(list(row.answers.all()))
    row.save(update_fields=["is_conflict", "updated_at"])
    if row.is_conflict and not was:
        enqueue(kind="introductions.follow_up_conflict", subject=f"followup:{row.pk}")
    return answer


def differ(answers: list[FollowUpAnswer]) -> bool:
    """Whether the two sides contradict each other: on where it stands, or with a yes against a no."""
    if len(answers) < len(SIDES):
        return False
    first, second = answers
    return first.stage != second.stage or {first.reached, second.reached} == {Reached.YES.value, Reached.NO.value}


@transaction.atomic
def settle_follow_up(*, by: User, follow_up: FollowUp, note: str) -> FollowUp:
    """A moderator has asked both and notes what is the case."""
    if not can_settle_follow_up(by, follow_up):
        raise NotAllowed(_("You are tied to one of the two parties, so another moderator has to decide."))
    if not note.strip():
        raise Incomplete(_("Say in a few words what you found out."), ("note",))
    row = FollowUp.objects.select_for_update(no_key=True).get(pk=follow_up.pk)
    if row.settled_at is not None:
        raise Conflict(
            _("This is settled already. Reload the page to see what was noted."),
            who=f"user:{row.settled_by_id}", when=row.settled_at,
        )  # fmt: skip
    changes: dict[str, Any] = {"settled_by": by, "settled_at": timezone.now(), "settled_note": note}
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=[*changes, "updated_at"])
    record(by=by, action="follow_up.settle", subject=row, note=note)
    return row
