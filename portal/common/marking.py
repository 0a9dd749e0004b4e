"""Two versions of a text, with what went and what came marked."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

# Tags and entities stay whole; Han, kana and Hangul are compared sign by sign, for words are not told apart there.
_PARTS = re.compile(r"<[^>]+>|&#?\w+;|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|\s+|[^\w\s]")
MOST_PARTS = 4_000  # of both together: comparing takes their product


def marked(was: str, now: str) -> tuple[SafeString, SafeString]:
    """``was`` with ``<del>``, ``now`` with ``<ins>`` around what differs; both unmarked where they are too long."""
    old, new = (_PARTS.findall(str(conditional_escape(text))) for text in (was, now))
    if len(old) + len(new) > MOST_PARTS:
        return SafeString("".join(old)), SafeString("".join(new))
    changed_old, changed_new = [True] * len(old), [True] * len(new)
    for start, other, length in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if "".join(old[start : start + length]).strip():  # a blank between two changes belongs to them
            changed_old[start : start + length] = changed_new[other : other + length] = [False] * length
    return _wrapped(old, changed_old, "del"), _wrapped(new, changed_new, "ins")


def _wrapped(parts: list[str], changed: list[bool], tag: str) -> SafeString:
    return SafeString("".join(_runs(parts, changed, tag)))


def _runs(parts: list[str], changed: list[bool], tag: str) -> Iterator[str]:
    """Runs of the same kind; never around a tag, which would tear paragraphs apart."""
    flags = [flag and not part.startswith("<") for part, flag in zip(parts, changed, strict=True)]
    for flag, run in groupby(zip(flags, parts, strict=True), key=lambda pair: pair[0]):
        text = "".join(part for _flag, part in run)
        word = text.strip()
        yield text.replace(word, f"<{tag}>{word}</{tag}>", 1) if flag and word else text
