"""What colleagues noted about an item, for the page on which it is decided."""

from dataclasses import dataclass

from django.utils import timezone

from matching.workbench.models import Confirmation, Decided, Snooze, Taken
from portal.accounts.models import User
from portal.common.working_days import office_day


@dataclass(frozen=True, slots=True)
class Sheet:
    """``taken`` by somebody or by the reader (``is_mine``), ``snooze`` while it lasts, ``asked`` for a second look."""

    kind: str
    item: str
    taken: Taken | None = None
    is_mine: bool = False
    snooze: Snooze | None = None
    asked: Confirmation | None = None


def sheet_of(kind: str, item: str, user: User) -> Sheet:
    of_item = {"kind": kind, "item": item}
    taken = Taken.objects.filter(**of_item, until__gt=timezone.now()).select_related("by").first()
    snooze = Snooze.objects.filter(**of_item, until__gt=office_day()).select_related("by").first()
    asked = Confirmation.objects.filter(**of_item, state="open").select_related("asked_by").first()
    return Sheet(kind, item, taken, taken is not None and taken.by_id == user.pk, snooze, asked)


@dataclass(frozen=True, slots=True)
class Undoable:
    """The reader's last decision that can still be taken back, or several taken together."""

    decided: Decided
    number: int = 1


def undoable_by(user: User) -> Undoable | None:
    recent = Decided.objects.filter(by=user, undone_at=None, until__gt=timezone.now())
    last = recent.order_by("-at", "-pk").first()
    if last is None:
        return None
    return Undoable(last, recent.filter(batch=last.batch).count() if last.batch else 1)
