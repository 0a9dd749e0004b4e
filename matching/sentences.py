"""The engine's codes as finished sentences. Every code has one; a test walks the engine's sources for them.

Values come from stored results, so lists may be JSON lists or tuples. A code of an older engine that is not known any
more reads as nothing, and the page shows the label and the points alone.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from matching.words import Words

Values = Mapping[str, Any]
Say = Callable[[Values, Words], str]

COMPONENT_LABELS = {
    "meaning": pgettext_lazy("criterion of the score", "Meaning of the texts"),
    "wording": pgettext_lazy("criterion of the score", "Words in common"),
    "concepts": pgettext_lazy("criterion of the score", "Things both name"),
    "subject": pgettext_lazy("criterion of the score", "Probable topics"),
    "focus": pgettext_lazy("criterion of the score", "Focus area and topics"),
    "geography": pgettext_lazy("criterion of the score", "Presence in the region"),
    "budget": pgettext_lazy("criterion of the score", "Cost within the budget"),
    "scale": pgettext_lazy("criterion of the score", "Size of the city and the project"),
    "timing": pgettext_lazy("criterion of the score", "Ready in time"),
    "nice_to_haves": pgettext_lazy("criterion of the score", "Nice-to-haves"),
    "evidence": pgettext_lazy("criterion of the score", "References in cities like this one"),
    "efficient": pgettext_lazy("criterion of the score", "Makes infrastructure efficient"),
    "resilient": pgettext_lazy("criterion of the score", "Makes infrastructure resilient"),
    "sustainable": pgettext_lazy("criterion of the score", "Makes infrastructure sustainable"),
    "business_model": pgettext_lazy("criterion of the score", "Business model"),
}
GATE_LABELS = {
    "status": pgettext_lazy("condition to pass", "Published and valid"),
    "focus": pgettext_lazy("condition to pass", "Focus area in common"),
    "region": pgettext_lazy("condition to pass", "Offered in the country"),
    "certificates": pgettext_lazy("condition to pass", "Certificates"),
    "must_haves": pgettext_lazy("condition to pass", "Must-haves"),
    "language": pgettext_lazy("condition to pass", "Language of work"),
}


def fixed(text: Any) -> Say:
    return lambda values, words: str(text)


def filled(text: Any, **parts: Callable[[Values, Words], str]) -> Say:
    """A sentence whose placeholders are filled by functions of the values."""
    return lambda values, words: str(text) % {name: part(values, words) for name, part in parts.items()}


def areas(name: str) -> Say:
    return lambda values, words: words.areas(values.get(name) or ())


def topics(name: str) -> Say:
    return lambda values, words: words.topics(values.get(name) or ())


def concepts(name: str) -> Say:
    return lambda values, words: words.concepts(values.get(name) or ())


def criteria(name: str) -> Say:
    return lambda values, words: words.criteria(values.get(name) or ())


def models(name: str) -> Say:
    return lambda values, words: words.models(values.get(name) or ())


def languages(name: str) -> Say:
    return lambda values, words: words.languages(values.get(name) or ())


def country(values: Values, words: Words) -> str:
    return words.country(values.get("country"))


def _shared_languages(values: Values, words: Words) -> str:
    """Only the primary language decides: a city that works in pt-BR and a provider in pt understand each other."""
    offered = {_base(tag) for tag in values.get("offered") or ()}
    return words.languages(tag for tag in values.get("demanded") or () if _base(tag) in offered)


def _base(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


# --- Gates ---------------------------------------------------------------------------------------------------------


def _requirement_met(values: Values, words: Words) -> str:
    if isinstance(values.get("demanded"), bool):
        return gettext("Offered. Evidence: %(grade)s.") % {"grade": words.grade(values.get("grade"))}
    parts = {"value": _offered_value(values, words), "grade": words.grade(values.get("grade"))}
    return gettext("Offered: %(value)s. Evidence: %(grade)s.") % parts


def _requirement_not_met(values: Values, words: Words) -> str:
    if isinstance(values.get("demanded"), bool):
        return gettext("The provider says that the solution does not have this.")
    return gettext("Offered: %(value)s.") % {"value": _offered_value(values, words)}


def _offered_value(values: Values, words: Words) -> str:
    offered = values.get("offered")
    return "" if offered is None else words.measure(float(offered), str(values.get("criterion")))


REQUIREMENT: dict[str, Say] = {
    "met": _requirement_met,
    "not_met": _requirement_not_met,
    "unknown": fixed(_("The provider says nothing about this. That is not a no: ask.")),
}
VERDICTS: dict[str, Say] = {
    "status.open": fixed(_("Demand and solution are both published.")),
    "status.demand_closed": fixed(_("The demand is not open any more.")),
    "status.solution_not_listed": fixed(_("The solution is not listed.")),
    "status.solution_expired": filled(
        _("The information on the solution was valid until %(day)s."),
        day=lambda values, words: words.day(int(values["expires"])),
    ),
    "focus.shared": filled(_("Both belong to: %(areas)s."), areas=areas("areas")),
    "focus.no_overlap": filled(
        _("The demand belongs to: %(demanded)s. The solution belongs to: %(offered)s."),
        demanded=areas("demanded"),
        offered=areas("offered"),
    ),
    "focus.only_guessed": fixed(_("The focus area was guessed from the text, so it excludes nothing.")),
    "focus.unknown": fixed(_("The focus area of one side is not stated.")),
    "region.worldwide": fixed(_("The solution is offered worldwide.")),
    "region.served": filled(_("The solution is offered in this country: %(country)s."), country=country),
    "region.not_served": filled(_("The solution is not offered in this country: %(country)s."), country=country),
    "region.unknown": fixed(_("The provider does not say where the solution is offered.")),
    "language.not_required": fixed(_("The city does not insist on a language.")),
    "language.shared": filled(_("Both can work in: %(languages)s."), languages=_shared_languages),
    "language.none_shared": filled(
        _("The city works in: %(demanded)s. The provider works in: %(offered)s."),
        demanded=languages("demanded"),
        offered=languages("offered"),
    ),
    "language.unknown": fixed(_("The provider does not say in which languages it works.")),
    **{f"{gate}.{finding}": say for gate in ("certificates", "must_haves") for finding, say in REQUIREMENT.items()},
}


# --- Contributions ---------------------------------------------------------------------------------------------------

MISSING: dict[str, Say] = {
    "demand": fixed(_("The city does not state it.")),
    "solution": fixed(_("The provider does not state it.")),
    "both": fixed(_("Neither side states it.")),
}
NOT_COMPARABLE = fixed(_("What the two sides state cannot be compared."))
# From the closest: the least calibrated closeness, in [0, 1], and the words for it. Cosines are not percentages.
CLOSENESS = (
    (0.75, _("The two texts speak of nearly the same thing.")),
    (0.5, _("The two texts are close in meaning.")),
    (0.25, _("The two texts touch in meaning.")),
    (0.0, _("The two texts speak of different things.")),
)


def closeness(value: float) -> str:
    return str(next(words for least, words in CLOSENESS if value >= least))


def _wording(values: Values, words: Words) -> str:
    count = int(values.get("count") or 0)
    if not count:
        return gettext("The two texts share no telling words.")
    # Chinese, Japanese and Korean are compared by pairs of letters, which mean nothing to a reader.
    shown = [word for word in values.get("words") or () if all(char < "\u1100" for char in word)]
    if not shown:
        return ngettext("%(count)s expression in common.", "%(count)s expressions in common.", count) % {"count": count}
    sentence = ngettext("%(count)s word in common: %(words)s.", "%(count)s words in common, such as %(words)s.", count)
    return sentence % {"count": count, "words": words.list(map(words.as_written, shown))}


def _references(values: Values, words: Words) -> str:
    count = int(values.get("count") or 0)
    statuses = [
        f"{words.reference_status(status)}: {values[status]}"
        for status in ("scaled", "pilot", "replaced", "stopped")
        if values.get(status)
    ]
    sentence = ngettext("%(count)s reference (%(statuses)s).", "%(count)s references (%(statuses)s).", count)
    return sentence % {"count": count, "statuses": words.list(statuses)}


def wishes(values: Values, words: Words) -> str:
    parts = {
        gettext("Met: %(criteria)s."): values.get("met"),
        gettext("Not met: %(criteria)s."): values.get("not_met"),
        gettext("Not stated: %(criteria)s."): values.get("unknown"),
    }
    return " ".join(text % {"criteria": words.criteria(codes)} for text, codes in parts.items() if codes)


CLAIMS: dict[str, Say] = {
    "declared": fixed(_("Claimed by the provider, checked by nobody.")),
    "documented": fixed(_("Claimed by the provider, with documents.")),
    "city_confirmed": fixed(_("Confirmed by a reference city.")),
    "third_party_verified": fixed(_("Verified by a third party.")),
}
FINDINGS: dict[str, Say] = {
    "meaning.unknown": fixed(_("The texts have not been compared by meaning yet.")),
    "wording.shared": _wording,
    "wording.other_language": filled(
        _("Written in different languages (%(demand)s, %(solution)s), so words are not compared."),
        demand=lambda values, words: words.languages([values.get("demand") or ""]),
        solution=lambda values, words: words.languages([values.get("solution") or ""]),
    ),
    "concepts.shared": filled(_("Both name: %(concepts)s."), concepts=concepts("concepts")),
    "concepts.none_shared": fixed(_("They name different things.")),
    "concepts.none_found": fixed(_("In one of the texts no thing was recognised, so this counts neither way.")),
    "subject.likely": filled(_("Both are probably about: %(topics)s."), topics=topics("topics")),
    "subject.related": fixed(_("Both are probably about the same focus area, though not the same topic.")),
    "subject.apart": fixed(_("They are probably about different topics.")),
    "subject.not_told": fixed(_("What one of the texts is about could not be told, so this counts neither way.")),
    "focus.topics": filled(_("Topics in common: %(topics)s."), topics=topics("topics")),
    "focus.area": filled(_("The same focus area (%(areas)s), but other topics."), areas=areas("areas")),
    "focus.apart": filled(_("Works outside of: %(demanded)s."), demanded=areas("demanded")),
    "focus.only_guessed": fixed(_("The focus area was guessed from the text, so it counts neither way.")),
    "geography.reference_in_country": filled(
        _("Offered in this country, with a reference there: %(country)s."), country=country
    ),
    "geography.reference_in_region": filled(
        _("Offered in this country (%(country)s), with a reference in the region."), country=country
    ),
    "geography.served": filled(_("Offered in this country: %(country)s."), country=country),
    "geography.worldwide": fixed(_("Offered worldwide, without a reference in the region.")),
    "geography.not_served": filled(_("Not offered in this country: %(country)s."), country=country),
    "budget.fits": fixed(_("The usual cost lies within the budget.")),
    "budget.partly": fixed(_("The usual cost lies partly within the budget and partly above it.")),
    "budget.over": fixed(_("The usual cost lies far above the budget.")),
    "scale.fits": fixed(_("Made for a city and a project of this size.")),
    "scale.outside": fixed(_("Made for cities or projects of another size.")),
    "timing.in_time": fixed(_("Can be in operation in time.")),
    "timing.late": fixed(_("Takes longer than the city wishes.")),
    "timing.past": fixed(_("The date that the city wished for has passed.")),
    "nice_to_haves.decided": wishes,
    "nice_to_haves.not_asked": fixed(_("The city names no nice-to-haves.")),
    "evidence.references": _references,
    "business_model.shared": filled(_("Both accept: %(models)s."), models=models("models")),
    "business_model.none_shared": filled(
        _("The city accepts: %(accepted)s. The provider offers: %(offered)s."),
        accepted=models("accepted"),
        offered=models("offered"),
    ),
    **{f"{claim}.{grade}": say for claim in ("efficient", "resilient", "sustainable") for grade, say in CLAIMS.items()},
}


def finding(part: Mapping[str, Any], words: Words) -> str:
    """What a contribution rests on, as a sentence; empty for a code that this version does not know."""
    code, values = part["code"], part.get("values") or {}
    component, _dot, kind = code.partition(".")
    if component not in COMPONENT_LABELS:
        return ""
    if code == "meaning.alike":
        return closeness(float(part.get("value") or 0))
    if code in FINDINGS:
        return FINDINGS[code](values, words)
    if kind == "unknown":
        return MISSING[values.get("missing") or "both"](values, words)
    return NOT_COMPARABLE(values, words) if kind == "not_comparable" else ""


def verdict(code: str, values: Values, words: Words) -> str:
    """What a gate found, as a sentence; empty for a code that this version does not know."""
    return VERDICTS[code](values, words) if code in VERDICTS else ""
