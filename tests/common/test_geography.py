"""Countries and regions of the world."""

import pytest

from portal.common import geography
from portal.common.languages import CODES


@pytest.mark.parametrize("language", CODES)
def test_country_choices_name_every_country_in_the_language(language):
    choices = geography.country_choices(language)

    assert {code for code, _ in choices} == set(geography.countries())
    assert len({name for _, name in choices}) == len(choices) == 250


def test_country_choices_are_in_the_order_of_each_language():
    def place(language, code):
        return [choice for choice, _ in geography.country_choices(language)].index(code)

    assert place("es", "DE") < place("es", "AD")  # Alemania, Andorra
    assert place("fr", "ES") < place("fr", "US") < place("fr", "FI")  # Espagne, États-Unis, Finlande
    assert place("ko", "GH") < place("ko", "KR") < place("ko", "HK")
    assert place("ja", "CM") < place("ja", "KR") < place("ja", "GM")  # カメルーン, 韓国, ガンビア
    assert place("zh-hans", "AL") < place("zh-hans", "PE") < place("zh-hans", "CN")


def test_country_name_and_region_name_of_an_unknown_code_are_refused():
    for code in ("QQ", "999", "EU", ""):
        with pytest.raises(KeyError):
            geography.country_name(code, "en")
        with pytest.raises(KeyError):
            geography.region_name(code, "en")


def test_region_name_speaks_the_language():
    assert geography.region_name("001", "en") == "World"
    assert geography.region_name("005", "ko") == "남아메리카"
    assert geography.region_name("SN", "fr") == "Sénégal"


def test_region_choices_hold_every_region_once_with_subregions_after_their_continent():
    codes = [code for code, _ in geography.region_choices("pt")]

    assert codes[0] == "001"
    assert sorted(codes) == sorted(geography.regions())
    assert {codes[codes.index("150") + step] for step in range(1, 5)} == {"039", "151", "154", "155"}


@pytest.mark.parametrize(
    ("code", "subregion", "continent"),
    [
        ("CO", "005", "019"),
        ("KR", "030", "142"),
        ("SN", "011", "002"),
        ("KE", "014", "002"),
        ("MX", "013", "019"),
        ("PT", "039", "150"),
        ("GB", "154", "150"),
        ("TR", "145", "142"),
        ("EG", "015", "002"),
        ("FJ", "054", "009"),
        ("US", "021", "019"),
        ("XK", "039", "150"),
        ("AQ", None, None),
    ],
)
def test_region_of_a_country_follows_m49(code, subregion, continent):
    assert (geography.subregion_of(code), geography.continent_of(code)) == (subregion, continent)


def test_expand_regions_covers_regions_countries_and_the_world():
    everything = frozenset(geography.countries())

    assert geography.expand_regions(["001"]) == everything
    assert geography.expand_regions(["018", "KR"]) == {"BW", "LS", "NA", "SZ", "ZA", "KR"}
    assert geography.expand_regions([]) == frozenset()


def test_expand_regions_splits_the_world_into_continents_without_overlap():
    continents = [geography.expand_regions([code]) for code in ("002", "009", "019", "142", "150")]

    assert sum(map(len, continents)) == len(frozenset().union(*continents)) == 249
    assert geography.expand_regions(["001"]) - frozenset().union(*continents) == {"AQ"}


def test_expand_regions_of_an_unknown_code_is_refused():
    with pytest.raises(KeyError):
        geography.expand_regions(["005", "South America"])


def test_facts_of_a_country_are_known():
    assert geography.income_group("RW") == "low"
    assert geography.income_group("KR") == "high"
    assert geography.income_group("GP") is None
    assert geography.main_currency("SN") == "XOF"
    assert geography.main_currency("HR") == geography.main_currency("BG") == "EUR"
    assert geography.country_languages("CH")[0].startswith("de")


def test_every_income_group_is_one_of_four_or_unknown():
    groups = {country.income for country in geography.countries().values()}

    assert groups == {"low", "lower_middle", "upper_middle", "high", None}


@pytest.mark.parametrize(
    ("name", "code"),
    [("Chile", "CL"), ("cl", "CL"), ("CHL", "CL"), ("Côte d’Ivoire", "CI"), ("cote d'ivoire", "CI"), ("Espagne", "ES"),
     ("대한민국", "KR"), ("日本", "JP"), ("Alemania", "DE"), ("  south  korea ", "KR"), ("Atlantis", None), ("", None)],
)  # fmt: skip
def test_find_country_knows_names_in_every_language_and_codes(name, code):
    assert geography.find_country(name) == code


@pytest.mark.parametrize("language", CODES)
def test_find_country_finds_every_country_by_its_name(language):
    found = {code: geography.find_country(name) for code, name in geography.country_choices(language)}

    assert {code: got for code, got in found.items() if got != code} == {}


@pytest.mark.parametrize(
    ("code", "parents"),
    [("CL", ("005", "019", "001")), ("005", ("019", "001")), ("019", ("001",)), ("001", ()), ("AQ", ("001",))],
)
def test_ancestors_lead_up_to_the_world(code, parents):
    assert geography.ancestors(code) == parents


@pytest.mark.parametrize(
    ("served", "asked", "is_found"),
    [
        (["CO"], "CO", True), (["005"], "CO", True), (["019"], "CO", True), (["001"], "CO", True),
        (["013"], "CO", False), (["PE"], "CO", False), (["CO"], "005", True), (["CO"], "019", True),
        (["013"], "019", True), (["001"], "019", True), (["CO"], "150", False), (["PE", "FR"], "150", True),
        (["019"], "005", True), (["CO"], "001", True), ([], "001", False),
    ],
)  # fmt: skip
def test_reach_of_who_serves_a_place_meets_what_is_asked(served, asked, is_found):
    assert bool({*geography.reach(served)} & {*geography.reached_by(asked)}) is is_found


def test_reach_has_every_place_once():
    assert geography.reach(["FR", "DE", "FR"]) == ["001", "150", "155", "DE", "FR"]
    assert geography.reach(["150", "FR"]) == ["001", "150", "155", "=150", "FR"]
