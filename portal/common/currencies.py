"""Currencies: codes and names (CLDR through Babel), amounts as readers write them, and rough value in euros.

The rates are a committed table of reference rates of one day (data/rates.csv); they compare the size of projects, they
do not settle accounts. Whoever shows a converted amount shows `rates_date()` with it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from babel.core import get_global
from babel.numbers import format_currency, get_territory_currencies

from portal.common.languages import CODES as LANGUAGE_CODES
from portal.common.languages import babel_locale, is_grouped, sort_key

DATA = Path(__file__).parent / "data"
CENT = Decimal("0.01")
# Two currencies younger than the names in CLDR 47; keys are the portal's languages.
_NAMES = {
    "XCG": {"pt": "Florim caribenho", "ko": "카리브 휠던", "ja": "カリブ・ギルダー", "zh-hans": "加勒比盾"},
    "ZWG": {
        "es": "oro de Zimbabue",
        "fr": "or zimbabwéen",
        "pt": "Ouro zimbabuano",
        "ko": "짐바브웨 골드",
        "ja": "ジンバブエ・ゴールド",
        "zh-hans": "津巴布韦金",
    },
}
_REPLACED = {"BGN"}  # by the euro on 2026-01-01, after this CLDR


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of a currency per euro. `is_fixed` where law, not the market, sets it; `day` is then since when."""

    per_euro: Decimal
    day: date
    is_fixed: bool


@lru_cache(maxsize=1)
def rates() -> Mapping[str, Rate]:
    """The reference rate of each currency that has one; the euro itself is 1."""
    with (DATA / "rates.csv").open(encoding="utf-8", newline="") as file:
        table = {
            code: Rate(Decimal(per_euro), date.fromisoformat(day), source == "fixed")
            for code, per_euro, day, source in list(csv.reader(file))[1:]
        }
    newest = max(rate.day for rate in table.values())
    return MappingProxyType(table | {"EUR": Rate(Decimal(1), newest, is_fixed=True)})


def rates_date() -> date:
    """The day of the market rates."""
    return max(rate.day for rate in rates().values())


@lru_cache(maxsize=1)
def currency_codes() -> tuple[str, ...]:
    """ISO 4217 codes of the currencies in use somewhere today, sorted."""
    territories = get_global("territory_currencies")
    current = {code for territory in territories for code in get_territory_currencies(territory)}
    return tuple(sorted(current - _REPLACED))


def is_currency(code: str) -> bool:
    """Whether an ISO 4217 code is or was one of a currency."""
    return code in get_global("all_currencies")


def currency_name(code: str, language: str) -> str:
    """The currency's name in one of the portal's languages; KeyError for an unknown code."""
    return babel_locale(language).currencies.get(code) or _NAMES[code][language]


@lru_cache(maxsize=len(LANGUAGE_CODES))
def currency_choices(language: str) -> tuple[tuple[str, str], ...]:
    """(code, "Euro (EUR)") for a form, in the order of names in the language."""
    names = [(code, currency_name(code, language)) for code in currency_codes()]
    names.sort(key=lambda pair: sort_key(pair[1], language))
    return tuple((code, f"{name} ({code})") for code, name in names)


def format_amount(amount: Decimal | float, currency: str, language: str) -> str:
    """An amount with its currency's sign where the language puts it; no decimals where the amount is whole."""
    locale, grouped = babel_locale(language), is_grouped(amount, language)
    if amount == int(amount):
        pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
        text = format_currency(
            amount, currency, format=pattern, locale=locale, currency_digits=False, group_separator=grouped
        )
    else:
        text = format_currency(amount, currency, locale=locale, group_separator=grouped)
    # CLDR parts a sign that ends in a letter from the figure; Babel does not.
    return re.sub(r"(?<=[A-Za-z])(?=\d)", "\N{NO-BREAK SPACE}", text)


def to_eur(amount: Decimal | float, currency: str) -> Decimal | None:
    """The amount in euros and cents at the reference rate; None where the currency has none."""
    rate = rates().get(currency)
    return None if rate is None else (Decimal(str(amount)) / rate.per_euro).quantize(CENT)
