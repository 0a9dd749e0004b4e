"""The lead's page: proposals beside what is in force, and the choice that a person makes."""

from collections.abc import Callable
from typing import Any

import pytest

from matching.configuration import active_config
from matching.engine import EXPERT
from matching.learning.actions import activate_profile, propose_profile
from matching.learning.pages import lists, weights
from matching.models import ProfileActivation, ScoringProfile
from matching.ranking import rank_demand
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from tests.learning.test_actions import BAD, GOOD, config, judge_many

pytestmark = pytest.mark.django_db
Open = Callable[[Any], Any]
LIST = "/en/ranking/profiles/"
REPORT = {
    **GOOD, "judgements": 60, "demands": 30, "pairs": 90, "calibration": "platt",
    "accuracy": [0.7, 0.75], "calibration_error": [0.1, 0.04],
    "curve": [{"low": 0.4, "high": 0.5, "count": 31, "said": 0.44, "found": 0.39}],
}  # fmt: skip


@pytest.fixture
def proposed(world: Any) -> ScoringProfile:
    return propose_profile(by=world.moderator, config=config(), report=REPORT)


def page(profile: ScoringProfile) -> str:
    return f"{LIST}{profile.pk}/"


@pytest.mark.parametrize(
    ("persona", "status"),
    [("moderator", 200), ("neutrality", 200), ("administrator", 200), ("expert", 404), ("programme", 404),
     ("city_admin", 404), ("provider_admin", 404), ("visitor", 302)],
)  # fmt: skip
def test_profiles_are_for_iclei(
    client_of: Open, world: Any, proposed: ScoringProfile, persona: str, status: int
) -> None:
    client = client_of(getattr(world, persona))
    assert [client.get(url).status_code for url in (LIST, page(proposed))] == [status, status]


def test_page_shows_weights_measures_and_the_curve(client_of: Open, world: Any, proposed: ScoringProfile) -> None:
    response = client_of(world.neutrality).get(page(proposed))
    html = response.content.decode()
    budget = next(one for one in response.context["weights"] if str(one.label) == "Cost within the budget")
    assert (budget.old, budget.new, budget.change) == (1.2, 2.0, 0.8)
    assert [(one.old, one.new) for one in response.context["measures"]] == [(0.7, 0.8), (0.7, 0.75), (0.1, 0.04)]
    assert "0.05 to 0.15" in html
    assert "40% to 50%" in html


def test_real_demand_stands_with_both_lists(client_of: Open, world: Any) -> None:
    rank_demand(world.demand)
    sides = [[world.solution.pk, 27]]
    report = {**REPORT, "lists": [{"demand": world.demand.pk, "old": sides, "new": [[999_999, 3], *sides]}]}
    profile = propose_profile(by=None, config=config(), report=report)
    (one,) = lists(profile.report)
    assert one.demand == world.demand
    assert [(old and old.points, new and new.points) for old, new in one.rows] == [(27, 27)]
    html = client_of(world.neutrality).get(page(profile)).content.decode()
    assert html.count("LED lighting") == 2


def test_neutrality_officer_puts_it_in_force_and_goes_back(
    client_of: Open, world: Any, proposed: ScoringProfile
) -> None:
    client = client_of(world.neutrality)
    assert client.post(page(proposed), {"reason": "Better on 30 demands."}).status_code == 302
    assert active_config().id == proposed.pk
    shipped = ScoringProfile.objects.get(is_shipped=True)
    assert "Go back to these weights" in client.get(page(shipped)).content.decode()
    client.post(page(shipped), {"reason": "A complaint is open."})
    assert active_config() is EXPERT
    reasons = [one.reason for one in client.get(LIST).context["history"]]
    assert reasons == ["A complaint is open.", "Better on 30 demands.", "shipped with the release"]


def test_reason_is_owed(client_of: Open, world: Any, proposed: ScoringProfile) -> None:
    response = client_of(world.neutrality).post(page(proposed), {"reason": ""})
    assert (response.status_code, active_config().id) == (422, EXPERT.id)


def test_moderator_reads_but_does_not_choose(client_of: Open, world: Any, proposed: ScoringProfile) -> None:
    client = client_of(world.moderator)
    assert "Put these weights in force" not in client.get(page(proposed)).content.decode()
    assert client.post(page(proposed), {"reason": "Better."}).status_code == 403
    assert not ProfileActivation.objects.filter(activated_by__isnull=False).exists()


def test_whoever_asked_is_told_that_somebody_else_decides(client_of: Open, world: Any) -> None:
    own = propose_profile(by=world.neutrality, config=config(), report=REPORT)
    html = client_of(world.neutrality).get(page(own)).content.decode()
    assert "Somebody else decides" in html
    assert client_of(world.neutrality).post(page(own), {"reason": "Better."}).status_code == 422
    assert active_config() is EXPERT


def test_profile_that_may_be_worse_says_so_and_is_refused(client_of: Open, world: Any) -> None:
    worse = propose_profile(by=world.moderator, config=config(), report={**REPORT, **BAD})
    client = client_of(world.neutrality)
    assert "These weights cannot be put in force" in client.get(page(worse)).content.decode()
    assert client.post(page(worse), {"reason": "I want it."}).status_code == 422
    assert active_config() is EXPERT


def test_weights_can_be_learned_from_fifty_pairs_on(client_of: Open, world: Any) -> None:
    client = client_of(world.moderator)
    assert "Learn new weights" not in client.get(LIST).content.decode()
    judge_many(world)
    assert "Learn new weights" in client.get(LIST).content.decode()
    Job.objects.all().delete()
    assert client.post(LIST).status_code == 302
    run_due()
    (made,) = client.get(LIST).context["proposals"]
    assert made.made_by == world.moderator
    activate_profile(by=world.neutrality, profile=made, reason="Better.")
    assert list(client.get(LIST).context["proposals"]) == []


def test_list_of_profiles_asks_the_same_number_of_questions_however_many(
    client_of: Open, world: Any, proposed: ScoringProfile, django_assert_max_num_queries: Any
) -> None:
    client = client_of(world.neutrality)
    propose_profile(by=world.administrator, config=config(3.0), report=REPORT)
    propose_profile(by=world.moderator, config=config(4.0), report=REPORT)
    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_moderators_find_the_page_from_their_home(client_of: Open, world: Any) -> None:
    assert f'href="{LIST}"' in client_of(world.moderator).get("/en/my/").content.decode()
    assert LIST not in client_of(world.city_admin).get("/en/my/").content.decode()


def test_weights_of_the_release_are_compared_with_themselves(world: Any) -> None:
    from matching.learning.actions import install_shipped_profile

    assert {one.change for one in weights(install_shipped_profile())} == {0.0}
