"""What a newcomer changes at once, and what follows."""

import pytest

from cities.models import Demand
from matching import tasks
from matching.models import Ranking
from matching.reach import nearest_first
from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from tests.factories import DemandFactory, SolutionFactory

pytestmark = pytest.mark.django_db

WORDS = ("Pumps for flooded streets", "Lamps for dark streets", "Buses for the old town")


@pytest.fixture
def demands() -> list[Demand]:
    made = [DemandFactory(title=words, summary=words, problem=words, outcome=words) for words in WORDS]
    ensure_vectors([wording_of_demand(demand) for demand in made])
    return made


def test_nearest_first_puts_the_demand_that_reads_alike_before_the_others(demands: list[Demand]) -> None:
    solution = SolutionFactory(name=WORDS[1], tagline="", solves=WORDS[1], how_it_works=WORDS[1])
    ensure_vectors([wording_of_solution(solution)])
    order = nearest_first([solution], {demand.pk for demand in demands})
    assert order[0] == demands[1].pk
    assert set(order) == {demand.pk for demand in demands}


def test_nearest_first_without_vectors_names_all_with_the_newest_first(demands: list[Demand]) -> None:
    solution = SolutionFactory(name="Never encoded", solves="Never encoded")
    found = nearest_first([solution], {demand.pk for demand in demands})
    assert found == [demand.pk for demand in reversed(demands)]


def test_newcomer_stands_where_it_fits_best_before_other_lists_are_made(
    demands: list[Demand], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "FIRST", 1)
    solution = SolutionFactory(name=WORDS[1], tagline="", solves=WORDS[1], how_it_works=WORDS[1])
    ensure_vectors([wording_of_solution(solution)])
    Job.objects.all().delete()
    enqueue(kind="matching.match_solution", subject=f"solution:{solution.pk}")
    run_due()
    assert list(Ranking.objects.values_list("demand_id", flat=True)) == [demands[1].pk]
    Job.objects.filter(kind="matching.rank_bucket").update(next_at="2020-01-01T00:00:00Z")
    run_due()
    assert Ranking.objects.filter(solutions__contains=[solution.pk]).count() == len(demands)
