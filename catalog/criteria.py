"""Criteria in words: groups, units and values as the reader writes them. Demands and solutions share this."""

import math
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalog.enums import CriterionKind
from catalog.models import Criterion
from portal.common.languages import babel_locale

# In the order in which they are asked: what most solutions have something to say about first.
GROUPS = {
    "performance": _("Performance"),
    "contract": _("Contract"),
    "operation": _("Operation"),
    "data": _("Data"),
    "certificate": _("Certificates"),
}
# Unit → smallest and largest value that means anything; other units begin at nothing.
RANGES: dict[str, tuple[int, int]] = {
    "percent": (0, 100),
    "level": (1, 9),
    "ip_code": (0, 69),
    "celsius": (-100, 100),
}
NO_LIMIT = (0, 1_000_000)
UNSPACED = ("ko", "ja", "zh-hans")


def limits(criterion: Criterion) -> tuple[int, int]:
    """(smallest, largest) number that can be meant."""
    return RANGES.get(criterion.unit, NO_LIMIT)


def measure(number: Decimal, criterion: Criterion, language: str) -> str:
    """A number with the criterion's unit: "10 years", "10년", "IP65", "TRL 7", "55 %" as the language writes it."""
    locale = babel_locale(language)
    plain = format_decimal(number, format="#,##0.###", locale=locale)
    if criterion.unit == "percent":
        return locale.percent_formats[None].pattern.replace("#,##0", plain)
    if criterion.unit == "ip_code":
        return f"IP{plain}"
    if criterion.unit == "level":
        return f"{criterion.unit_label} {plain}"
    if words := _duration(number, criterion.unit):
        return words % {"number": plain}
    space = "" if language in UNSPACED else "\u00a0"
    return f"{plain}{space}{criterion.unit_label}"


def _duration(number: Decimal, unit: str) -> str:
    """The words for a span of time; empty for other units. In the active language: plural forms are the catalogue's."""
    # 1.5 is more than one: plural rules count whole things.
    count = math.ceil(abs(number))
    if unit == "year":
        return ngettext("%(number)s year", "%(number)s years", count)
    if unit == "month":
        return ngettext("%(number)s month", "%(number)s months", count)
    return ngettext("%(number)s hour", "%(number)s hours", count) if unit == "hour" else ""


def value_in_words(criterion: Criterion, *, flag: bool | None, number: Decimal | None, language: str) -> str:
    """What a capability offers: "Yes", "No", or the number with its unit."""
    if criterion.kind == CriterionKind.FLAG:
        return gettext("Yes") if flag else gettext("No")
    return measure(number, criterion, language) if number is not None else ""
