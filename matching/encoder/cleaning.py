"""The one road by which text reaches a model: `clean()`, and the split into sentences.

Every backend calls `clean()` itself, so no caller can bypass it; calling it twice changes nothing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

MAX_CHARS: Final = 4000
MAX_SENTENCES: Final = 12

# Invisible marks go without a trace, so that a word with a zero-width joiner or a bidi mark in it stays one word.
_DROPPED_CATEGORIES: Final = frozenset({"Cf"})
# Control characters (NUL among them), lone surrogates, private and unassigned code points part words, as a space does.
_BLANKED_CATEGORIES: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_VARIATION_SELECTORS: Final = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


class _Scrub(dict[int, str]):
    """A str.translate table filled as code points are met: what to drop, what to blank, what to keep."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        if category in _DROPPED_CATEGORIES or code in _VARIATION_SELECTORS:
            kept = ""
        elif category in _BLANKED_CATEGORIES or code == 0xFFFD:
            kept = " "
        else:
            kept = chr(code)
        self[code] = kept
        return kept


_SCRUB: Final = _Scrub()
# What is scrubbed of what str.isprintable lets pass; the categories above it does not.
_UNSEEN: Final = re.compile("[\ufe00-\ufe0f\ufffd\U000e0100-\U000e01ef]")


def clean(text: str | None, max_chars: int = MAX_CHARS) -> str:
    """Text as the models may see it: NFKC, no control, bidi or surrogate characters, one space between words.

    The cut comes before normalising too: NFKC turns one U+FDFA into 18 characters and sorts runs of combining marks
    in quadratic time, so a megabyte must never reach it. At most `max_chars` characters come back; "" for None.
    """
    if not text:
        return ""
    tight = " ".join(text[: 2 * max_chars].split())
    if tight.isprintable() and not _UNSEEN.search(tight) and unicodedata.is_normalized("NFKC", tight):
        return tight[:max_chars].rstrip()  # nothing to scrub, as in nearly every text
    # Scrubbing again after NFKC catches what a compatibility form unfolds into.
    scrubbed = unicodedata.normalize("NFKC", text[: 2 * max_chars].translate(_SCRUB)).translate(_SCRUB)
    return " ".join(scrubbed.split())[:max_chars].rstrip()


_BREAK: Final = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；｡])|[\r\n\v\f\x85\u2028\u2029]+")
WIDE: Final = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff]")
_SHORT_LATIN: Final = 12
_SHORT_WIDE: Final = 4


def _is_fragment(sentence: str) -> bool:
    """Whether a piece is too short to mean anything alone, such as the "No." of "No. 5" or a list's "a)"."""
    return len(sentence) < (_SHORT_WIDE if WIDE.search(sentence) else _SHORT_LATIN)


def sentences(text: str | None, limit: int = MAX_SENTENCES) -> list[str]:
    """The clean, distinct sentences and lines of a text in order, at most `limit`; fragments join the next one."""
    found: dict[str, None] = {}
    pending = ""
    for piece in _BREAK.split((text or "")[: 2 * MAX_CHARS]):
        joined = clean(f"{pending} {piece or ''}")
        if _is_fragment(joined):
            pending = joined
            continue
        pending = ""
        found.setdefault(joined)
        if len(found) == limit:
            return list(found)
    if pending and not found:
        found.setdefault(pending)
    return list(found)


def text_hash(text: str | None) -> str:
    """SHA-256 in hex of the clean text; with the kind and a backend's id it names one vector.

    Texts that a model cannot tell apart share it.
    """
    return hashlib.sha256(clean(text).encode()).hexdigest()
