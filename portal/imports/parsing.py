"""Numbers and dates as people write them around the world."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_MONEY = r"(?:[A-Z]{1,2}\$|[A-Z]{3}|[$€£¥₩₹₱₺฿₫₦]|元|円|원)?"
_NUMBER = re.compile(
    rf"{_MONEY}\s*(?P<sign>[-+(]?)\s*{_MONEY}\s*(?P<body>\d[\d., '\u00a0\u202f’]*?)\s*(?P<end>\)?)\s*{_MONEY}"
)
_GROUPS = re.compile(r"\d{1,3}(?:(?P<mark>[., '\u00a0\u202f’])\d{3})(?:(?P=mark)\d{3})*")


def parse_number(text: str) -> Decimal | None:
    """A number as people write it: 1234.5, 1,234.50, 1.234,50, 1 234,50, ¥1,234, (1,234) for minus. None if it is none.

    A lone separator before exactly three digits parts thousands, as budgets are written; 0.125 and 0,125 do not.
    """
    found = _NUMBER.fullmatch(text.translate(_WIDE_DIGITS).strip())
    if found is None or (found["sign"] == "(") != (found["end"] == ")"):
        return None
    whole, fraction = _split_number(found["body"])
    if not re.fullmatch(r"\d+", whole):
        if not _GROUPS.fullmatch(whole):
            return None
        whole = re.sub(r"\D", "", whole)
    if len(whole) > 40 or not re.fullmatch(r"\d{0,20}", fraction):
        return None
    return Decimal(f"{'-' if found['sign'] in '-(' and found['sign'] else ''}{whole}.{fraction or '0'}")


def _split_number(body: str) -> tuple[str, str]:
    """What stands before and after the decimal mark; all of it before where there is none."""
    points = [char for char in body if char in ".,"]
    is_thousands = len(set(points)) == 1 and _GROUPS.fullmatch(body) and not body.startswith("0")
    if not points or is_thousands:
        return body, ""
    place = max(body.rfind("."), body.rfind(","))
    return body[:place], body[place + 1 :]


_WIDE_DIGITS = str.maketrans("０１２３４５６７８９．，−－￥", "0123456789.,--¥")
_DATES = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), (1, 2, 3)),
    (re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{4})[-/.](\d{1,2})"), (1, 2, 0)),
)


def parse_date(text: str) -> date | None:
    """ISO dates and times, 20270331, 31.03.2027, 2027年3月31日; a month alone is its first day. None for 03/04/2027."""
    text = text.translate(_WIDE_DIGITS)
    for pattern, (year, month, day) in _DATES:
        if found := pattern.fullmatch(text):
            return _day(int(found[year]), int(found[month]), int(found[day]) if day else 1)
    if found := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", text):
        first, second, year = map(int, found.groups())
        if first > 12 or first == second:
            return _day(year, second, first)
        return _day(year, first, second) if second > 12 else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
