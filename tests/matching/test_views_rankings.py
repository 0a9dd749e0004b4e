"""The engine's lists on pages: of a demand for its city, of a solution for its provider, and how ranking works."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Criterion
from cities.models import Demand, Requirement
from matching import policy
from matching.engine import COMPONENTS, EXPERT, GATES
from matching.models import Match, Ranking
from matching.ranked import Places, lists_with, obstacles, places_of, standing
from matching.ranking import rank_demand
from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution
from matching.words import Words
from tests.factories import DemandFactory, MatchFactory, ProviderFactory, SolutionFactory

Open = Callable[[Any], Any]


@pytest.fixture
def ranked(world: Any) -> Ranking:
    """A demand with three solutions that pass and two that fail exactly one gate."""
    SolutionFactory(provider=world.other_provider, name="Rival lamps")
    SolutionFactory(name="Another rival")
    SolutionFactory(provider=world.provider, name="Only for Korea", regions=["KR"])
    SolutionFactory(name="Short warranty").capabilities.create(criterion=warranty(), number=1)
    Requirement.objects.create(demand=world.demand, criterion=warranty(), number=5)
    return run(world.demand)


def warranty() -> Criterion:
    return Criterion.objects.get(code="warranty_years")


def run(demand: Demand) -> Ranking:
    from catalog.models import Solution

    ensure_vectors([wording_of_demand(demand), *(wording_of_solution(one) for one in Solution.objects.listed())])
    found = rank_demand(demand)
    assert found is not None
    return found


def page(demand: Demand) -> str:
    return f"/en/demands/{demand.public_id}/matches/"


# --- The list of a demand ---


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("city_editor", 200),
        ("moderator", 200),
        ("neutrality", 200),
        ("administrator", 200),
        ("provider_admin", 404),
        ("other_city_admin", 404),
        ("newcomer", 404),
        ("expert", 404),
        ("visitor", 302),
    ],
)
def test_list_is_for_its_city_and_iclei(
    client_of: Open, world: Any, ranked: Ranking, persona: str, status: int
) -> None:
    client = client_of(getattr(world, persona))
    urls = [page(world.demand), f"{page(world.demand)}{world.solution.public_id}/"]
    assert [client.get(url).status_code for url in urls] == [status, status]


def test_list_shows_who_passes_in_order_and_the_near_misses(client_of: Open, world: Any, ranked: Ranking) -> None:
    context = client_of(world.city_editor).get(page(world.demand)).context
    assert [row.summary.position for row in context["rows"]] == [1, 2, 3]
    assert {(miss.solution.name, miss.gate) for miss in context["misses"]} == {
        ("Only for Korea", "region"),
        ("Short warranty", "must_haves"),
    }
    assert {str(label): count for label, count in context["kept_out"]} == {
        "Offered in the country": 1,
        "Must-haves": 1,
    }


def test_list_names_its_versions(client_of: Open, world: Any, ranked: Ranking) -> None:
    html = client_of(world.city_editor).get(page(world.demand)).content.decode()
    assert ranked.config_version in html
    assert f"Version {ranked.demand_version} of the demand." in html


@pytest.mark.parametrize(("has_meaning", "said"), [(True, False), (False, True)])
def test_list_says_when_meaning_is_not_compared_yet(
    client_of: Open, world: Any, ranked: Ranking, has_meaning: bool, said: bool
) -> None:
    Ranking.objects.update(has_meaning=has_meaning)
    html = client_of(world.city_editor).get(page(world.demand)).content.decode()
    assert ("Meaning not yet compared" in html) == said


def test_list_that_is_not_made_yet_says_so(client_of: Open, world: Any) -> None:
    assert "Not compared yet" in client_of(world.city_editor).get(page(world.demand)).content.decode()


def test_list_without_a_passing_solution_leads_to_the_gap(client_of: Open, world: Any) -> None:
    type(world.solution).objects.update(regions=["KR"])
    run(world.demand)
    html = client_of(world.city_editor).get(page(world.demand)).content.decode()
    assert "No solution passes yet" in html


def test_list_leaves_out_a_solution_suspended_since(client_of: Open, world: Any, ranked: Ranking) -> None:
    type(world.solution).objects.filter(pk=world.solution.pk).update(state="suspended")
    rows = client_of(world.city_editor).get(page(world.demand)).context["rows"]
    assert world.solution not in [row.solution for row in rows]


def test_city_sees_the_state_of_what_was_offered_and_of_nothing_else(
    client_of: Open, world: Any, ranked: Ranking
) -> None:
    Match.objects.all().delete()
    MatchFactory(demand=world.demand, solution_id=ranked.solutions[0], solution=_solution(ranked, 0), state="offered")
    MatchFactory(demand=world.demand, solution=_solution(ranked, 1), state="shortlisted")
    rows = client_of(world.city_editor).get(page(world.demand)).context["rows"]
    assert [row.state for row in rows] == ["offered", None, None]
    rows = client_of(world.moderator).get(page(world.demand)).context["rows"]
    assert [row.state for row in rows] == ["offered", "shortlisted", None]


def _solution(ranking: Ranking, place: int) -> Any:
    from catalog.models import Solution

    return Solution.objects.get(pk=ranking.solutions[place])


def test_pair_page_shows_every_point(client_of: Open, world: Any, ranked: Ranking) -> None:
    response = client_of(world.city_editor).get(f"{page(world.demand)}{world.solution.public_id}/")
    card = response.context["explanation"]
    assert sum(row.points or 0 for row in card.rows) == card.score
    assert len(card.rows) == len(COMPONENTS) + 1


def test_pair_page_of_a_near_miss_says_what_is_not_met(client_of: Open, world: Any, ranked: Ranking) -> None:
    from catalog.models import Solution

    miss = Solution.objects.get(name="Short warranty")
    html = client_of(world.city_editor).get(f"{page(world.demand)}{miss.public_id}/").content.decode()
    assert "Near miss" in html
    assert "Warranty: at least 5 years" in html
    assert "Offered: 1 year." in html


# --- By hand ---


def test_moderator_adds_a_match_by_hand(client_of: Open, world: Any) -> None:
    client = client_of(world.moderator)
    data = {"solution": world.solution.public_id.lower(), "note": "The same river."}
    response = client.post(f"{page(world.demand)}add/", data)
    match = Match.objects.get()
    assert response["Location"] == f"/en/queue/matches/{match.public_id}/"
    assert (match.origin, match.origin_note, match.state) == ("moderator", "The same river.", "in_review")


@pytest.mark.parametrize("data", [{"solution": "S00000000", "note": "Why"}, {"solution": "", "note": ""}])
def test_match_by_hand_needs_a_listed_solution_and_a_reason(client_of: Open, world: Any, data: dict[str, str]) -> None:
    response = client_of(world.moderator).post(f"{page(world.demand)}add/", data)
    assert (response.status_code, Match.objects.count()) == (422, 0)


@pytest.mark.parametrize("persona", ["city_admin", "provider_admin", "neutrality", "newcomer"])
def test_match_by_hand_is_for_moderators(client_of: Open, world: Any, persona: str) -> None:
    client = client_of(getattr(world, persona))
    data = {"solution": world.solution.public_id, "note": "Please."}
    assert client.post(f"{page(world.demand)}add/", data).status_code == 404
    assert not Match.objects.exists()


# --- The list of a solution ---


def own(solution: Any) -> str:
    return f"/en/solutions/{solution.public_id}/demands/"


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("provider_editor", 200),
        ("moderator", 200),
        ("neutrality", 200),
        ("other_provider_admin", 404),
        ("city_admin", 404),
        ("newcomer", 404),
        ("visitor", 302),
    ],
)
def test_standing_is_for_the_provider_and_iclei(
    client_of: Open, world: Any, ranked: Ranking, persona: str, status: int
) -> None:
    client = client_of(getattr(world, persona))
    urls = [own(world.solution), f"{own(world.solution)}{world.demand.public_id}/"]
    assert [client.get(url).status_code for url in urls] == [status, status]


def test_standing_gives_the_place_among_how_many(world: Any, ranked: Ranking) -> None:
    (found,) = (standing(row, Words()) for row in lists_with(world.solution, Demand.objects.all()))
    assert (found.demand, found.among) == (world.demand, 3)
    place = ranked.solutions.index(world.solution.pk)
    assert (found.position, found.summary.score) == (place + 1, ranked.results[place]["score"])


def test_standing_names_no_other_provider_and_no_other_solution(client_of: Open, world: Any, ranked: Ranking) -> None:
    client = client_of(world.provider_editor)
    for url in (own(world.solution), f"{own(world.solution)}{world.demand.public_id}/"):
        html = client.get(url).content.decode()
        assert not [name for name in ("Rival lamps", "Another rival", "Short warranty") if name in html]
        assert world.other_provider.organisation.name not in html


def test_standing_leaves_out_demands_that_are_not_public(client_of: Open, world: Any, ranked: Ranking) -> None:
    Demand.objects.filter(pk=world.demand.pk).update(visibility="members")
    client = client_of(world.provider_editor)
    assert list(client.get(own(world.solution)).context["page_obj"]) == []
    assert client.get(f"{own(world.solution)}{world.demand.public_id}/").status_code == 404


def test_near_misses_are_gathered_by_what_would_have_to_be_added(client_of: Open, world: Any, ranked: Ranking) -> None:
    from catalog.models import Solution

    second = DemandFactory()
    run(second)
    korean = Solution.objects.get(name="Only for Korea")
    (hurdle,) = obstacles(korean, Demand.objects.all(), Words())
    assert (hurdle.label, {near.demand for near in hurdle.demands}) == ("Chile", {world.demand, second})
    html = client_of(world.provider_editor).get(own(korean)).content.decode()
    assert "2 more demands if you add one thing" in html
    assert "Chile: 2 demands" in html


def test_home_of_a_provider_counts_the_lists_and_what_one_thing_would_add(
    client_of: Open, world: Any, ranked: Ranking
) -> None:
    from catalog.models import Solution

    korean = Solution.objects.get(name="Only for Korea")
    html = client_of(world.provider_editor).get("/en/my/").content.decode()
    assert places_of([world.solution.pk, korean.pk]) == {world.solution.pk: Places(1, 0), korean.pk: Places(0, 1)}
    assert "It stands on the list of 1 public demand." in html
    assert "1 more demand if you add one thing" in html
    Demand.objects.filter(pk=world.demand.pk).update(visibility="members")
    assert places_of([world.solution.pk, korean.pk]) == {world.solution.pk: Places(0, 0), korean.pk: Places(0, 0)}


def test_near_miss_of_a_must_have_says_which_and_how_much(world: Any, ranked: Ranking) -> None:
    from catalog.models import Solution

    (hurdle,) = obstacles(Solution.objects.get(name="Short warranty"), Demand.objects.all(), Words())
    assert hurdle.label == "Warranty: at least 5 years"


def test_focus_area_is_nothing_to_add_for_the_sake_of_a_list(world: Any) -> None:
    from catalog.models import FocusArea

    stray = SolutionFactory(provider=ProviderFactory(), focus_area=FocusArea.objects.get(code="mobility"))
    ranking = run(world.demand)
    assert [miss["gate"] for miss in ranking.near_misses] == ["focus"]
    assert obstacles(stray, Demand.objects.all(), Words()) == []


# --- How ranking works ---


def test_policy_names_every_component_with_its_weight(client: Any, db: None) -> None:
    response = client.get("/en/ranking/")
    shown = {one.label: one.weight for one in response.context["weights"]}
    assert sorted(shown.values()) == sorted(rule.weight for rule in EXPERT.rules.values())
    html = response.content.decode()
    assert all(str(label) in html for label in shown)
    assert EXPERT.id in html


def test_policy_has_words_for_every_component_and_gate() -> None:
    assert set(policy.TEXTS) == set(COMPONENTS)
    assert set(policy.GATE_TEXTS) == set(GATES)


def test_policy_figures_follow_the_configuration(db: None) -> None:
    from dataclasses import replace

    changed = replace(EXPERT, budget_ramp=7.0)
    text = next(one.text for one in policy.weights(changed) if str(one.label) == "Cost within the budget")
    assert "7 times the budget" in text


def test_policy_says_how_far_a_component_lifts_and_lowers() -> None:
    meaning = policy.weights(EXPERT)[0]
    rule = EXPERT.rules["meaning"]
    assert str(meaning.label) == "Meaning of the texts"
    assert (meaning.lifts, meaning.lowers) == (45, 45)
    assert rule.weight * (1 - rule.neutral) == pytest.approx(3.0)


def test_configuration_is_there_as_the_engine_reads_it(client: Any, db: None) -> None:
    from matching.engine import ScoringConfig

    content = client.get("/en/ranking/configuration.json").json()
    assert ScoringConfig.from_json(content["configuration"]).id == content["id"] == EXPERT.id


@pytest.mark.parametrize("url", ["/en/ranking/", "/en/gap/", "/en/ranking/configuration.json"])
def test_open_pages_need_no_account(client: Any, db: None, url: str) -> None:
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 405


def test_pages_carry_no_untranslated_placeholder(client_of: Open, world: Any, ranked: Ranking) -> None:
    client = client_of(world.moderator)
    Match.objects.update(state="offered", respond_by=timezone.localdate())
    for url in (page(world.demand), own(world.solution), "/en/ranking/", "/en/gap/"):
        assert not re.findall(r"%\(\w+\)|\{\{|None", client.get(url).content.decode()), url
