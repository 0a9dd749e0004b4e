"""The numbers that stand for codes in columns: shared by demands and solutions, so that a compiled loop can compare."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine import Vocabulary
from matching.machine.bits import Codes

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Codebook:
    """Codes of every kind. It grows when a record names a new one; numbers given once stay."""

    areas: Codes = field(default_factory=Codes)
    topics: Codes = field(default_factory=Codes)
    countries: Codes = field(default_factory=Codes)
    languages: Codes = field(default_factory=Codes)
    models: Codes = field(default_factory=Codes)
    criteria: Codes = field(default_factory=Codes)
    units: Codes = field(default_factory=Codes)
    koppen: Codes = field(default_factory=Codes)
    incomes: Codes = field(default_factory=Codes)
    subregions: Codes = field(default_factory=Codes)
    concepts: Codes = field(default_factory=Codes)

    def copy(self) -> Codebook:
        """One that may grow without changing this one."""
        return Codebook(**{name: Codes(codes) for name, codes in self.to_json().items()})

    def to_json(self) -> dict[str, list[str]]:
        """Every kind's codes in the order of their numbers."""
        return {kind.name: list(getattr(self, kind.name)) for kind in fields(self)}

    @classmethod
    def from_json(cls, content: Mapping[str, Iterable[str]]) -> Codebook:
        """What `to_json` gave."""
        return cls(**{kind.name: Codes(content[kind.name]) for kind in fields(cls)})


def vocabulary_id(vocabulary: Vocabulary) -> str:
    """Changes with anything the engine is told about topics and criteria."""
    facts: list[Any] = [sorted(vocabulary.topic_area.items()), sorted(vocabulary.certificates)]
    return hashlib.blake2b(repr(facts).encode(), digest_size=12).hexdigest()


def term_hash(term: str) -> int:
    """A token as a number of 64 bits, the same in every process."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


class Terms:
    """Lexical tokens as positions in a sorted table of their hashes. Raises ValueError should two tokens share one."""

    def __init__(self, hashes: Hashes) -> None:
        self.hashes = hashes

    @classmethod
    def of(cls, tokens: Iterable[str]) -> tuple[Terms, list[str]]:
        """The table of these tokens, and the tokens in its order."""
        by_hash: dict[int, str] = {}
        for token in tokens:
            if by_hash.setdefault(term_hash(token), token) != token:
                raise ValueError(f"two tokens have one hash: {token!r} and {by_hash[term_hash(token)]!r}")
        ordered = sorted(by_hash)
        return cls(np.array(ordered, np.uint64)), [by_hash[number] for number in ordered]

    def positions(self, tokens: Iterable[str]) -> npt.NDArray[np.uint32]:
        """Where the known ones of these tokens stand, ascending; unknown ones are left out."""
        wanted = np.sort(np.array([term_hash(token) for token in tokens], np.uint64))
        if not len(self.hashes) or not len(wanted):
            return np.zeros(0, np.uint32)
        found = np.searchsorted(self.hashes, wanted)
        found[found == len(self.hashes)] = 0
        return found[self.hashes[found] == wanted].astype(np.uint32)
