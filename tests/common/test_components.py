"""The component tags, rendered alone: what a reader, a screen reader and a keyboard need is in the HTML."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.forms import formset_factory
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.html import conditional_escape

from catalog.models import FocusArea
from portal.common.cards import Explanation, PointsRow, Raise, Verdict, VerdictRow
from portal.common.context import Site, language_tag
from portal.common.forms import BaseForm
from portal.styleguide import SampleFilter, SampleForm, SampleState, sample_explanation, sample_record

LIBRARIES = "{% load components formats page filtering originals %}"


def render(source: str, path: str = "/en/", **context: Any) -> str:
    request = RequestFactory().get(path)
    return " ".join(Template(LIBRARIES + source).render(Context({"request": request, **context})).split())


def test_button_with_href_is_a_link() -> None:
    assert render('{% button "Go" href="/x/" %}') == '<a class="button" href="/x/">Go</a>'


def test_button_without_href_submits() -> None:
    html = render('{% button "Reject" kind="danger" name="move" value="reject" key="r" %}')
    assert 'type="submit" name="move" value="reject" data-key="r"' in html
    assert "button--danger" in html


def test_button_of_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        render('{% button "Go" kind="purple" %}')


def test_button_label_is_escaped() -> None:
    assert "&lt;b&gt;" in render("{% button label %}", label="<b>")


def test_status_of_an_enum_member_says_the_word_and_the_tone() -> None:
    html = render("{% status state %}", state=SampleState.REJECTED)
    assert html == '<span class="badge tone-danger">Rejected</span>'


def test_status_of_a_record_reads_its_state() -> None:
    from cities.models import Demand

    assert "Changes requested" in render("{% status demand %}", demand=Demand(state="changes_requested"))


def test_badge_of_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="pink"):
        render('{% badge "x" "pink" %}')


def test_banner_holds_markup_and_role() -> None:
    html = render('{% banner tone="success" title="Sent" role="alert" %}<p>Now wait.</p>{% endbanner %}')
    assert 'class="banner tone-success" role="alert"' in html
    assert "<p>Now wait.</p>" in html


def test_error_summary_links_each_error_to_its_field() -> None:
    form = SampleForm({"s-title": ""})
    html = render("{% error_summary form %}", form=form)
    assert '<a href="#id_s-title">Fill in: Title</a>' in html
    assert '<a href="#id_s-stage_0">Choose an answer: Project stage</a>' in html


def test_error_summary_has_the_words_of_the_fields_in_their_order() -> None:
    form = SampleForm({"s-title": "a", "s-email": "x"})
    html = render("{% error_summary form %}", form=form)
    own = [error for field in form for error in field.errors]
    assert len(own) > 2
    places = [html.index(str(conditional_escape(error))) for error in own]
    assert places == sorted(places)


def test_error_summary_says_which_date_and_which_choice_is_wrong() -> None:
    class Plan(BaseForm):
        start = forms.DateField(label="Start")
        end = forms.DateField(label="End")
        kind = forms.ChoiceField(label="Kind", choices=[("a", "A")])

    html = render("{% error_summary form %}", form=Plan({"start": "x", "end": "y", "kind": "z"}))
    assert "Enter a valid date. (Start)" in html
    assert "Enter a valid date. (End)" in html
    assert "Choose an answer: Kind" in html


def test_error_summary_takes_formsets_and_lists() -> None:
    class Row(BaseForm):
        size = forms.IntegerField(label="Size")

    rows = formset_factory(Row, extra=0, min_num=1, validate_min=True)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-size": "x", "form-1-size": ""}
    )
    html = render("{% error_summary forms %}", forms=[rows, SampleForm({})])
    assert 'href="#id_form-0-size"' in html
    assert 'href="#id_form-1-size"' in html
    assert 'href="#id_s-title"' in html


def test_error_summary_of_a_valid_form_is_empty() -> None:
    assert render("{% error_summary form %}", form=SampleFilter({})) == ""


def test_row_without_meta_or_side_leaves_no_empty_boxes() -> None:
    html = render('{% row "Title" "/x/" %}{% endrow %}')
    assert html == '<li class="row"><h3 class="row__title"><a href="/x/">Title</a></h3></li>'


def test_fact_without_value_says_not_stated() -> None:
    assert "Not stated" in render('{% fact "Budget" "" %}')


def test_fact_of_zero_is_a_value() -> None:
    html = render('{% fact "Cost" 0 %}')
    assert "<dd>0</dd>" in html


def test_fact_with_change_link_names_what_is_changed() -> None:
    html = render('{% fact "Budget" "5" change_url="/b/" %}')
    assert '<a href="/b/">Change<span class="sr-only"> – Budget</span></a>' in html


def test_fact_block_keeps_markup_and_fact_escapes_it() -> None:
    assert "<b>x</b>" in render('{% fact_block "A" %}<b>x</b>{% endfact_block %}')
    assert "&lt;b&gt;" in render('{% fact "A" value %}', value="<b>")


def test_tab_marks_the_current_view() -> None:
    html = render('{% tabs "Views" %}{% tab "Open" "/o/" current=True count=0 %}{% tab "All" "/a/" %}{% endtabs %}')
    assert html.count('aria-current="page"') == 1
    assert '<span class="count">0</span>' in html


def test_table_is_a_labelled_region_that_takes_the_focus() -> None:
    html = render('{% table "Points" %}<tbody></tbody>{% endtable %}')
    identity = html.split('aria-labelledby="')[1].split('"')[0]
    assert f'<caption id="{identity}">Points</caption>' in html
    assert 'role="region"' in html
    assert 'tabindex="0"' in html


@pytest.mark.parametrize(
    ("value", "most", "width"), [(34, 40, "85.00"), (0, 10, "0.00"), (12, 10, "100.00"), (-1, 10, "0.00")]
)
def test_score_bar_stays_between_nothing_and_all(value: float, most: float, width: str) -> None:
    assert f'width="{width}"' in render("{% score_bar value most %}", value=value, most=most)


def test_score_bar_of_an_unknown_draws_nothing() -> None:
    assert render("{% score_bar value %}", value=None) == ""


def explained(**changes: Any) -> str:
    base = {"score": 64.0, "band": SampleState.PUBLISHED, "rows": [PointsRow("Topics", 64, 80, "Heat", "Shade")]}
    return render("{% explained_match e %}", e=Explanation(**(base | changes)))


def test_explained_match_shows_points_with_the_words_of_both_sides() -> None:
    html = explained()
    assert "64 of 80" in html
    assert "Heat" in html
    assert "Shade" in html


def test_explained_match_sample_adds_up() -> None:
    sample = sample_explanation("x")
    assert sum(row.points or 0 for row in sample.rows) == sample.score


def test_explained_match_says_what_is_unknown_and_not_stated() -> None:
    html = explained(rows=[PointsRow("Scale", None, 20, asked="4800")], unknowns=["Scale"])
    assert "not known" in html
    assert "Not stated" in html
    assert "What is not known" in html


def test_explained_match_gives_a_verdict_in_words() -> None:
    html = explained(verdicts=[VerdictRow("Warranty", Verdict.NOT_MET, "8 < 10")])
    assert "Not met" in html
    assert "8 &lt; 10" in html


def test_explained_match_says_what_would_raise_the_score() -> None:
    html = explained(raises=[Raise("State the lead time.", 4), Raise("State the price.", 1)])
    assert "(+4 points)" in html
    assert "(+1 point)" in html


def test_explained_match_marks_words_in_another_language() -> None:
    html = explained(rows=[PointsRow("Topics", 1, 2, "폭염", "Shade", asked_language="ko")])
    assert '<span lang="ko">폭염</span>' in html


def test_task_without_url_is_no_link() -> None:
    html = render('{% task "Check answers" "Cannot start yet" %}')
    assert "<a" not in html
    assert "Cannot start yet" in html


def test_task_link_is_described_by_its_state() -> None:
    html = render('{% task "Budget" "Done" url="/b/" tone="success" %}')
    identity = html.split('aria-describedby="')[1].split('"')[0]
    assert f'<div id="{identity}">' in html


def test_timeline_item_says_its_state_in_words() -> None:
    source = '{% timeline_item "Review" when=day state="current" %}{% endtimeline_item %}'
    html = render(source, day=datetime.date(2026, 3, 14))
    assert 'aria-current="step"' in html
    assert '<time datetime="2026-03-14">' in html


def test_pagination_keeps_the_filters() -> None:
    page = Paginator(range(100), 20).page(2)
    html = render("{% pagination page %}", path="/en/demands/?focus=mobility&page=2", page=page)
    assert 'href="?focus=mobility&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_pagination_of_one_page_is_nothing() -> None:
    assert render("{% pagination page %}", page=Paginator(range(20), 20).page(1)) == ""


def test_breadcrumbs_with_a_label_but_no_url_are_refused() -> None:
    with pytest.raises((ValueError, TemplateSyntaxError)):
        render('{% breadcrumbs "Demands" %}')


def test_filter_chips_take_one_value_away_and_go_back_to_the_first_page() -> None:
    path = "/en/x/?search=heat&state=draft&state=rejected&page=3"
    form = SampleFilter(RequestFactory().get(path).GET)
    html = render("{% filter_chips form %}", path=path, form=form)
    assert 'href="/en/x/?search=heat&amp;state=rejected"' in html
    assert "State: Draft" in html
    assert "page" not in html


def test_filter_chips_of_a_list_without_filters_are_nothing() -> None:
    assert render("{% filter_chips form %}", form=SampleFilter({})) == ""


def test_user_text_in_the_readers_language_is_plain() -> None:
    record = sample_record("en")
    assert render('{% user_text record "title" %}', record=record) == record.title_en


def test_user_text_in_another_language_has_its_lang_and_says_so() -> None:
    html = render('{% user_text record "title" %}', record=sample_record("zh-hans"))
    assert '<span lang="zh-Hans">' in html
    assert "shown in the original: Simplified Chinese" in html


def test_user_text_of_a_machine_translation_says_so() -> None:
    record = sample_record("ko")
    record.title_en, record.translations = "Cooler classrooms", {"title": {"en": "machine"}}
    html = render('{% user_text record "title" %}', record=record)
    assert "Cooler classrooms" in html
    assert "machine translation" in html


def test_user_text_block_escapes_and_keeps_paragraphs() -> None:
    record = sample_record("en")
    record.problem_en = "One <script>\n\nTwo"
    html = render('{% user_text_block record "problem" %}', record=record)
    assert "<p>One &lt;script&gt;</p>" in html
    assert "<p>Two</p>" in html


@pytest.mark.parametrize(
    ("language", "source", "shown"),
    [
        ("en", "{% number 1234567.25 %}", "1,234,567.2"),
        ("es", "{% number 1234567.25 %}", "1.234.567,2"),
        ("en", '{% money 12500000 "EUR" %}', "€12,500,000"),
        ("ko", '{% money 12500000 "KRW" %}', "₩12,500,000"),
        ("en", '{% money_range 5 5 "USD" %}', "US$5"),
        ("ja", '{% language_name "pt" %}', "ポルトガル語"),
        ("fr", "{% percent 0.25 %}", "25 %"),
    ],
)
def test_formats_follow_the_language(language: str, source: str, shown: str) -> None:
    with translation.override(language):
        assert render(source).replace("\u202f", " ").replace("\xa0", " ") == shown


@pytest.mark.parametrize("tag", ["number", "date", "ago", "percent"])
def test_formats_of_nothing_are_empty(tag: str) -> None:
    assert render(f"{{% {tag} value %}}", value=None) == ""


def test_date_is_machine_readable() -> None:
    html = render("{% date day %}", day=datetime.date(2026, 3, 14))
    assert html == '<time datetime="2026-03-14">14 March 2026</time>'


def test_nav_link_marks_the_page_and_what_lies_below_it() -> None:
    url = reverse("help")
    assert 'aria-current="page"' in render('{% nav_link "help" "Help" %}', path=url)
    assert 'aria-current="true"' in render('{% nav_link "help" "Help" %}', path=url + "cities/")
    assert "aria-current" not in render('{% nav_link "help" "Help" %}', path="/en/about/")


def test_query_changes_and_drops_values() -> None:
    assert render("{% query sort='date' page=None %}", path="/en/?page=3&q=a") == "?q=a&amp;sort=date"


def test_htmx_never_keeps_pages_in_the_browser() -> None:
    html = render("{% htmx %}")
    assert "&quot;historyCacheSize&quot;: 0" in html
    assert "&quot;allowEval&quot;: false" in html


def test_site_links_keep_page_and_query_in_every_language() -> None:
    site = Site(RequestFactory().get("/en/about/?a=1&b=%20"))
    links = {link.code: link.url for link in site.languages}
    assert links["ko"] == "/ko/about/?a=1&b=%20"
    assert links["zh-hans"] == "/zh-hans/about/?a=1&b=%20"
    assert site.any_language_url.endswith("/about/")


def test_site_links_of_an_unknown_address_lead_home() -> None:
    site = Site(RequestFactory().get("/en/no/such/page/"))
    assert next(link.url for link in site.languages if link.code == "fr") == "/fr/"


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("en", "en"), ("de", "de")])
def test_language_tag_spells_bcp47(code: str, tag: str) -> None:
    assert language_tag(code) == tag


@pytest.mark.django_db
def test_choice_of_none_has_words() -> None:
    class Pick(BaseForm):
        area = forms.ModelChoiceField(queryset=FocusArea.objects.none(), label="Focus area")

    assert '<option value="" selected>Choose</option>' in " ".join(str(Pick()["area"]).split()).replace(" >", ">")


# A tag between the tags of <title> is shown as it is written, so a text with a `lang` of its own is stripped first.
MARKED_TITLE = re.compile(
    r"{% block title %}(?:(?!{% endblock).)*?{% (?:user_text|pair_title|record_title)(?:(?! as )[^%])*%}"
)


def test_title_of_a_window_holds_no_markup() -> None:
    pages = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
    assert [page.name for page in pages if MARKED_TITLE.search(page.read_text(encoding="utf-8"))] == []


def test_text_that_nobody_wrote_leaves_no_empty_paragraph_and_no_note() -> None:
    record = sample_record("en")
    record.problem_en = ""
    assert render('{% user_text_block record "problem" %}', record=record) == ""
