"""What the questions of a demand refuse, and in which words."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict

from catalog.criteria import GROUPS
from catalog.models import Criterion, FocusArea
from cities.answers import ORDER, answers_of
from cities.forms.answers import FORMS, BudgetForm, NeedForm, OutcomeForm, SizeForm, TimingForm, WorkingForm
from cities.forms.requirements import criterion_label, requirement_in_words
from cities.models import Requirement
from cities.readiness import SECTIONS
from portal.common.sections import BOOKKEEPING
from tests.factories import CityFactory, DemandFactory, PublicBodyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand() -> Any:
    return DemandFactory(state="draft", published_at=None)


def filled(form_class: Any, demand: Any, **values: Any) -> Any:
    listed = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return form_class(demand, MultiValueDict({"version": ["1"], **listed}))


def errors(form: Any) -> dict[str, list[str]]:
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


def test_no_page_asks_more_than_five_questions() -> None:
    assert max(len(set(form.base_fields) - set(BOOKKEEPING)) for form in FORMS.values()) <= 5
    assert len(ORDER) == len(FORMS) + 1


def test_every_readiness_fix_has_its_page() -> None:
    assert {section for section in SECTIONS.values() if section} <= set(ORDER)


@pytest.mark.parametrize("slug", FORMS)
def test_empty_page_of_a_draft_is_accepted(demand: Any, slug: str) -> None:
    required = {"need": {"title": "Shade"}, "working": {"visibility": "public"}}.get(slug, {})
    assert errors(filled(FORMS[slug], demand, **required)) == {}


class TestTexts:
    def test_long_text_is_refused_with_its_length_not_cut(self, demand: Any) -> None:
        form = filled(NeedForm, demand, title="Shade", problem="x" * 12_001)
        assert list(errors(form)) == ["problem"]
        assert "12001" in errors(form)["problem"][0]

    def test_boxes_of_long_texts_cut_nothing_off(self, demand: Any) -> None:
        assert "maxlength" not in str(NeedForm(demand)["problem"])

    @pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\u202eb"])
    def test_hidden_characters_are_refused(self, demand: Any, text: str) -> None:
        assert list(errors(filled(NeedForm, demand, title=text))) == ["title"]

    def test_line_ends_of_the_browser_are_no_change(self, demand: Any) -> None:
        demand.problem_en = "One.\nTwo."
        form = filled(NeedForm, demand, title=demand.title, summary=demand.summary, problem="One.\r\nTwo.")
        assert (form.is_valid(), form.changes()) == (True, {})

    def test_boxes_carry_the_language_of_the_demand(self) -> None:
        demand = DemandFactory(language="zh-hans")
        assert 'lang="zh-Hans"' in str(OutcomeForm(demand)["outcome"])


class TestSize:
    def test_number_and_unit_belong_together(self, demand: Any) -> None:
        assert list(errors(filled(SizeForm, demand, quantity="5"))) == ["scale_unit"]
        assert list(errors(filled(SizeForm, demand, scale_unit="lamps"))) == ["quantity"]

    @pytest.mark.parametrize("people", ["-1", "0", "1e400", "many"])
    def test_impossible_number_of_people_is_refused(self, demand: Any, people: str) -> None:
        assert list(errors(filled(SizeForm, demand, people_served=people))) == ["people_served"]


class TestBudget:
    def test_range_the_wrong_way_round_says_what_to_do(self, demand: Any) -> None:
        form = filled(BudgetForm, demand, budget_min="5", budget_max="4", currency="EUR")
        assert errors(form) == {"budget_max": ["“To” is smaller than “from”. Exchange the two amounts."]}

    def test_negative_budget_is_refused(self, demand: Any) -> None:
        assert list(errors(filled(BudgetForm, demand, budget_min="-5", currency="EUR"))) == ["budget_min"]

    def test_amount_needs_a_currency(self, demand: Any) -> None:
        assert list(errors(filled(BudgetForm, demand, budget_max="5"))) == ["currency"]

    def test_amount_that_could_mean_two_things_is_refused(self, demand: Any) -> None:
        with translation.override("es"):
            form = filled(BudgetForm, demand, budget_max="1,500,000", currency="EUR")
            assert list(errors(form)) == ["budget_max"]

    def test_country_without_currency_suggests_none(self) -> None:
        demand = DemandFactory(body=PublicBodyFactory(city=CityFactory(country="AQ")))
        assert BudgetForm(demand)["currency"].value() == ""


class TestTiming:
    def test_use_before_work_is_refused(self, demand: Any) -> None:
        form = filled(TimingForm, demand, start_on="2030-05-01", operation_on="2030-04-30")
        assert list(errors(form)) == ["operation_on"]

    def test_decision_in_the_past_is_refused(self, demand: Any) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        assert list(errors(filled(TimingForm, demand, decision_on=yesterday.isoformat()))) == ["decision_on"]

    def test_mistyped_year_is_noticed(self, demand: Any) -> None:
        assert errors(filled(TimingForm, demand, start_on="2203-01-01")) == {"start_on": ["Check the year."]}


class TestFocus:
    def test_at_most_two_further_areas(self, demand: Any) -> None:
        codes = ["mobility", "buildings", "resilience"]
        form = filled(FORMS["focus"], demand, focus_area="smart_energy", more_focus_areas=codes)
        assert list(errors(form)) == ["more_focus_areas"]

    def test_main_area_chosen_twice_counts_once(self, demand: Any) -> None:
        form = filled(FORMS["focus"], demand, focus_area="mobility", more_focus_areas=["mobility", "buildings"])
        assert form.is_valid()
        assert form.changes()["more_focus_areas"] == [FocusArea.objects.get(code="buildings")]

    def test_further_areas_need_a_main_one(self, demand: Any) -> None:
        assert list(errors(filled(FORMS["focus"], demand, more_focus_areas=["mobility"]))) == ["more_focus_areas"]

    def test_topic_of_another_area_is_refused(self, demand: Any) -> None:
        assert list(errors(filled(FORMS["topics"], demand, topics=["cycling"]))) == ["topics"]

    def test_at_most_five_topics(self, demand: Any) -> None:
        codes = [code for _group, rows in FORMS["topics"](demand).fields["topics"].choices for code, _label in rows]
        assert errors(filled(FORMS["topics"], demand, topics=codes[:5])) == {}
        assert list(errors(filled(FORMS["topics"], demand, topics=codes[:6]))) == ["topics"]


def test_required_language_has_to_be_named(demand: Any) -> None:
    form = filled(WorkingForm, demand, languages_required="on", visibility="public")
    assert list(errors(form)) == ["languages"]


def test_answers_in_words_use_labels_and_local_forms(demand: Any) -> None:
    demand.budget_min, demand.currency, demand.finance_route = Decimal(1_500_000), "EUR", "green_bond"
    with translation.override("fr"):
        words = {answer.name: str(answer.value) for answer in answers_of(BudgetForm(demand))}
    assert words["budget_min"] == "1\u202f500\u202f000"
    assert words["currency"] == "euro (EUR)"
    assert words["budget_max"] == ""


def test_every_criterion_belongs_to_a_named_group() -> None:
    assert {criterion.group for criterion in Criterion.objects.all()} == set(GROUPS)


def test_requirements_say_direction_and_unit() -> None:
    lead = Criterion.objects.get(code="lead_time_months")
    assert criterion_label(lead).endswith(": at most … months")
    assert requirement_in_words(Requirement(criterion=lead, number=Decimal(6)), "en").endswith(": at most 6 months")
    housing = Requirement(criterion=Criterion.objects.get(code="ingress_protection"), number=Decimal(65))
    assert requirement_in_words(housing, "en").endswith(": at least IP65")
