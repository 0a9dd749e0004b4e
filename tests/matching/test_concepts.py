"""Concepts of city work: found by each language's own words, the same in all seven."""

import csv
import json
from collections import defaultdict

import pytest

from matching.concepts import FILE, TOPICS, lexicon, spellings, without_terms_of_payment
from matching.recount_concepts import VOCABULARY, counted

LANGUAGES = ("en", "es", "fr", "pt", "ko", "ja", "zh")
UNPAID = {
    "en": "New street lights without any upfront cost to us",
    "es": "Necesitamos renovar el alumbrado público sin inversión inicial.",
    "fr": "Rénover l'éclairage public sans investissement initial",
    "pt": "Renovar a iluminação pública sem investimento inicial",
    "ko": "초기 투자 없이 가로등을 교체하고자 합니다.",
    "ja": "初期投資なしで街路灯を更新したい。",
    "zh": "我们需要在无前期投资的情况下更新路灯。",
}


def rows():
    with FILE.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_need_has_the_same_concepts_in_every_language(language):
    assert lexicon().found(UNPAID[language], language) == {"street_lamp", "no_upfront", "paid_later"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concept_is_found_by_its_own_label(language):
    concepts = lexicon()
    lost = [code for code in concepts.codes if code not in concepts.found(concepts.label(code, language), language)]
    assert lost == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The LEDs are old", "en", {"led"}),
        ("老朽化した街路灯のLED化", "ja", {"led", "street_lamp", "maintenance"}),
        ("A misled reader", "en", set()),
        ("Rain is led into crates", "en", set()),
        ("Ese parque móvil", "es", {"fleet"}),
        ("A car park", "en", {"parking"}),
        ("A car park and a park", "en", {"parking", "park"}),
        ("窓口の案内", "ja", {"city_app"}),
        ("リサイクルセンターのモニタリング", "ja", {"recycling"}),
        ("マンホールにおいて", "ja", {"sewer"}),
        ("出租车", "zh", {"taxi"}),
        ("리스크 관리", "ko", set()),
        ("오염 수치", "ko", {"polluted_river"}),
        ("공공 건물", "ko", {"public_building"}),
        ("Lampadaires", "en", set()),
        ("ECLAIRAGE PUBLIC", "fr-FR", {"street_lamp"}),
        ("street lights", "nl", set()),
        ("", "en", set()),
    ],
)
def test_words_count_only_whole_and_in_their_language(text, language, found):
    assert lexicon().found(text, language) == found


def test_weights_favour_the_title():
    weights = lexicon().weights("Solar roofs", "With batteries.", "en")
    assert weights["solar"] > weights["battery"] > 0


def test_weights_are_shorter_than_unit_length_and_longer_the_more_is_named():
    few = lexicon().weights("", "Batteries.", "en")
    many = lexicon().weights("", "Batteries, buses, schools, sludge and street lamps.", "en")
    assert 0 < sum(weight**2 for weight in few.values()) < sum(weight**2 for weight in many.values()) < 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_stands_for_two_concepts(language):
    named = defaultdict(set)
    for row in rows():
        for words in spellings(row[language]):
            named[words].add(row["code"])
    assert {words: codes for words, codes in named.items() if len(codes) > 1} == {}


def test_every_concept_has_phrases_in_every_language():
    assert [
        (row["code"], language) for row in rows() for language in LANGUAGES if not any(spellings(row[language]))
    ] == []


def test_wider_concepts_exist_and_are_not_within_others():
    table = {row["code"]: row for row in rows()}
    wider = {row["within"] or row["implies"] for row in table.values()} - {""}
    assert wider <= table.keys()
    assert [code for code in sorted(wider) if table[code]["within"] or table[code]["implies"]] == []


def test_narrower_concept_brings_the_wider_one():
    assert lexicon().found("Tratamento de chorume", "pt") == {"leachate", "landfill"}


def test_text_without_a_concept_has_no_weights():
    assert lexicon().weights("Hello", "", "en") == {}


def test_rarity_is_counted_in_the_vocabulary_as_it_stands():
    assert counted() == lexicon().topics
    assert sum(1 for path in VOCABULARY.glob("*.json") for _topic in json.loads(path.read_text("utf-8"))) == TOPICS


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (UNPAID["es"], "Necesitamos renovar el alumbrado público."),
        ("Rooftop solar without upfront cost", "Rooftop solar"),
        (UNPAID["ja"], "で街路灯を更新したい。"),
        ("No upfront cost", "No upfront cost"),
        ("Straße ohne up-front costs", "Straße ohne up-front costs"),
        ("The initial costs are high", "The initial costs are high"),
    ],
)
def test_terms_of_payment_are_left_out_of_what_is_encoded(text, left):
    assert without_terms_of_payment(text) == left


def test_every_way_to_say_it_is_found_in_the_middle_of_a_text():
    with FILE.open(encoding="utf-8", newline="") as table:
        row = next(row for row in csv.DictReader(table, delimiter="\t") if row["code"] == "no_upfront")
    languages = row.keys() - {"code", "implies", "within", "topics"}
    ways = {" ".join(words) for code in languages for words in spellings(row[code])}
    assert len(ways) > 500
    rest = "Solar lamps,, for streets"
    missed = [way for way in ways if without_terms_of_payment(f"Solar lamps, {way}, for streets") != rest]
    assert not missed
