"""Writing a solution page by page: saved on every Continue, complete on submission, two people at once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import places
from catalog.enums import ClaimDimension
from catalog.models import Capability, Criterion, FocusArea, Reference, Solution, SolutionReview, Topic
from catalog.places import Place
from catalog.views import home_context
from catalog.writing_actions import edit_solution, set_claims, set_references
from portal.accounts.enums import OrganisationState
from portal.accounts.models import User
from tests.factories import ProviderFactory, SolutionFactory

pytestmark = pytest.mark.django_db
VALENCIAS = [Place(1, "Valencia", "ES"), Place(2, "Valencia", "VE")]


def address(solution: Solution, page: str = "edit/") -> str:
    return f"/en/solutions/{solution.public_id}/{page}"


def fresh(solution: Solution) -> Solution:
    return Solution.objects.get(pk=solution.pk)


@pytest.fixture
def draft(world: Any) -> Solution:
    """A draft of world.provider that can be submitted."""
    solution = SolutionFactory(provider=world.provider, state="draft", listed_at=None)
    rows = [{"dimension": code, "statement": f"It is {code}."} for code in ClaimDimension.values]
    set_claims(by=world.provider_editor, solution=solution, rows=rows)
    return fresh(solution)


@pytest.fixture
def editor(client_of: Any, world: Any) -> Any:
    return client_of(world.provider_editor)


@pytest.fixture(autouse=True)
def _known_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up that the cities hand down, with two cities of one name and one of another."""
    known = {"valencia": VALENCIAS, "suwon": [Place(3, "Suwon", "KR")]}
    monkeypatch.setattr(places, "_finder", lambda name: known.get(name.casefold(), []))


def answers(client: Any, solution: Solution, section: str, query: str = "", **changes: Any) -> dict[str, Any]:
    """What the browser would send: the page's own values with ``changes``."""
    form = client.get(address(solution, f"edit/{section}/{query}")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**values, **changes}.items() if value not in (None, "", False)}


def send(client: Any, solution: Solution, section: str, query: str = "", **changes: Any) -> Any:
    data = answers(client, solution, section, query, **changes)
    return client.post(address(solution, f"edit/{section}/{query}"), data)


class TestStart:
    def test_name_and_language_begin_a_draft(self, editor: Any, world: Any) -> None:
        response = editor.post("/en/solutions/new/", {"name": "가로등", "language": "ko"})
        solution = Solution.objects.get(name_ko="가로등")
        assert response.url == address(solution, "edit/what/")
        assert (solution.provider, solution.original_language, solution.state) == (world.provider, "ko", "draft")

    def test_who_has_no_provider_registers_one_first(self, client_of: Any, world: Any) -> None:
        assert client_of(world.newcomer).get("/en/solutions/new/").url == "/en/register/provider/"

    def test_who_is_signed_out_signs_in_first(self, client: Any) -> None:
        assert client.get("/en/solutions/new/").url == "/en/account/login/?next=/en/solutions/new/"

    def test_refused_organisation_begins_nothing(self, editor: Any, world: Any) -> None:
        world.provider.organisation.state = OrganisationState.REFUSED
        world.provider.organisation.save(update_fields=["state"])
        response = editor.post("/en/solutions/new/", {"name": "X", "language": "en"})
        assert response.status_code == 400
        assert "Your organisation is not verified." in response.content.decode()
        assert Solution.objects.filter(name_en="X").count() == 0


class TestSections:
    def test_continue_saves_and_leads_on(self, editor: Any, draft: Solution) -> None:
        response = send(editor, draft, "what", name="New name", tagline="One line")
        assert response.url == address(draft, "edit/how/")
        assert (fresh(draft).name_en, fresh(draft).tagline_en) == ("New name", "One line")

    def test_save_and_overview_goes_back(self, editor: Any, draft: Solution) -> None:
        assert send(editor, draft, "how", overview="1").url == address(draft)

    def test_section_opened_from_the_check_page_leads_back_to_it(self, editor: Any, draft: Solution) -> None:
        assert send(editor, draft, "how", "?from=check").url == address(draft, "check/")

    def test_text_goes_to_the_language_of_the_solution(self, editor: Any, world: Any) -> None:
        korean = SolutionFactory(provider=world.provider, state="draft", language="ko", name="가로등")
        send(editor, korean, "how", not_suitable="터널")
        assert (fresh(korean).not_suitable_ko, fresh(korean).not_suitable_en) == ("터널", None)

    def test_a_name_is_needed_and_the_rest_is_kept(self, editor: Any, draft: Solution) -> None:
        response = send(editor, draft, "what", name="", tagline="Kept")
        assert response.status_code == 422
        assert response.context["form"]["tagline"].value() == "Kept"
        assert "Fill in: Name of the solution" in response.content.decode()

    def test_areas_and_topics_of_other_areas_go_together(self, editor: Any, draft: Solution) -> None:
        draft.topics.set(Topic.objects.filter(code__in=("street_lighting", "cycling")))
        send(editor, draft, "focus", focus_area="mobility")
        assert fresh(draft).focus_area == FocusArea.objects.get(code="mobility")
        assert [topic.code for topic in draft.topics.all()] == ["cycling"]

    def test_topics_wait_for_the_focus_area(self, editor: Any, draft: Solution) -> None:
        Solution.objects.filter(pk=draft.pk).update(focus_area=None)
        assert editor.get(address(draft, "edit/topics/")).url == address(draft, "edit/focus/")

    def test_places_are_regions_and_typed_countries(self, editor: Any, draft: Solution) -> None:
        send(editor, draft, "where", regions=["150"], countries="칠레, Peru", languages=["en", "es"])
        assert set(fresh(draft).regions) == {"150", "CL", "PE"}
        page = editor.get(address(draft, "edit/where/"))
        assert page.context["form"]["countries"].value() == "Chile, Peru"

    def test_unknown_country_is_named(self, editor: Any, draft: Solution) -> None:
        response = send(editor, draft, "where", countries="Chile, Atlantis")
        assert response.status_code == 422
        assert "We do not know: Atlantis." in response.content.decode()

    @pytest.mark.parametrize(
        ("section", "sent", "message"),
        [
            ("size", {"quantity_min": "9", "quantity_max": "3", "scale_unit": "lamps"}, "Exchange the two numbers."),
            ("size", {"quantity_min": "9"}, "Choose what the project size counts."),
            ("size", {"city_population_min": "9000000000"}, "less than or equal to 2000000000"),
            ("cost", {"cost_min": "9", "cost_max": "3", "currency": "EUR"}, "Exchange the two amounts."),
            ("cost", {"cost_min": "-1", "currency": "EUR"}, "greater than or equal to 0"),
            ("cost", {"cost_min": "5", "currency": ""}, "Choose the currency of the cost."),
            ("validity", {"expires_on": "2020-01-01"}, "Choose a day after today"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(
        self, editor: Any, draft: Solution, section: str, sent: Any, message: str
    ) -> None:
        response = send(editor, draft, section, **sent)
        assert response.status_code == 422
        assert message in response.content.decode()

    def test_hidden_characters_are_refused(self, editor: Any, draft: Solution) -> None:
        response = send(editor, draft, "what", name="LED\u202edlrow")
        assert (response.status_code, fresh(draft).name_en) == (422, "LED lighting")

    def test_unknown_section_is_not_found(self, editor: Any, draft: Solution) -> None:
        assert editor.get(address(draft, "edit/price/")).status_code == 404

    def test_answers_sent_after_the_session_ended_come_back(self, client_of: Any, world: Any, draft: Solution) -> None:
        client = client_of(world.visitor)
        url = address(draft, "edit/how/")
        assert client.post(url, {"not_suitable": "Kept text", "version": "1"}).url == f"/en/account/login/?next={url}"
        client.force_login(world.provider_editor, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get(url).content.decode()
        assert "Kept text" in page
        assert "Your text is still here" in page


class TestCapabilities:
    def test_criteria_are_chosen_before_values(self, editor: Any, draft: Solution) -> None:
        assert editor.get(address(draft, "edit/capabilities/")).url == address(draft, "edit/criteria/")
        response = editor.get(address(draft, "edit/criteria/?performance=trl&contract=warranty_years&next=1"))
        query = "?criterion=trl&criterion=warranty_years"
        assert response.url == address(draft, f"edit/capabilities/{query}")

    def test_values_are_saved_and_empty_ones_are_not_stated(self, editor: Any, draft: Solution) -> None:
        query = "?criterion=warranty_years&criterion=iso_9001&criterion=noise_db"
        sent = {"value_warranty_years": "10", "value_iso_9001": "no"}
        send(editor, draft, "capabilities", query, **sent)
        found = {item.criterion.code: (item.flag, item.number) for item in draft.capabilities.all()}
        assert found == {"warranty_years": (None, Decimal(10)), "iso_9001": (False, None)}

    def test_a_link_makes_it_documented(self, editor: Any, draft: Solution) -> None:
        sent = {"value_trl": "9", "evidence_trl": "example.org/report"}
        send(editor, draft, "capabilities", "?criterion=trl", **sent)
        item = draft.capabilities.get()
        assert (item.grade, item.evidence_url) == ("documented", "https://example.org/report")

    def test_a_number_out_of_range_names_its_criterion(self, editor: Any, draft: Solution) -> None:
        response = send(editor, draft, "capabilities", "?criterion=trl", value_trl="12")
        assert "Technology readiness level (TRL): give a number from 1 to 9." in response.content.decode()

    def test_a_link_without_a_value_asks_for_it(self, editor: Any, draft: Solution) -> None:
        response = send(editor, draft, "capabilities", "?criterion=trl", evidence_trl="example.org")
        assert "Technology readiness level (TRL): say what the link proves." in response.content.decode()

    def test_an_unchanged_value_keeps_what_others_verified(self, editor: Any, draft: Solution) -> None:
        criterion = Criterion.objects.get(code="trl")
        Capability.objects.create(solution=draft, criterion=criterion, number=8, grade="third_party_verified")
        send(editor, draft, "capabilities", value_trl="8")
        assert draft.capabilities.get().grade == "third_party_verified"
        send(editor, draft, "capabilities", value_trl="9")
        assert draft.capabilities.get().grade == "declared"


class TestClaims:
    def test_one_claim_changes_and_the_others_stay(self, editor: Any, draft: Solution) -> None:
        send(editor, draft, "resilient", statement="Runs through storms.", value="99.5", unit="% of hours")
        statements = dict(draft.claims.values_list("dimension", "statement_en"))
        assert statements == {
            "efficient": "It is efficient.", "resilient": "Runs through storms.", "sustainable": "It is sustainable.",
        }  # fmt: skip

    def test_a_figure_needs_a_sentence(self, editor: Any, draft: Solution) -> None:
        response = send(editor, draft, "efficient", statement="", value="5")
        assert "Say in a sentence what the figure or the evidence shows." in response.content.decode()

    def test_an_emptied_claim_is_taken_away(self, editor: Any, draft: Solution) -> None:
        send(editor, draft, "efficient", statement="")
        assert set(draft.claims.values_list("dimension", flat=True)) == {"resilient", "sustainable"}

    def test_what_was_written_while_it_got_listed_is_kept_on_the_page(self, editor: Any, draft: Solution) -> None:
        data = answers(editor, draft, "efficient", statement="Written meanwhile.")
        Solution.objects.filter(pk=draft.pk).update(state="listed", listed_at=timezone.now())
        response = editor.post(address(draft, "edit/efficient/"), data)
        assert response.status_code == 422
        assert "Written meanwhile." in response.content.decode()
        assert not draft.claims.filter(statement="Written meanwhile.").exists()


def reference_form(solution: Solution, **row: Any) -> dict[str, Any]:
    """What the browser sends for one new reference."""
    stored = solution.references.count()
    values = {"status": "scaled", **row}
    return {
        "r-TOTAL_FORMS": str(stored + 1), "r-INITIAL_FORMS": str(stored), "version": str(fresh(solution).version),
        **{f"r-{stored}-{name}": value for name, value in values.items()},
    }  # fmt: skip


class TestReferences:
    def post(self, editor: Any, solution: Solution, **row: Any) -> Any:
        url = address(solution, "edit/references/")
        seen = editor.get(url).context["form"].bookkeeping["seen"].value()
        return editor.post(url, {**reference_form(solution, **row), "seen": seen})

    def test_a_city_of_one_meaning_is_taken_at_once(self, editor: Any, draft: Solution) -> None:
        assert self.post(editor, draft, city_name="suwon", results="Half").url == address(draft, "edit/validity/")
        item = draft.references.get()
        assert (item.geonames_id, item.city_name, item.country, item.grade) == (3, "Suwon", "KR", "declared")

    def test_a_common_name_asks_which_city_is_meant(self, editor: Any, draft: Solution) -> None:
        response = self.post(editor, draft, city_name="Valencia", results="Half")
        assert response.status_code == 422
        assert "Several cities bear this name. Choose one." in response.content.decode()
        self.post(editor, draft, city_name="Valencia", results="Half", place="2")
        assert (draft.references.get().geonames_id, draft.references.get().country) == (2, "VE")

    def test_a_country_after_the_name_settles_it(self, editor: Any, draft: Solution) -> None:
        self.post(editor, draft, city_name="Valencia, Spain", results="Half")
        assert (draft.references.get().geonames_id, draft.references.get().city_name) == (1, "Valencia")

    def test_a_city_nobody_knows_asks_for_its_country(self, editor: Any, draft: Solution) -> None:
        response = self.post(editor, draft, city_name="Kleindorf", results="Half")
        assert "We do not know a city of this name. Choose its country." in response.content.decode()
        self.post(editor, draft, city_name="Kleindorf", results="Half", country="DE")
        assert (draft.references.get().geonames_id, draft.references.get().country) == (None, "DE")

    def test_none_of_these_asks_for_the_country(self, editor: Any, draft: Solution) -> None:
        response = self.post(editor, draft, city_name="Valencia", results="Half", place="elsewhere")
        assert "Choose its country." in response.content.decode()
        self.post(editor, draft, city_name="Valencia", results="Half", place="elsewhere", country="US")
        assert (draft.references.get().geonames_id, draft.references.get().country) == (None, "US")

    def test_add_saves_and_shows_an_empty_block_more(self, editor: Any, draft: Solution) -> None:
        data = {**reference_form(draft, city_name="suwon", results="Half"), "add": "1"}
        assert editor.post(address(draft, "edit/references/"), data).url == address(draft, "edit/references/#add")
        assert len(editor.get(address(draft, "edit/references/")).context["form"].forms) == 2

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ({"results": "Half"}, "Name the city."),
            ({"city_name": "suwon", "started_on": "2099-01-01"}, "This day is still to come."),
            ({"city_name": "suwon", "started_on": "2022-02-01", "ended_on": "2021-01-01"}, "It cannot end before"),
        ],
    )
    def test_what_cannot_be_is_said(self, editor: Any, draft: Solution, row: Any, message: str) -> None:
        response = self.post(editor, draft, **row)
        assert response.status_code == 422
        assert message in response.content.decode()

    def test_changed_facts_lose_the_confirmation_and_others_keep_it(
        self, editor: Any, world: Any, draft: Solution
    ) -> None:
        proven = {
            "country": "KR", "status": "scaled", "grade": "city_confirmed", "confirmed_by": "a@b.example",
            "confirmed_at": timezone.now(), "results": "Half",
        }  # fmt: skip
        rows = [{"city_name": "Suwon", "geonames_id": 3, **proven}, {"city_name": "Daegu", "geonames_id": 4, **proven}]
        set_references(by=world.provider_editor, solution=draft, rows=rows)
        form = editor.get(address(draft, "edit/references/")).context["form"]
        data = {f"r-{i}-{name}": row[name].value() or "" for i, row in enumerate(form.forms) for name in row.fields}
        data = {**data, "r-TOTAL_FORMS": "3", "r-INITIAL_FORMS": "2", "version": str(fresh(draft).version)}
        data = {name: value for name, value in data.items() if value is not False} | {"r-1-results": "A third"}
        editor.post(address(draft, "edit/references/"), data)
        kept, changed = draft.references.order_by("pk")
        assert (kept.grade, bool(kept.confirmed_at)) == ("city_confirmed", True)
        assert (changed.results, changed.grade, changed.confirmed_at, changed.confirmed_by) == (
            "A third", "declared", None, "",
        )  # fmt: skip

    def test_a_ticked_reference_goes(self, editor: Any, world: Any, draft: Solution) -> None:
        rows = [{"city_name": "Suwon", "geonames_id": 3, "country": "KR"}]
        set_references(by=world.provider_editor, solution=draft, rows=rows)
        data = {**reference_form(draft), "r-0-city_name": "Suwon", "r-0-status": "scaled", "r-0-remove": "on"}
        editor.post(address(draft, "edit/references/"), data)
        assert Reference.objects.filter(solution=draft).count() == 0


class TestTwoPeople:
    def test_the_second_sees_both_texts_and_may_overwrite(self, editor: Any, world: Any, draft: Solution) -> None:
        mine = answers(editor, draft, "how", not_suitable="Mine")
        edit_solution(by=world.provider_admin, solution=draft, changes={"not_suitable": "Theirs"})
        response = editor.post(address(draft, "edit/how/"), mine)
        page = response.content.decode()
        assert response.status_code == 409
        assert ("Theirs" in page, "Mine" in page, "provider admin" in page) == (True, True, True)
        again = {name: response.context["form"][name].value() for name in response.context["form"].fields}
        assert editor.post(address(draft, "edit/how/"), again).status_code == 302
        assert fresh(draft).not_suitable_en == "Mine"

    def test_another_section_is_no_conflict(self, editor: Any, world: Any, draft: Solution) -> None:
        mine = answers(editor, draft, "how", not_suitable="Mine")
        edit_solution(by=world.provider_admin, solution=draft, changes={"tagline": "Theirs"})
        assert editor.post(address(draft, "edit/how/"), mine).status_code == 302
        assert (fresh(draft).tagline_en, fresh(draft).not_suitable_en) == ("Theirs", "Mine")

    def test_references_written_by_two_are_not_lost(self, editor: Any, world: Any, draft: Solution) -> None:
        url = address(draft, "edit/references/")
        seen = editor.get(url).context["form"].bookkeeping["seen"].value()
        data = {**reference_form(draft, city_name="suwon", results="Half"), "seen": seen}
        rows = [{"city_name": "Daegu", "geonames_id": 4, "country": "KR"}]
        set_references(by=world.provider_admin, solution=draft, rows=rows)
        response = editor.post(url, data)
        assert response.status_code == 409
        assert "Daegu" in response.content.decode()
        assert [item.city_name for item in draft.references.all()] == ["Daegu"]


class TestOverview:
    def test_tasks_say_what_is_done_owed_and_optional(self, editor: Any, world: Any) -> None:
        solution = SolutionFactory(provider=world.provider, state="draft", not_suitable="", focus_area=None)
        tasks = {str(item["label"]): item["status"] for item in editor.get(address(solution)).context["tasks"]}
        assert tasks["What it is"] == "done"
        assert tasks["How it works, and when it does not suit"] == "to_do"
        assert tasks["Topics"] == "blocked"
        assert tasks["What it costs"] == "optional"

    def test_next_fix_is_what_is_owed_then_what_gains_most(self, editor: Any, draft: Solution) -> None:
        assert editor.get(address(draft)).context["fix"] == "capabilities"
        Solution.objects.filter(pk=draft.pk).update(not_suitable_en="")
        assert editor.get(address(draft)).context["fix"] == "how"

    def test_query_count_does_not_grow_with_the_evidence(self, editor: Any, draft: Solution) -> None:
        with CaptureQueriesContext(connection) as few:
            editor.get(address(draft))
        for code in ("trl", "iso_9001", "noise_db"):
            Capability.objects.create(solution=draft, criterion=Criterion.objects.get(code=code), number=5)
        with CaptureQueriesContext(connection) as many:
            editor.get(address(draft))
        assert len(many) - len(few) <= 1  # the criteria of the capabilities, in one go

    def test_submitted_solution_cannot_be_edited(self, editor: Any, draft: Solution) -> None:
        Solution.objects.filter(pk=draft.pk).update(state="submitted")
        response = editor.get(address(draft))
        assert response.status_code == 403
        assert "This solution cannot be edited in its present state: “Submitted”." in response.content.decode()

    def test_foreign_solution_is_not_found(self, client_of: Any, world: Any, draft: Solution) -> None:
        pages = ("edit/", "edit/what/", "edit/criteria/", "check/", "preview/", "submitted/")
        for name in ("other_provider_admin", "city_admin", "moderator", "newcomer"):
            client = client_of(world.users[name])
            assert [client.get(address(draft, page)).status_code for page in pages] == [404] * len(pages), name

    def test_preview_is_the_page_as_cities_see_it(self, editor: Any, draft: Solution) -> None:
        page = editor.get(address(draft, "preview/")).content.decode()
        assert "This is the page as cities will see it. It is not public yet." in page
        assert ">Draft</span>" not in page
        assert "It is efficient." in page


class TestSubmit:
    def submit(self, client: Any, solution: Solution) -> Any:
        return client.post(address(solution, "submit/"))

    def test_approver_submits_and_learns_what_happens_next(self, client_of: Any, world: Any, draft: Solution) -> None:
        client = client_of(world.provider_approver)
        response = self.submit(client, draft)
        assert (response.url, fresh(draft).state) == (address(draft, "submitted/"), "submitted")
        assert draft.public_id in client.get(response.url).content.decode()

    def test_editor_is_told_who_submits(self, editor: Any, draft: Solution) -> None:
        assert "An approver has to submit" in editor.get(address(draft, "check/")).content.decode()
        assert self.submit(editor, draft).status_code == 403
        assert fresh(draft).state == "draft"

    def test_unverified_organisation_waits(self, client_of: Any, world: Any, draft: Solution) -> None:
        organisation = world.provider.organisation
        organisation.state, organisation.verified_at, organisation.verified_by = OrganisationState.PENDING, None, None
        organisation.verified_how = ""
        organisation.save(update_fields=["state", "verified_at", "verified_by", "verified_how"])
        response = self.submit(client_of(world.provider_approver), draft)
        assert (response.status_code, fresh(draft).state) == (422, "draft")
        assert "ICLEI has not verified your organisation yet. Your draft is saved." in response.content.decode()

    def test_missing_answers_are_marked_on_the_check_page(self, client_of: Any, world: Any, draft: Solution) -> None:
        draft.claims.first().delete()
        client = client_of(world.provider_approver)
        response = self.submit(client, draft)
        assert (response.status_code, fresh(draft).state) == (422, "draft")
        owed = [str(section["heading"]) for section in response.context["sections"] if section["is_owed"]]
        assert owed == ["How it makes infrastructure efficient"]

    def test_check_page_shows_every_answer(self, editor: Any, draft: Solution) -> None:
        page = editor.get(address(draft, "check/")).content.decode()
        for words in ("LED lighting", "Old lamps waste energy.", "It is resilient.", "World"):
            assert words in page

    def test_get_on_submit_changes_nothing(self, client_of: Any, world: Any, draft: Solution) -> None:
        assert client_of(world.provider_approver).get(address(draft, "submit/")).url == address(draft, "check/")
        assert fresh(draft).state == "draft"


class TestMoves:
    def move(self, client: Any, solution: Solution, move: str, **data: Any) -> Any:
        return client.post(address(solution, f"move/{move}/"), data)

    def test_archive_asks_and_then_takes_it_off_the_list(self, client_of: Any, world: Any) -> None:
        client = client_of(world.provider_approver)
        assert "Archive this solution?" in client.get(address(world.solution, "move/archive/")).content.decode()
        self.move(client, world.solution, "archive")
        assert fresh(world.solution).state == "archived"

    def test_restore_makes_a_draft(self, client_of: Any, world: Any) -> None:
        Solution.objects.filter(pk=world.solution.pk).update(state="archived")
        self.move(client_of(world.provider_approver), world.solution, "restore")
        assert fresh(world.solution).state == "draft"

    def test_a_move_that_the_state_forbids_says_so(self, client_of: Any, world: Any) -> None:
        client = client_of(world.provider_approver)
        response = client.get(address(world.solution, "move/restore/"), follow=True)
        assert "This is not possible now: the state is “Listed”." in response.content.decode()
        assert self.move(client, world.solution, "restore").status_code == 409

    @pytest.mark.parametrize("name", ["provider_editor", "other_provider_admin", "city_admin", "moderator"])
    def test_others_have_no_such_page(self, client_of: Any, world: Any, name: str) -> None:
        assert self.move(client_of(world.users[name]), world.solution, "archive").status_code == 404
        assert fresh(world.solution).state == "listed"


class TestHome:
    def test_what_waits_stands_first_with_its_reason(self, world: Any) -> None:
        asked = SolutionFactory(provider=world.provider, state="changes_requested", name="Asked")
        SolutionReview.objects.create(
            solution=asked, version=1, by=world.moderator, marks={}, comment="Name a city.", approved=False
        )
        SolutionFactory(provider=world.provider, state="draft", name="Draft")
        context = home_context(world.provider_editor)
        assert [row.solution.name for row in context["provider_solutions"]] == ["Asked", "Draft", "LED lighting"]
        assert [(need.label, need.hint) for need in context["solution_needs"]] == [
            ("ICLEI asks for changes: Asked", "Name a city."),
            ("Finish your draft: Draft", ""),
        ]

    def test_what_expires_soon_is_named_with_its_day(self, world: Any) -> None:
        Solution.objects.filter(pk=world.solution.pk).update(expires_on=timezone.localdate() + timedelta(days=10))
        [need] = home_context(world.provider_editor)["solution_needs"]
        assert need.label == "Check whether it still holds: LED lighting"
        assert need.url == address(world.solution, "renew/")

    def test_only_own_solutions_appear(self, world: Any) -> None:
        SolutionFactory(provider=ProviderFactory())
        names = [row.solution.pk for row in home_context(world.provider_editor)["provider_solutions"]]
        assert names == [world.solution.pk]

    def test_query_count_does_not_grow_with_the_rows(self, world: Any) -> None:
        def asked() -> User:
            return User.objects.get(pk=world.provider_editor.pk)  # memberships are kept on the object

        with CaptureQueriesContext(connection) as one:
            home_context(asked())
        SolutionFactory.create_batch(2, provider=world.provider)
        with CaptureQueriesContext(connection) as three:
            home_context(asked())
        assert len(three) == len(one)

    def test_fragment_shows_state_and_next_step(self, world: Any, rf: Any) -> None:
        context = {**home_context(world.provider_editor), "places": {}}
        html = render_to_string("catalog/_home_solutions.html", context, rf.get("/en/my/"))
        assert "LED lighting" in html
        assert "of 15 sections answered" in html
