"""Deadlines and event times, in the zone they are meant in and on the reader's own clock."""

from datetime import datetime
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.common.context import language_tag
from portal.common.keys import if_any
from portal.common.templatetags.components import badge
from portal.common.templatetags.formats import active_locale, day_and_hour
from portal.common.translated import shown
from portal.programmes.deadlines import ANYWHERE, MINUTE, is_over, wall
from portal.programmes.enums import ProgrammeState
from portal.programmes.models import Call, Event, Programme
from portal.programmes.rules import is_open
from portal.programmes.states import DECIDED

register = template.Library()


def zone_name(code: str) -> str:
    return _("anywhere on earth") if code == ANYWHERE else code.replace("_", " ")


@register.simple_tag
def deadline(call: Call) -> SafeString:
    return _on_both_clocks(call.deadline, call.zone)


@register.simple_tag
def opening(call: Call) -> SafeString:
    """When it begins to take applications; nothing where that is not set."""
    return SafeString("") if call.opens_at is None else _on_both_clocks(call.opens_at, call.zone)


def _on_both_clocks(moment: datetime, zone: str) -> SafeString:
    """As it is written and, where that differs, as the reader's clock shows it."""
    locale, written = active_locale(), wall(moment, zone)
    named = {"time": day_and_hour(written, locale), "zone": zone_name(zone)}
    text = format_html('<time datetime="{}">{}</time>', moment.isoformat(), _("%(time)s (%(zone)s)") % named)
    return format_html("{}{}", text, _own_clock(moment, written, locale))


def _own_clock(moment: datetime, written: datetime, locale: Locale) -> SafeString:
    own = timezone.localtime(moment)
    if own.replace(tzinfo=None) == written.replace(tzinfo=None):
        return SafeString("")
    zone = {"time": day_and_hour(own, locale), "zone": zone_name(timezone.get_current_timezone_name())}
    return format_html("<br>{}", _("On your clock: %(time)s (%(zone)s)") % zone)


@register.simple_tag
def event_time(event: Event) -> SafeString:
    """From when to when in the event's own zone, and when it begins on the reader's clock."""
    locale, starts = active_locale(), event.wall
    ends = wall(event.ends_at, event.zone)
    till = f"{ends:%H:%M}" if ends.date() == starts.date() else day_and_hour(ends, locale)
    named = {"from": day_and_hour(starts, locale), "till": till, "zone": zone_name(event.zone)}
    whole = _("%(from)s – %(till)s (%(zone)s)") % named
    text = format_html('<time datetime="{}">{}</time>', event.starts_at.isoformat(), whole)
    return format_html("{}{}", text, _own_clock(event.starts_at, starts, locale))


@register.simple_tag
def tag_of(language: str) -> str:
    """What a ``lang`` attribute says of one of the seven."""
    return language_tag(language)


@register.simple_tag
def plain_text(record: Any, field: str) -> str:
    """A text of a record without any markup, for titles and attributes."""
    return shown(record, field).text


@register.simple_tag
def closes_in(call: Call) -> str:
    """The whole days left, of a call that is open."""
    left = (call.deadline + MINUTE - timezone.now()).days
    return _("less than a day left") if left < 1 else _("days left: %(count)s") % {"count": left}


@register.simple_tag
def call_badge(call: Call) -> SafeString:
    """Open, or why not: the programme's state, "Closed" after the deadline, and in the end that results are out."""
    state = ProgrammeState(call.programme.state)
    now = timezone.now()
    if state == ProgrammeState.OPEN and not is_open(call, now):
        state = ProgrammeState.CLOSED if is_over(call.deadline, now) else ProgrammeState.ANNOUNCED
    if state in DECIDED:
        state = ProgrammeState.RESULTS
    return badge(str(state.label), state.tone)


@register.inclusion_tag("programmes/_of_record.html")
def programmes_of(record: Any) -> dict[str, Any]:
    """The programmes that a demand or solution takes part in, for its page."""
    return {"programmes": if_any(Programme.objects.public().with_record(record).order_by("-announced_at", "-pk"))}


@register.simple_tag
def programme_meta(programme: Programme) -> list[Any]:
    """Kind and focus areas, for a row of a list."""
    return [programme.get_kind_display(), *(area.label for area in programme.focus_areas.all())]


@register.simple_tag
def two_digits(value: Any) -> str:
    """An average with two decimals; nothing where there is none, or where a template found none."""
    return "" if value in (None, "") else format_decimal(round(value, 2), format="0.00", locale=active_locale())
