"""Demands in the proportions of the demo and of public notices, with topics, must-haves and their keyword index."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from catalog.models import FocusArea
from cities.enums import BudgetCertainty, DemandState, FinanceRoute, ProcurementRoute, ProjectStage
from cities.marks import marks
from cities.models import Demand, Requirement
from portal.common.search import marked, search_vector
from portal.common.translated import column
from portal.embedded.generated.copying import batched, copy_rows, next_pks
from portal.embedded.generated.people import AT_ONCE
from portal.embedded.generated.texts import TITLES, title
from portal.embedded.generated.vectors import Meaning
from portal.embedded.generated.world import SOURCE, World, name_of

STATES = {
    "published": 770, "in_dialogue": 30, "closed": 60, "expired": 60, "withdrawn": 20, "on_hold": 10, "draft": 25,
    "submitted": 10, "changes_requested": 5, "rejected": 10,
}  # fmt: skip
UNPUBLISHED = ("draft", "submitted", "changes_requested", "rejected")
CURRENCIES = ("EUR", "EUR", "EUR", "USD", "USD", "BRL", "KRW", "JPY", "CNY", "MXN", "GBP")
IMPORTED = 0.3
UNITS = ("lamps", "buildings", "vehicles", "kilometres", "inhabitants")


def make_demands(world: World, count: int, meaning: Meaning) -> None:
    for numbers in batched(range(count), AT_ONCE):
        rows, topics, areas, musts = [], [], [], []
        for number, pk in zip(numbers, next_pks(Demand, len(numbers)), strict=True):
            area = world.area()
            row = _demand(world, pk, number, area)
            rows.append(row)
            chosen = world.chance.sample(world.topics[area.pk], world.chance.choice((0, 1, 1, 1, 2)))
            topics += [{"demand_id": pk, "topic_id": topic.pk} for topic in chosen]
            further = further_areas(world, area)
            areas += [{"demand_id": pk, "focusarea_id": one.pk} for one in further]
            musts += _requirements(world, pk)
            found = marks(
                areas=[one.code for one in (area, *further)],
                topics=[topic.code for topic in chosen],
                **{name: row.get(name, "") for name in ("country", "stage", "source")},
                language=row["original_language"],
            )
            row["search"] = marked(row["search"], found)
        copy_rows(Demand, rows)
        copy_rows(Demand.topics.through, topics)
        copy_rows(Demand.more_focus_areas.through, areas)
        copy_rows(Requirement, musts)
        meaning.keep_demands([row for row in rows if row["state"] in ("published", "in_dialogue")])


def further_areas(world: World, area: FocusArea) -> list[FocusArea]:
    further = world.chance.choice(world.areas)
    return [further] if world.chance.random() < 0.25 and further != area else []


def _demand(world: World, pk: int, number: int, area: FocusArea) -> dict[str, Any]:
    chance = world.chance
    is_imported = chance.random() < IMPORTED
    # A few cities are busy, most come once or twice.
    organisation, user, place = world.bodies[int(len(world.bodies) * chance.random() ** 2)]
    city = world.cities[place]
    language = world.language(city)
    state = chance.choices(list(STATES), list(STATES.values()))[0] if not is_imported else "published"
    at = world.moment()
    row = {
        "id": pk,
        "public_id": world.public_id("D"),
        "organisation_id": None if is_imported else organisation,
        "city_id": city["pk"],
        "country": city["country"],
        "state": state,
        "original_language": language,
        "focus_area_id": area.pk,
        "focus_guessed": is_imported,
        "stage": chance.choice(ProjectStage.values),
        "visibility": world.maybe(0.03, "members", "public"),
        "created_at": at,
        "updated_at": at,
        **_texts(world, language, area, city),
        **_money(world),
        **_plan(world, at),
        **_history(world, state, at, user),
    }
    if is_imported:
        row |= {"source": SOURCE, "source_id": str(pk), "source_licence": "CC0", "body_name": name_of(city, "en")}
    elif state in ("published", "in_dialogue"):
        world.live_demands.append((pk, area.pk, organisation, row["title"]))
    if is_imported:
        world.live_demands.append((pk, area.pk, 0, row["title"]))
    return {**row, "search": _search(row, city)}


def _texts(world: World, language: str, area: FocusArea, city: dict[str, Any]) -> dict[str, Any]:
    chance, corpus = world.chance, world.corpus
    topic = chance.choice(world.topics[area.pk]).code
    texts = {
        "title": _title(world, language, topic, city),
        "summary": corpus.text(chance, "summary", language, area.code, 1)[:1200],
        "problem": corpus.text(chance, "problem", language, area.code, chance.randint(2, 7)),
        "outcome": corpus.text(chance, "outcome", language, area.code, chance.randint(1, 4)),
    }
    found: dict[str, Any] = {**texts, **{column(name, language): text for name, text in texts.items()}}
    if language != "en" and chance.random() < 0.3:
        found |= {column("title", "en"): _title(world, "en", topic, city), "translations": {"title": {"en": "machine"}}}
    return found


def _title(world: World, language: str, topic: str, city: dict[str, Any]) -> str:
    what = world.corpus.word(world.chance, topic, language)
    return title(world.chance, TITLES[language], language, what=what, city=name_of(city, language))


def _money(world: World) -> dict[str, Any]:
    chance = world.chance
    if chance.random() > 0.6:
        return {}
    low = Decimal(round(2.718 ** chance.gauss(13.3, 1.4), -3))
    return {
        "budget_min": low,
        "budget_max": low * chance.randint(1, 4),
        "currency": chance.choice(CURRENCIES),
        "budget_certainty": chance.choice(BudgetCertainty.values),
        "finance_route": chance.choice(FinanceRoute.values),
        "procurement_route": chance.choice(ProcurementRoute.values),
    }


def _plan(world: World, at: Any) -> dict[str, Any]:
    chance = world.chance
    start = at.date() + timedelta(days=chance.randint(60, 900))
    return {
        "people_served": world.maybe(0.7, chance.randint(500, 900_000)),
        "quantity": world.maybe(0.5, Decimal(chance.randint(2, 9000))),
        "scale_unit": chance.choice(UNITS),
        "decision_on": world.maybe(0.6, start - timedelta(days=30)),
        "start_on": world.maybe(0.7, start),
        "operation_on": world.maybe(0.5, start + timedelta(days=200)),
        "expires_on": world.now.date() + timedelta(days=chance.randint(5, 360)),
        "languages": world.maybe(0.5, ["en"], []),
    }


def _history(world: World, state: str, at: Any, user: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if state != "draft":
        found |= {"submitted_by_id": user, "submitted_at": at}
    if state not in UNPUBLISHED:
        found |= {"published_by_id": world.chance.choice(world.moderators), "published_at": at}
    if state == DemandState.SUBMITTED:
        found |= {"submitted_at": world.now - timedelta(hours=world.chance.randint(1, 200))}
    return found


def _requirements(world: World, pk: int) -> list[dict[str, Any]]:
    chance = world.chance
    return [
        {
            "demand_id": pk,
            "criterion_id": criterion.pk,
            "is_mandatory": chance.random() < 0.4,
            "number": Decimal(chance.randint(1, 90)) if criterion.kind == "number" else None,
        }
        for criterion in chance.sample(world.criteria, chance.choice((0, 1, 2, 3, 4)))
    ]


def _search(row: dict[str, Any], city: dict[str, Any]) -> str:
    """As cities.actions.refresh_search has it."""
    titles = " ".join(filter(None, {row["title"], row.get(column("title", "en"))}))
    place = f"{city['search']} {row.get('body_name', '')}"
    return search_vector(
        {"A": titles, "B": f"{row['summary']} {place}", "C": row["problem"][:6000], "D": row["outcome"][:3000]}
    )
