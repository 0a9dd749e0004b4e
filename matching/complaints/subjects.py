"""What apps above this one let people object to: each says how its records are found and who had a part in them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Concern:
    """Who may not examine a complaint: whoever is tied to ``parties``, and ``people`` who had a part in it."""

    parties: frozenset[int] = NOBODY
    people: frozenset[int] = NOBODY


@dataclass(frozen=True, slots=True)
class Subject:
    """``is_contestable`` while a no stands that its owner knows of; ``upheld`` follows a complaint found right."""

    record_of: Callable[[str], Any]
    owner_of: Callable[[Any], int]
    is_contestable: Callable[[Any], bool]
    involved: Callable[[Any], frozenset[int]]
    upheld: Callable[[Any], None]


SUBJECTS: dict[str, Subject] = {}
