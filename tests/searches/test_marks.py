"""Filters asked of the index of words leave what they leave when asked of columns."""

from typing import Any

import pytest
from django.http import QueryDict

from catalog.filters import SolutionFilter
from catalog.models import FocusArea, Solution, Topic
from catalog.writing_actions import create_solution, edit_solution
from catalog.writing_actions import refresh_search as index_solution
from cities.actions import create_demand, edit_demand, refresh_search
from cities.filters import DemandFilter
from cities.models import Demand
from portal.common.finding import Asked
from portal.common.listing import ListForm
from portal.common.reading import read
from portal.searches import index_actions
from portal.searches.models import Word
from portal.searches.word_actions import recount_words
from tests.factories import DemandFactory, SolutionFactory

pytestmark = pytest.mark.django_db
PLACES = ("001", "019", "005", "150", "155", "CL", "FR", "KR")


def asked(form: ListForm, records: Any) -> Asked:
    return form._asked(records, form.chosen())


def compare(form: ListForm, records: Any) -> set[Any]:
    """What is found both ways."""
    reading, of = read("lamp", "en", records), asked(form, records)
    assert reading is not None
    assert of.marks
    assert form.chosen()
    assert of.others.query.where != of.passing.query.where
    found = set(of.saying(reading.wide_ways()))
    assert found == set(of.passing.filter(search__ways=reading.wide_ways()))
    return found


def area(code: str) -> FocusArea:
    return FocusArea.objects.get(code=code)


@pytest.fixture
def demands() -> None:
    facts: list[dict[str, Any]] = [
        {"country": "CL", "stage": "idea", "focus_area": area("mobility")},
        {"country": "FR", "stage": "concept", "focus_area": area("resilience"), "language": "fr"},
        {"country": "KR", "stage": "idea", "focus_area": None, "source": "somewhere", "source_id": "1"},
        {"country": "", "stage": "idea", "focus_area": area("buildings")},
    ]
    for number, one in enumerate(facts):
        demand = DemandFactory(title="Lamp", **one)
        if number == 1:
            demand.more_focus_areas.add(area("mobility"))
            demand.topics.add(Topic.objects.get(code="street_lighting"))
        refresh_search(demand)
    refresh_search(DemandFactory(title="Tram", problem="", summary="", outcome=""))


@pytest.mark.usefixtures("demands")
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("focus=mobility", 2), ("focus=mobility&focus=buildings", 3), ("topic=street_lighting", 1), ("stage=idea", 3),
        ("language=fr", 1), ("origin=here", 3), ("origin=imported", 1), ("place=019", 1),
        ("place=150&stage=concept", 1), ("place=001", 3), ("place=KR", 1), ("stage=idea&open=on&budget=1m-10m", None),
    ],
)  # fmt: skip
def test_demands(query: str, number: int | None) -> None:
    readable = Demand.objects.public()
    found = compare(DemandFilter(QueryDict(query), readable=readable), readable)
    assert number in (None, len(found))


@pytest.fixture
def solutions() -> None:
    facts: list[dict[str, Any]] = [
        {
            "regions": ["155"],
            "languages": ["en", "fr"],
            "business_models": ["concession_ppp"],
            "focus_area": area("mobility"),
        },
        {"regions": ["CL", "019"], "languages": ["es"], "business_models": [], "focus_area": area("resilience")},
        {
            "regions": ["001"],
            "languages": ["ko"],
            "business_models": ["concession_ppp", "lease"],
            "focus_area": area("mobility"),
        },
        {"regions": [], "languages": [], "business_models": [], "focus_area": area("buildings")},
    ]
    for number, one in enumerate(facts):
        solution = SolutionFactory(name="Lamp", **one)
        if number == 1:
            solution.more_focus_areas.add(area("mobility"))
            solution.topics.add(Topic.objects.get(code="street_lighting"))
        index_solution(solution)


@pytest.mark.usefixtures("solutions")
@pytest.mark.parametrize("query", [
    "focus=mobility", "focus=buildings&focus=resilience", "topic=street_lighting", "model=lease", "language=fr",
    "language=ko&model=lease&focus=mobility", *(f"place={code}" for code in PLACES),
])  # fmt: skip
def test_solutions(query: str) -> None:
    assert compare(SolutionFilter(QueryDict(query)), Solution.objects.listed())


@pytest.mark.usefixtures("solutions")
@pytest.mark.parametrize(
    ("place", "number"), [("150", 2), ("155", 2), ("FR", 2), ("019", 2), ("CL", 2), ("KR", 1), ("001", 3)]
)
def test_who_serves_a_part_of_a_place_serves_it(client: Any, place: str, number: int) -> None:
    """A subregion is part of its continent, as a country is."""
    assert client.get("/en/solutions/", {"place": place}).context["count"] == number
    assert client.get("/en/solutions/", {"place": place, "q": "lamp"}).context["count"] == number


def test_an_edit_moves_the_marks(world: Any) -> None:
    demand = create_demand(by=world.city_editor, organisation=world.city.organisation, language="en", title="Lamp")
    edit_demand(by=world.city_editor, demand=demand, changes={"stage": "idea", "focus_area": area("mobility")})
    edit_demand(by=world.city_editor, demand=demand, changes={"stage": "concept", "focus_area": area("buildings")})
    for query, number in (("stage=idea", 0), ("stage=concept&focus=buildings", 1), ("focus=mobility", 0)):
        readable = Demand.objects.filter(pk=demand.pk)
        assert len(compare(DemandFilter(QueryDict(query), readable=readable), readable)) == number


def test_an_edit_moves_the_reach(world: Any) -> None:
    solution = create_solution(by=world.provider_editor, provider=world.provider, language="en", name="Lamp")
    for regions in (["CL"], ["155"]):
        edit_solution(by=world.provider_editor, solution=solution, changes={"regions": regions})
    for query, number in (("place=CL", 0), ("place=019", 0), ("place=150", 1), ("place=FR", 1)):
        assert len(compare(SolutionFilter(QueryDict(query)), Solution.objects.filter(pk=solution.pk))) == number


@pytest.mark.usefixtures("demands")
def test_marks_are_not_asked_before_all_records_have_them() -> None:
    index_actions.ReferenceData.objects.filter(name=index_actions.NAME).delete()
    form = DemandFilter(QueryDict("stage=idea"), readable=Demand.objects.all())
    of = asked(form, Demand.objects.all())
    assert not of.marks
    assert of.others is of.passing


@pytest.mark.usefixtures("demands")
def test_marks_are_no_words() -> None:
    recount_words()
    assert Word.objects.filter(word="lamp").exists()
    assert not Word.objects.filter(word__startswith="=").exists()
