"""The vocabulary files: complete, in seven languages, each in its own script. Reads files, needs no Django."""

import csv
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

LANGUAGES = ("en", "es", "fr", "pt", "ko", "ja", "zh-hans")
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "catalog" / "data"
GLOSSARY = ROOT / "docs" / "glossary.md"
# An optional folder of public data next to the checkout; the tests that read it skip without it.
SHARED = Path(os.environ.get("URBANLINK_SHARED", ROOT.parent / "shared"))

# The codes are written out here because they stand in stored records and in other people's exports: one that
# disappears or changes its spelling must break a test, not a database.
TOPICS = {
    "low_carbon": "climate_action_plan public_energy_efficiency district_energy solid_waste organic_waste wastewater "
    "affordable_housing compact_planning clean_air parks_trees",
    "resilience": "flood_protection stormwater urban_heat water_supply coastal_protection slopes_erosion early_warning "
    "nature_based critical_infrastructure risk_assessment",
    "mobility": "bus_systems rail_metro cycling walking_safety electric_fleets ev_charging traffic_management "
    "parking_kerb urban_freight shared_mobility roads_bridges",
    "smart_energy": "street_lighting solar_power smart_grid energy_storage microgrids smart_metering other_renewables "
    "data_platform digital_services sensors_connectivity",
    "procurement": "green_procurement innovation_procurement life_cycle_costing circular_materials sustainable_food "
    "green_finance performance_contracts joint_procurement social_procurement open_contracting",
    "buildings": "building_retrofit net_zero_buildings public_buildings eco_industrial_parks heating_cooling "
    "building_management green_roofs low_carbon_materials brownfield building_safety industrial_efficiency",
}
FLAGS = (
    "iso_9001 iso_14001 iso_27001 iso_45001 iso_50001 ce_marking open_interfaces data_owned_by_city "
    "data_stored_in_country offline_operation off_grid_operation local_maintenance training_included "
    "local_language_support universal_access open_source no_upfront_cost pay_for_performance leasing_available "
    "buy_back_at_end low_noise dark_sky_friendly"
)
NUMBERS = {
    "warranty_years": ("year", "ge"),
    "lifetime_years": ("year", "ge"),
    "lead_time_months": ("month", "le"),
    "response_time_hours": ("hour", "le"),
    "min_temperature_c": ("celsius", "le"),
    "max_temperature_c": ("celsius", "ge"),
    "energy_saving_percent": ("percent", "ge"),
    "co2_reduction_percent": ("percent", "ge"),
    "water_saving_percent": ("percent", "ge"),
    "availability_percent": ("percent", "ge"),
    "recycled_content_percent": ("percent", "ge"),
    "ingress_protection": ("ip_code", "ge"),
    "noise_db": ("decibel", "le"),
    "payback_years": ("year", "le"),
    "trl": ("level", "ge"),
}
# The highest numbered and lettered target of each Sustainable Development Goal (UN resolution A/RES/71/313).
SDG_LAST = {
    1: (5, "b"), 2: (5, "c"), 3: (9, "d"), 4: (7, "c"), 5: (6, "c"), 6: (6, "b"), 7: (3, "b"), 8: (10, "b"),
    9: (5, "c"), 10: (7, "c"), 11: (7, "c"), 12: (8, "c"), 13: (3, "b"), 14: (7, "c"), 15: (9, "c"), 16: (10, "b"),
    17: (19, ""),
}  # fmt: skip
# The 45 divisions of the Common Procurement Vocabulary 2008 (Regulation (EC) No 213/2008).
CPV_DIVISIONS = (
    "03 09 14 15 16 18 19 22 24 30 31 32 33 34 35 37 38 39 41 42 43 44 45 48 50 51 55 60 63 64 65 66 70 71 72 73 75 76 "
    "77 79 80 85 90 92 98"
)

GLOSSARY_STATES = {
    "States of a demand": "draft submitted changes_requested published in_dialogue closed on_hold withdrawn merged "
    "expired rejected",
    "States of a solution": "draft submitted changes_requested listed suspended expired archived",
    "States of a match": "suggested in_review rejected shortlisted offered declined_by_city accepted_by_city invited "
    "declined_by_provider accepted_by_provider introduced dialogue pilot tender none contract lost dropped operating "
    "stopped recused stalled under_complaint",
    "States of an organisation": "pending verified refused suspended",
}

HANGUL = re.compile(r"[\uac00-\ud7a3]")
KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
HAN = re.compile(r"[\u3400-\u9fff]")


def read(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def all_topics():
    return [(area, topic) for area in TOPICS for topic in read(f"topics/{area}.json")]


def all_texts():
    """Every label, description and help text as (where, field, {language: text})."""
    records = [(f"area {r['code']}", r) for r in read("focus_areas.json")]
    records += [(f"criterion {r['code']}", r) for r in read("criteria.json")]
    records += [(f"topic {r['code']}", r) for _, r in all_topics()]
    return [(w, field, r[field]) for w, r in records for field in ("label", "description", "help") if field in r]


def glossary_tables():
    """The seven-language tables as [(heading, [{"code": …, "en": …, …}])], in the order of the file."""
    header = ["Code", *LANGUAGES]
    tables, heading, rows = [], "", None
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        heading = line.removeprefix("## ") if line.startswith("## ") else heading
        if cells == header:
            rows = []
            tables.append((heading, rows))
        elif not cells:
            rows = None
        elif rows is not None and set(line) != set("|-"):
            rows.append(dict(zip(["code", *LANGUAGES], [cells[0].strip("`"), *cells[1:]], strict=True)))
    return tables


def is_sdg_target(text):
    goal, _, target = text.partition(".")
    if not goal.isdigit() or int(goal) not in SDG_LAST:
        return False
    number, letter = SDG_LAST[int(goal)]
    if target.isdigit():
        return target == str(int(target)) and 1 <= int(target) <= number
    return len(target) == 1 and "a" <= target <= letter


def script_errors(language, text):
    """What betrays that a text stands under the wrong language; an empty list when nothing does."""
    errors = []
    if language == "ko":
        errors += [] if HANGUL.search(text) else ["no Hangul"]
        errors += ["kana"] if KANA.search(text) else []
    elif language == "ja":
        errors += [] if KANA.search(text) or HAN.search(text) else ["neither kana nor kanji"]
        errors += ["Hangul"] if HANGUL.search(text) else []
    elif language == "zh-hans":
        errors += [] if HAN.search(text) else ["no Chinese character"]
        errors += ["kana or Hangul"] if KANA.search(text) or HANGUL.search(text) else []
    elif HANGUL.search(text) or KANA.search(text) or HAN.search(text):
        errors.append("CJK text")
    return errors


def test_focus_areas_are_the_six_agreed_in_order():
    areas = read("focus_areas.json")
    assert [(a["code"], a["order"]) for a in areas] == [(code, i) for i, code in enumerate(TOPICS, 1)]


@pytest.mark.parametrize("area", TOPICS)
def test_topics_of_an_area_are_exactly_the_agreed_codes_in_order(area):
    topics = read(f"topics/{area}.json")
    assert [(t["code"], t["order"]) for t in topics] == [(c, i) for i, c in enumerate(TOPICS[area].split(), 1)]


def test_topic_files_hold_no_area_beyond_the_six():
    assert sorted(p.stem for p in (DATA / "topics").iterdir()) == sorted(TOPICS)


def test_topic_codes_are_unique_across_areas():
    counts = Counter(topic["code"] for _, topic in all_topics())
    assert [code for code, n in counts.items() if n > 1] == []


def test_criteria_have_the_agreed_kind_unit_and_operator():
    expected = dict.fromkeys(FLAGS.split(), ("flag", None, "is"))
    expected |= {code: ("number", unit, operator) for code, (unit, operator) in NUMBERS.items()}
    criteria = read("criteria.json")
    assert {c["code"]: (c["kind"], c["unit"], c["operator"]) for c in criteria} == expected
    assert len(criteria) == len(expected)
    assert [c["order"] for c in criteria] == list(range(1, len(criteria) + 1))


def test_criteria_groups_are_known_and_stand_together():
    groups = [c["group"] for c in read("criteria.json")]
    assert list(dict.fromkeys(groups)) == ["certificate", "data", "operation", "contract", "performance"]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index)


def test_number_criteria_have_a_short_unit_label_and_flags_have_none():
    for criterion in read("criteria.json"):
        labels = criterion.get("unit_label", {})
        assert tuple(labels) == (LANGUAGES if criterion["kind"] == "number" else ()), criterion["code"]
        assert [text for text in labels.values() if not 1 <= len(text) <= 8] == [], criterion["code"]


def test_texts_are_present_in_seven_languages_and_trimmed():
    wrong = [
        (where, field, language)
        for where, field, texts in all_texts()
        for language in LANGUAGES
        if not texts.get(language) or texts[language] != " ".join(texts[language].split())
    ]
    assert wrong == []
    assert [(where, field) for where, field, texts in all_texts() if tuple(texts) != LANGUAGES] == []


def test_texts_have_apostrophes_and_quotes_as_printed():
    assert [where for where, _, texts in all_texts() if re.search("['\"]", "".join(texts.values()))] == []
    words = [word for _, topic in all_topics() for some in topic["synonyms"].values() for word in some]
    assert [word for word in words if "'" in word] == []


def test_texts_are_in_the_script_of_their_language():
    wrong = [
        (where, field, language, error)
        for where, field, texts in all_texts()
        for language, text in texts.items()
        for error in script_errors(language, text)
    ]
    assert wrong == []


@pytest.mark.parametrize(("language", "charset"), [("ko", "euc_kr"), ("ja", "euc_jp"), ("zh-hans", "gb2312")])
def test_texts_use_the_characters_of_the_national_standard(language, charset):
    # 対 (Japanese), 對 (traditional) and 对 (simplified) differ, and a proof-reader's eye slides over it.
    texts = [text[language] for _, _, text in all_texts()]
    texts += [term for _, topic in all_topics() for term in topic["synonyms"][language]]
    assert [
        t for t in texts if t.replace("₂", "2").encode(charset, "ignore").decode(charset) != t.replace("₂", "2")
    ] == []


@pytest.mark.parametrize(
    ("language", "text", "errors"),
    [
        ("ko", "Street lighting", ["no Hangul"]),
        ("ja", "가로등", ["neither kana nor kanji", "Hangul"]),
        ("zh-hans", "街路灯のデータ", ["kana or Hangul"]),
        ("fr", "路灯", ["CJK text"]),
        ("ja", "街路灯・照明", []),
        ("zh-hans", "路灯", []),
    ],
)
def test_script_check_tells_wrong_scripts_from_right_ones(language, text, errors):
    assert script_errors(language, text) == errors


def test_labels_differ_between_english_and_the_asian_languages():
    same = [
        (where, language)
        for where, field, texts in all_texts()
        if field == "label"
        for language in ("ko", "ja", "zh-hans")
        if texts[language].casefold() == texts["en"].casefold()
    ]
    assert same == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_unique_within_a_language(language):
    kinds = Counter((w.split()[0], texts[language].casefold()) for w, field, texts in all_texts() if field == "label")
    assert [key for key, n in kinds.items() if n > 1] == []


def test_descriptions_and_help_end_as_sentences():
    wrong = [
        (where, language)
        for where, field, texts in all_texts()
        if field != "label"
        for language, text in texts.items()
        if not text.endswith("。" if language in ("ja", "zh-hans") else ".")
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_synonyms_are_four_to_eight_distinct_terms_other_than_the_label(language):
    wrong = []
    for _, topic in all_topics():
        terms = [term.casefold() for term in topic["synonyms"][language]]
        distinct = set(terms) - {"", topic["label"][language].casefold()}
        if len(distinct) != len(terms) or not 4 <= len(terms) <= 8:
            wrong.append((topic["code"], len(terms)))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_leads_to_one_topic_only(language):
    owners = {}
    for _, topic in all_topics():
        for term in [topic["label"][language], *topic["synonyms"][language]]:
            owners.setdefault(term.casefold(), []).append(topic["code"])
    assert {term: codes for term, codes in owners.items() if len(codes) > 1} == {}


def test_synonyms_are_trimmed_and_not_in_a_foreign_script():
    wrong = []
    for _, topic in all_topics():
        assert tuple(topic["synonyms"]) == LANGUAGES, topic["code"]
        for language, terms in topic["synonyms"].items():
            # Abbreviations (BRT, LED) stay Latin in every language, so only the presence of a foreign script is wrong.
            latin_allowed = [t for t in terms if not t.isascii()] if language in ("ko", "ja", "zh-hans") else terms
            wrong += [(topic["code"], language, t, e) for t in latin_allowed for e in script_errors(language, t)]
            wrong += [(topic["code"], language, t, "spaces") for t in terms if t != " ".join(t.split())]
    assert wrong == []


@pytest.mark.parametrize("language", ["ko", "ja", "zh-hans"])
def test_synonyms_are_mostly_in_the_own_script(language):
    few = [t["code"] for _, t in all_topics() if sum(not s.isascii() for s in t["synonyms"][language]) < 4]
    assert few == []


def test_sdg_targets_exist():
    for _, topic in all_topics():
        targets = topic["sdg_targets"]
        assert 1 <= len(targets) <= 4, topic["code"]
        assert len(set(targets)) == len(targets), topic["code"]
        assert [t for t in targets if not is_sdg_target(t)] == [], topic["code"]


@pytest.mark.parametrize("text", ["11.8", "11.d", "18.1", "0.1", "11", "11.2b", "17.a", "11.02", "eleven.2", ""])
def test_sdg_check_refuses_targets_that_do_not_exist(text):
    assert not is_sdg_target(text)


def test_cpv_divisions_exist():
    for _, topic in all_topics():
        divisions = topic["cpv_divisions"]
        assert 1 <= len(divisions) <= 5, topic["code"]
        assert len(set(divisions)) == len(divisions), topic["code"]
        assert set(divisions) <= set(CPV_DIVISIONS.split()), topic["code"]


def test_cpv_division_list_equals_the_published_vocabulary():
    source = SHARED / "data" / "ref" / "cpv2008_en_es_fr_pt.csv"
    if not source.exists():
        pytest.skip("the optional folder of public data is not there")
    with source.open(encoding="utf-8", newline="") as rows:
        assert {row["code"][:2] for row in csv.DictReader(rows)} == set(CPV_DIVISIONS.split())


@pytest.mark.parametrize("heading", GLOSSARY_STATES)
def test_glossary_names_every_state_in_its_order(heading):
    codes = [row["code"] for title, rows in glossary_tables() for row in rows if title == heading]
    assert codes == GLOSSARY_STATES[heading].split()


def test_glossary_terms_are_present_and_in_their_script():
    rows = [row for _, table in glossary_tables() for row in table]
    assert [row["code"] for row in rows if not all(row.values())] == []
    assert [
        (row["code"], language, error)
        for row in rows
        for language in LANGUAGES
        for error in script_errors(language, row[language])
    ] == []


def test_glossary_never_uses_one_word_for_two_codes_of_a_table():
    shared = []
    for heading, rows in glossary_tables():
        for language in LANGUAGES:
            # Only Korean and Japanese tell the city as a party from the city as a place.
            terms = Counter(row[language].casefold() for row in rows if row["code"] != "place")
            shared += [(heading, language, term) for term, n in terms.items() if n > 1]
    assert shared == []
