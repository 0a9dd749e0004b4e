"""Reading the catalogue: the list, its filters and downloads, one solution, one provider, and who may see what."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.enums import ClaimDimension
from catalog.evidence import weigh
from catalog.listing_actions import suspend_solution
from catalog.models import Capability, Claim, Criterion, FocusArea, Reference, Solution, SolutionReview, Topic
from catalog.writing_actions import refresh_search
from tests.factories import CityFactory, OrganisationFactory, ProviderFactory, SolutionFactory

pytestmark = pytest.mark.django_db
LIST = "/en/solutions/"


def references(response: Any) -> list[str]:
    return [solution.public_id for solution in response.context["page_obj"]]


def found(client: Any, query: str) -> list[str]:
    return references(client.get(f"{LIST}?{query}"))


def searchable(**fields: Any) -> Solution:
    solution: Solution = SolutionFactory(**fields)
    refresh_search(solution)
    return solution


def claim(solution: Solution, grade: str = "declared", **fields: Any) -> Claim:
    values = {"dimension": ClaimDimension.EFFICIENT, "statement_en": "Saves half.", "grade": grade, **fields}
    made = Claim.objects.create(solution=solution, **values)
    weigh(solution)
    return made


def reference(solution: Solution, **fields: Any) -> Reference:
    made = Reference.objects.create(solution=solution, **{"city_name": "Galway", "country": "IE", **fields})
    weigh(solution)
    return made


def proven() -> Solution:
    """With something in every table that a row reads."""
    solution: Solution = SolutionFactory(topics=[Topic.objects.get(code="solar_power")])
    claim(solution)
    reference(solution)
    return solution


def imported(**fields: Any) -> Solution:
    values = {"source": "dpg_registry", "source_id": "1", "source_licence": "CC BY-SA 4.0", **fields}
    organisation = OrganisationFactory(kind="provider", state="pending")
    provider = ProviderFactory(organisation=organisation, source="dpg_registry", source_id="1")
    solution: Solution = SolutionFactory(provider=provider, **values)
    return solution


class TestList:
    def test_list_shows_listed_solutions_only(self, client: Any) -> None:
        shown = SolutionFactory()
        for state in ("draft", "submitted", "changes_requested", "suspended", "expired", "archived"):
            SolutionFactory(state=state)
        assert references(client.get(LIST)) == [shown.public_id]

    def test_list_shows_no_drafts_even_to_those_who_may_read_them(self, client_of: Any, world: Any) -> None:
        SolutionFactory(state="draft", provider=world.provider)
        assert references(client_of(world.moderator).get(LIST)) == [world.solution.public_id]

    def test_count_stands_in_heading_and_title(self, client: Any) -> None:
        SolutionFactory.create_batch(2)
        page = client.get(LIST).content.decode()
        assert "<h1>2 solutions</h1>" in page
        assert "<title>2 solutions for cities – UrbanLink</title>" in page

    def test_twenty_a_page(self, client: Any) -> None:
        SolutionFactory.create_batch(21)
        assert [len(found(client, f"page={page}")) for page in (1, 2)] == [20, 1]

    def test_query_count_does_not_grow_with_the_rows(self, client: Any) -> None:
        proven()
        with CaptureQueriesContext(connection) as one:
            client.get(LIST)
        proven()
        proven()
        with CaptureQueriesContext(connection) as three:
            client.get(LIST)
        assert len(three) == len(one)

    def test_the_evidence_is_said_in_words(self, client: Any) -> None:
        claim(SolutionFactory(), "third_party_verified")
        claim(SolutionFactory(), "declared")
        SolutionFactory()
        page = client.get(LIST).content.decode()
        words = ("Verified by a third party</span>", "Declared by the provider</span>", "No evidence stated</span>")
        assert [page.count(word) for word in words] == [1, 1, 1]

    def test_demo_imported_and_guessed_are_marked_with_source_and_licence(self, client: Any) -> None:
        SolutionFactory(is_demo=True)
        imported(focus_guessed=True)
        page = client.get(LIST).content.decode()
        assert page.count(">Demo</span>") == 1
        assert page.count(">Imported</span>") == 1
        assert "Source: Digital Public Goods Registry" in page
        assert "CC BY-SA 4.0" in page
        assert "(guessed from the text)" in page

    def test_an_original_of_another_language_says_so(self, client: Any) -> None:
        SolutionFactory(language="ko", name="가로등 교체", tagline="새 빛")
        page = client.get(LIST).content.decode()
        assert '<span lang="ko">새 빛</span>' in page
        assert "shown in the original: Korean" in page

    def test_markup_in_a_name_is_shown_as_text(self, client: Any) -> None:
        SolutionFactory(name="<script>alert(1)</script>")
        assert b"<script>alert(1)" not in client.get(LIST).content

    def test_nothing_found_offers_to_drop_the_last_filter(self, client: Any) -> None:
        SolutionFactory()
        response = client.get(f"{LIST}?focus=buildings&model=lease")
        assert response.context["widen_query"] == "?focus=buildings"
        assert 'href="?focus=buildings">Take the last filter away' in response.content.decode()


class TestFilters:
    def test_focus_counts_main_and_further_areas(self, client: Any) -> None:
        main = SolutionFactory(focus_area=FocusArea.objects.get(code="mobility"))
        further = SolutionFactory()
        further.more_focus_areas.add(FocusArea.objects.get(code="mobility"))
        SolutionFactory()
        assert set(found(client, "focus=mobility")) == {main.public_id, further.public_id}

    def test_topic(self, client: Any) -> None:
        wanted = SolutionFactory(topics=[Topic.objects.get(code="cycling")])
        SolutionFactory(topics=[Topic.objects.get(code="solar_power")])
        assert found(client, "topic=cycling") == [wanted.public_id]

    def test_topics_are_offered_once_one_focus_area_is_chosen(self, client: Any) -> None:
        for query in ("", "?focus=mobility&focus=buildings"):
            assert "topic" not in client.get(f"{LIST}{query}").context["form"].fields
        groups = client.get(f"{LIST}?focus=mobility").context["form"].fields["topic"].plain_choices
        assert [str(label) for label, _topics in groups] == ["", "Urban transport and mobility"]

    @pytest.mark.parametrize("typed", ["CL", "Chile", "칠레", " chile "])
    def test_country_is_served_by_name_by_its_region_and_by_the_world(self, client: Any, typed: str) -> None:
        served = [SolutionFactory(regions=[code]).public_id for code in ("CL", "005", "019", "001")]
        for code in ("PE", "150"):
            SolutionFactory(regions=[code])
        assert set(references(client.get(LIST, {"place": typed}))) == set(served)

    def test_region_is_served_where_a_part_of_it_is(self, client: Any) -> None:
        served = [SolutionFactory(regions=[code]).public_id for code in ("CL", "005", "019", "001")]
        SolutionFactory(regions=["KR"])
        assert set(found(client, "place=South+America")) == set(served)

    def test_unknown_place_is_reported_and_narrows_nothing(self, client: Any) -> None:
        solution = SolutionFactory()
        response = client.get(f"{LIST}?place=Atlantis")
        assert (response.status_code, references(response)) == (200, [solution.public_id])
        assert "“Atlantis” is no country or region we know. Check the spelling." in response.content.decode()

    def test_evidence_at_least_counts_claims_and_references(self, client: Any) -> None:
        by_claim, by_reference, too_little = SolutionFactory.create_batch(3)
        claim(by_claim, "third_party_verified")
        reference(by_reference, grade="city_confirmed", confirmed_by="a@b.example", confirmed_at=timezone.now())
        claim(too_little, "documented")
        assert set(found(client, "evidence=city_confirmed")) == {by_claim.public_id, by_reference.public_id}

    @pytest.mark.parametrize(
        ("query", "fields"),
        [("model=lease", {"business_models": ["lease"]}), ("language=ko", {"languages": ["ko", "en"]})],
    )
    def test_business_model_and_language(self, client: Any, query: str, fields: Any) -> None:
        wanted = SolutionFactory(**fields)
        SolutionFactory(business_models=["purchase"], languages=["es"])
        assert found(client, query) == [wanted.public_id]

    def test_with_reference(self, client: Any) -> None:
        wanted, _other = SolutionFactory.create_batch(2)
        reference(wanted)
        assert found(client, "reference=on") == [wanted.public_id]

    @pytest.mark.parametrize("query", ["evidence=best", "model=barter", "focus=space", "sort=price", "page=none"])
    def test_unknown_values_narrow_nothing_and_answer_200(self, client: Any, query: str) -> None:
        solution = SolutionFactory()
        response = client.get(f"{LIST}?{query}")
        assert (response.status_code, references(response)) == (200, [solution.public_id])


class TestSearchAndSort:
    def test_search_finds_words_and_beginnings_in_any_language(self, client: Any) -> None:
        korean = searchable(language="ko", name="가로등 교체")
        english = searchable(name="Street lighting")
        assert found(client, "q=가로등")[0] == korean.public_id
        assert found(client, "q=street+light")[0] == english.public_id

    def test_best_match_comes_first_and_is_an_order_of_its_own(self, client: Any) -> None:
        weak = searchable(name="Lamps", how_it_works="Drainage is not touched.")
        strong = searchable(name="Drainage sensors")
        response = client.get(f"{LIST}?q=drainage")
        assert references(response) == [strong.public_id, weak.public_id]
        assert [code for code, _label in response.context["form"].offered_orders()] == ["relevance", "newest", "name"]

    def test_search_for_signs_only_says_what_to_do(self, client: Any) -> None:
        solution = SolutionFactory()
        response = client.get(f"{LIST}?q=%21%21")
        assert references(response) == [solution.public_id]
        assert "Type at least one letter or digit to search for." in response.content.decode()

    def test_sort_by_name(self, client: Any) -> None:
        names = {name: SolutionFactory(name=name).public_id for name in ("Beta", "Alpha", "Gamma")}
        assert found(client, "sort=name") == [names["Alpha"], names["Beta"], names["Gamma"]]


class TestDownloads:
    def test_csv_holds_what_the_filters_leave_and_runs_no_formula(self, client: Any) -> None:
        SolutionFactory(name="=HYPERLINK(1)", languages=["ko"])
        SolutionFactory(languages=["es"])
        body = b"".join(client.get(f"{LIST}download.csv?language=ko").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(body)))
        assert [(row["name"], row["focus_area"], row["languages"]) for row in rows] == [
            ("'=HYPERLINK(1)", "smart_energy", "ko")
        ]

    def test_json_names_its_language_and_count(self, client: Any) -> None:
        solution = SolutionFactory(language="ko", name="가로등")
        answer = json.loads(b"".join(client.get("/ko/solutions/download.json").streaming_content))
        assert (answer["language"], answer["count"]) == ("ko", 1)
        assert (answer["results"][0]["reference"], answer["results"][0]["name"]) == (solution.public_id, "가로등")

    def test_drafts_are_in_no_download(self, client_of: Any, world: Any) -> None:
        SolutionFactory(state="draft", provider=world.provider, name="Secret")
        client = client_of(world.provider_admin)
        assert b"Secret" not in b"".join(client.get(f"{LIST}download.csv").streaming_content)

    def test_other_kinds_are_not_found(self, client: Any) -> None:
        assert client.get(f"{LIST}download.xml").status_code == 404


class TestDetail:
    def test_page_shows_claims_capabilities_and_references_with_their_grades(self, client: Any) -> None:
        solution = SolutionFactory()
        claim(solution, "documented", indicator="kWh", value="52.5", unit="% less", evidence_url="https://a.example/x")
        criterion = Criterion.objects.get(code="warranty_years")
        Capability.objects.create(solution=solution, criterion=criterion, number=10)
        reference(solution, results="Half the power", started_on=date(2022, 5, 1))
        page = client.get(solution.get_absolute_url()).content.decode()
        for words in ("52.5", "% less", "10 years", "Galway", "Half the power", "The city has not confirmed this."):
            assert words in page
        assert 'href="https://a.example/x" rel="external nofollow noopener">a.example</a>' in page

    def test_reference_cities_are_named_in_the_language_of_the_reader(self, client: Any) -> None:
        solution = SolutionFactory()
        CityFactory(geonames_id=1835553, name_en="Suwon", name_ko="수원시", country="KR")
        reference(solution, geonames_id=1835553, city_name="Suwon", country="KR")
        url = f"/ko/solutions/{solution.public_id}/"
        assert "<h3>수원시, 대한민국</h3>" in client.get(url).content.decode()

    def test_who_confirmed_a_reference_is_not_shown(self, client: Any) -> None:
        solution = SolutionFactory()
        reference(solution, confirmed_by="mayor@city.example", confirmed_at=timezone.now(), grade="city_confirmed")
        page = client.get(solution.get_absolute_url()).content.decode()
        assert "The city confirmed this on" in page
        assert "mayor@city.example" not in page

    def test_partnership_is_shown_as_not_scored(self, client: Any) -> None:
        provider = ProviderFactory(partnership="strategic", partner_since=date(2023, 4, 1))
        page = client.get(SolutionFactory(provider=provider).get_absolute_url()).content.decode()
        assert "Strategic partner" in page
        assert "A partnership is shown and never scored." in page

    def test_script_in_an_evidence_address_is_no_link(self, client: Any) -> None:
        solution = SolutionFactory()
        claim(solution, evidence_url="javascript:alert(1)")
        assert "javascript:" not in client.get(solution.get_absolute_url()).content.decode()

    def test_foreign_draft_is_not_found(self, client_of: Any, world: Any) -> None:
        draft = SolutionFactory(state="draft", provider=world.provider)
        statuses = {
            name: client_of(world.users[name]).get(draft.get_absolute_url()).status_code
            for name in ("visitor", "newcomer", "city_admin", "other_provider_admin", "provider_editor", "moderator")
        }
        assert statuses == {
            "visitor": 404, "newcomer": 404, "city_admin": 404, "other_provider_admin": 404,
            "provider_editor": 200, "moderator": 200,
        }  # fmt: skip

    def test_comment_of_the_review_is_for_the_provider_and_iclei(self, client_of: Any, world: Any) -> None:
        solution = SolutionFactory(state="changes_requested", provider=world.provider)
        SolutionReview.objects.create(
            solution=solution, version=1, by=world.moderator, marks={}, comment="Name a city.", approved=False
        )
        page = client_of(world.provider_editor).get(solution.get_absolute_url()).content.decode()
        assert "Name a city." in page

    def test_reason_of_a_suspension_is_said(self, client_of: Any, world: Any) -> None:
        suspend_solution(by=world.moderator, solution=world.solution, reason="outdated")
        page = client_of(world.provider_editor).get(world.solution.get_absolute_url()).content.decode()
        assert "ICLEI suspended it: The information is out of date." in page

    def test_buttons_are_those_that_the_reader_may_press(self, client_of: Any, world: Any) -> None:
        edit = f"/en/solutions/{world.solution.public_id}/revise/"
        pages = {
            name: client_of(world.users[name]).get(world.solution.get_absolute_url()).content.decode()
            for name in ("visitor", "provider_editor", "provider_admin", "moderator")
        }
        assert [name for name, page in pages.items() if edit in page] == ["provider_editor", "provider_admin"]
        assert [name for name, page in pages.items() if "/move/archive/" in page] == ["provider_admin"]


class TestProvider:
    def test_profile_shows_facts_and_listed_solutions_only(self, client: Any) -> None:
        provider = ProviderFactory()
        listed, hidden = SolutionFactory(provider=provider), SolutionFactory(provider=provider, state="draft")
        page = client.get(provider.get_absolute_url()).content.decode()
        assert "Makes lamps that last." in page
        assert (listed.public_id in page, hidden.public_id in page) == (True, False)

    def test_members_are_not_named(self, client: Any, world: Any) -> None:
        page = client.get(world.provider.get_absolute_url()).content.decode()
        assert world.provider_admin.email not in page
        assert world.provider_admin.name not in page

    def test_unverified_provider_is_found_by_its_members_only(self, client_of: Any, world: Any) -> None:
        world.provider.organisation.state = "refused"
        world.provider.organisation.save(update_fields=["state"])
        url = world.provider.get_absolute_url()
        assert client_of(world.visitor).get(url).status_code == 404
        assert client_of(world.provider_editor).get(url).status_code == 200

    def test_imported_provider_is_named_by_its_source(self, client: Any) -> None:
        solution = imported()
        page = client.get(solution.get_absolute_url()).content.decode()
        assert "Named by the source. It has no account on this portal." in page
        assert client.get(solution.provider.get_absolute_url()).status_code == 200
