"""Texts that break tokenisers, normalisers, encoders and terminals, and a way to make more of their kind."""

import os
from pathlib import Path

from hypothesis import strategies as st

HOSTILE = [
    "",
    " \t\n\u2028",
    "a\x00b",
    "\x00" * 10_000,
    "\x01\x02\x03",
    "lone \ud800 surrogate \udfff",
    "\ud83d" * 500 + "\udeb2" * 500,
    "\ufdfa" * 10,
    "\ufdfa" * 5_000,
    "\u202eright to left\u202c \u2066isolated\u2069 \u200f",
    "\u202e" * 2_000 + "x",
    "\U0001f6b2\U0001f333\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 300,
    "\U0001f1e6" * 999,
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e007f",
    "\u0301" * 5000,
    "Z" + "\u0301\u0316\u0323\u0334" * 1_500 + "algo",
    "\u1100" * 3_000,
    "가" * 5_000,
    "ﷺ" + "ﬁ" * 3_000,
    "\u2581" * 3_000,
    "</s><s><unk><mask> query: passage: [CLS] [SEP] <|endoftext|>",
    "endless " * 125_000,
    "x" * 1_000_000,
    "。" * 4_000,
    "!?;." * 2_000,
    "\uffff\U0010ffff\ufffe\ufeff",
    "\ue000\U000f0000",
    "𝔘𝔯𝔟𝔞𝔫 ℌ𝔢𝔞𝔩𝔱𝔥 ①②③ ㎞²",
    "'; DROP TABLE x; -- {{ 7*7 }} ${jndi:ldap://x} %s %n",
    "1" * 4_000,
]

_anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
_nasty = st.sampled_from(
    ["\x00", "\ud800", "\ufdfa", "\u0301", "\u202e", "\u200d", "\U0001f468", "\u2581", "가", " ", "。"]
)
_storms = st.builds(lambda part, times: part * times, _nasty, st.integers(1, 3_000))
# Whole texts, storms of one character, and both after one another.
texts = st.lists(st.one_of(_anything, _storms), min_size=1, max_size=4).map("".join)

_WORDS = [
    "lamp",
    "inundación",
    "déchets",
    "água",
    "가로등",
    "防潮堤",
    "街灯",
    "flood",
    "Straße",
    "\U0001f333",
    "\u0301",
    "\x00",
]


def varied(first: int, count: int, longest: int = 200) -> list[str]:
    """Texts of one to `longest` words in many scripts, no two alike; the same for the same numbers."""
    return [_varied(number, 1 + number * 37 % longest) for number in range(first, first + count)]


def _varied(number: int, size: int) -> str:
    words = (_WORDS[(number * 7 + place) % len(_WORDS)] for place in range(size))
    return f"{number} {' '.join(words)}"


def kept() -> int:
    """Bytes of memory that are this process's alone; pages of the weight file come and go and do not count."""
    resident, shared = Path("/proc/self/statm").read_text(encoding="ascii").split()[1:3]
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
