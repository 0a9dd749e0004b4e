"""The answers of a solution in words of the reader's language, section by section: for checking and for comparing."""

from django.utils.translation import get_language, gettext

from catalog.completeness import Section
from catalog.criteria import value_in_words
from catalog.forms.all_sections import FORMS
from catalog.models import Reference, Solution
from portal.common.answers import Answer, answers_of
from portal.common.context import language_tag
from portal.common.languages import format_day


def section_answers(solution: Solution, slug: str) -> list[Answer]:
    if slug == Section.CAPABILITIES:
        return capability_answers(solution)
    if slug == Section.REFERENCES:
        return reference_answers(solution)
    return answers_of(FORMS[slug](solution))


def capability_answers(solution: Solution) -> list[Answer]:
    language = get_language() or "en"
    return [
        Answer(
            item.criterion.code,
            item.criterion.label,
            value_in_words(item.criterion, flag=item.flag, number=item.number, language=language),
        )
        for item in solution.capabilities.all()
    ] or [Answer("capabilities", Section.CAPABILITIES.label, "")]


def reference_answers(solution: Solution) -> list[Answer]:
    own = language_tag(solution.original_language)
    rows = [Answer(str(item.pk), item.city_name, _in_short(item), own) for item in solution.references.all()]
    return rows or [Answer("references", Section.REFERENCES.label, "")]


def _in_short(item: Reference) -> str:
    day = format_day(item.started_on, get_language() or "en", "medium") if item.started_on else ""
    since = gettext("since %(day)s") % {"day": day} if day else ""
    return " · ".join(word for word in (str(item.get_status_display()), since, item.results) if word)
