"""The cities of the reference data (cities/data, see NOTICE.md there). Pure Python; no database, no settings.

Countries and regions, which every app needs, are in portal.common.geography. An unknown code raises KeyError.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal.common.geography import fold_name
from portal.common.languages import CODES

DATA = Path(__file__).parent / "data"
ATTRIBUTIONS = (
    ("GeoNames", "https://www.geonames.org/", "CC BY 4.0"),
    ("Natural Earth", "https://www.naturalearthdata.com/", "public domain"),
    ("Unicode CLDR", "https://cldr.unicode.org/", "Unicode License v3"),
    ("World Bank", "https://data.worldbank.org/", "CC BY 4.0"),
)
"""(name, address, licence) of each source; proper names, not to be translated. The site shows them to every reader."""


@dataclass(frozen=True, slots=True)
class CityFacts:
    """One city. `names` holds the languages whose name is known, "en" always; `aliases` are spellings not shown.

    `koppen` is the Köppen–Geiger zone ("Cfb"), "" where unknown; degrees are WGS 84; a `population` of 0 is unknown or
    nobody (Plymouth, left to the volcano).
    """

    geonameid: int
    name: str
    names: Mapping[str, str]
    country: str
    admin1: str
    lat: float
    lon: float
    population: int
    timezone: str
    koppen: str
    aliases: tuple[str, ...]

    def name_in(self, language: str) -> str:
        """The name for a reader of `language`; English where it is unknown."""
        return self.names.get(language) or self.names["en"]


def iter_cities() -> Iterator[CityFacts]:
    """Every city of the reference data, the most populous first (about 34,000)."""
    for row in _city_rows():
        geonameid, name, country, admin1, lat, lon, population, timezone, koppen, *names, aliases = row
        known = {language: shown for language, shown in zip(CODES, names, strict=True) if shown}
        known.setdefault("en", name)
        yield CityFacts(
            int(geonameid),
            name,
            known,
            country,
            admin1,
            float(lat),
            float(lon),
            int(population),
            timezone,
            koppen,
            tuple(aliases.split("|")) if aliases else (),
        )


def _city_rows() -> Iterator[list[str]]:
    with gzip.open(DATA / "cities.csv.gz") as file:
        # Decompressed in one go: reading line by line through gzip takes three times as long.
        rows = csv.reader(io.StringIO(file.read().decode()))
    next(rows)
    yield from rows


@lru_cache(maxsize=1)
def _city_index() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Folded spelling to ((country, geonameid), …), the most populous first. Built at the first import only."""
    index: dict[str, tuple[tuple[str, int], ...]] = {}
    for row in _city_rows():
        found = (row[2], int(row[0]))
        for spelling in {fold_name(name) for name in (row[1], *row[9:16], *row[16].split("|")) if name}:
            index[spelling] = (*index.get(spelling, ()), found)
    return index


_POSTAL = re.compile(r" cedex\b.*")  # French business mail: "Lyon Cedex 03"


def find_city(name: str, country: str | None = None) -> int | None:
    """The GeoNames id of the most populous city of that name in any language; None where there is none.

    Case, accents, apostrophes and hyphens do not matter. `country` is an ISO alpha-2 code.
    """
    spelling = fold_name(name)
    found = _city_index().get(spelling) or _city_index().get(_POSTAL.sub("", spelling), ())
    return next((geonameid for code, geonameid in found if country is None or code == country), None)
