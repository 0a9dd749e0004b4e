"""What needs you now: composed of every app's part, for everybody who signs in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import DemandFactory, IntroductionFactory, MatchFactory, SolutionFactory

Open = Callable[[Any], Any]
PAGE = "/en/my/"


def labels(client: Any) -> list[str]:
    return [str(need.label) for need in client.get(PAGE).context["needs"]]


@pytest.mark.parametrize(
    "persona",
    [
        "city_editor", "city_admin", "provider_editor", "provider_admin", "moderator", "neutrality", "administrator",
        "programme", "expert", "newcomer",
    ],
)  # fmt: skip
def test_everybody_has_the_page(client_of: Open, world: Any, persona: str) -> None:
    assert client_of(getattr(world, persona)).get(PAGE).status_code == 200


def test_visitor_is_asked_to_sign_in(client: Any, db: None) -> None:
    assert client.get(PAGE)["Location"].startswith("/en/account/login/")


def test_newcomer_is_asked_whom_they_act_for(client_of: Open, world: Any) -> None:
    html = client_of(world.newcomer).get(PAGE).content.decode()
    assert "Register a city" in html
    assert "Register a provider" in html


def test_approver_is_asked_for_the_answer_by_its_date(client_of: Open, world: Any) -> None:
    day = timezone.localdate() + timedelta(days=3)
    MatchFactory(demand=world.demand, solution=world.solution, state="offered", respond_by=day)
    (need,) = client_of(world.city_approver).get(PAGE).context["needs"]
    assert need.label == "Do you want to talk about “LED lighting” for “Renew the street lights”?"
    assert need.hint.startswith("Answer by ")


@pytest.mark.parametrize("persona", ["city_editor", "provider_admin", "other_city_admin"])
def test_offer_is_nobody_elses_to_answer(client_of: Open, world: Any, persona: str) -> None:
    MatchFactory(demand=world.demand, solution=world.solution, state="offered")
    assert labels(client_of(getattr(world, persona))) == []


def test_provider_is_asked_when_it_is_invited(client_of: Open, world: Any) -> None:
    MatchFactory(demand=world.demand, solution=world.solution, state="invited")
    assert labels(client_of(world.provider_approver)) == [
        "A city wants to talk about “LED lighting” for “Renew the street lights”"
    ]


def test_side_that_has_to_write_is_told_so(client_of: Open, world: Any) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution, state="dialogue")
    introduction = IntroductionFactory(match=match)
    introduction.messages.create(
        author=world.city_editor, organisation=world.city.organisation, language="en", body="When can you come?"
    )
    assert labels(client_of(world.provider_editor)) == ["A message waits for your answer: Renew the street lights"]
    assert labels(client_of(world.city_editor)) == []


def test_both_sides_are_told_that_nobody_has_written_yet(client_of: Open, world: Any) -> None:
    IntroductionFactory(match=MatchFactory(demand=world.demand, solution=world.solution, state="introduced"))
    for persona in ("city_editor", "provider_editor"):
        assert labels(client_of(getattr(world, persona))) == [
            "You are introduced. Write the first message: Renew the street lights"
        ]


def test_moderator_sees_how_much_waits_of_each_kind_and_what_is_next(client_of: Open, world: Any) -> None:
    DemandFactory.create_batch(2, state="submitted", published_at=None, submitted_at=timezone.now())
    MatchFactory()
    context = client_of(world.moderator).get(PAGE).context
    found = {need.label: need.url for need in context["needs"]}
    assert found == {
        "2 demands wait for review": "/en/queue/?kind=demand",
        "1 match waits for a decision": "/en/queue/?kind=match",
    }
    assert len(context["queue_rows"]) == 3


def test_parts_of_city_and_provider_are_shown_to_their_members(client_of: Open, world: Any) -> None:
    city = client_of(world.city_editor).get(PAGE).content.decode()
    assert ("Your demands" in city, "Your solutions" in city) == (True, False)
    provider = client_of(world.provider_editor).get(PAGE).content.decode()
    assert ("Your demands" in provider, "Your solutions" in provider) == (False, True)


def test_needs_of_all_apps_stand_in_one_list(client_of: Open, world: Any) -> None:
    DemandFactory(body=world.city, state="changes_requested", title="Pumps", published_at=None)
    MatchFactory(demand=world.demand, solution=world.solution, state="offered")
    assert labels(client_of(world.city_admin)) == [
        "Do you want to talk about “LED lighting” for “Renew the street lights”?",
        "ICLEI asks for changes: Pumps",
    ]


@pytest.mark.parametrize("persona", ["city_admin", "provider_admin", "moderator"])
def test_page_needs_no_more_queries_for_more_rows(
    client_of: Open, world: Any, persona: str, django_assert_max_num_queries: Any
) -> None:
    def make() -> None:
        demand = DemandFactory(body=world.city)
        solution = SolutionFactory(provider=world.provider)
        IntroductionFactory(match=MatchFactory(demand=demand, solution=solution, state="dialogue"))
        MatchFactory(demand=demand, solution=SolutionFactory(provider=world.provider), state="invited")
        MatchFactory(demand=demand)

    client = client_of(getattr(world, persona))
    make()
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    make()
    make()
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)
