"""What a machine must not translate or see: addresses, numbers of telephones, names. It gets [[0]] in their place."""

import re
from collections import Counter
from collections.abc import Iterable

# Mail and web addresses, telephone numbers, placeholders of programs, codes such as TRL7, CO2, kWh/m2.
_KEPT = (
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    r"(?:https?://|www\.)[^\s<>()\"']+[^\s<>()\"'.,;:!?]",
    r"\+\d[\d ()/.-]{6,}\d",
    r"%\(\w+\)[sd]|\{\w*\}",
    r"\b[A-Z]{2,}[-/]?\d+\b",
)
_MARK = re.compile(r"\[\s*\[\s*(\d+)\s*\]\s*\]")
_DIGITS = re.compile(r"\d+")
# Between digits of one number: 1,000.5 and 1.000,5 and 1 000,5 are the same figures.
_GROUPING = re.compile(r"(?<=\d)[.,'  ](?=\d)")


def mask(text: str, names: Iterable[str] = ()) -> tuple[str, list[str]]:
    """The text with marks, and what stands behind them. ``names`` (of organisations, of products) are kept as well."""
    longest_first = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    # \b does not part a name from a particle in Korean, Japanese and Chinese, so names match anywhere.
    pattern = re.compile("|".join([*_KEPT, *map(re.escape, longest_first)]))
    kept: list[str] = []

    def put(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"[[{len(kept) - 1}]]"

    return pattern.sub(put, text), kept


def unmask(text: str, kept: list[str]) -> str | None:
    """The text with what was kept; None where a mark is lost, doubled or invented."""
    if Counter(_MARK.findall(text)) != Counter(str(number) for number in range(len(kept))):
        return None
    return _MARK.sub(lambda found: kept[int(found[1])], text)


def same_figures(original: str, translation: str) -> bool:
    """Whether every figure came back, in whatever order and with whatever separators."""
    return figures(original) == figures(translation)


def figures(text: str) -> Counter[str]:
    return Counter(_DIGITS.findall(_GROUPING.sub("", text)))
