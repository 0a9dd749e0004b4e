"""What a moderator is shown of a revision: the answers that differ, as listed and as proposed."""

from typing import Any, NamedTuple

from catalog.answers import section_answers
from catalog.completeness import Section
from catalog.models import Solution
from portal.common.answers import Answer


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
    return found


def _said(answer: Answer | None) -> str:
    return str(answer.value) if answer else ""


def _by_key(solution: Solution, section: Section) -> dict[Any, Answer]:
    """Answers by what they are about; a copied reference is about the row that it copies."""
    if section == Section.REFERENCES:
        origins = {str(item.pk): str(item.copied_from_id or item.pk) for item in solution.references.all()}
        return {origins.get(answer.name, answer.name): answer for answer in section_answers(solution, section)}
    return {answer.name: answer for answer in section_answers(solution, section)}
