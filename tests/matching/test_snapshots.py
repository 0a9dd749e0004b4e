"""The catalogue searched in a snapshot gives the lists that the catalogue scored in memory gives, whatever changes."""

import os
import subprocess
import sys
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.utils import timezone, translation

from catalog.enums import SolutionState
from catalog.models import Capability, Criterion, Solution
from cities.models import Demand, Requirement
from matching import building, snapshots
from matching import catalogue as catalogues
from matching.adapters import demand_profiles
from matching.building import build_snapshot
from matching.catalogue import catalogue, scored_catalogue
from matching.coach.passing import Passing, passing
from matching.configuration import active_config
from matching.engine import ScoreTable
from matching.engine.ordering import ORDER
from matching.machine import load
from matching.models import Ranking
from matching.ranking import rank_demands
from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution
from portal.jobs.actions import enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.tasks import run_due
from tests.concurrency import committed
from tests.factories import DemandFactory, ProviderFactory, SolutionFactory

__all__ = ["committed"]

pytestmark = [pytest.mark.usefixtures("committed", "loops"), pytest.mark.xdist_group("machine")]


@pytest.fixture(scope="session")
def loops() -> Any:
    return load()


@pytest.fixture(autouse=True)
def _own_shelf(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[list[str]]:
    """A shelf of the test's own, no process started, and the loops that the other tests have compiled."""
    settings.HOME_DIR, settings.SNAPSHOT_FROM = tmp_path, 1
    owed: list[str] = []
    monkeypatch.setattr(snapshots, "owe_snapshot", lambda: owed.append("snapshot"))
    monkeypatch.setattr(snapshots, "load", lambda _folder: load())
    monkeypatch.setattr(building, "SKEW", timedelta(0))
    yield owed
    snapshots.forget_snapshots()


@pytest.fixture
def owed(_own_shelf: list[str]) -> list[str]:
    return _own_shelf


def fill(demands: int = 8, solutions: int = 30) -> None:
    provider = ProviderFactory()
    for number in range(solutions):
        SolutionFactory(provider=provider, name=f"Street lighting {number}", solves=f"Lamps {number} on roads")
    for number in range(demands):
        DemandFactory(title=f"New lamps {number}", problem=f"Our {number} lamps on roads are old.")
    encode()


def encode() -> None:
    ensure_vectors([wording_of_demand(demand) for demand in Demand.objects.live()])
    ensure_vectors([wording_of_solution(solution) for solution in Solution.objects.listed()])


def lists(found_in: Any) -> list[Any]:
    profiles = demand_profiles(Demand.objects.live().for_detail().order_by("pk"))
    today = timezone.localdate().toordinal()
    found = found_in.find(profiles, today=today, config=active_config())
    return [(best(one.table), one.near_misses(), one.summary()) for one in found]


def best(table: ScoreTable) -> list[tuple[str, float]]:
    return [(table.candidates.ids[row], table.logit[row]) for row in table.best(table.eligible, ORDER.pool)]


def is_searched() -> bool:
    return isinstance(catalogue(), snapshots.Searched)


def assert_same_lists() -> None:
    assert is_searched()
    assert lists(catalogue()) == lists(scored_catalogue())


def touch(solution: Solution, **changes: Any) -> None:
    Solution.objects.filter(pk=solution.pk).update(**changes, version=solution.version + 1, updated_at=timezone.now())


def test_snapshot_gives_the_lists_of_the_catalogue_in_memory() -> None:
    fill()
    build_snapshot()
    assert_same_lists()


def test_small_catalogue_is_scored_in_memory(settings: Any, owed: list[str]) -> None:
    settings.SNAPSHOT_FROM = 1000
    fill(1, 3)
    assert not is_searched()
    assert owed == []


def test_without_a_snapshot_everything_is_scored_and_one_is_owed(owed: list[str]) -> None:
    fill(1, 3)
    assert not is_searched()
    assert owed == ["snapshot"]


def test_more_than_fits_in_memory_waits_for_the_snapshot(monkeypatch: pytest.MonkeyPatch, owed: list[str]) -> None:
    monkeypatch.setattr(catalogues, "MOST_IN_MEMORY", 2)
    fill(2, 3)
    demands = set(Demand.objects.live().values_list("pk", flat=True))
    for pk in demands:
        enqueue(kind="matching.match_demand", subject=f"demand:{pk}")
    run_due()
    assert not Ranking.objects.exists()
    assert set(owed) == {"snapshot"}
    build_snapshot()
    waiting = Job.objects.filter(state=JobState.QUEUED)
    assert set(waiting.values_list("kind", flat=True)) == {"matching.rank_bucket"}
    waiting.update(next_at="2020-01-01T00:00:00Z")
    run_due()
    assert set(Ranking.objects.values_list("demand_id", flat=True)) == demands


def test_change_is_seen_at_once() -> None:
    fill()
    build_snapshot()
    first, second, third = Solution.objects.order_by("pk")[:3]
    touch(first, state=SolutionState.SUSPENDED)
    touch(second, solves="Waste bins that tell when they are full", cost_min=5, cost_max=9, currency="EUR")
    SolutionFactory(provider=first.provider, name="Lamps for rent", solves="Lamps on roads without investment")
    encode()
    assert_same_lists()
    touch(first, state=SolutionState.LISTED)
    touch(third, state=SolutionState.ARCHIVED)
    assert_same_lists()


def test_solution_encoded_after_the_snapshot_is_compared_by_its_text() -> None:
    fill(2, 10)
    late = SolutionFactory(name="Lamps", solves="Lamps on roads")
    build_snapshot()
    assert catalogue().without_meaning
    encode()
    assert not catalogue().without_meaning
    assert_same_lists()
    assert late.pk in {int(pk) for one in lists(catalogue()) for pk, _ in one[0]}


def test_edited_vocabulary_refuses_the_snapshot(owed: list[str]) -> None:
    fill(1, 5)
    build_snapshot()
    topic = Solution.objects.first().focus_area.topics.first()  # type: ignore[union-attr]
    type(topic).objects.filter(pk=topic.pk).update(synonyms_en="another word")
    try:
        assert not is_searched()
        assert owed == ["snapshot"]
    finally:  # the vocabulary outlives the test, and others read texts by it
        type(topic).objects.filter(pk=topic.pk).update(synonyms_en=topic.synonyms_en)


def test_database_with_other_solutions_than_the_snapshot_refuses_it(owed: list[str]) -> None:
    """Restored from a backup, for instance: nothing is newer than the snapshot, and yet all is different."""
    fill(1, 5)
    build_snapshot()
    solution = Solution.objects.order_by("pk")[0]
    Solution.objects.filter(pk=solution.pk).update(version=solution.version + 3)
    assert not is_searched()
    assert owed == ["snapshot"]


def test_torn_snapshot_is_refused(owed: list[str]) -> None:
    fill(1, 5)
    folder = build_snapshot()
    assert folder is not None
    with (folder / "vectors.bin").open("r+b") as file:
        file.truncate(100)
    snapshots.close()
    assert not is_searched()
    assert owed == ["snapshot"]


def test_new_snapshot_is_taken_up_and_the_old_one_goes() -> None:
    fill(2, 6)
    old = build_snapshot()
    assert is_searched()
    SolutionFactory(name="One more")
    encode()
    new = build_snapshot()
    assert_same_lists()
    snapshots.shelf().tidy()
    assert [folder.name for folder in snapshots.shelf().root.glob("s-*")] == [new.name if new else ""]
    assert old != new


def test_lists_are_written_once_and_then_only_where_they_changed() -> None:
    fill(6, 12)
    build_snapshot()
    keys = list(Demand.objects.live().values_list("pk", flat=True))
    assert rank_demands(keys) == len(keys)
    before = dict(Ranking.objects.values_list("demand_id", "computed_at"))
    assert rank_demands(keys) == 0
    after = dict(Ranking.objects.values_list("demand_id", "computed_at"))
    assert all(after[pk] > before[pk] for pk in keys)
    snapshots.forget_snapshots()
    assert rank_demands(keys) == 0, "what is found in memory is the same to the last byte"


SCRIPT = """
import django, sys
django.setup()
from pathlib import Path
from matching.machine import Machine, Snapshot, load
from tests.engine.strategies import TODAY
from tests.machine.worlds import of_machine, wide_world
from tests.engine.strategies import VOCABULARY
import hashlib, json
segment = Snapshot.open(Path(sys.argv[1]), VOCABULARY).segment
found = Machine((segment,), load()).rank(wide_world(3, 12, 200).demands, today=TODAY)
print(hashlib.sha256(json.dumps([of_machine(one) for one in found]).encode()).hexdigest())
"""


def test_two_processes_find_the_same_in_one_snapshot(tmp_path: Path) -> None:
    from matching.machine import write_snapshot
    from tests.engine.strategies import VOCABULARY
    from tests.machine.worlds import wide_world

    folder = tmp_path / "shared"
    folder.mkdir()
    write_snapshot(folder, wide_world(3, 12, 200).solutions, VOCABULARY)
    command = [sys.executable, "-c", SCRIPT, str(folder)]
    said = [
        subprocess.run(
            command,
            cwd=site.BASE_DIR,
            env={**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert len(said[0]) == 65


def stating(**values: Any) -> Solution:
    solution = SolutionFactory()
    for code, value in values.items():
        said = {"flag": value} if isinstance(value, bool) else {"number": value}
        Capability.objects.create(solution=solution, criterion=Criterion.objects.get(code=code), **said)
    return solution


def counted() -> Passing | None:
    codes = {"iso_9001": None, "warranty_years": 5}
    known = {row.code: row for row in Criterion.objects.filter(code__in=codes)}
    musts = [Requirement(criterion=row, number=codes[code]) for code, row in sorted(known.items())]
    return passing(Demand.objects.for_detail().order_by("pk")[0], musts)


def test_conditions_are_counted_in_the_snapshot_as_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(1, 3)
    Demand.objects.update(languages=["ko", "en"], languages_required=True)
    for years, certified in ((2, True), (5, True), (10, False), (10, True)):
        stating(warranty_years=years, iso_9001=certified)
    SolutionFactory(regions=["JP"]), SolutionFactory(languages=["fr"]), SolutionFactory(expires_on="2020-01-01")
    build_snapshot()
    for change in ({}, {"state": SolutionState.SUSPENDED}, {"regions": []}):
        changed = Solution.objects.filter(capabilities__number=10).order_by("pk").first()
        assert changed is not None
        touch(changed, **change)
        with translation.override("ko"):
            searched = counted()
        with monkeypatch.context() as patch:
            patch.setattr(snapshots, "are_wanted", lambda: False)
            assert searched == counted()
        assert searched is not None
        assert 0 < searched.count < searched.of


def test_conditions_are_not_counted_until_the_snapshot_of_many_is_written(owed: list[str]) -> None:
    fill(1, 3)
    assert counted() is None
    assert owed == ["snapshot"]
