"""What a moderator is shown of a revision: the answers that differ, as listed and as proposed."""

from typing import Any, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from catalog.answers import section_answers
from catalog.completeness import Section
from catalog.models import Solution
from catalog.writing_actions import TRANSLATED
from portal.common.answers import Answer
from portal.common.languages import BY_CODE, CODES
from portal.common.translated import text_in


class Changed(NamedTuple):
    """A section in which draft and listed solution differ, with the answers that do, side by side."""

    heading: Any
    rows: list[tuple[Any, Answer | None, Answer | None]]


def differences(listed: Solution, draft: Solution) -> list[Changed]:
    """Section by section, label → the listed answer and the new one; None where a side has no such answer."""
    found = []
    for section in Section:
        was, now = _by_key(listed, section), _by_key(draft, section)
        rows = [
            ((now.get(key) or was[key]).label, was.get(key), now.get(key))
            for key in dict.fromkeys([*was, *now])
            if _said(was.get(key)) != _said(now.get(key))
        ]
        if rows:
            found.append(Changed(section.label, rows))
    translated = _translated(listed, draft)
    return [*found, Changed(gettext_lazy("Texts in other languages"), translated)] if translated else found


def _translated(listed: Solution, draft: Solution) -> list[tuple[Any, Answer | None, Answer | None]]:
    """Translations, which are approved with the rest: text by text and language by language."""
    rows: list[tuple[Any, Answer | None, Answer | None]] = []
    pairs = [(name, listed, draft, Solution._meta.get_field(name).verbose_name) for name in TRANSLATED]
    old = {claim.dimension: claim for claim in listed.claims.all()}
    pairs += [("statement", old.get(new.dimension), new, new.get_dimension_display()) for new in draft.claims.all()]
    for name, was, now, label in pairs:
        for code in CODES:
            texts = [text_in(row, name, code) if row else "" for row in (was, now)]
            if code != draft.original_language and texts[0] != texts[1]:
                words = format_lazy("{} · {}", label, BY_CODE[code].endonym)
                answers = [Answer(name, words, text, BY_CODE[code].tag) if text else None for text in texts]
                rows.append((words, *answers))
    return rows


def _said(answer: Answer | None) -> str:
    return str(answer.value) if answer else ""


def _by_key(solution: Solution, section: Section) -> dict[Any, Answer]:
    """Answers by what they are about; a copied reference is about the row that it copies."""
    if section == Section.REFERENCES:
        origins = {str(item.pk): str(item.copied_from_id or item.pk) for item in solution.references.all()}
        return {origins.get(answer.name, answer.name): answer for answer in section_answers(solution, section)}
    return {answer.name: answer for answer in section_answers(solution, section)}
