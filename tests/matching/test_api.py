"""Matches and the gap as JSON: the same rights as the pages, and no person in any answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIRequestFactory, force_authenticate

from matching.actions import accept_for_city, offer_match
from matching.api.views import GapView, MatchViewSet
from matching.enums import CityDeclineReason
from matching.models import Match
from matching.states import CITY_SEES, MATCH, PROVIDER_SEES
from tests.factories import DemandFactory, IntroductionFactory, MatchFactory

Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask() -> Ask:
    """An answer of the API to a persona: the list, or one match; rendered, so that the whole text can be searched."""

    def get(user: Any, match: Match | None = None, method: str = "get") -> HttpResponse:
        request = getattr(APIRequestFactory(), method)("/api/v1/matches/")
        if user.is_authenticated:
            force_authenticate(request, user)
        view = MatchViewSet.as_view({"get": "retrieve" if match else "list"})
        response: HttpResponse = view(request, **({"public_id": match.public_id} if match else {}))
        return response.render()  # type: ignore[attr-defined]

    return get


def pair(world: Any, state: str) -> Match:
    made: Match = MatchFactory(demand=world.demand, solution=world.solution, state=state)
    return made


@pytest.mark.parametrize("state", MATCH.states)
@pytest.mark.parametrize(("persona", "states"), [("city_editor", CITY_SEES), ("provider_editor", PROVIDER_SEES)])
def test_party_finds_its_match_from_its_own_step_on(
    ask: Ask, world: Any, state: str, persona: str, states: frozenset[str]
) -> None:
    match, user = pair(world, state), getattr(world, persona)
    assert ask(user, match).status_code == (200 if state in states else 404)
    assert ask(user).data["count"] == int(state in states)


@pytest.mark.parametrize(
    ("persona", "count"), [("moderator", 1), ("neutrality", 1), ("other_city_admin", 0), ("expert", 0)]
)
def test_list_is_as_wide_as_the_callers_rights(ask: Ask, world: Any, persona: str, count: int) -> None:
    pair(world, "suggested")
    assert ask(getattr(world, persona)).data["count"] == count


def test_visitor_is_refused(ask: Ask, world: Any) -> None:
    assert ask(world.visitor, pair(world, "introduced")).status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(ask: Ask, world: Any, method: str) -> None:
    assert ask(world.moderator, pair(world, "offered"), method).status_code in (403, 405)


@pytest.mark.parametrize("persona", ["provider_admin", "city_admin"])
@pytest.mark.parametrize("state", ["offered", "invited", "introduced"])
def test_no_answer_names_a_person(ask: Ask, world: Any, persona: str, state: str) -> None:
    match = pair(world, "suggested")
    offer_match(by=world.moderator, match=match, note="For the city alone.")
    if state != "offered":
        accept_for_city(by=world.city_approver, match=Match.objects.with_records().get(pk=match.pk))
    if state == "introduced":
        Match.objects.update(state="introduced")
        IntroductionFactory(match=Match.objects.with_records().get(pk=match.pk))
    text = ask(getattr(world, persona)).content.decode() + ask(getattr(world, persona), match).content.decode()
    people = [user for user in world.users.values() if user.is_authenticated]
    assert not [user.email for user in people if user.email in text or f'"{user.name}"' in text]
    assert "For the city alone." not in text


def test_each_side_reads_the_steps_that_concern_it(ask: Ask, world: Any) -> None:
    match = pair(world, "suggested")
    offer_match(by=world.moderator, match=match)
    accept_for_city(by=world.city_approver, match=Match.objects.with_records().get(pk=match.pk))
    steps = {
        persona: [(step["move"], step["side"]) for step in ask(getattr(world, persona), match).data["decisions"]]
        for persona in ("city_editor", "provider_editor")
    }
    answered = [("accept_by_city", "city"), ("invite", "portal")]
    assert steps == {"city_editor": [("offer", "iclei"), *answered], "provider_editor": answered}


def test_explanation_is_the_stored_one(ask: Ask, world: Any) -> None:
    match = pair(world, "offered")
    found = ask(world.city_editor, match).data
    assert (found["explanation"], found["points"]) == (match.result, match.points)
    assert (found["demand"], found["solution"]) == (world.demand.public_id, world.solution.public_id)


def gap(query: str = "") -> Any:
    return GapView.as_view()(APIRequestFactory().get(f"/api/v1/gap/{query}"))


def test_gap_is_open_to_everybody(db: None, settings: Any) -> None:
    settings.GAP_DISCLOSURE_FLOOR = 1
    DemandFactory(language="ko", country="KR")
    (row,) = gap().data["results"]
    assert (row["focus_area"], row["continent"], row["language"], row["open_demands"]) == (
        "smart_energy",
        "142",
        "ko",
        1,
    )


def test_gap_refuses_a_filter_that_is_not_valid(db: None) -> None:
    response = gap("?focus=astrology")
    assert (response.status_code, response.data["code"]) == (400, "invalid_filter")


def answer(client: Any, match: Match, move: str, **data: str) -> Any:
    return client.post(f"/api/v1/matches/{match.public_id}/{move}/", data, content_type="application/json")


def test_both_sides_say_yes(world: Any, client_of: Any) -> None:
    match = pair(world, "suggested")
    offer_match(by=world.moderator, match=match)
    assert answer(client_of(world.city_editor), match, "accept").status_code == 403
    assert answer(client_of(world.city_approver), match, "accept").json()["state"] == "invited"
    assert answer(client_of(world.provider_approver), match, "accept").json()["is_introduced"] is True
    assert answer(client_of(world.provider_approver), match, "accept").status_code == 409


def test_no_needs_a_reason_of_ones_own_side(world: Any, client_of: Any) -> None:
    match = pair(world, "offered")
    city = client_of(world.city_approver)
    assert answer(city, match, "decline", reason="nonsense").status_code == 400
    assert answer(city, match, "decline", reason=CityDeclineReason.values[0]).json()["state"] == "declined_by_city"


def test_provider_does_not_answer_what_is_offered_to_the_city(world: Any, client_of: Any) -> None:
    assert answer(client_of(world.provider_approver), pair(world, "offered"), "accept").status_code == 404
