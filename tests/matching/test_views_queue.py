"""The moderation queue: what waits, in which order, for whom; and the pages on which it is decided."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.enums import ReviewCriterion
from catalog.models import Solution, SolutionReview
from cities.models import Demand
from matching.models import Match
from matching.queue import Chosen, queue_for
from matching.waiting import SILENT_AFTER, Kind
from matching.workbench.models import Decided
from portal.accounts.models import Organisation, User
from tests.factories import (
    DemandFactory,
    IntroductionFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    SolutionFactory,
    StaffRoleFactory,
)

QUEUE = "/en/queue/"
Open = Callable[[Any], Any]


@pytest.fixture
def moderator(client_of: Open, world: Any) -> Any:
    return client_of(world.moderator)


def submitted(days_ago: int = 1, **fields: Any) -> Demand:
    at = timezone.now() - timedelta(days=days_ago)
    made: Demand = DemandFactory(state="submitted", published_at=None, submitted_at=at, **fields)
    return made


def waiting_organisation() -> Organisation:
    """Registered by somebody: an imported one, which nobody waits for, is not in the queue."""
    made: Organisation = MembershipFactory(organisation=OrganisationFactory(state="pending")).organisation
    return made


def page_of(kind: str, record: Any) -> str:
    return f"{QUEUE}{kind}s/{record.public_id}/"


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


# --- The list ---


@pytest.mark.parametrize(
    "persona", ["newcomer", "city_admin", "provider_admin", "neutrality", "administrator", "expert"]
)
def test_queue_does_not_exist_for_anybody_but_moderators(client_of: Open, world: Any, persona: str) -> None:
    submitted()
    assert client_of(getattr(world, persona)).get(QUEUE).status_code == 404


def test_queue_asks_visitors_to_sign_in(client: Any, db: None) -> None:
    response = client.get(QUEUE)
    assert (response.status_code, response["Location"].startswith("/en/account/login/")) == (302, True)


def test_queue_is_ordered_by_deadline_then_risk_then_age(world: Any) -> None:
    match = MatchFactory(state="suggested")
    late = MatchFactory(state="offered", respond_by=timezone.localdate() - timedelta(days=1))
    older, newer = submitted(9), submitted(1)
    large = submitted(1, budget_max=20_000_000, currency="EUR")
    found = [item.public_id for item in queue_for(world.moderator).items]
    assert found == [one.public_id for one in (older, late, large, newer, match)]


def test_queue_shows_the_best_suggestion_of_one_moment_first(world: Any) -> None:
    now = timezone.now()
    weak, strong = (MatchFactory(state_since=now, probability=p) for p in (0.2, 0.9))
    assert [item.pk for item in queue_for(world.moderator).items] == [strong.pk, weak.pk]


def test_queue_holds_every_kind_and_counts_it(moderator: Any, world: Any) -> None:
    waiting_organisation()
    submitted()
    SolutionFactory(state="submitted", submitted_at=timezone.now())
    for state in ("suggested", "in_review", "shortlisted", "recused"):
        MatchFactory(state=state)
    MatchFactory(state="invited", respond_by=timezone.localdate() - timedelta(days=3))
    counts = moderator.get(QUEUE).context["queue"].counts
    waiting = {kind: number for kind, number in counts.items() if number}
    assert waiting == {"organisation": 1, "demand": 1, "solution": 1, "match": 4, "overdue": 1}


@pytest.mark.parametrize("state", ["rejected", "offered", "introduced", "none", "contract"])
def test_queue_leaves_out_what_waits_for_nobody_at_iclei(world: Any, state: str) -> None:
    MatchFactory(state=state, respond_by=timezone.localdate() + timedelta(days=3) if state == "offered" else None)
    assert queue_for(world.moderator).items == []


def test_introduction_without_a_sign_for_long_is_in_the_queue(world: Any) -> None:
    silent, lively = (
        IntroductionFactory(match=MatchFactory(state="dialogue", state_since=timezone.now() - SILENT_AFTER * 2))
        for _ in range(2)
    )
    lively.messages.create(author=world.moderator, language="en", body="Still there?")
    assert [item.pk for item in queue_for(world.moderator).items] == [silent.match.pk]


def test_queue_leaves_out_what_the_moderator_is_tied_to(world: Any) -> None:
    tied = submitted(body=world.city)
    MembershipFactory(user=world.moderator, organisation=world.city.organisation)
    assert queue_for(User.objects.get(pk=world.moderator.pk)).items == []
    colleague = StaffRoleFactory(role="moderator").user
    assert [item.pk for item in queue_for(colleague).items] == [tied.pk]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"chile", "korea"}),
        ("language=ko", {"korea"}),
        ("place=142", {"korea"}),
        ("place=005", {"chile"}),
        ("focus=mobility", {"korea"}),
        ("focus=mobility&language=en", set()),
        ("kind=match", set()),
        ("kind=demand", {"chile", "korea"}),
        ("language=xx", {"chile", "korea"}),
    ],
)
def test_queue_filters_by_kind_language_region_and_focus(moderator: Any, query: str, found: set[str]) -> None:
    from catalog.models import FocusArea

    chile = submitted()
    korea = submitted(language="ko", country="KR", focus_area=FocusArea.objects.get(code="mobility"))
    names = {chile.public_id: "chile", korea.public_id: "korea"}
    response = moderator.get(f"{QUEUE}?{query}")
    assert {names[item.public_id] for item, _record in response.context["rows"]} == found


def test_queue_says_that_a_filter_is_not_valid(moderator: Any) -> None:
    response = moderator.get(f"{QUEUE}?language=xx")
    assert list(response.context["form"].errors) == ["language"]


def test_queue_has_twenty_a_page_and_links_that_keep_the_filters(moderator: Any) -> None:
    for _ in range(21):
        submitted()
    response = moderator.get(f"{QUEUE}?kind=demand&page=2")
    (item, _record) = response.context["rows"][0]
    assert len(response.context["rows"]) == 1
    assert f'href="{item.url}?kind=demand#item"' in response.content.decode()


def test_queue_needs_no_more_queries_for_more_rows(moderator: Any, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def make() -> None:
        submitted()
        SolutionFactory(state="submitted", submitted_at=timezone.now())
        MatchFactory()
        waiting_organisation()

    make()
    with CaptureQueriesContext(connection) as few:
        moderator.get(QUEUE)
    make()
    make()
    with django_assert_max_num_queries(len(few)):
        moderator.get(QUEUE)


def test_queue_says_so_when_nothing_waits(moderator: Any) -> None:
    assert "Nothing waits here" in moderator.get(QUEUE).content.decode()


# --- One after the other ---


def test_decision_leads_to_the_next_item_with_the_filters_kept(moderator: Any) -> None:
    first, second = submitted(3), submitted(1)
    response = moderator.post(f"{page_of('demand', first)}?kind=demand", {"decision": "publish"})
    assert response["Location"] == f"{page_of('demand', second)}?kind=demand#item"


def test_decision_on_the_last_item_leads_back_to_the_list(moderator: Any) -> None:
    response = moderator.post(page_of("demand", submitted()), {"decision": "publish"})
    assert response["Location"] == QUEUE


def test_item_knows_its_neighbours_and_its_place(moderator: Any) -> None:
    first, second, third = submitted(9), submitted(5), submitted(1)
    desk = moderator.get(page_of("demand", second)).context["desk"]
    assert (desk.position, desk.total) == (2, 3)
    assert desk.previous_url == f"{page_of('demand', first)}#item"
    assert desk.next_url == f"{page_of('demand', third)}#item"


def test_item_page_has_its_keys_and_a_heading_that_takes_the_focus(moderator: Any) -> None:
    html = moderator.get(page_of("demand", submitted())).content.decode()
    assert '<h1 id="item" tabindex="-1">' in html
    assert all(f'data-key="{key}"' in html for key in "airjko?")


@pytest.mark.parametrize("kind", ["organisation", "demand", "solution", "match"])
@pytest.mark.parametrize("persona", ["newcomer", "city_admin", "provider_admin", "neutrality", "administrator"])
def test_item_page_does_not_exist_for_anybody_but_moderators(
    client_of: Open, world: Any, kind: str, persona: str
) -> None:
    records = {
        "organisation": OrganisationFactory(state="pending"),
        "demand": submitted(body=world.city),
        "solution": SolutionFactory(state="submitted", provider=world.provider),
        "match": MatchFactory(demand=world.demand, solution=world.solution),
    }
    url = f"{QUEUE}{'matches' if kind == 'match' else kind + 's'}/{records[kind].public_id}/"
    client = client_of(getattr(world, persona))
    assert [client.get(url).status_code, client.post(url, {"decision": "offer"}).status_code] == [404, 404]


# --- Organisations ---


def test_organisation_is_verified_with_how(moderator: Any, world: Any) -> None:
    organisation = OrganisationFactory(state="pending")
    moderator.post(
        page_of("organisation", organisation),
        {"decision": "verify", "verify-how": "registry", "verify-detail": "HRB 4711"},
    )
    row = Organisation.objects.get(pk=organisation.pk)
    assert (row.state, row.verified_by, row.verified_how) == ("verified", world.moderator, "registry")


def test_organisation_is_not_verified_without_how(moderator: Any) -> None:
    organisation = OrganisationFactory(state="pending")
    response = moderator.post(page_of("organisation", organisation), {"decision": "verify"})
    assert (response.status_code, fresh(organisation).state) == (422, "pending")
    assert "Choose an answer: How did you verify it?" in response.content.decode()


def test_organisation_is_refused_with_a_reason_and_words(moderator: Any) -> None:
    organisation = OrganisationFactory(state="pending")
    data = {"decision": "refuse", "refuse-reason": "not_found", "refuse-note": "Send us the decree."}
    moderator.post(page_of("organisation", organisation), data)
    row = fresh(organisation)
    assert (row.state, row.refusal_reason, row.refusal_note) == ("refused", "not_found", "Send us the decree.")


# --- Demands ---


def test_demand_is_published(moderator: Any, world: Any) -> None:
    demand = submitted()
    moderator.post(page_of("demand", demand), {"decision": "publish"})
    assert (fresh(demand).state, fresh(demand).published_by) == ("published", world.moderator)


def test_demand_goes_back_with_the_moderators_words(moderator: Any) -> None:
    demand = submitted()
    moderator.post(page_of("demand", demand), {"decision": "ask", "ask-note": "Add today’s figures."})
    assert (fresh(demand).state, fresh(demand).review_note) == ("changes_requested", "Add today’s figures.")


def test_demand_does_not_go_back_without_words(moderator: Any) -> None:
    demand = submitted()
    response = moderator.post(page_of("demand", demand), {"decision": "ask", "ask-note": " "})
    assert (response.status_code, fresh(demand).state) == (422, "submitted")


@pytest.mark.parametrize(("reason", "status", "state"), [("duplicate", 302, "rejected"), ("", 422, "submitted")])
def test_demand_is_rejected_with_a_reason_only(moderator: Any, reason: str, status: int, state: str) -> None:
    demand = submitted()
    data = {"decision": "reject", "reject-reason": reason, "reject-note": "See D123."}
    response = moderator.post(page_of("demand", demand), data)
    assert (response.status_code, fresh(demand).state) == (status, state)


def test_demand_page_hints_at_what_reads_alike(moderator: Any) -> None:
    like = DemandFactory(title="A new tram to the harbour")
    DemandFactory(title="A tram to the harbour", state="draft", published_at=None)
    found = moderator.get(page_of("demand", submitted(title="A tram to the harbour"))).context["similar"]
    assert list(found) == [like]


def test_demand_page_shows_how_ready_it_is(moderator: Any) -> None:
    response = moderator.get(page_of("demand", submitted(outcome="Light.")))
    assert "Say in a few sentences what will be better" in response.content.decode()


# --- Solutions ---


def marks(prefix: str, **other: Any) -> dict[str, Any]:
    return {f"{prefix}-{code}": other.get(code, 4) for code in ReviewCriterion.values}


def test_solution_is_listed_with_four_marks(moderator: Any) -> None:
    solution = SolutionFactory(state="submitted", listed_at=None)
    moderator.post(page_of("solution", solution), {"decision": "list", **marks("list")})
    assert fresh(solution).state == "listed"
    assert SolutionReview.objects.get().marks == dict.fromkeys(ReviewCriterion.values, 4)


def test_solution_marked_nought_is_not_listed_and_the_marks_are_kept(moderator: Any) -> None:
    solution = SolutionFactory(state="submitted", listed_at=None)
    data = {"decision": "list", **marks("list", evidence=0), "list-comment": "A figure is missing."}
    response = moderator.post(page_of("solution", solution), data)
    assert (response.status_code, fresh(solution).state) == (422, "submitted")
    assert "A figure is missing." in response.content.decode()


def test_solution_is_not_listed_without_all_marks(moderator: Any) -> None:
    solution = SolutionFactory(state="submitted", listed_at=None)
    data = {"decision": "list", "list-fit": 4}
    response = moderator.post(page_of("solution", solution), data)
    assert (response.status_code, fresh(solution).state) == (422, "submitted")


def test_solution_goes_back_with_words_and_the_marks_given(moderator: Any) -> None:
    solution = SolutionFactory(state="submitted", listed_at=None)
    moderator.post(page_of("solution", solution), {"decision": "ask", "ask-fit": 2, "ask-comment": "Say where not."})
    review = SolutionReview.objects.get()
    assert (fresh(solution).state, review.marks, review.comment) == ("changes_requested", {"fit": 2}, "Say where not.")


def test_solution_that_is_listed_can_be_suspended_and_listed_again(moderator: Any, world: Any, settings: Any) -> None:
    url = page_of("solution", world.solution)
    moderator.post(url, {"decision": "suspend", "suspend-reason": "complaint"})
    assert (fresh(world.solution).state, fresh(world.solution).suspension_reason) == ("suspended", "complaint")
    settings.FOUR_EYES = frozenset()
    moderator.post(url, {"decision": "relist"})
    assert Solution.objects.get(pk=world.solution.pk).state == "listed"


# --- Matches ---


def review(match: Match) -> str:
    return f"{QUEUE}matches/{match.public_id}/"


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"decision": "offer", "offer-note": "Same climate."}, "offered"),
        ({"decision": "shortlist"}, "shortlisted"),
        ({"decision": "reject", "reject-reason": "lock_in"}, "rejected"),
    ],
)
def test_match_is_decided(moderator: Any, data: dict[str, str], state: str) -> None:
    match = MatchFactory()
    assert moderator.post(review(match), data).status_code == 302
    assert fresh(match).state == state


def test_match_is_not_rejected_without_a_reason_and_the_note_is_kept(moderator: Any) -> None:
    match = MatchFactory()
    response = moderator.post(review(match), {"decision": "reject", "reject-note": "A strange pair."})
    assert (response.status_code, fresh(match).state) == (422, "suggested")
    assert "A strange pair." in response.content.decode()


@pytest.mark.parametrize("decision", ["offer", "reject", "shortlist"])
def test_match_decision_is_followed_by_a_button_that_undoes_it(moderator: Any, decision: str) -> None:
    match = MatchFactory()
    response = moderator.post(review(match), {"decision": decision, "reject-reason": "lock_in"}, follow=True)
    address = f"/en/queue/undo/{Decided.objects.get().pk}/"
    assert f'<form method="post" action="{address}"' in response.content.decode()
    moderator.post(address)
    assert fresh(match).state == "in_review"


def test_match_page_explains_the_score_and_compares_both_records(moderator: Any) -> None:
    match = MatchFactory(demand=DemandFactory(title="Quiet buses"), solution=SolutionFactory(name="Electric coaches"))
    response = moderator.get(review(match))
    html = response.content.decode()
    assert response.context["explanation"].score == match.points
    assert all(words in html for words in ("Quiet buses", "Electric coaches", "Where the points come from"))
    assert match.config_version in html


def test_second_moderator_is_told_who_was_first_and_loses_nothing(moderator: Any, world: Any) -> None:
    from matching.actions import offer_match

    match, first = MatchFactory(), StaffRoleFactory(role="moderator", user__name="Ines Albrecht").user
    offer_match(by=first, match=match)
    data = {"decision": "reject", "reject-reason": "wrong_need", "reject-note": "They need lamps, not poles."}
    response = moderator.post(review(match), data)
    html = response.content.decode()
    assert (response.status_code, fresh(match).state) == (409, "offered")
    assert "Decided by Ines Albrecht, ICLEI" in html
    assert "They need lamps, not poles." in html
    assert response.context["refusal"].when == match.decisions.get().at


def test_second_review_of_a_demand_is_told_who_was_first(moderator: Any) -> None:
    from cities.actions import publish_demand

    demand, first = submitted(), StaffRoleFactory(role="moderator", user__name="Park Ji-won").user
    publish_demand(by=first, demand=demand)
    response = moderator.post(page_of("demand", demand), {"decision": "ask", "ask-note": "Which lamps?"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Decided by Park Ji-won" in html
    assert "Which lamps?" in html


def test_recused_moderator_is_told_so_and_can_decide_nothing(client_of: Open, world: Any) -> None:
    match = MatchFactory(demand=world.demand)
    MembershipFactory(user=world.moderator, organisation=world.city.organisation)
    client = client_of(world.moderator)
    response = client.get(review(match))
    assert response.context["options"] == []
    assert "You are tied to one of the two sides" in response.content.decode()
    refused = client.post(review(match), {"decision": "offer"})
    assert (refused.status_code, fresh(match).state) == (403, "suggested")
    assert "tied to one of the two parties" in refused.content.decode()


def test_decision_that_is_none_of_the_choices_changes_nothing(moderator: Any) -> None:
    match = MatchFactory()
    assert moderator.post(review(match), {"decision": "introduce"}).status_code == 200
    assert fresh(match).state == "suggested"


def test_chosen_admits_items_without_a_place_only_when_no_place_is_asked_for(world: Any) -> None:
    submitted(country="XX")
    items = queue_for(world.moderator).items
    assert [item.kind for item in items] == [Kind.DEMAND]
    assert (Chosen().admitted(items), Chosen(place="150").admitted(items)) == (items, [])
