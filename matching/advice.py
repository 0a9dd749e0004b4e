"""What would raise the score: the engine's suggestions as finished sentences. Every code has one."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from matching.sentences import COMPONENT_LABELS, Say, Values, country, criteria, filled, fixed, models
from matching.words import Words


def size(values: Values, words: Words) -> str:
    """The city's and the project's, as far as known."""
    sizes = [words.people(values["people"])] if values.get("people") is not None else []
    if values.get("amount") is not None and values.get("unit"):
        sizes.append(words.quantity(values["amount"], values["unit"]))
    return "; ".join(sizes)


def months(values: Values, words: Words) -> str:
    count = max(1, int(float(values.get("days_left") or 0) / 30.4375))
    return ngettext("%(number)s month", "%(number)s months", count) % {"number": words.number(count)}


def _claimed(text: Any) -> Say:
    return filled(text, claim=lambda values, words: str(COMPONENT_LABELS[values["dimension"]]))


_BUDGET = {"budget": lambda values, words: words.euros(float(values.get("budget_eur") or 0))}
RAISES: dict[str, Say] = {
    "raise.serve_country": filled(_("Offer the solution in this country: %(country)s."), country=country),
    "raise.reference_in_country": filled(_("Add a reference in this country: %(country)s."), country=country),
    "raise.cost_within": filled(_("Bring the usual cost within the budget of %(budget)s."), **_BUDGET),
    "raise.state_cost_within": filled(_("State a usual cost, if it lies within the budget of %(budget)s."), **_BUDGET),
    "raise.fit_scale": filled(_("Make the solution fit this size: %(size)s."), size=size),
    "raise.state_fitting_scale": filled(_("State the sizes it is made for, if they include: %(size)s."), size=size),
    "raise.deliver_within": filled(_("Shorten the lead time to %(months)s."), months=months),
    "raise.state_lead_time_within": filled(_("State the lead time, if it is at most %(months)s."), months=months),
    "raise.meet_wishes": filled(_("Meet and state these nice-to-haves: %(criteria)s."), criteria=criteria("criteria")),
    "raise.confirmed_reference_alike": fixed(_("Add a reference in a city like this one, confirmed by that city.")),
    "raise.verify_claim": _claimed(_("Have this claim verified by a third party: %(claim)s.")),
    "raise.verified_claim": _claimed(_("Add this claim, verified by a third party: %(claim)s.")),
    "raise.offer_model": filled(_("Offer one of these business models: %(models)s."), models=models("models")),
}


def raising(code: str, values: Values, words: Words) -> str:
    """What would raise the score, as advice; empty for a code that this version does not know."""
    return RAISES[code](values, words) if code in RAISES else ""
