"""How ranking works, in words, read off the engine's own configuration: nothing on the page is written twice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.enums import EvidenceGrade, ReferenceStatus
from matching.engine import COMPONENTS, ENGINE_VERSION, GATES, ScoringConfig
from matching.engine.display import sigmoid
from matching.engine.ordering import ORDER
from matching.enums import Band
from matching.sentences import COMPONENT_LABELS, GATE_LABELS
from matching.words import Words

MIDDLE = 50


@dataclass(frozen=True, slots=True)
class Weight:
    """A component; ``lifts`` and ``lowers`` are the points it moves a pair by that would stand at 50 without it."""

    label: Any
    text: str
    weight: float
    lifts: int
    lowers: int


def weights(config: ScoringConfig) -> list[Weight]:
    """All components, the heaviest first."""
    words = Words()
    found = [_weight(component, config, words) for component in COMPONENTS]
    return sorted(found, key=lambda one: -one.weight)


def _weight(component: str, config: ScoringConfig, words: Words) -> Weight:
    rule = config.rules[component]
    best, worst = float(rule.curve(1.0)), float(rule.curve(0.0))
    return Weight(
        label=COMPONENT_LABELS[component],
        text=TEXTS[component](config, words),
        weight=rule.weight,
        lifts=_moved(rule.weight * (best - rule.neutral)),
        lowers=-_moved(rule.weight * (worst - rule.neutral)),
    )


def _moved(logit: float) -> int:
    """Points from the middle that a shift of the logit makes."""
    return round(100 * sigmoid(logit)) - MIDDLE


Say = Callable[[ScoringConfig, Words], str]


def _said(text: Any, **figures: Say) -> Say:
    return lambda config, words: str(text) % {name: figure(config, words) for name, figure in figures.items()}


_CLAIM = _said(
    gettext_lazy(
        "Counts by how well the claim is backed: from %(declared)s when only declared to %(best)s when verified."
    ),
    declared=lambda c, w: w.percent(c.grade_values["declared"]),
    best=lambda c, w: w.percent(c.grade_values["third_party_verified"]),
)
TEXTS: dict[str, Say] = {
    "meaning": _said(
        gettext_lazy(
            "How close the two texts are in meaning, whatever their languages: the whole text, and for %(share)s its"
            " two closest sentences."
        ),
        share=lambda c, w: w.percent(c.sentence_share),
    ),
    "wording": _said(
        gettext_lazy("Words in common, where both are written in one language. Otherwise it counts neither way.")
    ),
    "concepts": _said(
        gettext_lazy(
            "Things that both texts name, street lamps or payment without initial investment for instance, recognised"
            " in each language. It can lift a pair, never lower it."
        )
    ),
    "subject": _said(
        gettext_lazy(
            "Topics that both texts are probably about: the same topic counts in full, the same focus area %(share)s."
            " Topics that an author states replace the guess. It can lift a pair, never lower it."
        ),
        share=lambda c, w: w.percent(c.subject_area_share),
    ),
    "focus": _said(
        gettext_lazy(
            "The same topic counts %(exact)s, the focus area alone %(parent)s, another topic of it %(sibling)s."
        ),
        exact=lambda c, w: w.percent(c.focus_exact),
        parent=lambda c, w: w.percent(c.focus_parent),
        sibling=lambda c, w: w.percent(c.focus_sibling),
    ),
    "geography": _said(
        gettext_lazy(
            "A reference in the country counts %(country)s, one in the region %(region)s, being offered in the"
            " country %(served)s, being offered worldwide %(worldwide)s."
        ),
        country=lambda c, w: w.percent(c.geography_country_reference),
        region=lambda c, w: w.percent(c.geography_region_reference),
        served=lambda c, w: w.percent(c.geography_served),
        worldwide=lambda c, w: w.percent(c.geography_worldwide),
    ),
    "budget": _said(
        gettext_lazy("Full points while the usual cost is within the budget; none from %(ramp)s times the budget on."),
        ramp=lambda c, w: w.number(c.budget_ramp),
    ),
    "scale": _said(
        gettext_lazy(
            "Full points while city and project are of the size the solution is made for; none where they differ by a"
            " factor of %(ramp)s."
        ),
        ramp=lambda c, w: w.number(c.scale_ramp),
    ),
    "timing": _said(
        gettext_lazy("Full points while the lead time fits the date wished for; none from %(ramp)s times as long on."),
        ramp=lambda c, w: w.number(c.timing_ramp),
    ),
    "nice_to_haves": _said(gettext_lazy("The share of the city’s nice-to-haves that are met.")),
    "evidence": _said(
        gettext_lazy(
            "References that worked, against all references; each counts more the better it is evidenced and the more"
            " its city is like this one in size, climate, income and region."
        )
    ),
    "efficient": _CLAIM,
    "resilient": _CLAIM,
    "sustainable": _CLAIM,
    "business_model": _said(gettext_lazy("Whether a business model that the city accepts is offered.")),
}
GATE_TEXTS = {
    "status": gettext_lazy("Both are published, and the information on the solution is still valid."),
    "focus": gettext_lazy("They have a focus area in common. A focus area that was only guessed excludes nothing."),
    "region": gettext_lazy("The solution is offered in the country of the city, or worldwide."),
    "certificates": gettext_lazy("Certificates that the city demands are not denied by the provider."),
    "must_haves": gettext_lazy("No must-have is failed. What the provider does not state passes, marked as not known."),
    "language": gettext_lazy("If the city insists on a language of work, the provider can work in it."),
}
# What the engine is never told. A test swaps each and finds no difference.
NEVER = (
    pgettext_lazy("never counts", "The name of the provider"),
    pgettext_lazy("never counts", "A strategic or technical partnership with ICLEI"),
    pgettext_lazy("never counts", "Sponsorship and payment of any kind"),
    pgettext_lazy("never counts", "How large or how well known the provider is"),
    pgettext_lazy("never counts", "How often a page was opened or a solution shown"),
)


def gates() -> list[tuple[Any, Any]]:
    return [(GATE_LABELS[gate], GATE_TEXTS[gate]) for gate in GATES]


def bands(config: ScoringConfig) -> list[tuple[Band, str]]:
    """(band, from how many points on), the best first."""
    found = [(Band(name), _("from %(points)s points") % {"points": round(100 * least)}) for name, least in config.bands]
    lowest = round(100 * config.bands[-1][1])
    return [*found, (Band.WEAK, _("below %(points)s points") % {"points": lowest})]


def ladders(config: ScoringConfig) -> dict[str, list[tuple[Any, str]]]:
    """What evidence and the state of a reference are worth, of the best."""
    words = Words()
    grades = [(EvidenceGrade(code).label, words.percent(worth)) for code, worth in config.grade_values.items()]
    states = [(ReferenceStatus(code).label, words.percent(worth)) for code, worth in config.reference_credit.items()]
    return {"grades": grades, "references": states}


def identity(config: ScoringConfig) -> dict[str, str]:
    return {"config": config.id, "engine": ENGINE_VERSION, "order_version": ORDER.id}
