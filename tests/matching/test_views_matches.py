"""Matches and introductions as the parties see them: each side what it was told, and nobody a contact too early."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from matching.actions import accept_for_city, accept_for_provider, offer_match, reject_match
from matching.enums import MatchState
from matching.models import Decision, Introduction, Match, Message
from matching.states import CITY_SEES, INTRODUCED, MATCH, PROVIDER_SEES
from tests.factories import IntroductionFactory, MatchFactory

Open = Callable[[Any], Any]
BEFORE = sorted(set(MATCH.states) - INTRODUCED)


def pair(world: Any, state: str, **fields: Any) -> Match:
    made: Match = MatchFactory(demand=world.demand, solution=world.solution, state=state, **fields)
    return made


def introduced(world: Any, state: str = "introduced") -> Introduction:
    people = {"city_consent_by": world.city_approver, "provider_consent_by": world.provider_admin}
    made: Introduction = IntroductionFactory(match=pair(world, state), introduced_by=world.moderator, **people)
    return made


def page(match: Match) -> str:
    return f"/en/matches/{match.public_id}/"


def room(introduction: Introduction) -> str:
    return f"/en/introductions/{introduction.match.public_id}/"


def again(match: Match) -> Match:
    return Match.objects.with_records().get(pk=match.pk)


# --- Who sees a match ---


@pytest.mark.parametrize("state", MATCH.states)
def test_city_finds_its_match_from_the_offer_on(client_of: Open, world: Any, state: str) -> None:
    expected = 200 if state in CITY_SEES else 404
    assert client_of(world.city_editor).get(page(pair(world, state))).status_code == expected


@pytest.mark.parametrize("state", MATCH.states)
def test_provider_finds_its_match_from_the_invitation_on(client_of: Open, world: Any, state: str) -> None:
    expected = 200 if state in PROVIDER_SEES else 404
    assert client_of(world.provider_editor).get(page(pair(world, state))).status_code == expected


@pytest.mark.parametrize("persona", ["other_city_admin", "other_provider_admin", "newcomer", "programme", "expert"])
@pytest.mark.parametrize("state", ["offered", "invited", "introduced"])
def test_match_does_not_exist_for_outsiders(client_of: Open, world: Any, persona: str, state: str) -> None:
    client = client_of(getattr(world, persona))
    url = page(pair(world, state))
    assert [client.get(url).status_code, client.post(url, {"decision": "accept"}).status_code] == [404, 404]


def test_match_asks_visitors_to_sign_in(client: Any, world: Any) -> None:
    assert client.get(page(pair(world, "introduced"))).status_code == 302


# --- No contact before the introduction ---


@pytest.fixture
def names(world: Any) -> set[str]:
    """What would tell the two sides of each other: names and addresses of everybody who acts for them."""
    people = [user for key, user in world.users.items() if key.startswith(("city_", "provider_"))]
    return {word for user in people for word in (user.name, user.email)}


def everything_a_party_can_open(match: Match) -> Iterator[str]:
    demand, solution = match.demand.public_id, match.solution.public_id
    yield from (page(match), "/en/matches/", "/en/introductions/", f"/en/introductions/{match.public_id}/")
    yield from (f"/en/demands/{demand}/", f"/en/demands/{demand}/matches/", f"/en/solutions/{solution}/")
    yield from (f"/en/demands/{demand}/matches/{solution}/", f"/en/solutions/{solution}/demands/")
    yield from (f"/en/solutions/{solution}/demands/{demand}/", f"/en/queue/matches/{match.public_id}/")
    yield from ("/en/demands/", "/en/solutions/", "/en/gap/", "/en/gap/download.json", "/en/demands/download.json")


def decide(match: Match, world: Any) -> None:
    """Everything that people said on the way, each with a name that must not leak."""
    steps = [("offer", world.moderator, None), ("accept_by_city", world.city_approver, world.city.organisation)]
    steps.append(("decline_by_provider", world.provider_admin, world.provider.organisation))
    for move, by, organisation in steps:
        step = MATCH.moves[move]
        Decision.objects.create(
            match=match,
            move=move,
            from_state=next(iter(step.sources)),
            to_state=step.target,
            by=by,
            organisation=organisation,
        )


@pytest.mark.parametrize("state", BEFORE)
@pytest.mark.parametrize(("persona", "other"), [("provider_admin", "city_"), ("city_admin", "provider_")])
def test_no_page_tells_one_side_who_acts_for_the_other_before_the_introduction(
    client_of: Open, world: Any, names: set[str], state: str, persona: str, other: str
) -> None:
    match = pair(world, state)
    decide(match, world)
    client = client_of(getattr(world, persona))
    theirs = {name for name in names if name.startswith(other.replace("_", " "))}
    theirs |= {user.email for key, user in world.users.items() if key.startswith(other)}
    for url in everything_a_party_can_open(match):
        response = client.get(url)
        text = response.getvalue().decode() if response.streaming else response.content.decode()
        assert not {name for name in theirs if name in text}, url


@pytest.mark.parametrize("persona", ["city_editor", "provider_editor", "moderator", "neutrality"])
def test_introduction_shows_both_contacts(client_of: Open, world: Any, persona: str) -> None:
    html = client_of(getattr(world, persona)).get(room(introduced(world))).content.decode()
    for user in (world.city_approver, world.provider_admin):
        assert user.name in html
        assert f"mailto:{user.email}" in html


def test_provider_does_not_read_what_iclei_wrote_to_the_city(client_of: Open, world: Any) -> None:
    match = pair(world, "suggested")
    offer_match(by=world.moderator, match=match, note="Only for the city’s eyes.")
    accept_for_city(by=world.city_approver, match=again(match), note="We would like to meet in May.")
    html = client_of(world.provider_editor).get(page(match)).content.decode()
    assert "Only for the city’s eyes." not in html
    assert "We would like to meet in May." in html
    assert "Only for the city’s eyes." in client_of(world.city_editor).get(page(match)).content.decode()


def test_parties_never_read_notes_among_moderators(client_of: Open, world: Any) -> None:
    match = pair(world, "suggested")
    reject_match(by=world.moderator, match=match, reason="weak_evidence", note="I doubt their figures.")
    Match.objects.filter(pk=match.pk).update(state="introduced")
    IntroductionFactory(match=again(match))
    for persona in ("city_admin", "provider_admin"):
        assert "I doubt their figures." not in client_of(getattr(world, persona)).get(page(match)).content.decode()
    assert "I doubt their figures." in client_of(world.neutrality).get(page(match)).content.decode()


# --- Answers ---


def test_city_accepts_and_the_provider_is_invited(client_of: Open, world: Any) -> None:
    match = pair(world, "offered", respond_by=timezone.localdate() + timedelta(days=5))
    response = client_of(world.city_approver).post(page(match), {"decision": "accept", "accept-note": "Gladly."})
    assert (response["Location"], again(match).state) == (page(match), "invited")


@pytest.mark.parametrize(("reason", "status", "state"), [("too_early", 302, "declined_by_city"), ("", 422, "offered")])
def test_city_declines_with_a_reason_only(client_of: Open, world: Any, reason: str, status: int, state: str) -> None:
    match = pair(world, "offered")
    data = {"decision": "decline", "decline-reason": reason, "decline-note": "Not this year."}
    response = client_of(world.city_admin).post(page(match), data)
    assert (response.status_code, again(match).state) == (status, state)
    assert status == 302 or "Not this year." in response.content.decode()


def test_provider_accepts_and_comes_to_the_introduction(client_of: Open, world: Any) -> None:
    match = pair(world, "suggested")
    offer_match(by=world.moderator, match=match)
    accept_for_city(by=world.city_approver, match=again(match))
    response = client_of(world.provider_approver).post(page(match), {"decision": "accept"})
    assert response["Location"] == f"/en/introductions/{match.public_id}/"
    assert again(match).state == MatchState.INTRODUCED


def test_provider_declines_with_a_reason(client_of: Open, world: Any) -> None:
    match = pair(world, "invited")
    client_of(world.provider_admin).post(page(match), {"decision": "decline", "decline-reason": "no_capacity"})
    assert (again(match).state, again(match).reason) == ("declined_by_provider", "no_capacity")


@pytest.mark.parametrize(("persona", "state"), [("city_editor", "offered"), ("provider_editor", "invited")])
def test_editor_reads_the_question_and_is_not_offered_the_answer(
    client_of: Open, world: Any, persona: str, state: str
) -> None:
    match = pair(world, state, respond_by=timezone.localdate() + timedelta(days=5))
    client = client_of(getattr(world, persona))
    response = client.get(page(match))
    assert response.context["options"] == []
    assert "An approver or an administrator of your organisation gives the answer." in response.content.decode()
    assert client.post(page(match), {"decision": "accept"}).status_code == 403
    assert again(match).state == state


def test_second_answer_is_refused_with_who_and_when_and_keeps_the_words(client_of: Open, world: Any) -> None:
    match = pair(world, "offered")
    accept_for_city(by=world.city_admin, match=match)
    data = {"decision": "decline", "decline-reason": "too_expensive", "decline-note": "We have no money."}
    response = client_of(world.city_approver).post(page(match), data)
    html = response.content.decode()
    assert (response.status_code, again(match).state) == (409, "invited")
    assert f"Decided by {world.city_admin.name}" in html
    assert "We have no money." in html


# --- Lists ---


def test_match_list_holds_what_each_side_may_see(client_of: Open, world: Any) -> None:
    match = pair(world, "offered")
    MatchFactory(state="introduced")
    assert list(client_of(world.city_editor).get("/en/matches/").context["page_obj"]) == [match]
    assert list(client_of(world.provider_editor).get("/en/matches/").context["page_obj"]) == []


@pytest.mark.parametrize(
    ("show", "states"), [("answer", {"offered"}), ("introduced", {"pilot"}), ("nonsense", {"offered", "pilot"})]
)
def test_match_list_shows_one_stage(client_of: Open, world: Any, show: str, states: set[str]) -> None:
    for state in ("offered", "pilot"):
        MatchFactory(demand=world.demand, state=state)
    found = client_of(world.city_editor).get(f"/en/matches/?show={show}").context["page_obj"]
    assert {match.state for match in found} == states


def test_match_list_counts_what_stands_under_each_tab(client_of: Open, world: Any) -> None:
    for state in ("offered", "invited", "invited", "pilot", "lost"):
        MatchFactory(demand=world.demand, state=state)
    MatchFactory(state="offered")
    client = client_of(world.city_editor)
    context = client.get("/en/matches/").context
    said = {url: count for _label, url, count, _is_current in context["tabs"]}
    listed = {url: len(client.get(f"/en/matches/{url}").context["page_obj"]) for url in said}
    assert said == listed
    assert said["?show=all"] == context["page_obj"].paginator.count == 5


@pytest.mark.parametrize(("url", "make"), [("/en/matches/", MatchFactory), ("/en/introductions/", IntroductionFactory)])
def test_lists_need_no_more_queries_for_more_rows(
    client_of: Open, world: Any, url: str, make: Any, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    name = "match__demand" if make is IntroductionFactory else "demand"
    state = {"match__state": "introduced"} if make is IntroductionFactory else {"state": "introduced"}
    client = client_of(world.city_editor)
    make(**{name: world.demand}, **state)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    make(**{name: world.demand}, **state)
    make(**{name: world.demand}, **state)
    with django_assert_max_num_queries(len(few)):
        client.get(url)


# --- The introduction ---


@pytest.mark.parametrize("persona", ["other_city_admin", "other_provider_admin", "newcomer", "programme"])
def test_introduction_does_not_exist_for_outsiders(client_of: Open, world: Any, persona: str) -> None:
    introduction, client = introduced(world), client_of(getattr(world, persona))
    answers = [client.get(room(introduction)), client.post(room(introduction), {"decision": "drop"})]
    answers.append(client.post(f"{room(introduction)}write/", {"body": "Hello", "language": "en"}))
    assert [one.status_code for one in answers] == [404, 404, 404]


def test_message_is_shown_with_its_language_and_who_wrote_it(client_of: Open, world: Any) -> None:
    introduction = introduced(world)
    client = client_of(world.city_editor)
    client.post(f"{room(introduction)}write/", {"body": "안녕하십니까.\n\n감사합니다.", "language": "ko"})
    html = client_of(world.provider_editor).get(room(introduction)).content.decode()
    assert '<div lang="ko"><p>안녕하십니까.</p>' in html
    assert world.city_editor.name in html


@pytest.mark.parametrize(("body", "status"), [(" ", 422), ("x" * 6001, 422), ("<b>Bold</b>", 302)])
def test_message_is_checked_and_never_markup(client_of: Open, world: Any, body: str, status: int) -> None:
    introduction = introduced(world)
    client = client_of(world.city_editor)
    response = client.post(f"{room(introduction)}write/", {"body": body, "language": "en"})
    assert (response.status_code, Message.objects.count()) == (status, int(status == 302))
    assert "<b>Bold</b>" not in client.get(room(introduction)).content.decode()


def test_staff_who_do_not_moderate_read_but_do_not_write(client_of: Open, world: Any) -> None:
    introduction, client = introduced(world), client_of(world.neutrality)
    response = client.get(room(introduction))
    assert (response.context["message_form"], response.context["options"]) == (None, [])
    assert client.post(f"{room(introduction)}write/", {"body": "Hello", "language": "en"}).status_code == 403


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (
            "introduced",
            {"start_dialogue", "start_pilot", "go_to_tender", "sign_contract", "end_without_result", "drop"},
        ),
        ("contract", {"drop", "start_operation"}),
        ("operating", {"stop_operation"}),
        ("lost", set()),
    ],
)
def test_outcome_offers_the_steps_that_are_legal_now(client_of: Open, world: Any, state: str, moves: set[str]) -> None:
    response = client_of(world.city_approver).get(room(introduced(world, state)))
    assert {option.choice.code for option in response.context["options"]} == moves


def test_outcome_is_recorded_with_value_and_currency(client_of: Open, world: Any) -> None:
    introduction = introduced(world, "dialogue")
    data = {"decision": "sign_contract", "sign_contract-value": "250000", "sign_contract-currency": "EUR"}
    client_of(world.city_approver).post(room(introduction), data)
    row = Introduction.objects.get()
    assert (row.outcome, row.outcome_value, row.outcome_currency) == ("contract", Decimal(250_000), "EUR")


@pytest.mark.parametrize(
    "data",
    [
        {"decision": "drop"},
        {"decision": "drop", "drop-reason": "no such reason"},
        {"decision": "sign_contract", "sign_contract-value": "-5", "sign_contract-currency": "EUR"},
        {"decision": "sign_contract", "sign_contract-value": "5"},
        {"decision": "go_to_tender", "go_to_tender-tender_url": "javascript:alert(1)"},
    ],
)
def test_outcome_that_is_not_complete_is_refused(client_of: Open, world: Any, data: dict[str, str]) -> None:
    introduction = introduced(world, "dialogue")
    response = client_of(world.city_approver).post(room(introduction), data)
    assert (response.status_code, Introduction.objects.get().outcome) == (422, "")
    assert "<title>Error:" in response.content.decode()


def test_editor_is_not_offered_the_outcome(client_of: Open, world: Any) -> None:
    introduction, client = introduced(world, "dialogue"), client_of(world.provider_editor)
    assert client.get(room(introduction)).context["options"] == []
    assert client.post(room(introduction), {"decision": "start_pilot"}).status_code == 403


def test_second_outcome_is_refused_with_who_and_when(client_of: Open, world: Any) -> None:
    from matching.actions import record_outcome

    introduction = introduced(world, "tender")
    row = Introduction.objects.with_records().get(pk=introduction.pk)
    record_outcome(by=world.provider_admin, introduction=row, move="sign_contract")
    data = {"decision": "lose", "lose-reason": "other_supplier", "lose-note": "The other bid was lower."}
    response = client_of(world.city_approver).post(room(introduction), data)
    html = response.content.decode()
    assert response.status_code == 409
    assert f"Decided by {world.provider_admin.name}" in html
    assert "The other bid was lower." in html


def test_whole_road_in_the_browser_pages(client_of: Open, world: Any) -> None:
    match = pair(world, "suggested")
    client_of(world.moderator).post(f"/en/queue/matches/{match.public_id}/", {"decision": "offer"})
    client_of(world.city_approver).post(page(match), {"decision": "accept"})
    client_of(world.provider_admin).post(page(match), {"decision": "accept"})
    url = f"/en/introductions/{match.public_id}/"
    client_of(world.city_editor).post(f"{url}write/", {"body": "Good morning", "language": "en"})
    client_of(world.provider_admin).post(url, {"decision": "start_pilot"})
    assert again(match).state == "pilot"


def test_accepting_keeps_consents_of_the_people_who_gave_them(client_of: Open, world: Any) -> None:
    match = pair(world, "suggested")
    offer_match(by=world.moderator, match=match)
    accept_for_city(by=world.city_approver, match=again(match))
    accept_for_provider(by=world.provider_admin, match=again(match))
    html = client_of(world.city_editor).get(f"/en/introductions/{match.public_id}/").content.decode()
    assert f"{world.city_approver.name} consented on" in html
    assert f"{world.provider_admin.name} consented on" in html
