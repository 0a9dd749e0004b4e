"""Solutions with what they claim, can do and have done, in the proportions of the demo."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from catalog.enums import BusinessModel, ClaimDimension, EvidenceGrade, ReferenceStatus
from catalog.marks import marks
from catalog.models import Capability, Claim, FocusArea, Reference, Solution
from portal.common.geography import reach
from portal.common.search import marked, search_vector
from portal.common.translated import column
from portal.embedded.generated.copying import batched, copy_rows, next_pks
from portal.embedded.generated.demands import CURRENCIES, UNITS, further_areas
from portal.embedded.generated.people import AT_ONCE, REGIONS
from portal.embedded.generated.texts import OFFERS, title
from portal.embedded.generated.vectors import Meaning
from portal.embedded.generated.world import World, name_of

STATES = {
    "listed": 900, "draft": 40, "submitted": 10, "changes_requested": 10, "suspended": 5, "expired": 25, "archived": 10
}  # fmt: skip
GRADES, GRADE_SHARES = list(EvidenceGrade.values), (50, 30, 15, 5)


def make_solutions(world: World, count: int, meaning: Meaning) -> None:
    for numbers in batched(range(count), AT_ONCE):
        rows, topics, areas = [], [], []
        parts: dict[Any, list[dict[str, Any]]] = {Capability: [], Claim: [], Reference: []}
        for pk in next_pks(Solution, len(numbers)):
            area = world.area()
            row = _solution(world, pk, area)
            rows.append(row)
            chosen = world.chance.sample(world.topics[area.pk], world.chance.choice((0, 1, 1, 2)))
            topics += [{"solution_id": pk, "topic_id": topic.pk} for topic in chosen]
            further = further_areas(world, area)
            areas += [{"solution_id": pk, "focusarea_id": one.pk} for one in further]
            found = marks(
                areas=[one.code for one in (area, *further)],
                topics=[topic.code for topic in chosen],
                regions=row["regions"],
                models=row["business_models"],
                languages=row["languages"],
            )
            row["reach"] = reach(row["regions"])
            row["search"] = marked(row["search"], found)
            parts[Capability] += _capabilities(world, pk)
            claims, references = _claims(world, pk, row["original_language"], area), _references(world, pk)
            row["proven"] = max((GRADES.index(one["grade"]) for one in (*claims, *references)), default=0)
            row["has_reference"] = bool(references)
            parts[Claim] += claims
            parts[Reference] += references
        copy_rows(Solution, rows)
        copy_rows(Solution.topics.through, topics)
        copy_rows(Solution.more_focus_areas.through, areas)
        for model, found in parts.items():
            copy_rows(model, found)
        meaning.keep_solutions([row for row in rows if row["state"] == "listed"])


def _solution(world: World, pk: int, area: FocusArea) -> dict[str, Any]:
    chance = world.chance
    # Most providers have one or two, a few have hundreds.
    provider, organisation, _user, language, brand = world.providers[int(len(world.providers) * chance.random() ** 3)]
    state = chance.choices(list(STATES), list(STATES.values()))[0]
    at = world.moment()
    row = {
        "id": pk,
        "public_id": world.public_id("S"),
        "provider_id": provider,
        "state": state,
        "original_language": language,
        "focus_area_id": area.pk,
        "trl": chance.randint(6, 9),
        "deployments": chance.randint(0, 90),
        "regions": chance.choice(REGIONS),
        "languages": sorted({language, "en"}),
        "lead_time_months": chance.randint(1, 30),
        "business_models": chance.sample(BusinessModel.values, 2),
        "expires_on": world.now.date() + timedelta(days=chance.randint(5, 700)),
        "created_at": at,
        "updated_at": at,
        "submitted_at": None if state == "draft" else at,
        "listed_at": at if state in ("listed", "suspended", "expired") else None,
        **_texts(world, language, area, brand),
        **_size(world),
    }
    if state == "submitted":
        row["submitted_at"] = world.now - timedelta(hours=chance.randint(1, 200))
    if state == "listed":
        world.listed[area.pk].append((pk, organisation, row["name"]))
    weighted = {
        "A": row["name"],
        "B": f"{row['tagline']} {brand}",
        "C": row["solves"],
        "D": row["how_it_works"][:4000],
    }
    return {**row, "search": search_vector(weighted)}


def _texts(world: World, language: str, area: FocusArea, brand: str) -> dict[str, Any]:
    chance, corpus = world.chance, world.corpus
    what = corpus.word(chance, chance.choice(world.topics[area.pk]).code, language)
    texts = {
        "name": title(chance, OFFERS[language], language, what=what, brand=brand),
        "tagline": corpus.text(chance, "tagline", language, area.code, 1)[:240],
        "solves": corpus.text(chance, "solves", language, area.code, chance.randint(1, 4)),
        "how_it_works": corpus.text(chance, "how_it_works", language, area.code, chance.randint(2, 6)),
        "not_suitable": corpus.text(chance, "not_suitable", language, area.code, 1),
    }
    return {**texts, **{column(name, language): text for name, text in texts.items()}}


def _size(world: World) -> dict[str, Any]:
    chance = world.chance
    found: dict[str, Any] = {"scale_unit": chance.choice(UNITS)}
    if chance.random() < 0.6:
        cost = Decimal(round(2.718 ** chance.gauss(12.5, 1.5), -3))
        found |= {"cost_min": cost, "cost_max": cost * chance.randint(1, 6), "currency": chance.choice(CURRENCIES)}
    if chance.random() < 0.5:
        found |= {"city_population_min": chance.randint(1, 50) * 1000, "city_population_max": 5_000_000}
    if chance.random() < 0.5:
        found |= {"quantity_min": Decimal(chance.randint(1, 500)), "quantity_max": Decimal(90_000)}
    return found


def _grade(world: World) -> str:
    return world.chance.choices(GRADES, GRADE_SHARES)[0]


def _capabilities(world: World, pk: int) -> list[dict[str, Any]]:
    chance = world.chance
    return [
        {
            "solution_id": pk,
            "criterion_id": criterion.pk,
            "flag": chance.random() < 0.75 if criterion.kind == "flag" else None,
            "number": Decimal(chance.randint(1, 100)) if criterion.kind == "number" else None,
            "grade": _grade(world),
        }
        for criterion in chance.sample(world.criteria, chance.randint(1, 7))
    ]


def _claims(world: World, pk: int, language: str, area: FocusArea) -> list[dict[str, Any]]:
    rows = []
    for dimension in world.chance.sample(ClaimDimension.values, world.chance.choice((0, 1, 2, 3))):
        text = world.corpus.text(world.chance, "solves", language, area.code, 1)[:600]
        named = {"statement": text, column("statement", language): text}
        rows.append({"solution_id": pk, "dimension": dimension, "grade": _grade(world), **named})
    return rows


def _references(world: World, pk: int) -> list[dict[str, Any]]:
    rows = []
    for _ in range(world.chance.choice((0, 0, 1, 1, 2, 3))):
        city, grade, at = world.cities[world.city()], _grade(world), world.moment(2000)
        confirmed = {"confirmed_by": "city.example", "confirmed_at": at} if GRADES.index(grade) > 1 else {}
        rows.append(
            {
                "solution_id": pk,
                "geonames_id": city["geonames_id"],
                "city_name": name_of(city, "en"),
                "country": city["country"],
                "status": world.chance.choice(ReferenceStatus.values),
                "started_on": at.date(),
                "grade": grade,
                **confirmed,
            }
        )
    return rows
