"""Writing a demand page by page: saved on every Continue, complete on submission, two people at once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Criterion, FocusArea, Topic
from cities.actions import edit_demand, set_requirements, submit_demand
from cities.models import Demand, Requirement
from cities.views import home_context
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Membership, Organisation, User
from tests.factories import DemandFactory, MembershipFactory, PublicBodyFactory

pytestmark = pytest.mark.django_db


def address(demand: Demand, page: str = "edit/") -> str:
    return f"/en/demands/{demand.public_id}/{page}"


def fresh(demand: Demand) -> Demand:
    return Demand.objects.get(pk=demand.pk)


@pytest.fixture
def draft(world: Any) -> Demand:
    """A draft of world.city that can be submitted."""
    return DemandFactory(body=world.city, state="draft", published_at=None)


@pytest.fixture
def editor(client_of: Any, world: Any) -> Any:
    return client_of(world.city_editor)


def answers(client: Any, demand: Demand, section: str, **changes: Any) -> dict[str, Any]:
    """What the browser would send: the page's own values with ``changes``."""
    form = client.get(address(demand, f"edit/{section}/")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**values, **changes}.items() if value not in (None, "", False)}


def send(client: Any, demand: Demand, section: str, query: str = "", **changes: Any) -> Any:
    data = answers(client, demand, section, **changes)
    return client.post(address(demand, f"edit/{section}/{query}"), data)


class TestStart:
    def test_title_and_language_begin_a_draft(self, editor: Any, world: Any) -> None:
        response = editor.post("/en/demands/new/", {"title": "가로등 교체", "language": "ko"})
        demand = Demand.objects.get(title_ko="가로등 교체")
        assert response.url == address(demand, "edit/need/")
        assert (demand.organisation, demand.original_language, demand.state) == (world.city.organisation, "ko", "draft")

    def test_language_of_the_account_is_suggested(self, client_of: Any, world: Any) -> None:
        User.objects.filter(pk=world.city_editor.pk).update(language="fr")
        form = client_of(User.objects.get(pk=world.city_editor.pk)).get("/en/demands/new/").context["form"]
        assert form["language"].value() == "fr"

    def test_without_a_city_registration_comes_first(self, client_of: Any, world: Any) -> None:
        for persona in (world.newcomer, world.provider_admin):
            assert client_of(persona).get("/en/demands/new/").url == "/en/register/city/"

    def test_visitor_signs_in_first_and_comes_back(self, client: Any) -> None:
        assert client.get("/en/demands/new/").url == "/en/account/login/?next=/en/demands/new/"

    def test_member_of_two_cities_says_for_which(self, client_of: Any, world: Any) -> None:
        MembershipFactory(user=world.city_admin, organisation=world.other_city.organisation)
        client = client_of(User.objects.get(pk=world.city_admin.pk))
        other = world.other_city.organisation.public_id
        client.post("/en/demands/new/", {"title": "Shade", "language": "en", "organisation": other})
        assert Demand.objects.get(title_en="Shade").organisation == world.other_city.organisation

    def test_organisation_of_somebody_else_is_refused(self, client_of: Any, world: Any) -> None:
        MembershipFactory(user=world.city_admin, organisation=PublicBodyFactory().organisation)
        client = client_of(User.objects.get(pk=world.city_admin.pk))
        stranger = world.other_city.organisation.public_id
        response = client.post("/en/demands/new/", {"title": "Shade", "language": "en", "organisation": stranger})
        assert (response.status_code, Demand.objects.filter(title_en="Shade").exists()) == (422, False)

    def test_empty_title_is_said_in_its_own_words(self, editor: Any) -> None:
        response = editor.post("/en/demands/new/", {"title": " ", "language": "en"})
        page = response.content.decode()
        assert response.status_code == 422
        assert "Fill in: What does your city need?" in page
        assert "<title>Error: Write a demand" in page

    def test_refused_organisation_cannot_begin(self, editor: Any, world: Any) -> None:
        Organisation.objects.filter(pk=world.city.organisation.pk).update(state=OrganisationState.REFUSED)
        response = editor.post("/en/demands/new/", {"title": "Shade", "language": "en"})
        assert (response.status_code, Demand.objects.filter(title_en="Shade").count()) == (400, 0)
        assert "Your organisation is not verified" in response.content.decode()


class TestSections:
    def test_partial_answers_are_saved(self, editor: Any, draft: Demand) -> None:
        response = send(editor, draft, "need", summary="", problem="Half a thought")
        assert response.url == address(draft, "edit/outcome/")
        assert (fresh(draft).summary, fresh(draft).problem) == ("", "Half a thought")

    def test_texts_go_to_the_language_of_the_demand(self, editor: Any, world: Any) -> None:
        demand = DemandFactory(body=world.city, state="draft", language="ko", published_at=None)
        send(editor, demand, "need", title="새 제목")
        assert (fresh(demand).title_ko, fresh(demand).title_en) == ("새 제목", None)

    def test_translation_becomes_stale_when_the_original_changes(self, editor: Any, world: Any) -> None:
        demand = DemandFactory(body=world.city, state="draft", title_ko="제목", translations={"title": {"ko": "human"}})
        send(editor, demand, "need", title="Another title")
        assert fresh(demand).translations["title"] == {"ko": "stale", "en": "original"}

    def test_unchanged_page_makes_no_new_version(self, editor: Any, draft: Demand) -> None:
        before = fresh(draft).version
        for section in ("need", "outcome", "focus", "size", "timing", "working"):
            assert send(editor, draft, section).status_code == 302
        assert fresh(draft).version == before

    def test_every_section_leads_to_the_next_and_the_last_to_the_check(self, editor: Any, draft: Demand) -> None:
        draft.topics.set(Topic.objects.filter(code="solar_power"))
        path, seen = "need", []
        while path != "check":
            seen.append(path)
            url = editor.post(address(draft, f"edit/{path}/"), self.any_answers(editor, draft, path)).url
            path = url.rstrip("/").rsplit("/", 1)[1]
        assert seen == [
            "need",
            "outcome",
            "focus",
            "topics",
            "size",
            "budget",
            "timing",
            "mandate",
            "requirements",
            "working",
        ]

    def any_answers(self, client: Any, draft: Demand, path: str) -> dict[str, Any]:
        return lines(client, draft) if path == "requirements" else answers(client, draft, path)

    def test_section_opened_from_the_check_leads_back_to_it(self, editor: Any, draft: Demand) -> None:
        assert send(editor, draft, "size", "?from=check", site="Harbour").url == address(draft, "check/")

    def test_save_and_go_to_the_overview(self, editor: Any, draft: Demand) -> None:
        assert send(editor, draft, "size", site="Harbour", overview="1").url == address(draft, "edit/")
        assert fresh(draft).site == "Harbour"

    def test_topics_wait_for_the_focus_area(self, editor: Any, draft: Demand) -> None:
        Demand.objects.filter(pk=draft.pk).update(focus_area=None)
        assert editor.get(address(draft, "edit/topics/")).url == address(draft, "edit/focus/")
        tasks = {task["slug"]: task["status"] for task in editor.get(address(draft)).context["tasks"]}
        assert (tasks["topics"], tasks["focus"], tasks["need"], tasks["budget"]) == (
            "blocked",
            "to_do",
            "done",
            "optional",
        )

    def test_topics_offered_are_those_of_the_areas(self, editor: Any, draft: Demand) -> None:
        draft.more_focus_areas.set(FocusArea.objects.filter(code="mobility"))
        choices = editor.get(address(draft, "edit/topics/")).context["form"].fields["topics"].choices
        assert [label for label, _rows in choices] == [
            "Urban transport and mobility", "Smart city, energy generation and smart grids",
        ]  # fmt: skip

    def test_topics_go_with_their_area(self, editor: Any, draft: Demand) -> None:
        draft.topics.set(Topic.objects.filter(code__in=["solar_power", "cycling"]))
        draft.more_focus_areas.set(FocusArea.objects.filter(code="mobility"))
        send(editor, draft, "focus", more_focus_areas=[])
        assert [topic.code for topic in fresh(draft).topics.all()] == ["solar_power"]

    def test_currency_of_the_country_is_suggested_but_not_stored_alone(self, editor: Any, draft: Demand) -> None:
        assert answers(editor, draft, "budget")["currency"] == "CLP"
        send(editor, draft, "budget")
        assert fresh(draft).currency == ""

    def test_budget_is_stored_as_people_of_the_language_write_it(self, editor: Any, draft: Demand) -> None:
        data = answers(editor, draft, "budget", budget_min="1.500.000", budget_max="2.000.000,50", currency="CLP")
        editor.post(f"/es/demands/{draft.public_id}/edit/budget/", data)
        assert (fresh(draft).budget_min, fresh(draft).budget_max) == (Decimal(1500000), Decimal("2000000.50"))

    def test_people_who_were_signed_out_find_their_text_again(self, client_of: Any, world: Any, draft: Demand) -> None:
        client = client_of(world.city_editor)
        data = answers(client, draft, "need", problem="Ten minutes of typing")
        client.logout()
        there = client.post(address(draft, "edit/need/"), data)
        assert there.url == f"/en/account/login/?next={address(draft, 'edit/need/')}"
        session = dict(client.session)
        client.force_login(world.city_editor, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert session["kept_answers"]["path"] == address(draft, "edit/need/")
        page = client.get(address(draft, "edit/need/")).content.decode()
        assert "Ten minutes of typing" in page
        assert "Your text is still here" in page
        client.post(address(draft, "edit/need/"), data)
        assert "Your text is still here" not in client.get(address(draft, "edit/need/")).content.decode()
        assert fresh(draft).problem == "Ten minutes of typing"

    def test_pages_of_a_draft_are_never_cached(self, editor: Any, draft: Demand) -> None:
        assert "no-store" in editor.get(address(draft, "edit/need/"))["Cache-Control"]

    @pytest.mark.parametrize("page", ["edit/", "edit/need/", "edit/requirements/", "check/", "submitted/"])
    def test_draft_of_another_city_is_not_found(self, client_of: Any, world: Any, draft: Demand, page: str) -> None:
        for persona in (world.other_city_admin, world.provider_admin, world.moderator):
            assert client_of(persona).get(address(draft, page)).status_code == 404

    def test_unknown_section_is_not_found(self, editor: Any, draft: Demand) -> None:
        assert editor.get(address(draft, "edit/price/")).status_code == 404

    def test_submitted_demand_cannot_be_opened_for_editing(self, client_of: Any, world: Any, draft: Demand) -> None:
        submit_demand(by=world.city_approver, demand=draft)
        response = client_of(world.city_editor).get(address(draft))
        assert response.status_code == 403
        assert "“Submitted”" in response.content.decode()

    def test_text_written_while_a_colleague_submitted_is_kept_on_the_page(
        self, editor: Any, world: Any, draft: Demand
    ) -> None:
        data = answers(editor, draft, "need", problem="My last words")
        submit_demand(by=world.city_approver, demand=draft)
        response = editor.post(address(draft, "edit/need/"), data)
        assert response.status_code == 422
        assert "My last words" in response.content.decode()
        assert fresh(draft).problem == "They fail often."

    def test_published_demand_cannot_lose_what_it_needs(self, editor: Any, world: Any) -> None:
        response = send(editor, world.demand, "need", summary="")
        assert response.status_code == 422
        assert "summary" in response.context["form"].errors
        assert fresh(world.demand).summary == "9,400 sodium lamps are worn out."


class TestConflicts:
    def test_same_section_shows_both_texts_and_saves_neither(self, editor: Any, world: Any, draft: Demand) -> None:
        mine = answers(editor, draft, "need", problem="My text")
        edit_demand(by=world.city_admin, demand=draft, changes={"problem": "Text of a colleague"})
        response = editor.post(address(draft, "edit/need/"), mine)
        page = response.content.decode()
        assert response.status_code == 409
        assert ("My text" in page, "Text of a colleague" in page, "Saved by city admin" in page) == (True, True, True)
        assert fresh(draft).problem == "Text of a colleague"

    def test_second_continue_saves_what_was_kept(self, editor: Any, world: Any, draft: Demand) -> None:
        mine = answers(editor, draft, "need", problem="My text")
        edit_demand(by=world.city_admin, demand=draft, changes={"problem": "Text of a colleague"})
        form = editor.post(address(draft, "edit/need/"), mine).context["form"]
        again = {name: form[name].value() for name in form.fields}
        assert editor.post(address(draft, "edit/need/"), again).status_code == 302
        assert fresh(draft).problem == "My text"

    def test_other_section_is_no_conflict(self, editor: Any, world: Any, draft: Demand) -> None:
        mine = answers(editor, draft, "size", site="Harbour")
        edit_demand(by=world.city_admin, demand=draft, changes={"problem": "Text of a colleague"})
        assert editor.post(address(draft, "edit/size/"), mine).status_code == 302
        assert (fresh(draft).site, fresh(draft).problem) == ("Harbour", "Text of a colleague")

    def test_same_page_sent_twice_is_saved_once(self, editor: Any, draft: Demand) -> None:
        mine = answers(editor, draft, "need", problem="My text")
        statuses = [editor.post(address(draft, "edit/need/"), mine).status_code for _ in range(2)]
        assert (statuses, fresh(draft).version) == ([302, 302], draft.version + 1)

    def test_requirements_show_both_lists(self, editor: Any, world: Any, draft: Demand) -> None:
        mine = lines(editor, draft, ("iso_9001", "must", ""))
        criterion = Criterion.objects.get(code="open_source")
        set_requirements(by=world.city_admin, demand=draft, rows=[{"criterion": criterion}])
        response = editor.post(address(draft, "edit/requirements/"), mine)
        assert response.status_code == 409
        assert criterion.label in response.content.decode()
        assert [row.criterion.code for row in draft.requirements.all()] == ["open_source"]


def lines(client: Any, demand: Demand, *rows: tuple[str, str, Any], **more: str) -> dict[str, Any]:
    """The page of requirements as the browser sends it, with ``rows`` (criterion, weight, number) in its lines."""
    formset = client.get(address(demand, "edit/requirements/")).context["form"]
    hidden = formset.bookkeeping
    data = {"r-TOTAL_FORMS": max(len(rows), 1), "r-INITIAL_FORMS": formset.initial_form_count()}
    data |= {"version": hidden["version"].value(), "seen": hidden["seen"].value(), **more}
    for number, (criterion, weight, value) in enumerate(rows or [("", "must", "")]):
        data |= {f"r-{number}-criterion": criterion, f"r-{number}-weight": weight, f"r-{number}-number": value}
    return data


class TestRequirements:
    def send(self, client: Any, demand: Demand, *rows: tuple[str, str, Any], **more: str) -> Any:
        return client.post(address(demand, "edit/requirements/"), lines(client, demand, *rows, **more))

    def stored(self, demand: Demand) -> list[tuple[str, bool, Decimal | None]]:
        rows = demand.requirements.select_related("criterion").order_by("criterion__order")
        return [(row.criterion.code, row.is_mandatory, row.number) for row in rows]

    def test_flag_and_number_are_stored(self, editor: Any, draft: Demand) -> None:
        self.send(editor, draft, ("iso_9001", "nice", ""), ("warranty_years", "must", "5"))
        assert self.stored(draft) == [("iso_9001", False, None), ("warranty_years", True, Decimal(5))]

    def test_add_saves_and_shows_an_empty_line_more(self, editor: Any, draft: Demand) -> None:
        response = self.send(editor, draft, ("iso_9001", "must", ""), add="1")
        assert response.url == address(draft, "edit/requirements/#add")
        assert len(editor.get(response.url).context["form"].forms) == 2

    def test_removed_line_goes(self, editor: Any, draft: Demand) -> None:
        Requirement.objects.create(demand=draft, criterion=Criterion.objects.get(code="iso_9001"))
        self.send(editor, draft, ("iso_9001", "must", ""), ("", "must", ""), **{"r-0-remove": "on"})
        assert self.stored(draft) == []

    @pytest.mark.parametrize(
        ("rows", "field"),
        [
            ([("warranty_years", "must", "")], "number"),
            ([("warranty_years", "must", "-1")], "number"),
            ([("energy_saving_percent", "must", "101")], "number"),
            ([("trl", "must", "0")], "number"),
            ([("", "must", "4")], "criterion"),
            ([("gold_taps", "must", "")], "criterion"),
        ],
    )
    def test_wrong_line_is_refused_at_its_field(self, editor: Any, draft: Demand, rows: Any, field: str) -> None:
        response = self.send(editor, draft, *rows)
        assert (response.status_code, self.stored(draft)) == (422, [])
        assert list(response.context["form"].forms[0].errors) == [field]

    def test_same_criterion_twice_is_refused_at_the_second(self, editor: Any, draft: Demand) -> None:
        response = self.send(editor, draft, ("iso_9001", "must", ""), ("iso_9001", "nice", ""))
        assert response.status_code == 422
        assert [list(form.errors) for form in response.context["form"].forms] == [[], ["criterion"]]

    def test_number_below_zero_is_right_for_a_temperature(self, editor: Any, draft: Demand) -> None:
        self.send(editor, draft, ("min_temperature_c", "must", "-20"))
        assert self.stored(draft) == [("min_temperature_c", True, Decimal(-20))]

    def test_number_left_over_on_a_yes_or_no_is_dropped(self, editor: Any, draft: Demand) -> None:
        self.send(editor, draft, ("iso_9001", "must", "7"))
        assert self.stored(draft) == [("iso_9001", True, None)]


class TestSubmission:
    def test_check_page_shows_every_section_with_a_change_link(self, editor: Any, draft: Demand) -> None:
        response = editor.get(address(draft, "check/"))
        urls = [section["url"] for section in response.context["sections"]]
        assert urls[0] == address(draft, "edit/need/?from=check")
        assert len(urls) == 10
        assert "9,400 sodium lamps are worn out." in response.content.decode()

    def test_approver_submits_and_reads_what_happens_next(self, client_of: Any, world: Any, draft: Demand) -> None:
        client = client_of(world.city_approver)
        response = client.post(address(draft, "submit/"))
        assert (response.url, fresh(draft).state) == (address(draft, "submitted/"), "submitted")
        page = client.get(response.url).content.decode()
        assert draft.public_id in page
        assert "at the latest" in page

    def test_missing_answers_are_named_and_nothing_moves(self, client_of: Any, world: Any, draft: Demand) -> None:
        Demand.objects.filter(pk=draft.pk).update(outcome_en="", stage="")
        client = client_of(world.city_approver)
        response = client.post(address(draft, "submit/"))
        assert (response.status_code, fresh(draft).state) == (422, "draft")
        assert response.context["missing"] == ["outcome", "timing"]
        assert "Some answers are still missing" in response.content.decode()

    def test_unverified_organisation_keeps_its_draft(self, client_of: Any, world: Any, draft: Demand) -> None:
        Organisation.objects.filter(pk=world.city.organisation.pk).update(
            state=OrganisationState.PENDING, verified_at=None, verified_by=None, verified_how=""
        )
        client = client_of(world.city_approver)
        assert "Waiting for verification" in client.get(address(draft, "check/")).content.decode()
        response = client.post(address(draft, "submit/"))
        assert (response.status_code, fresh(draft).state) == (422, "draft")
        assert "ICLEI has not verified your organisation yet" in response.content.decode()

    def test_editor_is_told_who_submits(self, editor: Any, draft: Demand) -> None:
        page = editor.get(address(draft, "check/")).content.decode()
        assert "An approver has to submit" in page
        assert editor.post(address(draft, "submit/")).status_code == 403
        assert fresh(draft).state == "draft"

    def test_second_submission_is_a_conflict(self, client_of: Any, world: Any, draft: Demand) -> None:
        client = client_of(world.city_approver)
        client.post(address(draft, "submit/"))
        assert client.post(address(draft, "submit/")).status_code == 403

    def test_coming_back_from_sign_in_leads_to_the_check(self, client_of: Any, world: Any, draft: Demand) -> None:
        assert client_of(world.city_approver).get(address(draft, "submit/")).url == address(draft, "check/")

    def test_overview_names_the_changes_that_iclei_asks_for(self, editor: Any, world: Any) -> None:
        demand = DemandFactory(body=world.city, state="changes_requested", review_note="Add today’s figures.")
        assert "Add today’s figures." in editor.get(address(demand)).content.decode()

    def test_next_fix_links_to_its_section(self, editor: Any, draft: Demand) -> None:
        context = editor.get(address(draft)).context
        assert context["fix_url"] == address(draft, f"edit/{context['readiness'].next_fix.check.section}/")


def test_home_lists_what_needs_the_city_first(world: Any) -> None:
    DemandFactory(body=world.city, state="closed")
    DemandFactory(body=world.city, state="changes_requested", title="Pumps", review_note="Figures, please.")
    DemandFactory(body=world.other_city, state="changes_requested", title="Not ours")
    context = home_context(world.city_editor)
    assert [row.demand.state for row in context["city_demands"]] == ["changes_requested", "published", "closed"]
    assert [(need.label, need.hint) for need in context["city_needs"]] == [
        ("ICLEI asks for changes: Pumps", "Figures, please.")
    ]


def test_home_shows_readiness_with_the_page_of_the_next_fix(rf: Any, world: Any) -> None:
    demand = DemandFactory(body=world.city, state="draft", published_at=None)
    request = rf.get("/en/my/")
    page = render_to_string("cities/_home_demands.html", home_context(world.city_editor), request)
    assert f'<a href="{address(demand, "edit/")}">Edit' in page
    assert f'<a href="{address(demand, "edit/budget/")}">Give a budget' in page


def test_home_asks_no_more_for_more_demands(world: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            home_context(User.objects.get(pk=world.city_editor.pk))
        return len(queries)

    with_one = count()
    DemandFactory.create_batch(4, body=world.city, state="draft", published_at=None)
    assert count() == with_one


def test_membership_taken_away_closes_the_draft(client_of: Any, world: Any) -> None:
    draft = DemandFactory(body=world.city, state="draft", published_at=None)
    client = client_of(world.city_editor)
    assert client.get(address(draft)).status_code == 200
    Membership.objects.filter(user=world.city_editor).delete()
    assert client.get(address(draft)).status_code == 404


def test_dates_of_yesterday_are_kept_when_they_stood_there_already(client_of: Any, world: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    demand = DemandFactory(body=world.city, state="draft", decision_on=yesterday, published_at=None)
    client = client_of(world.city_editor)
    data = answers(client, demand, "timing", decision_on=yesterday.isoformat(), procurement_route="framework")
    assert client.post(address(demand, "edit/timing/"), data).status_code == 302
    assert fresh(demand).procurement_route == "framework"
