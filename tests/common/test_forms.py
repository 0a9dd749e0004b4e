"""The base form: what it lets in, what it refuses in which words, and what it renders."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import format_html
from django.utils.module_loading import import_string

from portal.common.forms import BaseForm, NumberInput, _Clean
from portal.common.views import render_form, turn_page

OWN = {"catalog", "cities", "matching", "portal"}


class Sample(BaseForm):
    name = forms.CharField(label="Name", required=False)
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    amount = forms.DecimalField(label="Amount", required=False)
    count = forms.IntegerField(label="Count", required=False, widget=NumberInput(unit="years"))
    day = forms.DateField(label="Day", required=False)
    agreed = forms.BooleanField(label="I agree", required=False)


class Growing(Sample):
    """Adds fields as forms do whose questions stand in the database."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["late"] = forms.CharField(label="Late")
        self.order_fields(["agreed"])
        self.fields["later"] = forms.IntegerField(label=format_html('<span lang="fr">{}</span>', "L’eau & l’air"))


def cleaned(**data: str) -> dict[str, Any]:
    form = Sample(data)
    assert form.is_valid(), form.errors
    return form.cleaned_data


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\x7f", "\u0085", "\u2028", "\u202e", "\u2066", "\ud800", "\n"])
def test_one_line_with_a_hidden_character_is_refused(hidden: str) -> None:
    form = Sample({"name": f"Bu{hidden}san"})
    assert not form.is_valid()
    assert list(form.errors) == ["name"]


@pytest.mark.parametrize("name", ["Łódź", "서울", "مراكش‏", "O’Fallon", "São Paulo — Centro", "👩‍🔧"])
def test_one_line_of_any_script_is_taken(name: str) -> None:
    assert cleaned(name=name)["name"] == name


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\ud800"])
def test_text_with_a_control_character_is_refused(hidden: str) -> None:
    form = Sample({"text": f"one\n{hidden}two"})
    assert not form.is_valid()
    assert list(form.errors) == ["text"]


def test_text_keeps_lines_and_tabs() -> None:
    assert cleaned(text="one\r\n\ttwo")["text"] == "one\r\n\ttwo"


def test_text_is_composed_and_stripped() -> None:
    assert cleaned(name="  Sa\u0303o ")["name"] == "S\u00e3o"


def test_a_query_dict_is_composed_in_every_value() -> None:
    class Several(BaseForm):
        picks = forms.MultipleChoiceField(choices=[("\u00e3", "a"), ("b", "b")])

    form = Several(QueryDict("picks=a%CC%83&picks=b"))
    assert form.is_valid()
    assert form.cleaned_data["picks"] == ["\u00e3", "b"]


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en", "1,500.5", "1500.5"),
        ("en", "1500.5", "1500.5"),
        ("es", "1.500,5", "1500.5"),
        ("es", "1.500", "1500"),
        ("es", "1500.5", "1500.5"),
        ("fr", "1 500,5", "1500.5"),
        ("fr", "12\xa0500", "12500"),
        ("pt", "1.500.000", "1500000"),
        ("ko", "1,500,000", "1500000"),
        ("ja", "１５００", "1500"),
        ("zh-hans", "-3", "-3"),
    ],
)
def test_a_number_is_read_as_the_language_writes_it(language: str, typed: str, meant: str) -> None:
    with translation.override(language):
        assert cleaned(amount=typed)["amount"] == Decimal(meant)


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "1,5"), ("es", "1,500.5"), ("fr", "1.500,5"), ("en", "12,34,567"), ("ko", "a")]
)
def test_a_number_written_otherwise_is_refused_and_kept(language: str, typed: str) -> None:
    with translation.override(language):
        form = Sample({"amount": typed})
        assert not form.is_valid()
        assert f'value="{typed}"' in str(form["amount"])


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "12,500.5"), ("es", "12.500,5"), ("fr", "12\u202f500,5"), ("ko", "12,500.5")]
)
def test_a_number_is_shown_so_that_it_is_read_back(language: str, shown: str) -> None:
    with translation.override(language):
        assert f'value="{shown}"' in str(Sample(initial={"amount": Decimal("12500.5")})["amount"])
        assert cleaned(amount=shown)["amount"] == Decimal("12500.5")


def test_the_unit_is_part_of_the_description() -> None:
    html = str(Sample()["count"])
    assert 'aria-describedby="id_count_unit"' in html
    assert 'id="id_count_unit">years' in html


@pytest.mark.parametrize("language", ["en", "ko", "pt"])
def test_a_date_box_holds_iso_in_every_language(language: str) -> None:
    with translation.override(language):
        html = str(Sample(initial={"day": datetime.date(2026, 3, 14)})["day"])
        assert 'type="date" name="day" value="2026-03-14"' in html
        assert cleaned(day="2026-03-14")["day"] == datetime.date(2026, 3, 14)


def test_an_optional_field_says_so_and_a_required_one_is_marked() -> None:
    class Two(BaseForm):
        first = forms.CharField(label="First")
        second = forms.CharField(label="Second", required=False)

    html = str(Two())
    assert html.count("(optional)") == 1
    assert html.count(" required") == 1


def test_a_field_in_error_is_tied_to_hint_and_error() -> None:
    class One(BaseForm):
        name = forms.CharField(label="Name", help_text="As in the register.")

    html = str(One({"name": ""})["name"].as_field_group())
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert "Fill in: Name" in html


def test_choices_are_a_fieldset_with_its_legend() -> None:
    class Pick(BaseForm):
        stage = forms.ChoiceField(label="Stage", choices=[("a", "Idea"), ("b", "Design")], widget=forms.RadioSelect)

    html = str(Pick({})["stage"].as_field_group())
    assert '<fieldset aria-describedby="id_stage_error"' in html
    assert "<legend" in html
    assert html.count('<label class="choice"') == 2


def test_a_hidden_message_of_the_form_itself_is_kept() -> None:
    class Own(BaseForm):
        name = forms.CharField(label="Name", error_messages={"required": "Say who you are."})

    assert Own({}).errors["name"] == ["Say who you are."]


@pytest.mark.django_db
def test_render_form_answers_an_invalid_form_with_422_and_its_summary() -> None:
    class One(BaseForm):
        name = forms.CharField(label="Name")

    request = RequestFactory().post("/en/", {"name": ""})
    answer = render_form(request, "components/confirm_page.html", One(request.POST), CONFIRM)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: Really?" in html
    assert '<a href="#id_name">Fill in: Name</a>' in html


@pytest.mark.django_db
def test_render_form_shows_an_empty_form_without_complaint() -> None:
    answer = render_form(RequestFactory().get("/en/"), "components/confirm_page.html", Sample(), CONFIRM)
    assert answer.status_code == 200
    assert b"error-summary" not in answer.content


CONFIRM = {"question": "Really?", "consequences": ["It is gone."], "action_label": "Delete"}
CONFIRM |= {"cancel_url": "/", "is_dangerous": True}


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("999", 3), ("x", 1), ("", 1), ("-1", 3)])
def test_turn_page_always_finds_a_page(asked: str, number: int) -> None:
    assert turn_page(RequestFactory().get("/", {"page": asked}), range(45)).number == number


def test_field_that_a_form_adds_later_has_the_same_rules_and_looks() -> None:
    form = Growing({"late": "Bu\u202esan", "later": ""})
    assert form.errors == {
        "late": ["Remove the hidden control characters. Typing the text again instead of pasting it helps."],
        "later": ["Fill in: L’eau & l’air"],
    }
    assert 'class="input"' in str(form["late"])
    assert 'inputmode="decimal" autocomplete="off" class="input input--short"' in str(form["later"])


def test_what_is_no_web_address_is_told_how_one_looks() -> None:
    class Link(BaseForm):
        link = forms.URLField(assume_scheme="https")

    assert Link({"link": "example"}).errors["link"] == ["Enter a web address, for example https://www.example.org."]


def test_fields_put_in_order_are_dressed_once() -> None:
    form = Growing()
    form.order_fields(["later", "late"])
    assert [len(form.fields[name].validators) for name in ("name", "late")] == [
        len(Sample().fields["name"].validators)
    ] * 2


def test_every_form_is_made_on_the_base() -> None:
    """What stands on Django’s alone has none of the rules; our forms replace those of allauth in the settings."""
    import_string("portal.urls.urlpatterns")
    others = {form for form in _descendants(forms.BaseForm) if not issubclass(form, _Clean)}
    own = {f"{form.__module__}.{form.__name__}" for form in others if form.__module__.split(".")[0] in OWN}
    assert own == {"portal.accounts.forms.SignupForm"}  # a part of allauth's: ours above it is on the base


def _descendants(kind: type) -> set[type]:
    return {found for one in kind.__subclasses__() for found in {one, *_descendants(one)}}
