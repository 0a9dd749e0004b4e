"""What colleagues noted about the items of the queue, in words."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matching.timeline import STEPS
from matching.views.reviews import Desk
from matching.waiting import ROUTES, Kind, Waiting
from matching.workbench.models import Override
from matching.workbench.records import is_for, record_of
from matching.workbench.sheet import Undoable, sheet_of, undoable_by
from portal.accounts.rules import is_moderator
from portal.common.languages import format_day
from portal.common.templatetags.formats import date as date_tag

register = template.Library()


@register.simple_tag(takes_context=True)
def undoable(context: Context) -> Undoable | None:
    """The reader's last decision that can still be taken back."""
    return undoable_by(context["request"].user)


@register.simple_tag
def item_note(item: Waiting) -> SafeString | str:
    """Who is at it, or until when it is put off and why."""
    if item.taken is not None:
        parts = {"who": item.taken.by.name, "when": date_tag(item.taken.since, "datetime")}
        return format_html(_("{who} is at it since {when}"), **parts)
    if item.snooze is not None:
        day = format_day(item.snooze.until, get_language() or "en", "medium")
        return _("Put off until %(day)s: %(reason)s") % {"day": day, "reason": item.snooze.reason}
    return ""


@register.inclusion_tag("matching/review/_desk.html", takes_context=True)
def item_desk(context: Context, kind: str, item: Any, *, steps: bool = True) -> dict[str, Any]:
    """What a moderator may note about an item on a page that is not the queue's own; nothing for everybody else.

    ``steps`` also leads on to the next item of the list that the moderator works through.
    """
    request = context["request"]
    record = record_of(kind, str(item)) if is_moderator(request.user) else None
    if record is None or not is_for(request.user, kind, str(item), record):
        return {}
    desk = Desk.at(request, kind, str(item))
    return {"sheet": sheet_of(kind, str(item), request.user), "desk": desk, "steps": steps, "request": request}


@register.simple_tag
def review_url(kind: str, item: str) -> str:
    return reverse(ROUTES[kind], args=[item])


@register.simple_tag
def kind_label(kind: str) -> Any:
    return Kind(kind).label


@register.simple_tag
def step_words(move: str) -> Any:
    return STEPS.get(move, move)


@register.simple_tag
def override_words(override: Override) -> str:
    """As "Offered although it fails a condition (38 points)"."""
    text = {
        "near_miss": _("Offered although it fails a condition (%(points)s points)"),
        "weak": _("Offered although the engine finds it weak (%(points)s points)"),
        "strong": _("Rejected although the engine finds it strong (%(points)s points)"),
    }.get(override.what, override.what)
    return text % {"points": override.points if override.points is not None else "–"}
