"""The only file that knows both worlds: records to engine profiles, engine results to rows."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from catalog.models import Capability as CapabilityRow
from catalog.models import Criterion, Reference, Solution, Topic
from cities.models import City, Demand
from cities.models import Requirement as RequirementRow
from matching.encoder import Encoded
from matching.engine import (
    Capability,
    CityFacts,
    DemandProfile,
    Quantity,
    QuantityRange,
    ReferenceFacts,
    Requirement,
    SolutionProfile,
    Span,
    Vocabulary,
)
from matching.guess import Sample
from matching.reading import Reader, Reading, Row, Stated, reader_of
from matching.vectors import assembled, current_backend, read_vectors, wording_of_demand, wording_of_solution
from portal.common.currencies import to_eur
from portal.common.geography import expand_regions, income_group, subregion_of
from portal.common.languages import CODES
from portal.common.translated import column, original

WORLD = "001"
NOTHING_READ = Reading(frozenset(), {}, {})


def vocabulary() -> Vocabulary:
    """Topics with their areas, and which criteria are certificates. Read anew each time: the tables are small."""
    return Vocabulary(
        topic_area=dict(Topic.objects.values_list("code", "focus_area__code")),
        certificates=frozenset(Criterion.objects.filter(group="certificate").values_list("code", flat=True)),
    )


def vocabulary_reader() -> Reader:
    """What reads texts with the vocabulary as it stands; one small query, and made anew only when a word changed."""
    texts = [column(name, code) for name in ("label", "synonyms") for code in CODES]
    topics = Topic.objects.order_by("code").values_list("code", "focus_area__code", *texts)
    return reader_of(tuple(_row(*values) for values in topics))


def _row(topic: str, area: str, *texts: str | None) -> Row:
    labels = tuple((code, text or "") for code, text in zip(CODES, texts, strict=False))
    synonyms = zip(CODES, texts[len(CODES) :], strict=True)
    return topic, area, labels, tuple((code, tuple((text or "").split("\n"))) for code, text in synonyms)


def demand_sample(demand: Demand) -> Sample:
    """A demand's own words, as its subject is read from them."""
    return _sample(demand, original(demand, "title"), ("summary", "problem", "outcome"))


def solution_sample(solution: Solution) -> Sample:
    """A solution's own words, as its subject is read from them."""
    title = ": ".join(filter(None, (original(solution, "name"), original(solution, "tagline"))))
    return _sample(solution, title, ("solves", "how_it_works"))


def _sample(record: Demand | Solution, title: str, texts: tuple[str, ...]) -> Sample:
    text = "\n".join(filter(None, (original(record, name) for name in texts)))
    return Sample(title or "", text, record.original_language)


def _stated(record: Demand | Solution) -> Stated:
    """Topics and areas as people gave them. What was guessed at an import is read out of the text anew."""
    if record.focus_guessed:
        return Stated()
    areas = [record.focus_area, *record.more_focus_areas.all()] if record.focus_area else []
    return Stated([topic.code for topic in record.topics.all()], [area.code for area in areas])


def demand_profiles(demands: Iterable[Demand]) -> list[DemandProfile]:
    """Profiles of demands loaded with ``for_detail``; vectors are read in one go, None where not encoded yet."""
    demands = list(demands)
    wordings = {demand.pk: wording_of_demand(demand) for demand in demands}
    space = current_backend().id
    vectors = read_vectors(wordings.values(), space)
    reader = vocabulary_reader()
    found = []
    for demand in demands:
        encoded = assembled(wordings[demand.pk], vectors)
        reading = reader.read(demand_sample(demand), wordings[demand.pk], encoded, space, _stated(demand))
        found.append(_demand_profile(demand, encoded, space, reading))
    return found


def _demand_profile(demand: Demand, encoded: Encoded | None, space: str, reading: Reading) -> DemandProfile:
    rows = list(demand.requirements.all())
    areas = [demand.focus_area, *demand.more_focus_areas.all()] if demand.focus_area else []
    return DemandProfile(
        id=str(demand.pk),
        version=demand.version,
        language=demand.original_language,
        vector=encoded.vector if encoded else None,
        sentence_vectors=encoded.sentences if encoded else None,
        vector_space=space if encoded else "",
        terms=reading.terms,
        concepts=reading.concepts,
        subject=reading.subject,
        focus=tuple(area.code for area in areas),
        focus_is_guessed=demand.focus_guessed,
        topics=frozenset(topic.code for topic in demand.topics.all()),
        city=city_facts(demand.city) if demand.city else facts_of_country(demand.country),
        must_haves=tuple(requirement_of(row) for row in rows if row.is_mandatory),
        nice_to_haves=tuple(requirement_of(row) for row in rows if not row.is_mandatory),
        people_served=demand.people_served,
        quantity=Quantity(float(demand.quantity), demand.scale_unit)
        if demand.quantity is not None and demand.scale_unit
        else None,
        budget_eur=_euros(demand.budget_min, demand.budget_max, demand.currency),
        wanted=_span(_day(demand.start_on), _day(demand.operation_on)),
        business_models=frozenset(demand.business_models),
        working_languages=frozenset(demand.languages) if demand.languages_required else frozenset(),
        live=demand.is_live,
    )


def solution_profiles(solutions: Iterable[Solution]) -> list[SolutionProfile]:
    """Profiles of solutions loaded with ``for_detail``."""
    solutions = list(solutions)
    wordings = {solution.pk: wording_of_solution(solution) for solution in solutions}
    space = current_backend().id
    vectors = read_vectors(wordings.values(), space)
    ids = {ref.geonames_id for solution in solutions for ref in solution.references.all() if ref.geonames_id}
    cities = {city.geonames_id: city for city in City.objects.filter(geonames_id__in=ids)}
    reader = vocabulary_reader()
    found = []
    for solution in solutions:
        encoded = assembled(wordings[solution.pk], vectors)
        reading = reader.read(solution_sample(solution), wordings[solution.pk], encoded, space, _stated(solution))
        found.append(_solution_profile(solution, encoded, space, reading, cities))
    return found


def _solution_profile(
    solution: Solution, encoded: Encoded | None, space: str, reading: Reading, cities: Mapping[int, City]
) -> SolutionProfile:
    claims: dict[str, str] = {claim.dimension: claim.grade for claim in solution.claims.all()}
    return SolutionProfile(
        id=str(solution.pk),
        version=solution.version,
        language=solution.original_language,
        # As a snapshot keeps it, so that a pair has the same score whether it is found there or here.
        vector=encoded.vector.astype(np.float16).astype(np.float32) if encoded else None,
        vector_space=space if encoded else "",
        terms=reading.terms,
        concepts=reading.concepts,
        subject=reading.subject,
        city_population=_span(solution.city_population_min, solution.city_population_max),
        quantity=_quantity_range(solution),
        cost_eur=_euros(solution.cost_min, solution.cost_max, solution.currency),
        lead_time_months=solution.lead_time_months,
        business_models=frozenset(solution.business_models),
        references=tuple(_reference(row, cities) for row in solution.references.all()),
        claims=claims,  # type: ignore[arg-type]
        **_gate_facts(solution),
    )


def bare_demand_profile(demand: Demand) -> DemandProfile:
    """What gates look at, without reading the text: for a demand that is being written, loaded with ``for_detail``."""
    return _demand_profile(demand, None, "", NOTHING_READ)


def bare_solution_profile(solution: Solution) -> SolutionProfile:
    """What gates look at. Loaded with areas, topics and capabilities; nothing else is asked for."""
    return SolutionProfile(id=str(solution.pk), **_gate_facts(solution))


def _gate_facts(solution: Solution) -> dict[str, Any]:
    areas = [solution.focus_area, *solution.more_focus_areas.all()] if solution.focus_area else []
    return {
        "focus": frozenset(area.code for area in areas),
        "focus_is_guessed": solution.focus_guessed,
        "topics": frozenset(topic.code for topic in solution.topics.all()),
        "countries": countries_of(tuple(solution.regions)),
        "worldwide": WORLD in solution.regions,
        "capabilities": {row.criterion.code: _capability(row) for row in solution.capabilities.all()},
        "languages_of_work": frozenset(solution.languages),
        "live": solution.is_live,
        "expires": _day(solution.expires_on),
    }


@lru_cache(maxsize=4096)
def countries_of(regions: tuple[str, ...]) -> frozenset[str] | None:
    """ISO codes of the countries that regions and country codes stand for; None where nothing is stated."""
    return expand_regions(regions) if regions else None


def city_facts(city: City) -> CityFacts:
    return CityFacts(
        population=city.population,
        koppen=city.koppen or None,
        country=city.country,
        income_group=income_group(city.country),
        subregion=subregion_of(city.country),
    )


def facts_of_country(code: str) -> CityFacts:
    """What is known of a city of which the portal knows the country only."""
    return CityFacts(country=code, income_group=income_group(code), subregion=subregion_of(code))


def _reference(row: Reference, cities: Mapping[int, City]) -> ReferenceFacts:
    city = cities.get(row.geonames_id or 0)
    facts = city_facts(city) if city else facts_of_country(row.country)
    return ReferenceFacts(city=facts, status=row.status, grade=row.grade)  # type: ignore[arg-type]


def requirement_of(row: RequirementRow) -> Requirement:
    if row.number is None:
        return Requirement(row.criterion.code, "eq", True)
    return Requirement(row.criterion.code, row.criterion.operator, float(row.number))  # type: ignore[arg-type]


def _capability(row: CapabilityRow) -> Capability:
    return Capability(float(row.number) if row.number is not None else bool(row.flag), row.grade)  # type: ignore[arg-type]


def _quantity_range(solution: Solution) -> QuantityRange | None:
    span = _span(solution.quantity_min, solution.quantity_max)
    return QuantityRange(span, solution.scale_unit) if span and solution.scale_unit else None


def _euros(low: Decimal | None, high: Decimal | None, currency: str) -> Span | None:
    if not currency:
        return None
    return _span(*(to_eur(amount, currency) if amount is not None else None for amount in (low, high)))


def _span(low: Decimal | float | None, high: Decimal | float | None) -> Span | None:
    if low is None and high is None:
        return None
    return Span(None if low is None else float(low), None if high is None else float(high))


def _day(day: date | None) -> int | None:
    return day.toordinal() if day else None
