"""The vector space in force and the way to another: nothing is compared across, stopped, or done twice."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from catalog.models import Solution
from cities.models import Demand
from matching import spaces, tasks
from matching.encoder import EncoderAway, backend
from matching.models import Ranking, TextVector, VectorSpace
from matching.ranking import rank_demand
from matching.spaces import jobs
from matching.spaces.actions import switch_space
from matching.vectors import ensure_vectors, unencoded, wording_of_demand, wording_of_solution
from portal.audit.models import AuditEvent
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from tests.concurrency import PATIENCE, at_once, committed, eventually
from tests.encoder.played import Server
from tests.factories import DemandFactory, SolutionFactory
from tests.journeys.workers import environment

__all__ = ["committed"]

pytestmark = pytest.mark.usefixtures("committed")
ROOT = Path(__file__).resolve().parents[2]
FAKE = backend("fake").id


class Other:
    """Another encoder, whose vectors have other lengths and meanings."""

    id, dim = "other-1", 128
    is_away = False

    def embed(self, texts: Any, kind: Any) -> Any:
        if self.is_away:
            raise EncoderAway("nobody answers")
        vectors = backend("fake").embed(texts, kind)[:, ::-1][:, : self.dim] + 0.01
        return vectors / (vectors**2).sum(axis=1, keepdims=True) ** 0.5


def wish(monkeypatch: pytest.MonkeyPatch) -> Other:
    other = Other()
    monkeypatch.setattr(spaces, "wished", lambda: other)
    return other


def stored() -> dict[str, int]:
    return {space: TextVector.objects.filter(backend=space).count() for space in (FAKE, Other.id)}


@pytest.fixture
def records() -> list[Demand]:
    """Five demands and three solutions, encoded by the fake encoder, which is in force."""
    demands = [DemandFactory() for _number in range(5)]
    found = [SolutionFactory() for _number in range(3)]
    ensure_vectors([*map(wording_of_demand, demands), *map(wording_of_solution, found)])
    Job.objects.all().delete()
    return demands


def run(*options: str) -> str:
    out = StringIO()
    call_command("reindex_embeddings", *options, stdout=out)
    return out.getvalue()


def test_before_anything_is_encoded_the_wish_is_in_force() -> None:
    assert (spaces.current_id(), VectorSpace.objects.count()) == (FAKE, 0)


def test_first_vectors_put_their_space_in_force(records: list[Demand]) -> None:
    row = VectorSpace.objects.get()
    assert (row.pk, row.name, row.is_current) == (FAKE, "fake", True)
    assert AuditEvent.objects.filter(action="encoder.switch").count() == 1


def test_new_wish_changes_nothing_by_itself(records: list[Demand], monkeypatch: pytest.MonkeyPatch) -> None:
    wish(monkeypatch)
    ranking = rank_demand(records[0])
    assert ranking is not None
    assert (ranking.backend, ranking.has_meaning) == (FAKE, True)


def test_text_published_during_the_fill_gets_vectors_of_both(
    records: list[Demand], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = wish(monkeypatch)
    wording = wording_of_demand(DemandFactory(original_language="en", title="A tram along the harbour front"))
    ensure_vectors([wording])
    assert [unencoded([wording], space) for space in (FAKE, other.id)] == [{}, {}]


def test_wish_that_is_away_keeps_nobody_from_the_vectors_in_force(
    records: list[Demand], monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(monkeypatch).is_away = True
    wording = wording_of_demand(DemandFactory(original_language="en", title="A tram along the harbour front"))
    ensure_vectors([wording])
    assert unencoded([wording]) == {}


def test_command_fills_beside_the_old_and_switches(records: list[Demand], monkeypatch: pytest.MonkeyPatch) -> None:
    other = wish(monkeypatch)
    before = stored()[FAKE]
    said = run()
    assert f"in force: {FAKE}; asked for: {other.id}" in said
    assert "8 of 8 records" in said
    assert stored() == {FAKE: before, other.id: before}
    assert spaces.current_id() == other.id
    run_due()
    assert set(Ranking.objects.values_list("backend", "has_meaning")) == {(other.id, True)}
    assert Ranking.objects.count() == len(records)


def test_command_run_again_does_nothing(records: list[Demand], monkeypatch: pytest.MonkeyPatch) -> None:
    wish(monkeypatch)
    run()
    Job.objects.all().delete()
    said = run()
    assert "in force already" in said
    assert "8 records, 0 texts encoded" in said
    assert not Job.objects.exists()


def test_fill_only_leaves_the_old_in_force(records: list[Demand], monkeypatch: pytest.MonkeyPatch) -> None:
    wish(monkeypatch)
    run("--fill-only")
    assert spaces.current_id() == FAKE
    assert stored()[FAKE] == stored()[Other.id]


def test_forget_deletes_what_is_not_in_force(records: list[Demand], monkeypatch: pytest.MonkeyPatch) -> None:
    wish(monkeypatch)
    run("--forget")
    assert stored()[FAKE] == 0
    assert stored()[Other.id] > 0
    assert AuditEvent.objects.filter(action="encoder.forget").count() == 1


def test_fill_only_and_forget_contradict_each_other() -> None:
    with pytest.raises(CommandError, match="--forget would delete"):
        run("--fill-only", "--forget")


def test_encoder_that_is_away_leaves_the_old_in_force(records: list[Demand], monkeypatch: pytest.MonkeyPatch) -> None:
    wish(monkeypatch).is_away = True
    with pytest.raises(CommandError, match="nobody answers"):
        run()
    assert spaces.current_id() == FAKE


def test_two_switches_at_once_are_one(records: list[Demand]) -> None:
    done = at_once([lambda: switch_space(by="test", space="other-1")] * 3)
    assert sorted(done) == [False, False, True]
    assert VectorSpace.objects.filter(is_current=True).count() == 1


def test_hourly_look_moves_to_the_wish_in_slices(records: list[Demand], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 2)
    other = wish(monkeypatch)
    tasks.rank_missing()
    tasks.rank_missing()
    assert Job.objects.filter(kind=jobs.REINDEX).count() == 1
    run_due()
    assert spaces.current_id() == other.id
    assert set(Ranking.objects.values_list("backend", "has_meaning")) == {(other.id, True)}


def test_hourly_look_with_the_wish_in_force_owes_nothing(records: list[Demand]) -> None:
    with transaction.atomic():
        assert not jobs.owe_wish()


def test_host_with_other_settings_does_not_pull_back(records: list[Demand], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as context:
        wish(context)
        tasks.rank_missing()
    run_due()
    assert (spaces.current_id(), stored()[Other.id]) == (FAKE, 0)


def test_space_that_nobody_can_make_any_more_waits_for_the_switch(records: list[Demand]) -> None:
    """After an upgrade that changes the id: new texts have no meaning yet, and no job goes round in circles."""
    VectorSpace.objects.update(is_current=False)
    switch_space(by="test", space="bundled-of-yesterday")
    VectorSpace.objects.update(name="bundled")
    demand = DemandFactory()
    run_due()
    assert not Ranking.objects.get(demand=demand).has_meaning
    tasks.rank_missing()
    run_due()
    assert (spaces.current_id(), Ranking.objects.get(demand=demand).has_meaning) == (FAKE, True)


# --- Killed half-way --------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        made.start()
        yield made
        made.shutdown()


def test_command_killed_half_way_goes_on_where_it_was(records: list[Demand], server: Server, settings: Any) -> None:
    """A process of its own, killed while its encoder answers no more; matching goes on, and nothing is asked twice."""
    is_stuck, go_on = threading.Event(), threading.Event()
    answer = server.answer

    def answer_some(texts: list[str]) -> Any:
        if TextVector.objects.filter(backend__startswith="http-").exists() and not go_on.is_set():
            is_stuck.set()
            go_on.wait(PATIENCE)
        return answer(texts)

    server.answer = lambda texts: threaded(lambda: answer_some(texts))
    settings.EMBEDDING_BACKEND, settings.EMBEDDING_MODEL = server.address, "some-model"
    variables = {**environment(), "EMBEDDING_MODEL": "some-model"}
    command = [sys.executable, "manage.py", "reindex_embeddings"]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL) as process:
        eventually(is_stuck.is_set)
        os.kill(process.pid, signal.SIGKILL)
    go_on.set()
    kept = TextVector.objects.filter(backend__startswith="http-").count()
    assert 0 < kept < stored()[FAKE]
    assert spaces.current_id() == FAKE
    assert getattr(rank_demand(records[0]), "has_meaning", False)
    server.asked.clear()
    run()
    assert sum(server.sizes) == stored()[FAKE] - kept
    assert spaces.current_id().startswith("http-")
    run_due()
    assert set(Ranking.objects.values_list("backend", "has_meaning")) == {(spaces.current_id(), True)}


def threaded(work: Any) -> Any:
    """A server's thread has a connection of its own, which ends with the request."""
    from django.db import connection

    try:
        return work()
    finally:
        connection.close()


def test_directions_of_a_foreign_model_are_the_same_in_every_process(server: Server, settings: Any) -> None:
    settings.EMBEDDING_BACKEND, settings.EMBEDDING_MODEL = server.address, "some-model"
    demand = DemandFactory()
    ensure_vectors([wording_of_demand(demand)])
    kept = VectorSpace.objects.get(pk=spaces.current_id())
    assert len(bytes(kept.directions)) > 1000
    spaces._open.cache_clear()
    server.asked.clear()
    ensure_vectors([wording_of_solution(SolutionFactory())])
    assert sum(server.sizes) < 10
    assert Solution.objects.count() == 1
