"""What both sides say about each criterion, for the table of points. Every figure comes from the stored result."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from matching.advice import months, size
from matching.sentences import Values, wishes
from matching.words import Words

Sides = tuple[str | None, str | None]
Column = Callable[[Values, Words], Sides]


def sides(part: Mapping[str, Any], words: Words) -> Sides:
    """What the city asks for and what is offered; None where that side has no part in it, "" where it is silent."""
    component = part["code"].partition(".")[0]
    column = SIDES.get(component)
    values = part.get("values") or {}
    if part["code"].endswith(".unknown"):
        return _silent(values)
    return column(values, words) if column else (None, None)


def _silent(values: Values) -> Sides:
    missing = values.get("missing")
    return ("" if missing in ("demand", "both") else None), ("" if missing in ("solution", "both") else None)


def _budget_sides(values: Values, words: Words) -> Sides:
    asked = words.span(None, values.get("budget_eur"), words.euros)
    return asked, words.span(values.get("cost_low_eur"), values.get("cost_high_eur"), words.euros)


def _scale_sides(values: Values, words: Words) -> Sides:
    unit = values.get("unit")
    offered = [words.span(values.get("city_low"), values.get("city_high"), words.people)]
    if unit:
        amounts = (values.get("amount_low"), values.get("amount_high"))
        offered.append(words.span(*amounts, lambda amount: words.quantity(amount, unit)))
    return size(values, words), "; ".join(filter(None, offered))


def _timing_sides(values: Values, words: Words) -> Sides:
    if values.get("days_left") is None:
        return None, None
    lead = round(float(values.get("lead_time_months") or 0))
    offered = ngettext("%(number)s month", "%(number)s months", lead) % {"number": words.number(lead)}
    return gettext("within %(months)s") % {"months": months(values, words)}, offered


def _wish_sides(values: Values, words: Words) -> Sides:
    wished: Sequence[str] = [code for name in ("met", "not_met", "unknown") for code in values.get(name) or ()]
    return (words.criteria(wished), wishes(values, words)) if wished else (None, None)


def _model_sides(values: Values, words: Words) -> Sides:
    shared = values.get("models")
    if shared:
        return words.models(shared), words.models(shared)
    return words.models(values.get("accepted") or ()), words.models(values.get("offered") or ())


SIDES: dict[str, Column] = {
    "budget": _budget_sides,
    "scale": _scale_sides,
    "timing": _timing_sides,
    "nice_to_haves": _wish_sides,
    "business_model": _model_sides,
}
