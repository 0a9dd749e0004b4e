"""Reading demands: the list, its filters and downloads, one demand, and who may see what."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Criterion, FocusArea, Topic
from cities.actions import direct_demand, edit_demand, refresh_search
from cities.models import Requirement
from portal.common.currencies import rates
from tests.factories import CityFactory, DemandFactory, PublicBodyFactory

pytestmark = pytest.mark.django_db
LIST = "/en/demands/"


def references(response: Any) -> list[str]:
    return [demand.public_id for demand in response.context["page_obj"]]


def found(client: Any, query: str) -> list[str]:
    return references(client.get(f"{LIST}?{query}"))


def searchable(**fields: Any) -> Any:
    demand = DemandFactory(**fields)
    refresh_search(demand)
    return demand


def imported(**fields: Any) -> Any:
    values = {"source": "ted", "source_id": "1", "source_licence": "CC BY 4.0", "organisation": None, **fields}
    return DemandFactory(**values)


class TestList:
    def test_list_shows_public_states_only(self, client: Any) -> None:
        shown = {DemandFactory(state=state).public_id for state in ("published", "in_dialogue", "closed")}
        for state in ("draft", "submitted", "changes_requested", "withdrawn", "rejected", "expired"):
            DemandFactory(state=state)
        assert set(references(client.get(LIST))) == shown

    def test_list_shows_no_drafts_even_to_those_who_may_read_them(self, client_of: Any, world: Any) -> None:
        DemandFactory(state="draft", body=world.city)
        assert references(client_of(world.moderator).get(LIST)) == [world.demand.public_id]

    def test_members_only_demand_is_hidden_from_visitors(self, client_of: Any, world: Any) -> None:
        hidden = DemandFactory(visibility="members")
        assert hidden.public_id not in references(client_of(world.visitor).get(LIST))
        assert hidden.public_id in references(client_of(world.provider_editor).get(LIST))

    def test_count_stands_in_heading_and_title(self, client: Any) -> None:
        DemandFactory.create_batch(2)
        page = client.get(LIST).content.decode()
        assert "<h1>2 demands</h1>" in page
        assert "<title>2 demands of cities – UrbanLink</title>" in page

    def test_twenty_a_page(self, client: Any) -> None:
        DemandFactory.create_batch(21)
        assert [len(found(client, f"page={page}")) for page in (1, 2)] == [20, 1]

    def test_query_count_does_not_grow_with_the_rows(self, client: Any) -> None:
        DemandFactory(topics=[Topic.objects.get(code="street_lighting")])
        with CaptureQueriesContext(connection) as one:
            client.get(LIST)
        DemandFactory.create_batch(2, topics=[Topic.objects.get(code="solar_power")])
        with CaptureQueriesContext(connection) as three:
            client.get(LIST)
        assert len(three) == len(one)

    def test_demo_and_imported_demands_are_marked(self, client: Any) -> None:
        DemandFactory(is_demo=True)
        imported(focus_guessed=True)
        page = client.get(LIST).content.decode()
        assert page.count(">Demo</span>") == 1
        assert page.count(">Imported</span>") == 1
        assert "Source: Tenders Electronic Daily (TED), CC BY 4.0" in page
        assert "(guessed from the text)" in page

    def test_foreign_text_carries_its_language(self, client: Any) -> None:
        DemandFactory(language="ko", title="가로등 교체")
        assert '<span lang="ko">가로등 교체</span>' in client.get(LIST).content.decode()

    def test_empty_portal_offers_to_write_the_first_demand(self, client: Any) -> None:
        assert "No demand is published yet" in client.get(LIST).content.decode()


class TestFilters:
    def test_focus_finds_main_and_further_areas_once(self, client: Any) -> None:
        mobility, buildings = (FocusArea.objects.get(code=code) for code in ("mobility", "buildings"))
        main, further, _other = DemandFactory(focus_area=mobility), DemandFactory(), DemandFactory()
        further.more_focus_areas.set([mobility, buildings])
        assert set(found(client, "focus=mobility&focus=buildings")) == {main.public_id, further.public_id}
        assert len(found(client, "focus=mobility&focus=buildings")) == 2

    def test_topic_narrows_to_its_demands(self, client: Any) -> None:
        lit = DemandFactory(topics=[Topic.objects.get(code="street_lighting")])
        DemandFactory(topics=[Topic.objects.get(code="solar_power")])
        assert found(client, "topic=street_lighting") == [lit.public_id]

    @pytest.mark.parametrize("place", ["CL", "005", "019"])
    def test_place_takes_countries_and_regions(self, client: Any, place: str) -> None:
        chilean = DemandFactory()
        DemandFactory(body=PublicBodyFactory(city=CityFactory(country="KR")))
        assert found(client, f"place={place}") == [chilean.public_id]

    def test_place_without_demands_is_a_filter_not_an_error(self, client: Any) -> None:
        DemandFactory()
        response = client.get(f"{LIST}?place=JP")
        assert (references(response), response.context["form"].errors) == ([], {})

    def test_budget_compares_currencies_at_the_reference_rate(self, client: Any) -> None:
        rate = rates()["KRW"].per_euro
        korean = DemandFactory(budget_min=1000 * rate, budget_max=500_000 * rate, currency="KRW")
        DemandFactory(budget_max=500_000, budget_min=None, currency="KRW")
        DemandFactory()
        assert found(client, "budget=100k-1m") == [korean.public_id]

    @pytest.mark.parametrize(("amount", "band"), [(99_999, "to-100k"), (100_000, "100k-1m"), (10_000_000, "from-10m")])
    def test_budget_bands_meet_without_gap(self, client: Any, amount: int, band: str) -> None:
        demand = DemandFactory(budget_min=amount, currency="EUR")
        bands = ["to-100k", "100k-1m", "1m-10m", "from-10m"]
        assert [name for name in bands if found(client, f"budget={name}")] == [band]
        assert found(client, f"budget={band}") == [demand.public_id]

    def test_language_stage_origin_and_open(self, client: Any) -> None:
        closed = DemandFactory(state="closed", stage="design", language="ja")
        foreign = imported(stage="idea")
        assert found(client, "language=ja") == [closed.public_id]
        assert found(client, "stage=design") == [closed.public_id]
        assert found(client, "origin=imported") == [foreign.public_id]
        assert found(client, "origin=here") == [closed.public_id]
        assert found(client, "open=on") == [foreign.public_id]

    @pytest.mark.parametrize("query", ["focus=nothing", "place=XX", "stage=9", "budget=lots", "language=tlh"])
    def test_invalid_value_is_reported_and_narrows_nothing(self, client: Any, query: str) -> None:
        demand = DemandFactory()
        response = client.get(f"{LIST}?{query}")
        assert (response.status_code, references(response)) == (200, [demand.public_id])
        assert list(response.context["form"].errors) == [query.split("=")[0]]

    def test_topics_are_offered_for_the_chosen_areas_only(self, client: Any) -> None:
        assert "topic" not in client.get(LIST).context["form"].fields
        choices = client.get(f"{LIST}?focus=mobility").context["form"].fields["topic"].plain_choices
        assert [group for group, _rows in choices[1:]] == ["Urban transport and mobility"]

    def test_chip_takes_its_own_filter_away(self, client: Any) -> None:
        page = client.get(f"{LIST}?focus=mobility&open=on").content.decode()
        assert 'href="/en/demands/?open=on"' in page
        assert 'href="/en/demands/?focus=mobility"' in page

    def test_nothing_found_offers_to_drop_the_last_filter(self, client: Any) -> None:
        DemandFactory()
        response = client.get(f"{LIST}?focus=mobility&open=on")
        assert response.context["widen_query"] == "?focus=mobility"
        assert "Take the last filter away" in response.content.decode()


class TestSearchAndSort:
    def test_search_finds_words_in_any_script(self, client: Any) -> None:
        korean = searchable(language="ko", title="이면도로 보안등 교체")
        french = searchable(language="fr", title="Éclairage des rues")
        assert found(client, "q=보안등")[0] == korean.public_id
        assert found(client, "q=eclairage") == [french.public_id]

    def test_search_orders_by_relevance_unless_told_otherwise(self, client: Any) -> None:
        now = timezone.now()
        in_title = searchable(title="Flood walls", published_at=now - timedelta(days=2))
        in_problem = searchable(problem="Every year a flood.", published_at=now)
        assert found(client, "q=flood") == [in_title.public_id, in_problem.public_id]
        assert found(client, "q=flood&sort=newest") == [in_problem.public_id, in_title.public_id]

    def test_decision_sort_puts_coming_dates_first_and_none_last(self, client: Any) -> None:
        today = timezone.localdate()
        none, passed = DemandFactory(), DemandFactory(decision_on=today - timedelta(days=3))
        late, soon = (DemandFactory(decision_on=today + timedelta(days=days)) for days in (90, 0))
        order = [soon.public_id, late.public_id, passed.public_id, none.public_id]
        assert found(client, "sort=decision") == order

    def test_search_for_nothing_but_signs_says_so(self, client: Any) -> None:
        response = client.get(f"{LIST}?q=%3F%3F")
        assert list(response.context["form"].errors) == ["q"]

    def test_hostile_search_is_only_a_search(self, client: Any) -> None:
        response = client.get(LIST, {"q": "a' | !b & (c:* \\ <-> '"})
        assert (response.status_code, response.context["form"].errors) == (200, {})


class TestDownloads:
    def rows(self, response: Any) -> list[dict[str, str]]:
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def test_csv_holds_what_the_filters_leave(self, client: Any) -> None:
        kept = DemandFactory(stage="design")
        DemandFactory(stage="idea")
        rows = self.rows(client.get("/en/demands/download.csv?stage=design"))
        assert [(row["reference"], row["focus_area"]) for row in rows] == [(kept.public_id, "smart_energy")]

    @pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1"])
    def test_csv_cell_is_never_a_formula(self, client: Any, title: str) -> None:
        DemandFactory(title=title)
        assert self.rows(client.get("/en/demands/download.csv"))[0]["title"] == f"'{title}"

    def test_json_names_language_and_count(self, client: Any) -> None:
        DemandFactory(language="ko", title="가로등", is_demo=True)
        answer = json.loads(b"".join(client.get("/ko/demands/download.json").streaming_content))
        assert (answer["count"], answer["language"]) == (1, "ko")
        assert (answer["results"][0]["title"], answer["results"][0]["demo"]) == ("가로등", True)

    def test_download_keeps_drafts_and_members_demands_out(self, client: Any) -> None:
        DemandFactory(state="draft", title="Secret draft")
        DemandFactory(visibility="members", title="Secret demand")
        assert self.rows(client.get("/en/demands/download.csv")) == []

    def test_unknown_format_is_not_found(self, client: Any) -> None:
        assert client.get("/en/demands/download.exe").status_code == 404

    def test_query_count_does_not_grow_with_the_rows(self, client: Any) -> None:
        DemandFactory.create_batch(2, topics=[Topic.objects.get(code="solar_power")])
        with CaptureQueriesContext(connection) as two:
            self.rows(client.get("/en/demands/download.csv"))
        DemandFactory.create_batch(3, topics=[Topic.objects.get(code="solar_power")])
        with CaptureQueriesContext(connection) as five:
            self.rows(client.get("/en/demands/download.csv"))
        assert len(five) == len(two)


class TestDetail:
    def page(self, client: Any, demand: Any, query: str = "", language: str = "en") -> str:
        return client.get(f"/{language}/demands/{demand.public_id}/{query}").content.decode()

    def test_text_of_the_readers_language_is_shown_and_the_original_offered(self, client: Any) -> None:
        demand = DemandFactory(language="ko", title="가로등", title_en="Street lights", problem="자주 고장난다.")
        page = self.page(client, demand)
        assert "<h1>Street lights</h1>" in page
        assert '<div class="user-text--block" lang="ko"><p>자주 고장난다.</p></div>' in page
        assert "shown in the original: Korean" in page
        assert 'href="?text=ko"' in page

    def test_original_is_shown_when_asked_for(self, client: Any) -> None:
        demand = DemandFactory(language="ko", title="가로등", title_en="Street lights")
        assert '<h1><span lang="ko">가로등</span></h1>' in self.page(client, demand, "?text=ko")

    def test_machine_translation_is_labelled(self, client: Any) -> None:
        demand = DemandFactory(title="Street lights", title_ko="가로등", translations={"title": {"ko": "machine"}})
        assert "Korean (machine translation)" in self.page(client, demand)

    def test_unknown_text_language_falls_back(self, client: Any) -> None:
        assert "Renew the street lights" in self.page(client, DemandFactory(), "?text=xx")

    def test_requirements_are_split_and_say_direction_and_unit(self, client: Any) -> None:
        demand = DemandFactory()
        criteria = {code: Criterion.objects.get(code=code) for code in ("warranty_years", "iso_9001")}
        Requirement.objects.create(demand=demand, criterion=criteria["warranty_years"], number=5)
        Requirement.objects.create(demand=demand, criterion=criteria["iso_9001"], is_mandatory=False)
        page = self.page(client, demand)
        assert page.index("Must-haves") < page.index("Warranty: at least 5 years") < page.index("Nice-to-haves")
        assert "ISO 9001" in page[page.index("Nice-to-haves") :]

    def test_hostile_text_is_escaped(self, client: Any) -> None:
        page = self.page(client, DemandFactory(title="<script>alert(1)</script>", problem="<img src=x onerror=y>"))
        assert "<script>alert" not in page
        assert "<img src=x" not in page

    def test_imported_demand_names_source_licence_and_address(self, client: Any) -> None:
        demand = imported(source_url="https://ted.example/1", body_name="Ville de Lyon", focus_guessed=True)
        page = self.page(client, demand)
        for text in (
            "Tenders Electronic Daily (TED), CC BY 4.0",
            'href="https://ted.example/1"',
            "Ville de Lyon",
            "guessed",
        ):
            assert text in page

    def test_timeline_hides_from_the_public_what_happened_inside(self, client_of: Any, world: Any) -> None:
        demand = world.demand
        direct_demand(by=world.city_admin, demand=demand, move="hold")
        direct_demand(by=world.city_admin, demand=demand, move="withdraw")
        direct_demand(by=world.city_admin, demand=demand, move="reopen")
        titles = [
            str(step.title) for step in client_of(world.city_admin).get(demand.get_absolute_url()).context["steps"]
        ]
        assert titles == ["Published", "Put on hold", "Withdrawn", "Reopened as a draft"]

    def test_public_timeline_ends_with_the_planned_dates_in_order(self, client: Any) -> None:
        today = timezone.localdate()
        demand = DemandFactory(operation_on=today + timedelta(days=300), decision_on=today + timedelta(days=30))
        steps = client.get(demand.get_absolute_url()).context["steps"]
        assert [(str(step.title), step.state) for step in steps] == [
            ("Published", "current"), ("Decision expected on", ""), ("In operation by", ""),
        ]  # fmt: skip

    def test_closing_outcome_is_public(self, client_of: Any, world: Any) -> None:
        direct_demand(by=world.city_admin, demand=world.demand, move="close", reason="no_funding")
        assert "No funding" in self.page(client_of(world.visitor), world.demand)

    def test_draft_is_not_found_for_others_and_marked_for_its_own(self, client_of: Any, world: Any) -> None:
        draft = DemandFactory(state="draft", body=world.city)
        assert client_of(world.other_city_admin).get(draft.get_absolute_url()).status_code == 404
        page = self.page(client_of(world.city_editor), draft)
        assert "Only your organisation and ICLEI can read this page." in page
        assert '<meta name="robots" content="noindex">' in page

    def test_names_and_addresses_of_people_are_nowhere(self, client_of: Any, world: Any) -> None:
        edit_demand(by=world.city_editor, demand=world.demand, changes={"summary": "New words."})
        for persona in ("visitor", "provider_admin", "other_city_admin"):
            page = self.page(client_of(getattr(world, persona)), world.demand)
            assert world.city_editor.email not in page
            assert world.city_editor.name not in page

    @pytest.mark.parametrize(
        ("persona", "expected"),
        [
            ("visitor", set()),
            ("provider_admin", set()),
            ("other_city_admin", set()),
            ("city_editor", {"edit"}),
            ("city_approver", {"edit", "hold", "close", "withdraw"}),
            ("moderator", {"hold", "close", "withdraw"}),
            ("neutrality", set()),
        ],
    )
    def test_actions_follow_the_rules(self, client_of: Any, world: Any, persona: str, expected: set[str]) -> None:
        context = client_of(getattr(world, persona)).get(world.demand.get_absolute_url()).context
        offered = {move.value for move in context["moves"]} | ({"edit"} if context["can_edit"] else set())
        assert offered == expected

    def test_query_count_is_the_same_with_many_requirements(
        self, client: Any, django_assert_max_num_queries: Any
    ) -> None:
        demand = DemandFactory()
        for criterion in Criterion.objects.all()[:8]:
            Requirement.objects.create(demand=demand, criterion=criterion, number=1 if criterion.unit else None)
        with django_assert_max_num_queries(8):
            self.page(client, demand)


def test_matches_link_is_for_those_who_may_read_the_ranking(client_of: Any, world: Any) -> None:
    def has_link(user: Any) -> bool:
        return "Explained matches" in client_of(user).get(world.demand.get_absolute_url()).content.decode()

    pytest.importorskip("matching.views")
    readers: list[Callable[[], Any]] = [lambda: world.city_editor, lambda: world.moderator]
    assert [has_link(reader()) for reader in readers] == [True, True]
    assert [has_link(user) for user in (world.visitor, world.provider_admin, world.other_city_admin)] == [False] * 3
