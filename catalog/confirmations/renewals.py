"""Saying once a year that everything still holds: what there is to tick, and the renewal that follows."""

from dataclasses import dataclass
from typing import Any

from catalog.answers import section_answers
from catalog.completeness import Section, assess
from catalog.models import Solution
from portal.common.answers import Answer


@dataclass(frozen=True, slots=True)
class Held:
    """One thing to tick: a section of the solution with its answers as they stand."""

    code: str
    label: Any
    answers: list[Answer]


def held_by(solution: Solution) -> list[Held]:
    """What the solution states, section by section; what it leaves open is not asked."""
    done = assess(solution).done
    sections = [section for section in Section if section in done and section != Section.VALIDITY]
    return [Held(section.value, section.label, _stated(solution, section)) for section in sections]


def _stated(solution: Solution, section: Section) -> list[Answer]:
    return [answer for answer in section_answers(solution, section) if answer.value]
