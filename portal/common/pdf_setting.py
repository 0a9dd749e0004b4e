"""Setting text in printed files: where its lines end, and which form of which font stands where.

fpdf2 can do it too, but measures the line anew for every letter and keeps a style for each: that took a third of a
second for a clean file of five pages. Here each word is set once, however often it stands in the file.

All lengths are in thousandths of the size of the letters.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import nan

from fpdf.fonts import TTFFont

BREAK = "\u200b"
# Between these and in them a line may end.
GAPS = re.compile("([ \u200b\u2000-\u2006\u2008-\u200a\u205f\u3000])")
# Latin, Greek and Cyrillic letters, signs and points stand side by side as they are; all others may change their forms.
UNSHAPED = re.compile("[\x00-\u02ff\u0370-\u052f\u1e00-\u1fff\u2000-\u214f\u2190-\u22ff]*")
NEAR = 0.01


@dataclass(frozen=True, slots=True)
class Run:
    """Forms of one font side by side, by their codes in the file. What begins where a run ends may be joined to it."""

    font: TTFFont
    codes: str
    start: float
    end: float
    rise: float = 0.0

    def is_before(self, other: "Run") -> bool:
        return self.font is other.font and self.rise == other.rise and abs(self.end - other.start) < NEAR

    def moved(self, by: float) -> "Run":
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True)
class Word:
    width: float
    runs: tuple[Run, ...] = ()


Line = list[Run]


class Setter:
    """Text in the first font that has its letters, in the forms that a language has for them."""

    def __init__(self, fonts: Sequence[TTFFont], language: str) -> None:
        """``language`` is a BCP 47 tag."""
        self._fonts = fonts
        self._shaping = {"features": {}, "language": language.lower()}
        self._words = {BREAK: Word(0.0)}

    def lines(self, text: str, width: float) -> list[Line]:
        """At least one, if only an empty one."""
        parts = text.replace("\t", " ").split("\n")
        return [self._line(pieces) for part in parts for pieces in self._wrapped(part, width)]

    def _wrapped(self, text: str, width: float) -> Iterator[list[str]]:
        """Words and the gaps between them, line by line. A word that is wider than a line ends where the line does."""
        line: list[str] = []
        used, gap = 0.0, ""
        for place, piece in enumerate(GAPS.split(text)):
            if place % 2:
                gap = piece
                continue
            wide = self.word(gap).width + self.word(piece).width
            if line and used + wide > width + NEAR:
                yield line
                line, used, wide, gap = [], 0.0, self.word(piece).width, ""
            if not line and wide > width + NEAR:
                *full, piece = self._in_parts(piece, width)
                yield from ([part] for part in full)
                wide = self.word(piece).width
            line += [gap, piece]
            used += wide
        yield line

    def _in_parts(self, word: str, width: float) -> Iterator[str]:
        begun, used = 0, 0.0
        for place, letter in enumerate(word):
            wide = self.word(letter).width
            if place > begun and used + wide > width + NEAR:
                yield word[begun:place]
                begun, used = place, 0.0
            used += wide
        yield word[begun:]

    def _line(self, pieces: Iterable[str]) -> Line:
        runs: list[Run] = []
        width = 0.0
        for word in map(self.word, pieces):
            runs += [run.moved(width) for run in word.runs]
            width += word.width
        return joined(runs)

    def word(self, text: str) -> Word:
        found = self._words.get(text)
        if found is None:
            found = self._words[text] = self._set(text)
        return found

    def _set(self, text: str) -> Word:
        runs: list[Run] = []
        width = 0.0
        for font, letters in groupby(text, self._font_of):
            part = "".join(letters)
            found = plain(font, part) if UNSHAPED.fullmatch(part) else self._shaped(font, part)
            runs += [run.moved(width) for run in found.runs]
            width += found.width
        return Word(width, tuple(joined(runs)))

    def _font_of(self, letter: str) -> TTFFont:
        return next((font for font in self._fonts if ord(letter) in font.cmap), self._fonts[0])

    def _shaped(self, font: TTFFont, text: str) -> Word:
        runs: list[Run] = []
        pen = 0.0
        for form in font.shape_text(text, 1.0, self._shaping):
            start, rise = pen + form["x_offset"] * font.scale, form["y_offset"] * font.scale
            pen += form["x_advance"] * font.scale
            if form["mapped_char"] is not None:
                runs.append(Run(font, chr(form["mapped_char"]), start, nan if form["force_positioning"] else pen, rise))
        return Word(pen, tuple(runs))


def plain(font: TTFFont, text: str) -> Word:
    codes = [code for code in (font.subset.pick(ord(letter)) for letter in text) if code is not None]
    width = float(sum(font.cw[ord(letter)] for letter in text))
    return Word(width, (Run(font, "".join(map(chr, codes)), 0.0, width),))


def joined(runs: Iterable[Run]) -> Line:
    line: Line = []
    for run in runs:
        if line and line[-1].is_before(run):
            line[-1] = replace(line[-1], codes=line[-1].codes + run.codes, end=run.end)
        else:
            line.append(run)
    return line
