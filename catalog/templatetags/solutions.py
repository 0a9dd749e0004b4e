"""Solutions in words of the reader's language: rows of lists, marks, what a capability offers, where it is served."""

from collections.abc import Iterable
from typing import Any

from babel.lists import format_list
from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from catalog.confirmations.enums import CityAnswer, Verdict
from catalog.criteria import UNSPACED, value_in_words
from catalog.enums import BusinessModel, EvidenceGrade, ReferenceStatus, ScaleUnit, SolutionState, SuspensionReason
from catalog.models import Capability, Reference, Solution
from catalog.places import name_places
from portal.accounts.models import Organisation
from portal.common.answers import Answer, listed
from portal.common.context import language_tag
from portal.common.excerpts import excerpt
from portal.common.geography import countries, region_name, regions
from portal.common.languages import babel_locale, format_range, language_name
from portal.common.marking import marked
from portal.common.templatetags.components import badge, status
from portal.common.templatetags.formats import date, number
from portal.common.templatetags.originals import WARNED_OF
from portal.common.translated import shown

register = template.Library()

MOST_PLACES = 3
SHORT = 120  # characters of a tagline in a list: twenty rows have to fit into the weight of a page
# Proper names of public sources, as their publishers write them; not to be translated.
SOURCES = {
    "open_sustainable_tech": "Open Sustainable Technology",
    "ademe_territoires_te": "ADEME, Territoires en Transitions",
    "ademe_territoires_cae": "ADEME, Territoires en Transitions",
    "ademe_territoires_eci": "ADEME, Territoires en Transitions",
    "aides_territoires": "Aides-territoires",
    "sbir_award": "SBIR/STTR Awards",
    "dpg_registry": "Digital Public Goods Registry",
    "adaptecca_solution": "AdapteCCa",
    "awesome_clean_tech": "Awesome Clean Tech",
}


def _language() -> str:
    return get_language() or "en"


def _joined(words: list[str]) -> str:
    return format_list(words, locale=babel_locale(_language())) if words else ""


@register.simple_tag
def source_name(record: Any) -> str:
    """The publisher of an imported record; its code where the portal knows no better name."""
    return SOURCES.get(record.source, record.source)


@register.simple_tag
def solution_marks(solution: Solution, *, with_state: bool | None = None) -> SafeString:
    """Badges: the state (always, never, or by default where it is not simply "listed"), evidence, imported, demo."""
    shows_state = solution.state != SolutionState.LISTED if with_state is None else with_state
    marks = [status(solution)] if shows_state else []
    best = solution.best_grade
    marks.append(status(best) if best else badge(gettext("No evidence stated")))
    if solution.revises_id:
        marks.append(badge(gettext("New version"), "info"))
    if solution.is_imported:
        marks.append(badge(gettext("Imported")))
    if solution.is_demo:
        marks.append(badge(gettext("Demo"), "info"))
    return format_html_join(" ", "{}", ((mark,) for mark in marks))


@register.simple_tag
def focus_line(solution: Solution) -> str:
    """The main focus area; one that was guessed from the text says so."""
    if solution.focus_area is None:
        return ""
    text = gettext("%(area)s (guessed from the text)") if solution.focus_guessed else "%(area)s"
    return text % {"area": solution.focus_area}


@register.simple_tag
def solution_meta(solution: Solution) -> list[str]:
    """Provider, focus area, places served, and where an imported record comes from; what is not stated is left out."""
    source = gettext("Source: %(publisher)s") % {"publisher": source_name(solution)} if solution.source else ""
    words = [solution.provider.organisation.name, focus_line(solution), served(solution.regions)]
    return [*words, source, solution.source_licence]


@register.simple_tag
def tagline(solution: Solution) -> SafeString:
    """The line under the name in a list, cut short, in its own language."""
    found = shown(solution, "tagline")
    if not found.text:
        found = shown(solution, "solves")
    if not found.text:
        return SafeString()
    text = excerpt(found.text, SHORT)
    tag = language_tag(found.language) if found.is_foreign else ""
    context = {"text": text, "tag": tag, "found": found, "note": found.is_foreign or found.status in WARNED_OF}
    return SafeString(render_to_string("components/user_text.html", context).strip())


@register.simple_tag
def served(codes: Iterable[str], most: int = MOST_PLACES) -> str:
    """Regions and countries as a list; beyond ``most`` a number: "Chile, Peru, Mexico and 4 more"."""
    known = [code for code in codes if code in regions() or code in countries()]
    names = [region_name(code, _language()) for code in known]
    rest = len(names) - most
    if rest > 1:
        names = [*names[:most], ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest}]
    return _joined(names)


@register.simple_tag
def named(items: Any) -> str:
    """Names of the vocabulary in a row."""
    return listed(str(item) for item in items)


@register.simple_tag
def business_models_of(solution: Solution) -> str:
    labels = dict(BusinessModel.choices)
    return listed(str(labels.get(code, code)) for code in solution.business_models)


@register.simple_tag
def languages_of(record: Any) -> str:
    return _joined([language_name(code, _language()) for code in record.languages])


@register.simple_tag
def span(low: Any, high: Any, unit: str = "") -> str:
    """As "500 – 2,000 lamps"; one end alone is said as such. ``unit`` is a code of ScaleUnit."""
    if low is None and high is None:
        return ""
    if low is None:
        return gettext("up to %(number)s") % {"number": _with_unit(number(high), unit)}
    if high is None:
        return gettext("from %(number)s") % {"number": _with_unit(number(low), unit)}
    both = number(low) if low == high else format_range(number(low), number(high), get_language() or "en")
    return _with_unit(both, unit)


def _with_unit(figures: str, unit: str) -> str:
    """With a space between, except where the language writes none."""
    space = "" if _language() in UNSPACED else " "
    return f"{figures}{space}{dict(ScaleUnit.choices)[unit]}" if unit else figures


@register.simple_tag
def capability_value(capability: Capability) -> str:
    """As "10 years", "Yes" or "No"."""
    return value_in_words(capability.criterion, flag=capability.flag, number=capability.number, language=_language())


@register.simple_tag
def grade_of(item: Any) -> EvidenceGrade:
    """The grade of a claim, capability or reference as an enum member, which knows its tone."""
    return EvidenceGrade(item.grade)


@register.simple_tag
def own_words(solution: Solution, text: str) -> SafeString | str:
    """A text that exists in the solution's own language only; empty where nothing is stated."""
    return format_html('<span lang="{}">{}</span>', language_tag(solution.original_language), text) if text else ""


@register.simple_tag
def evidence_link(url: str) -> SafeString | str:
    """A link to evidence, named by the site it leads to; nothing without an address."""
    if not url.startswith(("https://", "http://")):
        return ""
    return format_html('<a href="{}" rel="external nofollow noopener">{}</a>', url, url.split("/")[2])


@register.simple_tag
def references_of(solution: Solution) -> list[tuple[Reference, str]]:
    """Each reference with the name of its city in the reader's language, where the portal knows the city."""
    found = list(solution.references.all())
    names = name_places(item.geonames_id for item in found if item.geonames_id)
    return [(item, names.get(item.geonames_id or 0, item.city_name)) for item in found]


@register.simple_tag
def reference_status(reference: Reference) -> ReferenceStatus:
    return ReferenceStatus(reference.status)


@register.simple_tag
def answer_of(question: Any) -> CityAnswer:
    """What a city said, with its words and tone."""
    return CityAnswer(question.answer)


@register.simple_tag
def verdict_of(check: Any) -> Verdict:
    return Verdict(check.verdict)


@register.simple_tag
def months(count: int | None) -> str:
    """As "6 months"; empty for None."""
    if count is None:
        return ""
    return ngettext("%(number)s month", "%(number)s months", count) % {"number": number(count)}


@register.simple_tag
def suspension_words(solution: Solution) -> str:
    """Why ICLEI took it out of the catalogue; empty where it did not."""
    reason = dict(SuspensionReason.choices).get(solution.suspension_reason)
    return gettext("ICLEI suspended it: %(reason)s.") % {"reason": reason} if reason else ""


@register.simple_tag
def verification(organisation: Organisation) -> SafeString | str:
    """As "Public registry entry, 3 May 2026"; empty while nobody has verified it."""
    if not organisation.is_verified:
        return ""
    return format_html("{}, {}", organisation.get_verified_how_display(), date(organisation.verified_at))


@register.simple_tag
def mark_changes(was: Answer | None, now: Answer | None) -> tuple[str, str]:
    """The two values of an answer; where both say something, with what differs marked."""
    texts = tuple(answer.value if answer else "" for answer in (was, now))
    return marked(*texts) if all(texts) else texts
