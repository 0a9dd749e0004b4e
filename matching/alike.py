"""Where a solution has been at work, beside the city that asks: how like each other the cities are, fact by fact.

The score weighs references by the same likeness (``matching.engine.evidence``), as it was when the score was made.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import Reference, Solution
from catalog.templatetags.solutions import references_of
from cities.models import City, Demand
from cities.templatetags.texts import climate
from matching.adapters import city_facts, facts_of_country
from matching.configuration import active_config
from matching.engine.columns import References
from matching.engine.evidence import likeness, likenesses
from matching.engine.profiles import CityFacts, ReferenceFacts, SolutionProfile
from portal.common.geography import region_name
from portal.common.templatetags.formats import number

SHOWN = 5
LABELS = {
    "population": _("Inhabitants"),
    "koppen": _("Climate"),
    "income_group": _("Income of the country"),
    "subregion": _("Region"),
}
INCOME = {
    "low": pgettext_lazy("income group", "low"),
    "lower_middle": pgettext_lazy("income group", "lower middle"),
    "upper_middle": pgettext_lazy("income group", "upper middle"),
    "high": pgettext_lazy("income group", "high"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """``alike`` from 0 to 1 against the city that asks; None where one of the two is not known."""

    text: str
    alike: float | None = None

    @property
    def verdict(self) -> str:
        """A word for the picture: "same", "near", "other", or nothing where it is not known."""
        if self.alike is None:
            return ""
        return "same" if self.alike >= 0.75 else "near" if self.alike >= 0.35 else "other"


@dataclass(frozen=True, slots=True)
class AlikeCity:
    """A reference's city. ``percent`` of likeness, as the score takes it."""

    reference: Reference
    name: str
    facts: list[Fact]
    percent: int


@dataclass(frozen=True, slots=True)
class AlikeCities:
    """The closest first, at most ``SHOWN`` of ``count``; ``here`` are the facts of the city that asks."""

    labels: list[Any]
    here: list[Fact]
    cities: list[AlikeCity]
    count: int


def cities_alike(demand: Demand, solution: Solution) -> AlikeCities | None:
    """None for a solution without references."""
    rows = references_of(solution)
    if not rows:
        return None
    known = City.objects.in_bulk([row.geonames_id for row, _name in rows if row.geonames_id], field_name="geonames_id")
    cities = [known.get(row.geonames_id or 0) for row, _name in rows]
    theirs = [_known_of(city, row.country) for (row, _name), city in zip(rows, cities, strict=True)]
    here = _known_of(demand.city, demand.country)
    references = References([SolutionProfile(id="", references=tuple(ReferenceFacts(city=facts) for facts in theirs))])
    config = active_config()
    shares, percents = likenesses(here, references, config), 100 * likeness(here, references, config)
    found = []
    for place, ((row, name), facts, city) in enumerate(zip(rows, theirs, cities, strict=True)):
        own = {label: share[place] for label, share in shares.items()}
        found.append(AlikeCity(row, name, _facts(facts, city, own), round(percents[place])))
    found.sort(key=lambda one: -one.percent)
    return AlikeCities(list(LABELS.values()), _facts(here, demand.city, {}), found[:SHOWN], len(found))


def _known_of(city: City | None, country: str) -> CityFacts:
    return city_facts(city) if city else facts_of_country(country)


def _facts(facts: CityFacts, city: City | None, shares: dict[str, float]) -> list[Fact]:
    texts = {
        "population": number(facts.population) if facts.population else "",
        "koppen": climate(city) if city else "",
        "income_group": str(INCOME.get(facts.income_group or "", "")),
        "subregion": region_name(facts.subregion, get_language() or "en") if facts.subregion else "",
    }
    return [Fact(text, _known(shares.get(key))) for key, text in texts.items()]


def _known(share: float | None) -> float | None:
    return None if share is None or share != share else float(share)
