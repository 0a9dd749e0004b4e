"""Facts of the world: countries, regions (UN M49) and income groups.

Pure Python over one committed file (data/countries.json, see NOTICE.md there); no database, no settings. Names of
countries and regions come from CLDR through Babel. Languages are the portal's codes ("en" … "zh-hans"); countries are
ISO 3166-1 alpha-2 plus XK; regions are M49 codes as strings. An unknown code raises KeyError.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from portal.common.languages import CODES, babel_locale, sort_key

DATA = Path(__file__).parent / "data"
WORLD = "001"
WHOLE = "="  # before the code of a region that is served as a whole


@dataclass(frozen=True, slots=True)
class CountryFacts:
    """One country. `income` is the World Bank group: low, lower_middle, upper_middle, high, or None where unknown.

    `languages` are BCP 47 tags, the main one first. `subregion` is None for Antarctica only.
    """

    code: str
    code3: str
    subregion: str | None
    income: str | None
    currency: str | None
    lat: float | None
    lon: float | None
    languages: tuple[str, ...]
    population: int | None


@lru_cache(maxsize=1)
def _data() -> tuple[Mapping[str, CountryFacts], Mapping[str, tuple[str, ...]]]:
    """(country by code, subregions by continent)."""
    data = json.loads((DATA / "countries.json").read_text("utf-8"))
    facts = [CountryFacts(**{**row, "languages": tuple(row["languages"])}) for row in data["countries"]]
    continents = {code: tuple(subregions) for code, subregions in data["subregions"].items()}
    return MappingProxyType({country.code: country for country in facts}), MappingProxyType(continents)


def countries() -> Mapping[str, CountryFacts]:
    """Every country by its code, in the order of codes."""
    return _data()[0]


def country_name(code: str, language: str) -> str:
    """The country's name in one of the portal's languages."""
    return str(babel_locale(language).territories[countries()[code].code])


def region_name(code: str, language: str) -> str:
    """The name of an M49 region ("001" is the world) or of a country."""
    if code not in regions() and code not in countries():
        raise KeyError(code)
    name = str(babel_locale(language).territories[code])
    return name[0].upper() + name[1:]  # CLDR writes "world" for use within a sentence


@lru_cache(maxsize=1)
def regions() -> frozenset[str]:
    """All M49 codes a solution may serve: the world, continents and subregions."""
    continents = _data()[1]
    return frozenset({WORLD, *continents, *(code for subregions in continents.values() for code in subregions)})


def subregion_of(code: str) -> str | None:
    """The M49 subregion of a country."""
    return countries()[code].subregion


@cache
def continent_of(code: str) -> str | None:
    """The M49 continent of a country."""
    subregion = subregion_of(code)
    return next((continent for continent, subregions in _data()[1].items() if subregion in subregions), None)


def income_group(code: str) -> str | None:
    """The World Bank income group of a country; None where the Bank gives none."""
    return countries()[code].income


def main_currency(code: str) -> str | None:
    """ISO 4217 code of the country's currency; None for Antarctica."""
    return countries()[code].currency


def country_languages(code: str) -> tuple[str, ...]:
    """BCP 47 tags of the languages in use, the main one first."""
    return countries()[code].languages


def expand_regions(codes: Iterable[str]) -> frozenset[str]:
    """The countries that a list of regions and countries covers; "001" covers all."""
    return frozenset().union(*(_members(code) for code in codes))


@cache
def _members(code: str) -> frozenset[str]:
    if code in countries():
        return frozenset({code})
    if code not in regions():
        raise KeyError(code)
    return frozenset(
        country for country in countries() if code in {WORLD, subregion_of(country), continent_of(country)}
    )


@cache
def ancestors(code: str) -> tuple[str, ...]:
    """What a country or region is part of, the world last: ("005", "019", "001") for Chile."""
    if code in countries():
        parents = (subregion_of(code), continent_of(code))
    else:
        parents = (next((parent for parent, parts in _data()[1].items() if code in parts), None), None)
    return tuple(dict.fromkeys(parent for parent in (*parents, WORLD) if parent and parent != code))


def reach(codes: Iterable[str]) -> list[str]:
    """Wherever a part is served by who serves ``codes``; behind WHOLE what is served as a whole."""
    parts = {around for code in codes for around in (code, *ancestors(code))}
    return sorted(parts | {WHOLE + code for code in codes if code not in countries()})


def reached_by(code: str) -> list[str]:
    """At least one of these is in the reach of who serves a part of ``code``, or something around it."""
    return [code, *(WHOLE + around for around in ancestors(code))]


@lru_cache(maxsize=len(CODES))
def country_choices(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, in the order that readers of the language expect."""
    names = [(code, country_name(code, language)) for code in countries()]
    return tuple(sorted(names, key=lambda choice: sort_key(choice[1], language)))


@lru_cache(maxsize=len(CODES))
def region_choices(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name): the world, then each continent followed by its subregions, each level in the language's order."""

    def ordered(codes: Iterable[str]) -> list[str]:
        return sorted(codes, key=lambda code: sort_key(region_name(code, language), language))

    continents = _data()[1]
    codes = [WORLD]
    for continent in ordered(continents):
        codes += [continent, *ordered(continents[continent])]
    return tuple((code, region_name(code, language)) for code in codes)


def fold_name(name: str) -> str:
    """A spelling without accents, case, apostrophes, hyphens and repeated spaces, for comparing names.

    Hangul and kana keep their marks: they tell letters apart there.
    """
    plain = []
    for char in unicodedata.normalize("NFKC", name).casefold():
        first = unicodedata.normalize("NFD", char)[0]
        plain.append(first if first < "\u0530" else char)
    text = "".join(_FOLDED.get(char, char) for char in plain if not unicodedata.combining(char))
    return " ".join(text.split())


_FOLDED = {
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    **dict.fromkeys("’‘'`´ʻʼ", ""),
    **dict.fromkeys("-‐‑–—・＝·", " "),
}


def find_country(name: str) -> str | None:
    """The code of a country from its name in any of the seven languages, or from its ISO code; None where unknown."""
    return _country_spellings().get(fold_name(name))


def find_place(name: str) -> str | None:
    """As find_country, for a country or a region."""
    return find_country(name) or _region_spellings().get(fold_name(name))


@lru_cache(maxsize=1)
def _region_spellings() -> Mapping[str, str]:
    names = {fold_name(region_name(code, language)): code for code in regions() for language in CODES}
    return MappingProxyType({**{code: code for code in regions()}, **names})


@lru_cache(maxsize=1)
def _country_spellings() -> Mapping[str, str]:
    found = {fold_name(country_name(code, language)): code for code in countries() for language in CODES}
    codes = {spelling: code for code, facts in countries().items() for spelling in (code, facts.code3)}
    return MappingProxyType(
        {**{fold_name(spelling): code for spelling, code in codes.items()}, **_OTHER_NAMES, **found}
    )


# What people write and CLDR does not: short, former and official names.
_OTHER_NAMES = {
    "usa": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "korea": "KR",
    "republic of korea": "KR",
    "south korea": "KR",
    "czech republic": "CZ",
    "holland": "NL",
    "ivory coast": "CI",
    "turkey": "TR",
    "viet nam": "VN",
    "russian federation": "RU",
    "uae": "AE",
    "cape verde": "CV",
    "swaziland": "SZ",
    "burma": "MM",
    "대한민국": "KR",
    "한국": "KR",
    "日本国": "JP",
    "アメリカ": "US",
    "英国": "GB",
    "イギリス": "GB",
}
