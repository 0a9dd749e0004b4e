"""What moderators note about items without deciding on them: taking, putting off, stepping back; views, routing."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.actions import recuse_from_match
from matching.complaints.actions import pass_on_complaint
from matching.complaints.models import Complaint
from matching.states import MATCH
from matching.workbench.enums import Scope, Tie
from matching.workbench.models import Recusal, Routing, SavedView, Snooze, Taken
from portal.accounts.actions import forget_roles
from portal.accounts.models import User
from portal.accounts.rules import is_moderator
from portal.audit.actions import record as note_event
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.working_days import office_day

LONGEST_SNOOZE = timedelta(days=120)
MOST_VIEWS = 20


def _by_moderator(by: User) -> None:
    if not is_moderator(by):
        raise NotAllowed


@transaction.atomic
def take_item(*, by: User, kind: str, item: str, over: bool = False) -> Taken:
    """Tell colleagues that one is at it. Raises Conflict while another is, unless it is taken ``over`` knowingly."""
    _by_moderator(by)
    now = timezone.now()
    until = now + timedelta(minutes=settings.WORKBENCH_TAKEN_FOR)
    row, made = Taken.objects.select_for_update(no_key=True).get_or_create(
        kind=kind, item=item, defaults={"by": by, "since": now, "until": until}
    )
    if made:
        return row
    if row.by_id != by.pk and row.until > now and not over:
        raise Conflict(
            _("%(who)s is at it already. Take it over if you have agreed on it.") % {"who": row.by.name},
            who=f"user:{row.by_id}", when=row.since,
        )  # fmt: skip
    if row.by_id != by.pk:
        if row.until > now:
            note_event(by=by, action="queue.take_over", subject=f"{kind}:{item}", before={"by": row.by_id})
        row.by, row.since = by, now
    row.until = until
    row.save(update_fields=["by", "since", "until"])
    return row


@transaction.atomic
def release_item(*, by: User, kind: str, item: str) -> None:
    """Only one's own; somebody else's is left as it is."""
    Taken.objects.filter(kind=kind, item=item, by=by).delete()


@transaction.atomic
def snooze_item(*, by: User, kind: str, item: str, until: date, reason: str) -> Snooze:
    """Out of everybody's queue until the morning of ``until`` at the office. Putting it off again replaces the date."""
    _by_moderator(by)
    if not reason.strip():
        raise Incomplete(_("Say why it can wait: your colleagues read it."), ("reason",))
    today = office_day()
    if not today < until <= today + LONGEST_SNOOZE:
        raise Incomplete(_("Choose a day after today and within the next four months."), ("until",))
    if kind == "complaint" and Complaint.objects.filter(public_id=item, due_on__lt=until).exists():
        raise Incomplete(_("Whoever complained is owed an answer before. Choose an earlier day."), ("until",))
    row, _made = Snooze.objects.update_or_create(
        kind=kind, item=item, defaults={"by": by, "at": timezone.now(), "until": until, "reason": reason}
    )
    note_event(by=by, action="queue.snooze", subject=f"{kind}:{item}", after={"until": until}, note=reason)
    release_item(by=by, kind=kind, item=item)
    return row


@transaction.atomic
def wake_item(*, by: User, kind: str, item: str) -> None:
    _by_moderator(by)
    gone, _models = Snooze.objects.filter(kind=kind, item=item).delete()
    if gone:
        note_event(by=by, action="queue.wake", subject=f"{kind}:{item}")


@transaction.atomic
def save_view(*, by: User, name: str, query: str) -> SavedView:
    """A name that is there already gets the new filters."""
    _by_moderator(by)
    views = SavedView.objects.filter(user=by)
    if not views.filter(name=name).exists() and views.count() >= MOST_VIEWS:
        raise DomainError(_("You have many views already. Delete one first."), code="too_many")
    row, _made = SavedView.objects.update_or_create(user=by, name=name, defaults={"query": query})
    return row


@transaction.atomic
def delete_view(*, by: User, view: SavedView) -> None:
    SavedView.objects.filter(pk=view.pk, user=by).delete()


@transaction.atomic
def set_routing(
    *, by: User, languages: Iterable[str], regions: Iterable[str], scope: str = Scope.MINE_FIRST
) -> Routing:
    _by_moderator(by)
    values = {"languages": list(languages), "regions": list(regions), "scope": scope}
    row, _made = Routing.objects.update_or_create(user=by, defaults=values)
    note_event(by=by, action="queue.routing", subject=by, after=values)
    return row


@transaction.atomic
def note_recusal(*, user: User, kind: str, item: str, tie: str = Tie.KNOWN, note: str = "") -> Recusal:
    """Keep that somebody was kept out, once for each item."""
    row, made = Recusal.objects.get_or_create(
        user=user, kind=kind, item=item, defaults={"tie": tie, "note": note}
    )  # fmt: skip
    forget_roles(user)
    if made:
        by = user if tie == Tie.OWN_WORD else "system"
        note_event(
            by=by, action="queue.recuse", subject=f"{kind}:{item}", after={"user": user.pk, "tie": tie}, note=note
        )
    return row


@transaction.atomic
def step_back(*, by: User, kind: str, item: str, record: Any, note: str) -> Recusal:
    """Say that one is tied to an item. From then on it waits for colleagues; an undecided match says so itself."""
    _by_moderator(by)
    if not note.strip():
        raise Incomplete(_("Say what ties you to one of the two sides."), ("note",))
    if kind == "match" and record.state in MATCH.moves["recuse"].sources:
        recuse_from_match(by=by, match=record, note=note)
    if kind == "complaint":
        pass_on_complaint(by=by, complaint=record, note=note)
    release_item(by=by, kind=kind, item=item)
    return note_recusal(user=by, kind=kind, item=item, tie=Tie.OWN_WORD, note=note)
