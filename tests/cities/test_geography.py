"""The cities of the reference data."""

import re
import unicodedata

import pytest

from cities import geography
from portal.common.geography import countries

SEOUL, TOKYO, BOGOTA, MALMO, SAO_PAULO = 1835848, 1850147, 3688689, 2692969, 3448439


@pytest.fixture(scope="module")
def all_cities():
    return {city.geonameid: city for city in geography.iter_cities()}


def test_iter_cities_yields_every_city_with_sound_facts(all_cities):
    assert len(all_cities) > 30_000
    for city in all_cities.values():
        assert city.country in countries()
        assert abs(city.lat) <= 90
        assert abs(city.lon) <= 180
        assert city.population >= 0
        assert "/" in city.timezone
        assert re.fullmatch(r"[ABCDE][A-Za-z]{1,2}|", city.koppen)


def test_iter_cities_comes_in_falling_order_of_population(all_cities):
    populations = [city.population for city in all_cities.values()]

    assert populations == sorted(populations, reverse=True)
    assert populations[1000] > 400_000


def test_city_names_are_each_in_the_script_of_their_language(all_cities):
    japanese = {"CJK", "KATAKANA", "HIRAGANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "LATIN"}
    scripts = {
        "ko": {"HANGUL", "LATIN"},
        "ja": japanese,
        "zh-hans": {"CJK"},
        "en": {"LATIN", "MODIFIER"},
        "pt": {"LATIN", "MODIFIER"},
    }
    for city in all_cities.values():
        for language, allowed in scripts.items():
            letters = {unicodedata.name(char).split()[0] for char in city.names.get(language, "") if char.isalpha()}
            assert letters <= allowed, (city.name, language, city.names[language])


def test_chinese_names_are_simplified(all_cities):
    traditional = set("廣東爾亞達蘭門馬島陽灣龍寶聖羅維納頓溫縣區鎮蘇漢")
    mixed = [city.names["zh-hans"] for city in all_cities.values() if traditional & set(city.names.get("zh-hans", ""))]

    assert mixed == []


@pytest.mark.parametrize(
    ("geonameid", "language", "name"),
    [
        (SEOUL, "ko", "서울"),
        (SEOUL, "zh-hans", "首尔"),
        (SEOUL, "pt", "Seul"),
        (TOKYO, "ja", "東京"),
        (TOKYO, "zh-hans", "东京"),
        (1796236, "ko", "상하이"),
        (1816670, "ko", "베이징"),
        (BOGOTA, "en", "Bogotá"),
        (BOGOTA, "zh-hans", "波哥大"),
        (SAO_PAULO, "ko", "상파울루"),
        (MALMO, "ko", "말뫼"),
        (703448, "en", "Kyiv"),
        (2886242, "en", "Cologne"),
        (1848373, "ja", "四日市"),
    ],
)
def test_visible_cities_bear_their_present_names(all_cities, geonameid, language, name):
    assert all_cities[geonameid].name_in(language) == name


def test_name_in_a_language_that_is_not_known_is_english(all_cities):
    city = next(city for city in all_cities.values() if "ko" not in city.names)

    assert city.name_in("ko") == city.names["en"]


@pytest.mark.parametrize(
    ("spelling", "geonameid"),
    [
        ("SEOUL", SEOUL),
        ("서울", SEOUL),
        ("경성", SEOUL),
        ("首尔", SEOUL),
        ("bogota", BOGOTA),
        ("Sao  Paulo", SAO_PAULO),
        ("malmo", MALMO),
        ("Łodz", 3093133),
        ("Saint Étienne", 2980291),
        ("Lyon Cedex 03", 2996944),
        ("København", None),
        ("nowhere at all", None),
        ("", None),
    ],
)
def test_find_city_is_tolerant_of_case_accents_and_language(spelling, geonameid):
    assert geography.find_city(spelling) == geonameid


def test_find_city_prefers_the_most_populous_and_obeys_the_country(all_cities):
    anywhere, canadian = geography.find_city("London"), geography.find_city("London", "CA")

    assert (all_cities[anywhere].country, all_cities[canadian].country) == ("GB", "CA")
    assert all_cities[anywhere].population > all_cities[canadian].population
    assert geography.find_city("London", "KR") is None


def test_every_source_with_a_condition_is_attributed():
    assert {name for name, _address, _licence in geography.ATTRIBUTIONS} >= {"GeoNames", "Unicode CLDR", "World Bank"}
