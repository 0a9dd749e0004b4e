"""Words: folding, tokens, forms, slips; what holds for every text."""

from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from catalog.filters import SolutionFilter
from catalog.models import Solution
from portal.common.reading import plain_reading
from portal.common.search import fold, search_vector, simplified, tokens
from portal.searches.spelling import slips, syllables_near
from portal.searches.words import known_words, stems_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éclairage", "eclairage"), ("mañana", "manana"), ("façade", "facade"), ("cœur", "coeur"), ("Zürich", "zurich"),
        ("Straße", "strasse"), ("ｅｌｅｃ", "elec"), ("ﾊﾞｽ", "バス"), ("が", "が"), ("버스", "버스"),
        ("São João", "sao joao"),
    ],
)  # fmt: skip
def test_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_text_finds_itself(text: str) -> None:
    """Every token of a query stands in the vector of the same text, so that words typed from a title find it."""
    reading = plain_reading(text)
    asked = (
        {token for part in reading.parts for piece in part.typed.pieces for token in tokens(piece)} if reading else {}
    )
    assert set(asked) <= set(tokens(text))


@given(st.text(max_size=80))
def test_vector_holds_no_quote_of_the_text(text: str) -> None:
    held = {script for token in tokens(text) for script in (token, simplified(token))}
    assert search_vector({"A": text}).count("'") == 4 * len(held)


@pytest.mark.parametrize(
    ("word", "other", "number"),
    [("bus", "bus", 0), ("vehicel", "vehicle", 1), ("drainge", "drainage", 1), ("light", "fight", 1), ("a", "bcd", 3)],
)
def test_slips_are_counted(word: str, other: str, number: int) -> None:
    assert slips(word, other) == slips(other, word) == number


def test_syllables_differ_in_one_letter() -> None:
    assert "스" in syllables_near("쓰")
    assert "등" in syllables_near("둥")
    assert "산" not in syllables_near("쓰")
    assert syllables_near("a") == []


@pytest.mark.django_db
def test_forms_share_a_stem_of_some_language() -> None:
    found = stems_of(["buses", "bus", "alumbrados", "alumbrado", "cidades", "cidade", "reseaux", "the", "버스"])
    for word, other in (("buses", "bus"), ("alumbrados", "alumbrado"), ("cidades", "cidade")):
        assert found[word][0] & found[other][0], word
    assert found["the"][1]
    assert "버스" not in found


@pytest.mark.django_db
def test_no_words_ask_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert known_words([]) == {}


SIGNS = "水가ーｱ버スa é'\"&|!:*()<>-·ß1２％🚌"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ja"])
def test_text_of_any_letters_and_signs_is_read(client: Any, language: str) -> None:
    """One sign alone, pairs of different kinds, and long runs: whatever somebody types is answered with a page."""
    texts = [*SIGNS, *("".join(pair) for pair in product("水버a '-", repeat=2)), *(sign * 150 for sign in "水버a-")]
    for text in texts:
        form = SolutionFilter(QueryDict(urlencode({"q": text})))
        with translation.override(language):
            list(form.apply(Solution.objects.listed())[:1])
    assert client.get("/ko/solutions/?" + urlencode({"q": "水"})).status_code == 200
