"""Sets of codes as bits: one word of 64 a row, as many words as the codes need, each word a column of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

_WORD: Final = 64


class Codes:
    """Strings and their numbers, in the order they were met. Numbers never change; new strings are added at the end."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._numbers = {code: number for number, code in enumerate(known)}

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def number(self, code: str | None) -> int:
        """The number of a code, a new one where it was never met; -1 for None."""
        return -1 if code is None else self._numbers.setdefault(code, len(self._numbers))

    def numbers(self, codes: Iterable[str]) -> list[int]:
        """The numbers of several codes."""
        return [self.number(code) for code in codes]


def packed(sets: Sequence[Iterable[int]], size: int) -> Words:
    """Sets of numbers below `size` as uint64 of shape (words, len(sets)), at least one word."""
    words = np.zeros((max(1, -(-size // _WORD)), len(sets)), np.uint64)
    for row, numbers in enumerate(sets):
        for number in numbers:
            words[number // _WORD, row] |= np.uint64(1 << number % _WORD)
    return words


def has_any(words: Words, numbers: Iterable[int]) -> npt.NDArray[np.bool_]:
    """Rows that hold at least one of the numbers."""
    held = np.zeros(words.shape[1], bool)
    for number in numbers:
        if 0 <= number < len(words) * _WORD:
            held |= (words[number // _WORD] >> np.uint64(number % _WORD)) & np.uint64(1) != 0
    return held
