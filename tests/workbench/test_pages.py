"""The pages of the workbench: second looks, many at once, wordings, comparison, the neutrality officer's figures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone, translation

from cities.models import Demand
from matching.models import Decision, Match
from matching.moments.actions import refresh_exposures
from matching.workbench.models import Confirmation, Decided, Override, Recusal, SavedView, Taken
from matching.workbench.neutrality import exposures, sample
from matching.workbench.wordings import HOLES, OWN, composed, wordings
from portal.common.working_days import office_day
from tests.factories import (
    DemandFactory,
    FlagFactory,
    MatchFactory,
    MembershipFactory,
    ProviderFactory,
    SolutionFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
Open = Callable[[Any], Any]


@pytest.fixture
def moderator(client_of: Open, world: Any) -> Any:
    return client_of(world.moderator)


def submitted(**fields: Any) -> Demand:
    made: Demand = DemandFactory(
        **{"state": "submitted", "published_at": None, "submitted_at": timezone.now() - timedelta(days=1), **fields}
    )
    return made


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def desk(demand: Demand) -> str:
    return f"/en/queue/demands/{demand.public_id}/"


# --- A second look ---


@pytest.fixture
def asked(world: Any, client_of: Open) -> Confirmation:
    """A tram for ninety million: another moderator has to say yes."""
    other = StaffRoleFactory(role="moderator", user__name="Ana").user
    demand = submitted(budget_max=90_000_000, currency="EUR", title="A new tram")
    client_of(other).post(desk(demand), {"decision": "publish"})
    return Confirmation.objects.get()


def test_second_moderator_reads_who_asked_and_why_and_confirms(
    asked: Confirmation, client_of: Open, world: Any
) -> None:
    client = client_of(world.moderator)
    html = client.get(asked.get_absolute_url()).content.decode()
    assert all(words in html for words in ("Ana", "The budget is large", "A new tram", "Publish"))
    client.post(asked.get_absolute_url(), {"answer": "confirm"})
    assert (fresh(asked).state, Demand.objects.get(public_id=asked.item).state) == ("confirmed", "published")


def test_second_moderator_who_says_no_without_words_is_asked_for_them(
    asked: Confirmation, client_of: Open, world: Any
) -> None:
    response = client_of(world.moderator).post(asked.get_absolute_url(), {"answer": "refuse"})
    assert (response.status_code, fresh(asked).state) == (422, "open")


def test_confirmation_of_what_has_moved_on_is_refused_and_closed(
    asked: Confirmation, client_of: Open, world: Any
) -> None:
    Demand.objects.filter(public_id=asked.item).update(state="withdrawn")
    response = client_of(world.moderator).post(asked.get_absolute_url(), {"answer": "confirm"})
    assert (response.status_code, fresh(asked).state) == (409, "overtaken")


def test_whoever_asked_may_only_withdraw_the_question(asked: Confirmation, client_of: Open) -> None:
    client = client_of(asked.asked_by)
    assert client.post(asked.get_absolute_url(), {"answer": "confirm"}).status_code == 403
    client.post(asked.get_absolute_url(), {"answer": "withdraw"})
    assert fresh(asked).state == "withdrawn"


# --- Many at once ---


def test_nothing_chosen_leads_back_to_the_list_and_says_what_to_do(moderator: Any) -> None:
    response = moderator.post("/en/queue/together/", follow=True)
    assert "Choose at least two." in response.content.decode()


def test_preview_says_what_is_not_possible_and_why_and_changes_nothing(moderator: Any, world: Any) -> None:
    fit, gone, tied = submitted(), submitted(), submitted(body=world.other_city)
    match = MatchFactory()
    Demand.objects.filter(pk=gone.pk).update(state="withdrawn")
    MembershipFactory(user=world.moderator, organisation=world.other_city.organisation)
    picks = [*(f"demand:{one.public_id}" for one in (fit, gone, tied)), f"match:{match.public_id}"]
    response = moderator.post("/en/queue/together/", {"pick": picks, "do": "demand.publish"})
    hurdles = [one.hurdle for one in response.context["items"]]
    assert hurdles == [
        "",
        "Its state does not allow it: “Withdrawn”.",
        "You are tied to one of the parties.",
        "It is of another kind.",
    ]
    assert fresh(fit).state == "submitted"


def test_decision_on_many_keeps_the_reason_and_lists_what_failed(moderator: Any) -> None:
    demands = [submitted() for _number in range(2)]
    gone = submitted()
    Demand.objects.filter(pk=gone.pk).update(state="withdrawn")
    picks = [f"demand:{one.public_id}" for one in (*demands, gone)]
    data = {"pick": picks, "do": "demand.ask", "confirm": "1", "ask-note": "How many lamps?"}
    response = moderator.post("/en/queue/together/", data)
    assert response.status_code == 409
    assert [one.item for one in response.context["done"]] == [one.public_id for one in demands]
    assert [one.item for one, _why in response.context["refused"]] == [gone.public_id]
    assert {fresh(one).review_note for one in demands} == {"How many lamps?"}
    assert "How many lamps?" in response.content.decode()
    assert Decided.objects.values("batch").distinct().count() == 1


def test_decision_on_many_without_its_reason_is_asked_for_it(moderator: Any) -> None:
    match = MatchFactory()
    data = {"pick": [f"match:{match.public_id}"], "do": "match.reject", "confirm": "1", "reject-note": "Sold out."}
    response = moderator.post("/en/queue/together/", data)
    assert (response.status_code, fresh(match).state) == (422, "suggested")
    assert "Sold out." in response.content.decode()


# --- Who is at it, and who keeps out ---


def test_list_names_who_is_at_an_item_and_since_when(moderator: Any) -> None:
    demand, ana = submitted(), StaffRoleFactory(role="moderator", user__name="Ana Ruiz").user
    now = timezone.now()
    Taken.objects.create(kind="demand", item=demand.public_id, by=ana, since=now, until=now + timedelta(hours=1))
    html = moderator.get("/en/queue/").content.decode()
    assert "Ana Ruiz is at it since <time" in html


def test_tied_moderator_reads_nothing_of_the_item_and_it_is_kept(moderator: Any, world: Any) -> None:
    demand = submitted(body=world.other_city, problem="Secret troubles")
    MembershipFactory(user=world.moderator, organisation=world.other_city.organisation)
    response = moderator.get(desk(demand))
    assert "Secret troubles" not in response.content.decode()
    assert list(Recusal.objects.values_list("user", "item", "tie")) == [(world.moderator.pk, demand.public_id, "known")]


def test_view_is_saved_with_the_filters_of_the_list_and_nothing_else(moderator: Any) -> None:
    moderator.post("/en/queue/views/", {"name": "Korea", "query": "language=ko&evil=1&page=3"})
    assert SavedView.objects.get().query == "language=ko"
    assert '<a href="/en/queue/?language=ko"' in moderator.get("/en/queue/").content.decode()


@pytest.mark.parametrize("address", ["//evil.example/", "https://evil.example/"])
def test_button_leads_nowhere_outside(moderator: Any, address: str) -> None:
    match = MatchFactory()
    response = moderator.post(f"/en/queue/item/match/{match.public_id}/take/", {"next": address})
    assert response["Location"] == f"/en/queue/matches/{match.public_id}/#item"


# --- Wordings ---


def test_wording_is_read_in_the_language_of_the_recipient(moderator: Any) -> None:
    demand = submitted(language="es")
    with translation.override("es"):
        expected = str(next(one for one in OWN if one.code == "demand.figures").text)
    moderator.post(desk(demand), {"decision": "ask", "ask-wording": "demand.figures", "ask-note": "¿Y cuándo?"})
    assert fresh(demand).review_note == f"{expected}\n\n¿Y cuándo?"


def test_wording_alone_is_words_enough(moderator: Any) -> None:
    demand = submitted()
    moderator.post(desk(demand), {"decision": "ask", "ask-wording": "demand.outcome"})
    assert fresh(demand).state == "changes_requested"


def test_changed_wording_takes_the_place_of_the_portals_own(moderator: Any) -> None:
    data = {"where": "demand.ask", "name": "Figures", "text_ko": "숫자를 적어 주십시오: %(title)s"}
    assert moderator.post("/en/queue/wordings/demand.figures/", data).status_code == 302
    demand = submitted(language="ko", title="가로등")
    assert composed("demand.figures", "demand", demand, "") == "숫자를 적어 주십시오: 가로등"
    assert len([one for one in wordings() if one.code == "demand.figures"]) == 1


def test_retired_wording_is_offered_no_more(moderator: Any) -> None:
    moderator.post("/en/queue/wordings/demand.figures/", {"retire": "1"})
    assert "demand.figures" not in [one.code for one in wordings()]


def test_answer_to_a_report_is_worded_for_whoever_sent_it(world: Any) -> None:
    report = FlagFactory(item=world.demand.public_id, by=UserFactory(language="en"), state="open")
    text = composed("flag.nothing", "flag", report, "See you.")
    assert f"“{world.demand.title}”" in text
    assert text.endswith("\n\nSee you.")


def test_wording_without_any_text_is_refused(moderator: Any) -> None:
    response = moderator.post("/en/queue/wordings/new/", {"where": "demand.ask", "name": "Empty"})
    assert response.status_code == 422


@pytest.mark.parametrize("language", [code for code, _name in django_settings.LANGUAGES])
def test_own_wordings_have_only_holes_that_are_filled(language: str) -> None:
    with translation.override(language):
        for one in OWN:
            assert "%(" not in composed_without_holes(str(one.text))


def composed_without_holes(text: str) -> str:
    for hole in HOLES:
        text = text.replace(f"%({hole})s", "")
    return text


# --- Comparing, and the neutrality officer ---


def test_matches_of_a_demand_are_compared_side_by_side(moderator: Any, world: Any) -> None:
    first, second = (MatchFactory(demand=world.demand, solution=SolutionFactory()) for _number in range(2))
    query = f"?match={first.public_id}&match={second.public_id}"
    response = moderator.get(f"/en/demands/{world.demand.public_id}/matches/compare/{query}")
    assert {one.pk for one in response.context["comparison"].matches} == {first.pk, second.pk}
    assert all(len(cells) == 2 for _label, cells in response.context["comparison"].points)


def test_matches_of_other_demands_do_not_get_into_a_comparison(moderator: Any, world: Any) -> None:
    own, foreign = MatchFactory(demand=world.demand), MatchFactory()
    query = f"?match={own.public_id}&match={foreign.public_id}"
    response = moderator.get(f"/en/demands/{world.demand.public_id}/matches/compare/{query}")
    assert "comparison" not in response.context


def offered(solution: Any) -> Match:
    match: Match = MatchFactory(solution=solution, state="offered")
    Decision.objects.create(match=match, move="offer", from_state="suggested", to_state="offered")
    return match


def test_exposure_sets_offers_against_the_share_of_the_catalogue(db: None) -> None:
    partner = ProviderFactory(partnership="strategic", partner_since=office_day())
    for _number in range(3):
        SolutionFactory()
    offered(SolutionFactory(provider=partner))
    lines = {line.label: line for line in exposures()["partnership"]}
    assert (lines["Strategic partner"].solutions, lines["Strategic partner"].offered) == (1, 1)
    assert (lines["No partner"].solutions, lines["No partner"].offered) == (3, 0)
    assert lines["Strategic partner"].tilt == pytest.approx(4)


@pytest.mark.parametrize("way", ["size", "region", "partnership"])
def test_exposure_counts_every_solution_once(db: None, way: str) -> None:
    for _number in range(3):
        offered(SolutionFactory())
    lines = exposures()[way]
    assert (sum(line.solutions for line in lines), sum(line.offered for line in lines)) == (3, 3)


def test_exposure_of_a_large_catalogue_is_counted_by_workers(db: None, settings: Any) -> None:
    for _number in range(3):
        offered(SolutionFactory())
    now = exposures()
    assert refresh_exposures() is False
    settings.COUNTED_BY_WORKERS_FROM = 3
    assert refresh_exposures() is True
    assert exposures() == now
    assert refresh_exposures() is False
    SolutionFactory()
    assert exposures() == now
    assert refresh_exposures() is True
    assert sum(line.solutions for line in exposures()["size"]) == 4


def test_same_word_draws_the_same_decisions(world: Any) -> None:
    for _number in range(30):
        match = MatchFactory()
        Decision.objects.create(
            match=match, move="offer", from_state="suggested", to_state="offered", by=world.moderator
        )
    day = office_day()
    first = [one.pk for one in sample("lamp", until=day)]
    assert first == [one.pk for one in sample("lamp", until=day)]
    assert (len(first), first != [one.pk for one in sample("tram", until=day)]) == (12, True)


def test_neutrality_officer_reads_overrides_with_their_reasons(client_of: Open, world: Any) -> None:
    match = MatchFactory()
    Override.objects.create(
        kind="match",
        item=match.public_id,
        by=world.moderator,
        decision="offer",
        what="weak",
        points=21,
        note="By name.",
    )
    html = client_of(world.neutrality).get("/en/neutrality/").content.decode()
    assert "Offered although the engine finds it weak (21 points)" in html
    assert "By name." in html
