"""The order of live lists: who is shown where, why, and the prices of much wanted solutions."""

from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from catalog.models import Solution, Topic
from matching.arranging import facts_of
from matching.engine.ordering import ORDER
from matching.models import Exposure, Match, Ranking
from matching.moves import move_text
from matching.pricing_actions import price_lists
from matching.ranking import rank_demand
from portal.audit.models import AuditEvent
from portal.jobs.actions import enqueue
from portal.jobs.tasks import run_due
from tests.factories import DemandFactory, ProviderFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def ranked(demand: Any) -> Ranking:
    ranking = rank_demand(demand)
    assert ranking is not None
    return ranking


def by_rank(ranking: Ranking, rank: int) -> int:
    """The solution at a place by score."""
    return next(int(result["solution_id"]) for result in ranking.results if result["rank"] == rank)


@pytest.fixture
def crowded(world: Any) -> Ranking:
    """Three solutions of one provider that fit best, and one of somebody else; the third of the three has to wait."""
    topic = Topic.objects.get(code="street_lighting")
    world.demand.topics.add(topic)
    world.solution.topics.add(topic)
    SolutionFactory.create_batch(2, provider=world.provider, topics=[topic])
    SolutionFactory(name="Somebody else")
    return ranked(world.demand)


def test_third_solution_of_a_provider_stands_lower_and_the_list_says_so(crowded: Ranking) -> None:
    assert [result["rank"] for result in crowded.results] == [1, 2, 4, 3]
    assert [move and (move["rule"], move["start"], move["end"]) for move in crowded.moves] == [
        None,
        None,
        ("others", 4, 3),
        ("provider", 3, 4),
    ]
    assert crowded.moves[3]["values"] == {"most": 2, "among": 10}
    assert crowded.order_version == ORDER.id


def test_probability_is_that_of_the_score_whatever_the_place(world: Any) -> None:
    SolutionFactory.create_batch(4, provider=world.provider)
    ranking = ranked(world.demand)
    by_rank = sorted(ranking.results, key=lambda result: result["rank"])
    assert [r["probability"] for r in by_rank] == sorted(ranking.probabilities, reverse=True)
    assert [r["probability"] for r in ranking.results] == ranking.probabilities


def test_match_knows_its_place_and_why(crowded: Ranking) -> None:
    match = Match.objects.get(demand=crowded.demand_id, solution=by_rank(crowded, 3))
    assert (match.position, match.result["rank"], match.moved) == (4, 3, crowded.moves[3])


def test_list_keeps_the_next_best_in_reserve(world: Any) -> None:
    SolutionFactory.create_batch(24)
    ranking = ranked(world.demand)
    assert (len(ranking.solutions), len(ranking.reserve), len(ranking.reserve_probabilities)) == (20, 5, 5)
    assert not set(ranking.solutions) & set(ranking.reserve)


def test_facts_are_read_in_one_query(world: Any, django_assert_num_queries: Any) -> None:
    Exposure.objects.create(solution=world.solution, lists=9, price=0.25, computed_at=timezone.now())
    other = SolutionFactory()
    with django_assert_num_queries(1):
        facts = facts_of([world.solution.pk, other.pk])
    assert (facts[world.solution.pk].lists, facts[world.solution.pk].price) == (9, 0.25)
    assert (facts[other.pk].lists, facts[other.pk].price) == (0, 0.0)
    assert facts[other.pk].provider == str(other.provider_id)


def make_lists(count: int, solutions: list[int], star: int) -> None:
    """Stored lists on which one solution is always among the best, the others by turns."""
    random = np.random.default_rng(5)
    for _ in range(count):
        best = [star, *random.permutation([pk for pk in solutions if pk != star])[: ORDER.pool - 1].tolist()]
        chances = sorted(random.uniform(0.55, 0.75, ORDER.pool).tolist(), reverse=True)
        Ranking.objects.create(
            demand=DemandFactory(), demand_version=1, computed_at=timezone.now(),
            solutions=best[:20], probabilities=chances[:20], reserve=best[20:], reserve_probabilities=chances[20:],
        )  # fmt: skip


def test_most_wanted_solution_pays_and_its_lists_are_made_again(world: Any) -> None:
    provider = ProviderFactory()
    solutions = [SolutionFactory(provider=provider).pk for _ in range(400)]
    make_lists(60, solutions, solutions[0])
    touched = price_lists()
    star = Exposure.objects.get(pk=solutions[0])
    assert (star.lists, star.price > 0) == (60, True)
    assert Exposure.objects.filter(price__gt=0).count() == 1
    assert len(touched) == 60
    event = AuditEvent.objects.get(action="exposure.price")
    assert event.after["most"] <= 1.1 * event.after["cap"]
    assert float(event.after["loss"]) <= 0.02
    assert price_lists() == set(), "nothing changed, so nothing is owed"


def test_prices_come_from_the_lists_every_night(world: Any) -> None:
    ranked(world.demand)
    enqueue(kind="matching.price_lists", subject="everything")
    run_due()
    assert Exposure.objects.get(pk=world.solution.pk).lists == 1


# --- On pages and in the API ---


WAITS = "Stands at place 4 instead of 3: among any 10 places at most 2 belong to one provider."


def test_city_reads_why_a_solution_stands_lower(client_of: Any, world: Any, crowded: Ranking) -> None:
    response = client_of(world.city_editor).get(f"/en/demands/{world.demand.public_id}/matches/")
    rows = response.context["rows"]
    assert [(row.place, row.moved) for row in rows] == [(1, ""), (2, ""), (3, ""), (4, WAITS)]
    assert WAITS in response.content.decode()


def test_pair_that_only_followed_says_so_on_its_own_page(client_of: Any, world: Any, crowded: Ranking) -> None:
    other = Solution.objects.get(name_en="Somebody else")
    url = f"/en/demands/{world.demand.public_id}/matches/{other.public_id}/"
    html = client_of(world.city_editor).get(url).content.decode()
    assert "Stands at place 3 instead of 4: solutions above it moved down or left the list." in html


def test_provider_reads_it_on_the_list_and_on_the_pair(client_of: Any, world: Any, crowded: Ranking) -> None:
    third = Solution.objects.get(pk=by_rank(crowded, 3))
    client = client_of(world.provider_admin)
    base = f"/en/solutions/{third.public_id}/demands/"
    for url in (base, f"{base}{world.demand.public_id}/"):
        assert WAITS in client.get(url).content.decode(), url


def test_provider_reads_what_the_order_left_out(client_of: Any, world: Any) -> None:
    """The best of 22 pays a price for standing on 80 lists; another takes its place."""
    topic = Topic.objects.get(code="street_lighting")
    world.demand.topics.add(topic)
    world.solution.topics.add(topic)
    SolutionFactory.create_batch(21)
    Exposure.objects.create(solution=world.solution, lists=80, price=0.3, computed_at=timezone.now())
    ranking = ranked(world.demand)
    assert world.solution.pk in ranking.reserve
    assert [one["move"]["start"] for one in ranking.left_out] == [1]
    why = "it is among the best on 80 lists, and leaves some to solutions that are nearly as good."
    said = f"Place 1 by score, but not on the list: {why}"
    provider = client_of(world.provider_admin)
    base = f"/en/solutions/{world.solution.public_id}/demands/"
    pages = [provider.get(url).content.decode() for url in (base, f"{base}{world.demand.public_id}/")]
    city = client_of(world.city_editor).get(f"/en/demands/{world.demand.public_id}/matches/").content.decode()
    assert [said in text for text in (*pages, city)] == [True, True, True]


def test_api_gives_both_places_and_the_rule(client_of: Any, world: Any, crowded: Ranking) -> None:
    match = Match.objects.get(demand=world.demand, solution=by_rank(crowded, 3))
    content = client_of(world.moderator).get(f"/api/v1/matches/{match.public_id}/").json()
    assert (content["position"], content["place_by_score"], content["moved"]["rule"]) == (4, 3, "provider")


def test_policy_page_explains_the_order_with_its_figures(client: Any, db: None) -> None:
    html = client.get("/en/ranking/").content.decode()
    assert "At most 2 solutions of one provider stand among any 10 places." in html
    assert ORDER.id in html
    assert client.get("/en/ranking/configuration.json").json()["order"]["window"] == ORDER.window


@pytest.mark.parametrize("rule", ["provider", "congestion", "alike", "made_room", "explore", "others"])
def test_every_rule_has_its_words(rule: str) -> None:
    values = {"most": 2, "among": 10, "lists": 80, "price_points": 3.0}
    said = move_text({"rule": rule, "start": 3, "end": 5, "values": values})
    assert said.startswith("Stands at place 5 instead of 3: ")
    assert "%(" not in said


def test_rule_of_another_engine_says_nothing() -> None:
    assert move_text({"rule": "unheard_of", "start": 3, "end": 5, "values": {}}) == ""
    assert move_text(None) == ""
