"""What the matcher owes: the newest list stays, a person's decision stays, a full run leaves nobody out."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from cities.models import Demand
from matching import encoding, tasks
from matching.actions import take_up_match
from matching.enums import MatchState
from matching.models import Match, Ranking
from matching.ranking import catalogue, drop_untouched, hold_rankings, rank_demand
from matching.vectors import ensure_vectors, wording_of_demand
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict
from portal.jobs.actions import enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.tasks import run_due
from tests.concurrency import PATIENCE, at_once, blocked_backends, eventually, start
from tests.factories import DemandFactory, MatchFactory, ProviderFactory, SolutionFactory, StaffRoleFactory

pytestmark = pytest.mark.usefixtures("committed")


def rank(demand: Demand) -> Ranking:
    ranking = rank_demand(demand)
    assert ranking is not None
    return ranking


def test_ranking_of_an_older_version_never_overwrites_a_newer_one() -> None:
    """It reads nothing before its turn, so whoever ends last has read last."""
    demand = DemandFactory()
    SolutionFactory()
    with transaction.atomic():
        hold_rankings([demand.pk])
        late = start(lambda: rank_demand(demand))
        eventually(lambda: blocked_backends() == 1)
        Demand.objects.filter(pk=demand.pk).update(version=2)
    late.result(PATIENCE)
    assert Ranking.objects.get(demand=demand).demand_version == 2


def test_ranking_by_four_workers_at_once_makes_each_match_once() -> None:
    demand = DemandFactory()
    provider = ProviderFactory()
    solutions = [SolutionFactory(provider=provider).pk for _number in range(3)]
    found = at_once([lambda: rank_demand(demand)] * 4)
    assert not [result for result in found if isinstance(result, BaseException)]
    assert sorted(Ranking.objects.get().solutions) == sorted(solutions)
    assert Match.objects.filter(demand=demand).count() == len(set(Match.objects.values_list("solution", flat=True)))


def test_catalogue_notices_a_change_that_commits_after_a_later_one() -> None:
    """Two edits at once: the one with the earlier time commits last, and count, time and key stay the same."""
    first, second = SolutionFactory(), SolutionFactory()
    early = timezone.now()
    with transaction.atomic():
        type(first).objects.filter(pk=first.pk).update(version=2, updated_at=early)
        start(lambda: type(second).objects.filter(pk=second.pk).update(version=2, updated_at=timezone.now())).result(
            PATIENCE
        )
        before = start(catalogue).result(PATIENCE).stamp
    assert catalogue().stamp != before


def test_suggestion_taken_up_while_the_matcher_drops_it_stays() -> None:
    moderator = StaffRoleFactory(role="moderator").user
    match = MatchFactory()
    with transaction.atomic():
        take_up_match(by=moderator, match=match)
        dropping = start(transaction.atomic(lambda: drop_untouched(match.demand, keep=[])))
        eventually(lambda: blocked_backends() == 1)
    dropping.result(PATIENCE)
    assert Match.objects.get().state == MatchState.IN_REVIEW
    assert Match.objects.get().decisions.count() == 1


def test_suggestion_dropped_while_a_moderator_takes_it_up_is_a_conflict_in_words() -> None:
    moderator = StaffRoleFactory(role="moderator").user
    match = MatchFactory()
    with transaction.atomic():
        drop_untouched(match.demand, keep=[])
        taking = start(lambda: take_up_match(by=moderator, match=match))
        eventually(lambda: blocked_backends() == 1)
    assert isinstance(taking.exception(10), Conflict)
    assert "does not exist any more" in str(taking.exception())
    assert not Match.objects.exists()
    assert AuditEvent.objects.last().action == "match.unsuggest"


def full_run() -> None:
    with transaction.atomic():
        enqueue(kind="matching.match_everything", subject="everything")
    run_due()


def test_full_run_ranks_every_live_demand() -> None:
    demands = {DemandFactory().pk for _number in range(3)}
    SolutionFactory()
    DemandFactory(state="draft", published_at=None)
    full_run()
    assert set(Ranking.objects.values_list("demand_id", flat=True)) == demands


def test_full_run_whose_last_bucket_dies_ranks_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    demand = DemandFactory()
    SolutionFactory()
    Job.objects.all().delete()
    real = encoding.ensure_vectors

    def fail(wordings: Any) -> int:
        raise MemoryError

    monkeypatch.setattr(encoding, "ensure_vectors", fail)
    full_run()
    Job.objects.filter(kind="matching.encode_bucket").update(state=JobState.DEAD)
    monkeypatch.setattr(encoding, "ensure_vectors", real)
    Job.objects.filter(kind="matching.rank_rest").update(next_at=timezone.now() - timedelta(seconds=1))
    run_due()
    assert Ranking.objects.filter(demand=demand).exists()


def test_rest_of_a_full_run_waits_for_its_buckets_and_owes_nothing_twice() -> None:
    DemandFactory()
    SolutionFactory()
    full_run()
    Job.objects.filter(kind="matching.rank_rest").update(next_at=timezone.now() - timedelta(seconds=1))
    run_due()
    assert not Job.objects.filter(kind="matching.rank_bucket", state=JobState.QUEUED).exists()
    assert not Job.objects.exclude(state=JobState.DONE).exists()


@pytest.mark.parametrize("change", [{"demand_version": 99}, {"config_version": "old"}, {"engine_version": "old"}])
def test_rank_missing_ranks_again_what_is_not_current(change: dict[str, Any]) -> None:
    demand = DemandFactory()
    rank(demand)
    Ranking.objects.update(**change)
    tasks.rank_missing()
    run_due()
    assert tasks.unranked() == []


def test_rank_missing_after_a_new_encoder_is_a_full_run() -> None:
    rank(DemandFactory())
    Ranking.objects.update(backend="old")
    tasks.rank_missing()
    assert Job.objects.get().kind == "matching.match_everything"


def test_rank_missing_with_nothing_missing_owes_nothing() -> None:
    demand = DemandFactory()
    ensure_vectors([wording_of_demand(demand)])
    rank(demand)
    DemandFactory(state="draft", published_at=None)
    tasks.rank_missing()
    assert not Job.objects.exists()
