"""After any changes, done one by one as jobs, every list is what a run from nothing gives."""

import logging
import random
from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.enums import SolutionState
from catalog.models import FocusArea, Solution
from cities.enums import DemandState
from cities.models import Demand
from matching import building, reach, snapshots, tasks
from matching.building import build_snapshot
from matching.catalogue import catalogue
from matching.machine import load
from matching.models import Ranking, TextVector
from matching.ranking import check_lists, rank_demands
from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution
from portal.jobs.actions import enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.tasks import run_due
from tests.concurrency import committed
from tests.factories import DemandFactory, ProviderFactory, SolutionFactory

__all__ = ["committed"]

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.xdist_group("machine")]

AREAS = (*["smart_energy"] * 6, "mobility")
WORDS = (
    "lamps",
    "roads",
    "buses",
    "water",
    "roofs",
    "storage",
    "pumps",
    "trees",
    "cooling",
    "sensors",
    "depots",
    "waste",
)


@pytest.fixture(autouse=True)
def _own_shelf(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    settings.HOME_DIR = tmp_path
    monkeypatch.setattr(snapshots, "owe_snapshot", lambda: None)
    monkeypatch.setattr(snapshots, "load", lambda _folder: load())
    monkeypatch.setattr(building, "SKEW", timedelta(0))
    yield
    snapshots.forget_snapshots()


class City:
    """A catalogue that changes at random: each change as the actions leave it, with the job that it owes."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.provider = ProviderFactory()
        for _ in range(75):
            self.new_solution()
        for _ in range(10):
            self.new_demand()
        Job.objects.all().delete()
        encode()
        rank_demands(every_demand())

    def text(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=6))

    def facts(self) -> dict[str, Any]:
        area = FocusArea.objects.get(code=self.chance.choice(AREAS))
        cost = self.chance.choice([None, 10, 1000])
        region = self.chance.choice([["001"], ["001"], ["001"], ["001"], ["150"], ["CL"]])
        return {
            "focus_area": area,
            "regions": region,
            "cost_min": cost,
            "cost_max": cost,
            "currency": "EUR" if cost else "",
        }

    def new_solution(self) -> None:
        made = SolutionFactory(provider=self.provider, name=self.text(), solves=self.text(), **self.facts())
        self.owe("solution", made.pk)

    def new_demand(self) -> None:
        area = FocusArea.objects.get(code=self.chance.choice(AREAS))
        self.owe("demand", DemandFactory(title=self.text(), problem=self.text(), focus_area=area).pk)

    def change_solution(self) -> None:
        self.touch("solution", state=SolutionState.LISTED, solves_en=self.text(), **self.facts())

    def take_solution_off(self) -> None:
        self.touch("solution", state=self.chance.choice([SolutionState.SUSPENDED, SolutionState.ARCHIVED]))

    def change_demand(self) -> None:
        self.touch("demand", state=DemandState.PUBLISHED, problem_en=self.text())

    def take_demand_off(self) -> None:
        self.touch("demand", state=DemandState.ON_HOLD)

    def touch(self, name: str, **changes: Any) -> None:
        model: Any = {"solution": Solution, "demand": Demand}[name]
        pk, version = self.chance.choice(list(model.objects.order_by("pk").values_list("pk", "version")))
        model.objects.filter(pk=pk).update(**changes, version=version + 1, updated_at=timezone.now())
        self.owe(name, pk)

    def owe(self, name: str, pk: int) -> None:
        enqueue(kind=f"matching.match_{name}", subject=f"{name}:{pk}")

    def happen(self, changes: int) -> None:
        moves = [self.new_solution, self.change_solution, self.change_solution, self.take_solution_off]
        moves += [self.new_demand, self.change_demand, self.take_demand_off]
        for _ in range(changes):
            self.chance.choice(moves)()


def encode() -> None:
    ensure_vectors([wording_of_demand(demand) for demand in Demand.objects.live()])
    ensure_vectors([wording_of_solution(solution) for solution in Solution.objects.listed()])


def work() -> None:
    """The workers do everything, as if time had passed."""
    encode()
    while Job.objects.filter(state=JobState.QUEUED).exists():
        Job.objects.filter(state=JobState.QUEUED).update(next_at="2020-01-01T00:00:00Z")
        run_due()
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def every_demand() -> list[int]:
    return list(Demand.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("is_searched", "seed"), [(False, 1), (True, 2)])
def test_lists_after_changes_are_those_of_a_full_run(settings: Any, is_searched: bool, seed: int) -> None:
    settings.SNAPSHOT_FROM = 1 if is_searched else 10**9
    city = City(seed)
    if is_searched:
        build_snapshot()
    for _round in range(2):
        city.happen(6)
        work()
        assert isinstance(catalogue(), snapshots.Searched) is is_searched
        assert check_lists(every_demand()) == []
    assert Ranking.objects.count() == Demand.objects.live().count()


def shown() -> dict[int, tuple[Any, ...]]:
    """Of each list who is on it and why; counts, and places beyond the list, are left out."""
    return {row.pop("demand_id"): tuple(row.values()) for row in Ranking.objects.values("demand_id", *NAMES)}


NAMES = ("solutions", "reserve", "missed", "results", "moves")


@pytest.mark.parametrize("seed", [3, 4])
def test_lists_that_are_not_made_at_once_name_nobody_else_than_before(settings: Any, seed: int) -> None:
    settings.SNAPSHOT_FROM = 1
    city = City(seed)
    build_snapshot()
    spared = 0
    for _change in range(12):
        city.chance.choice([city.new_solution, city.change_solution, city.take_solution_off])()
        encode()
        solution = Solution.objects.for_detail().order_by("updated_at").last()
        assert solution is not None
        at_once, _with_time = reach.reached([solution])
        before = shown()
        rank_demands(every_demand())
        after = shown()
        assert {pk for pk in after if before[pk] != after[pk]} <= at_once
        spared += len(after.keys() - at_once)
    assert spared > 20


@pytest.fixture
def checked(settings: Any) -> Callable[[], None]:
    """The nightly run over a few lists that are as they should be."""
    settings.SNAPSHOT_FROM = 10**9
    City(7)

    def check() -> None:
        tasks.check_every_night()
        run_due()

    return check


def test_nightly_run_says_nothing_of_lists_that_are_right(
    checked: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        checked()
    assert caplog.messages == []


def test_nightly_run_names_and_mends_a_list_that_is_not(
    checked: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    wrong = Ranking.objects.order_by("pk")[3]
    Ranking.objects.filter(pk=wrong.pk).update(found="something else", solutions=[])
    checked()
    assert (
        f"lists of 1 demands were not what a full run gives and were made again: {wrong.demand_id}" in caplog.messages
    )
    assert Ranking.objects.get(pk=wrong.pk).solutions == wrong.solutions


def test_nightly_run_does_not_judge_what_a_waiting_job_will_change(
    checked: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    solution = Solution.objects.order_by("pk")[0]
    Solution.objects.filter(pk=solution.pk).update(state=SolutionState.SUSPENDED, updated_at=timezone.now())
    enqueue(kind="matching.match_solution", subject=f"solution:{solution.pk}", delay=timedelta(hours=1))
    checked()
    assert caplog.messages == []
    assert not Ranking.objects.filter(solutions__contains=[solution.pk]).exists()


def test_list_without_vectors_is_not_judged_by_another_encoder(checked: Callable[[], None]) -> None:
    assert TextVector.objects.exists()
    Ranking.objects.update(backend="another", found="of another time")
    assert check_lists(every_demand()) == []
