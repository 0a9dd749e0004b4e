"""Rebuilds cities.csv.gz and portal/common/data/countries.json from a folder of public reference data.

    python cities/data/build_cities.py [FOLDER]        (default ../shared/data/ref, next to the checkout)

The folder holds cities15000_names.csv, cldr_cities_7lang.csv and countries_7lang.csv; NOTICE.md says whose they are.
The result is the same byte for byte on every run: sorted rows, no time stamp. Order of trust for a name: curated by
hand, then CLDR (capitals and other exemplar cities of time zones), then the source, cleaned by place_names.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from place_names import HERE, base_clean, english, folded, japanese, korean, simplified_chinese
from regions import SUBREGION_MEMBERS, SUBREGIONS_BY_CONTINENT

DEFAULT_FOLDER = HERE.parents[1].parent / "shared" / "data" / "ref"
COUNTRIES = HERE.parents[1] / "portal" / "common" / "data" / "countries.json"
LANGUAGES = ("en", "es", "fr", "pt", "ko", "ja", "zh-hans")
COLUMNS = (
    "geonameid",
    "name",
    "country",
    "admin1",
    "lat",
    "lon",
    "population",
    "timezone",
    "koppen",
    *LANGUAGES,
    "aliases",
)
INCOME_CODES = {"Low": "low", "Lower middle": "lower_middle", "Upper middle": "upper_middle", "High": "high", "": None}
# Where the source's currency is out of date or blank. Bulgaria joined the euro on 2026-01-01, Croatia on 2023-01-01;
# the others are redenominations that changed the ISO 4217 code.
CURRENCY_NOW = {
    "AQ": None,
    "BG": "EUR",
    "CW": "XCG",
    "HR": "EUR",
    "MZ": "MZN",
    "SL": "SLE",
    "SX": "XCG",
    "VE": "VES",
    "ZM": "ZMW",
    "ZW": "ZWG",
}
# Kosovo has no ISO 3166-1 code; XK is the user-assigned one that GeoNames, CLDR and the World Bank share.
KOSOVO = {
    "code": "XK",
    "code3": "XKX",
    "subregion": "039",
    "income": "upper_middle",
    "currency": "EUR",
    "lat": 42.58,
    "lon": 20.9,
    "languages": ["sq", "sr"],
    "population": 1586659,
}

# In the source, but no cities: a micronation and somebody's home.
NOT_CITIES = {"13405691", "13631342"}

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def source_names(row: Row) -> dict[str, str]:
    """Cleaned names by language; a language whose name is unknown is missing."""
    name, country = base_clean(row["name"]), row["cc"]
    names = {"en": english(name, row["name_en"])}
    names |= {language: base_clean(row[f"name_{language}"]) for language in ("es", "fr", "pt")}
    names["ko"] = korean(row["name_ko"], row["name"], country)
    names["ja"] = japanese(row["name_ja"], country)
    names["zh-hans"] = simplified_chinese(row["name_zh"])
    return {language: value for language, value in names.items() if value}


def drop_borrowed_english(cities: list[Row], names: dict[str, dict[str, str]]) -> None:
    """Where the source lends a place the name of a larger city (Suleja that of Abuja), only its own stands."""
    taken: set[tuple[str, str]] = set()
    for city in cities:
        own, shown = base_clean(city["name"]), names[city["geonameid"]]
        if shown["en"] != own and (city["cc"], folded(shown["en"])) in taken:
            names[city["geonameid"]] = shown = {"en": own}  # its other names are that city's too
        taken |= {(city["cc"], folded(own)), (city["cc"], folded(shown["en"]))}


def apply_cldr(cities: list[Row], names: dict[str, dict[str, str]], zones: Iterable[Row]) -> None:
    """Let CLDR name the largest city of a time zone that bears the zone's own name."""
    largest: dict[tuple[str, str], str] = {}
    for city in cities:
        for spelling in {folded(city["name"]), folded(names[city["geonameid"]]["en"])}:
            largest.setdefault((city["timezone"], spelling), city["geonameid"])
    for zone in zones:
        geonameid = largest.get((zone["tz"], folded(zone["en"])))
        if geonameid:
            known = {language: base_clean(zone[language.removesuffix("-hans")]) for language in LANGUAGES[1:]}
            names[geonameid] |= {language: value for language, value in known.items() if value}


def apply_curated(names: dict[str, dict[str, str]]) -> None:
    """Names set by hand; a lone "-" takes a name away. Refuses a city that the source no longer has."""
    for line in (HERE / "curated_names.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            geonameid, _note, *pairs = line.split("\t")
            for language, _, value in (pair.partition("=") for pair in pairs):
                if language not in LANGUAGES:
                    raise SystemExit(f"curated_names.tsv: no language {language!r} in {line!r}")
                names[geonameid][language] = "" if value == "-" else value


def written_row(city: Row, names: dict[str, str]) -> list[str]:
    """One line of the file. Blank: a Latin name that equals the English one, an English one that equals `name`."""
    name = base_clean(city["name"])
    shown = {language: names.get(language, "") for language in LANGUAGES}
    for language in ("es", "fr", "pt"):
        shown[language] = "" if shown[language] == shown["en"] else shown[language]
    shown["en"] = "" if shown["en"] == name else shown["en"]
    facts = [
        city["geonameid"],
        name,
        city["cc"],
        city["admin1"],
        city["lat"],
        city["lon"],
        city["population"],
        city["timezone"],
        city["koppen"],
    ]
    return facts + [shown[language] for language in LANGUAGES] + ["|".join(aliases(city, [name, *shown.values()]))]


def aliases(city: Row, shown: list[str]) -> list[str]:
    """Source names that are not shown (former, traditional, with a word for "city"), for imports to be found by."""
    known = {folded(name) for name in shown}
    found = {}
    for language in ("en", "ko", "ja", "zh"):
        value = base_clean(city[f"name_{language}"])
        if folded(value) not in known:
            found[folded(value)] = value
    return sorted(value for value in found.values() if value)


def write_cities(folder: Path) -> int:
    cities = [row for row in read_rows(folder / "cities15000_names.csv") if row["geonameid"] not in NOT_CITIES]
    cities.sort(key=lambda row: (-int(row["population"]), int(row["geonameid"])))
    names = {city["geonameid"]: source_names(city) for city in cities}
    drop_borrowed_english(cities, names)
    apply_cldr(cities, names, read_rows(folder / "cldr_cities_7lang.csv"))
    apply_curated(names)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(written_row(city, names[city["geonameid"]]) for city in cities)
    (HERE / "cities.csv.gz").write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    return len(cities)


def written_country(row: Row, subregion_of: dict[str, str]) -> dict[str, object]:
    code = row["iso2"]
    return {
        "code": code,
        "code3": row["iso3"],
        "subregion": subregion_of.get(code),
        "income": INCOME_CODES[row["wb_income"]],
        "currency": CURRENCY_NOW.get(code, row["currency"]),
        "lat": round(float(row["lat"]), 2) if row["lat"] else None,
        "lon": round(float(row["lon"]), 2) if row["lon"] else None,
        "languages": [tag for tag in row["languages"].split(",") if tag],
        "population": int(row["population"]) if row["population"] else None,
    }


def write_countries(folder: Path) -> int:
    subregion_of = {code: region for region, codes in SUBREGION_MEMBERS.items() for code in codes}
    countries = [written_country(row, subregion_of) for row in read_rows(folder / "countries_7lang.csv")] + [KOSOVO]
    countries.sort(key=lambda country: str(country["code"]))
    data = {"subregions": SUBREGIONS_BY_CONTINENT, "countries": countries}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # One country a line, for readable diffs.
    text = text.replace('"countries":[', '"countries":[\n').replace("},{", "},\n{")
    COUNTRIES.write_text(text + "\n", "utf-8")
    return len(countries)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    if not folder.is_dir():
        raise SystemExit(f"no folder {folder}; say where cities15000_names.csv and its neighbours are")
    sys.stdout.write(f"{write_cities(folder)} cities, {write_countries(folder)} countries\n")


if __name__ == "__main__":
    main()
