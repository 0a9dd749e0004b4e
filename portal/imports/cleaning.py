"""Text as it may be kept: readable, storable, and showing what it is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_UNWANTED = (
    ("nul", re.compile("\x00"), " "),
    ("surrogate", re.compile("[\ud800-\udfff]"), "\ufffd"),
    # Overrides and isolates turn the order of what is read, which on a page of many authors is a way to deceive.
    ("bidi", re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]"), ""),
    ("control", re.compile("[\x01-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\ufffe\uffff]"), " "),
)
# Separators of old, and marks of byte order: nobody misses them, nobody need be told.
_QUIET = re.compile("[\x0b\x0c\x1c-\x1f\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
# Python's normalising takes quadratic time over a run of combining marks; nobody writes more than a few.
_COMBINING = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS = re.compile(f"({_COMBINING}{{8}}){_COMBINING}+")
_WORD_BREAK = re.compile(r"\s+\S*$")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``removed`` names what was taken out: "nul", "surrogate", "bidi", "control"."""

    text: str
    removed: tuple[str, ...] = ()


def clean_text(raw: str, *, lines: bool) -> Cleaned:
    """Storable text in NFC; with ``lines`` its line breaks are kept (two in a row at most), else they become spaces."""
    text = _LINE_ENDS.sub("\n", raw)
    removed = []
    for name, pattern, instead in _UNWANTED:
        cleared = pattern.sub(instead, text)
        if cleared != text:
            removed.append(name)
        text = cleared
    text = unicodedata.normalize("NFC", _MARKS.sub(r"\1", _QUIET.sub(" ", text)))
    if not lines:
        return Cleaned(" ".join(text.split()), tuple(removed))
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return Cleaned(_EMPTY_LINES.sub("\n\n", text).strip(), tuple(removed))


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ended at a word where one ends near, with an ellipsis."""
    if not limit or len(text) <= limit:
        return text
    kept = text[: limit - 1]
    shorter = _WORD_BREAK.sub("", kept)
    return (shorter if len(shorter) > 0.8 * len(kept) else kept).rstrip() + "…"
