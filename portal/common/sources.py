"""What imported records of every kind share: what came of a row, and the hash by which an unchanged one is told."""

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from portal.common.models import Sourced

Record = TypeVar("Record", bound=Sourced)
# Guesses are ours, not the source's: a better guesser must not make every row look changed.
GUESSED = ("focus_area", "more_focus_areas", "topics", "focus_guessed")


class Outcome(StrEnum):
    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # an organisation has made the record its own: the file no longer speaks for it


@dataclass(frozen=True, slots=True)
class Imported(Generic[Record]):
    """The record as it stands now, and what was done."""

    record: Record
    outcome: Outcome


def source_hash(row: Any) -> str:
    """SHA-256 in hex of an imported row (a dataclass of plain values), without what was guessed about it."""
    values = asdict(row)
    if values.get("focus_guessed"):
        values = {name: value for name, value in values.items() if name not in GUESSED}
    body = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(body.encode()).hexdigest()
