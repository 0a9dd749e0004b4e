import pytest

from matching.guess import Guess, Guesser, Sample, TopicWords

LIGHTS = TopicWords(
    "street_lighting", "smart_energy",
    {"en": "Street lighting", "fr": "Éclairage public", "ja": "街路照明", "ko": "가로등"},
    {"en": ["LED lighting", "lamp posts"], "fr": ["lampadaires"], "ja": ["街灯", "LED街灯"], "ko": ["LED 조명"]},
)  # fmt: skip
RAIL = TopicWords(
    "rail_metro", "mobility", {"en": "Rail, metro and tram", "fr": "Rail, métro et tramway"},
    {"en": ["light rail", "railway station"], "fr": ["RER", "réseau de tramway"]},
)  # fmt: skip
METERS = TopicWords("smart_metering", "smart_energy", {"en": "Smart metering"}, {"en": ["water meter", "AMI"]})
WATER = TopicWords(
    "water_supply", "resilience", {"en": "Water supply and leakage"}, {"en": ["drinking water", "water"]}
)
PARKS = TopicWords("parks", "low_carbon", {"en": "Parks and trees"}, {"en": ["playground"]})
ECO_PARKS = TopicWords("eco_parks", "buildings", {"en": "Eco-industrial parks"}, {"en": ["business park"]})

GUESSER = Guesser([LIGHTS, RAIL, METERS, WATER, PARKS, ECO_PARKS])


def guess(title: str, text: str = "", language: str = "en", *hints: str) -> Guess:
    return GUESSER.guess(Sample(title, text, language, hints))


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Renew the street lighting", "en"),
        ("Éclairage public du centre", "fr"),
        ("市内の街路照明を更新", "ja"),
        ("노후 가로등 교체", "ko"),
    ],
)
def test_words_of_the_texts_own_language_are_found(title: str, language: str) -> None:
    assert guess(title, language=language).topics == ("street_lighting",)


def test_words_of_another_language_are_not_looked_for() -> None:
    assert guess("street lighting", language="fr") == Guess()


def test_text_without_telling_words_is_not_guessed() -> None:
    assert guess("Four office chairs", "For the town clerk.") == Guess(
        topics=(), area="", more_areas=(), confidence=0.0
    )


def test_lone_word_deep_in_a_text_is_not_enough() -> None:
    assert guess("Office chairs", "x " * 400 + "near the playground") == Guess()


def test_plural_and_singular_meet() -> None:
    assert guess("Trams for the old town").topics == guess("A tram for the old town").topics == ("rail_metro",)


def test_longer_phrase_takes_its_words_with_it() -> None:
    assert guess("Replace each water meter").topics == ("smart_metering",)


def test_joints_between_words_do_not_matter() -> None:
    assert guess("Extension du réseau des tramways", language="fr").topics == ("rail_metro",)


def test_abbreviation_counts_only_in_capitals() -> None:
    assert guess("Ligne RER vers le nord", language="fr").topics == ("rail_metro",)
    assert guess("Le rer est un mot", language="fr") == Guess()


def test_word_that_other_topics_use_too_is_worth_less() -> None:
    assert guess("Trees").confidence > guess("Parks").confidence > 0


def test_hints_are_read_in_english_too() -> None:
    assert guess("Travaux divers", "", "fr", "Street lighting maintenance").topics == ("street_lighting",)


def test_further_topics_bring_their_areas() -> None:
    found = guess("Street lighting and a metro", "Street lighting along the metro line.")
    assert (found.topics, found.area, found.more_areas) == (
        ("street_lighting", "rail_metro"), "smart_energy", ("mobility",),
    )  # fmt: skip


def test_order_of_topics_in_the_vocabulary_does_not_matter() -> None:
    other = Guesser([ECO_PARKS, PARKS, WATER, METERS, RAIL, LIGHTS])
    sample = Sample("Parks, trees, water and a tram", "A playground by the railway station.", "en")
    assert other.guess(sample) == GUESSER.guess(sample)


def test_megabyte_is_read_at_its_beginning_only() -> None:
    assert guess("Chairs", "x " * 500_000 + "street lighting " * 100) == Guess()
