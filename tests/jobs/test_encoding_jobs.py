"""The encode queue: lists wait a moment for their meaning, go on without it, and catch up by themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now

from cities.models import Demand
from matching import encoding, spaces, tasks
from matching.encoder import EncoderAway, backend
from matching.models import Ranking, TextVector
from portal.jobs.actions import enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.tasks import run_due
from tests.concurrency import committed
from tests.factories import DemandFactory, SolutionFactory

__all__ = ["committed"]

pytestmark = pytest.mark.usefixtures("committed")


class Fragile:
    """The fake encoder, which can be taken away; it remembers what it was asked, batch by batch."""

    id, dim = backend("fake").id, backend("fake").dim

    def __init__(self) -> None:
        self.is_away = False
        self.batches: list[list[str]] = []

    def embed(self, texts: Any, kind: Any) -> Any:
        if self.is_away:
            raise EncoderAway("nobody answers")
        self.batches.append(list(texts))
        return backend("fake").embed(texts, kind)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Fragile:
    fragile = Fragile()
    monkeypatch.setattr(spaces, "wished", lambda: fragile)
    return fragile


def owe(demand: Demand) -> None:
    with transaction.atomic():
        enqueue(kind="matching.match_demand", subject=f"demand:{demand.pk}")


def wait_out(*kinds: str) -> None:
    """As if the time that jobs of these kinds wait had passed."""
    Job.objects.filter(kind__in=kinds, state=JobState.QUEUED).update(next_at=Now() - timedelta(seconds=1))


def waiting() -> dict[str, int]:
    return dict(Job.objects.filter(state=JobState.QUEUED).values_list("kind", "attempts"))


@pytest.fixture
def pair(encoder: Fragile) -> Demand:
    SolutionFactory()
    demand: Demand = DemandFactory()
    Job.objects.all().delete()
    return demand


def test_list_of_a_new_demand_has_its_meaning_at_once(pair: Demand) -> None:
    owe(pair)
    with transaction.atomic():
        enqueue(kind="matching.match_everything", subject="everything")
    run_due()
    assert Ranking.objects.get().has_meaning
    assert waiting().keys() == {"matching.rank_rest"}


def test_match_job_never_calls_the_model(pair: Demand, encoder: Fragile) -> None:
    owe(pair)
    tasks.match_demand(Job.objects.get())
    assert encoder.batches == []
    assert not Ranking.objects.exists()


def test_list_is_made_without_meaning_when_the_encoder_takes_too_long(pair: Demand, encoder: Fragile) -> None:
    encoder.is_away = True
    owe(pair)
    run_due()
    assert not Ranking.objects.exists()
    wait_out("matching.match_demand")
    run_due()
    ranking = Ranking.objects.get()
    assert (ranking.has_meaning, len(ranking.solutions)) == (False, 1)


def test_encoder_that_comes_back_catches_up_with_everything(encoder: Fragile) -> None:
    """A demand and a solution published meanwhile, one list older than both; nobody has to do anything."""
    demands = [DemandFactory() for _number in range(3)]
    encoder.is_away = True
    SolutionFactory()
    for demand in demands:
        owe(demand)
    run_due()
    wait_out("matching.match_demand")
    run_due()
    assert list(Ranking.objects.values_list("has_meaning", flat=True)) == [False] * 3
    encoder.is_away = False
    wait_out(encoding.ENCODE)
    with transaction.atomic():
        enqueue(kind="matching.match_everything", subject="everything")
    run_due()
    assert list(Ranking.objects.values_list("has_meaning", flat=True)) == [True] * 3
    assert not Job.objects.filter(kind__in=encoding.ENCODING).exclude(state=JobState.DONE).exists()


def test_failing_encode_job_waits_longer_each_time(pair: Demand, encoder: Fragile) -> None:
    encoder.is_away = True
    owe(pair)
    run_due()
    waits = []
    for _failure in range(3):
        job = Job.objects.get(kind=encoding.ENCODE)
        waits.append(round((job.next_at - job.created_at).total_seconds() / 10) * 10)
        wait_out(encoding.ENCODE)
        run_due()
    assert waits == sorted(set(waits))
    assert job.last_error == "EncoderAway: nobody answers"


def test_first_success_after_a_failure_wakes_what_waits_longer(encoder: Fragile) -> None:
    encoder.is_away = True
    demands = [DemandFactory() for _number in range(12)]
    Job.objects.all().delete()
    for demand in demands:
        owe(demand)
    run_due()
    encoder.is_away = False
    first = Job.objects.filter(kind=encoding.ENCODE).order_by("pk").first()
    assert first is not None
    Job.objects.filter(pk=first.pk).update(next_at=Now())
    run_due()
    assert set(Ranking.objects.values_list("demand_id", flat=True)) == {demand.pk for demand in demands}


def test_records_that_wait_are_encoded_together(encoder: Fragile) -> None:
    demands = [DemandFactory() for _number in range(6)]
    Job.objects.all().delete()
    for demand in demands:
        owe(demand)
    run_due()
    assert len(encoder.batches) == 1
    assert TextVector.objects.count() == len(encoder.batches[0])


def test_hourly_look_tries_a_lost_encoder_again_but_not_a_bad_text(pair: Demand, job: Callable[..., Job]) -> None:
    away = job("demand:1", encoding.ENCODE, attempts=3, last_error="EncoderAway: nobody answers")
    bad = job("demand:2", encoding.ENCODE, attempts=3, last_error="MemoryError: ")
    tasks.rank_missing()
    assert [Job.objects.get(pk=row.pk).attempts for row in (away, bad)] == [0, 3]


def test_hourly_look_finds_texts_that_nobody_owes(pair: Demand) -> None:
    tasks.rank_missing()
    run_due()
    assert not Ranking.objects.get().has_meaning
    tasks.rank_missing()
    run_due()
    assert Ranking.objects.get().has_meaning
    tasks.rank_missing()
    assert waiting().keys() <= {"matching.rank_rest"}


def test_hourly_look_leaves_texts_alone_that_no_encoder_can_read(pair: Demand, job: Callable[..., Job]) -> None:
    tasks.rank_missing()
    run_due()
    job("demand:1", encoding.ENCODE, state=JobState.DEAD)
    tasks.rank_missing()
    assert waiting() == {}


def test_record_that_is_gone_or_hidden_is_encoded_by_nobody() -> None:
    draft = DemandFactory(state="draft", published_at=None)
    assert encoding.wordings_of([f"demand:{draft.pk}", "demand:99999999", "solution:99999999"]) == []


def test_text_that_never_gets_a_vector_has_no_list_made_again_after_every_change(encoder: Fragile) -> None:
    unread, demand = SolutionFactory(), DemandFactory()
    owe(demand)
    run_due()
    assert not Ranking.objects.get().has_meaning
    made_at = Ranking.objects.get().computed_at
    with transaction.atomic():
        enqueue(kind="matching.encode", subject="demand:0")
    run_due()
    assert Ranking.objects.get().computed_at == made_at
    assert not Job.objects.filter(kind="matching.rank_bucket").exists()

    with transaction.atomic():
        enqueue(kind="matching.match_solution", subject=f"solution:{unread.pk}")
    run_due()
    assert Ranking.objects.get().has_meaning
