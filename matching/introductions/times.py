"""Moments in words: in the reader's zone, and in the city's where that is another."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.utils import timezone
from django.utils.translation import get_language, gettext

from portal.common.languages import babel_locale
from portal.notices.clock import zone_of


def in_zone(moment: datetime, zone: str) -> str:
    """ "Sunday, 29 March 2026, 09:00 (Europe/Madrid, UTC+2)": with the offset, for an hour that comes twice."""
    there = moment.astimezone(zone_of(zone))
    pattern = "EEEE, d MMMM y, HH:mm" if (get_language() or "en") == "en" else None
    locale = babel_locale(get_language() or "en")
    if pattern:
        words = format_datetime(there, pattern, locale=locale)
    else:
        day = format_datetime(there, locale.date_formats["full"].pattern, locale=locale)
        words = f"{day}, {there:%H:%M}"
    return f"{words} ({zone}, {_offset(there)})"


def _offset(there: datetime) -> str:
    seconds = int((there.utcoffset() or ZoneInfo("UTC").utcoffset(there)).total_seconds())  # type: ignore[union-attr]
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{'-' if seconds < 0 else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


def in_words(moment: datetime, *zones: str) -> str:
    """In the active zone, then in those of ``zones`` whose clocks show something else at that moment."""
    own = timezone.get_current_timezone_name()
    shown, offsets = [in_zone(moment, own)], {moment.astimezone(zone_of(own)).utcoffset()}
    for zone in zones:
        offset = moment.astimezone(zone_of(zone)).utcoffset()
        if zone and offset not in offsets:
            offsets.add(offset)
            shown.append(in_zone(moment, zone))
    return shown[0] if len(shown) == 1 else gettext("%(here)s; that is %(there)s") % {
        "here": shown[0], "there": "; ".join(shown[1:])
    }  # fmt: skip
