"""Which words of a record are encoded, and how their vectors are put together."""

import numpy as np
import pytest

from matching.encoder import Wording, backend, demand_wording, encode, solution_wording


def test_demand_is_encoded_whole_by_title_and_by_sentence():
    wording = demand_wording("New lamps for the harbour", "They flicker at night. Ships complain about it.")
    assert (wording.kind, wording.whole, wording.title, wording.sentences) == (
        "query",
        "New lamps for the harbour. They flicker at night. Ships complain about it.",
        "New lamps for the harbour",
        ("New lamps for the harbour.", "They flicker at night.", "Ships complain about it."),
    )


def test_solution_is_encoded_whole_and_by_title():
    wording = solution_wording("Lamps that never flicker", "For harbours.")
    assert (wording.kind, wording.texts) == (
        "passage",
        ("Lamps that never flicker. For harbours.", "Lamps that never flicker"),
    )


@pytest.mark.parametrize(
    ("title", "telling"), [("Lumina", None), ("Lumina Pro", None), ("街路灯の更新", "街路灯の更新")]
)
def test_brand_alone_is_no_telling_title(title, telling):
    assert solution_wording(title, "It lights streets.").title == telling


@pytest.mark.parametrize(
    ("title", "text", "whole"),
    [
        (None, None, ""),
        ("Only a title", None, "Only a title"),
        (None, "Only a text", "Only a text"),
        ("New lamps", "New lamps for the harbour", "New lamps for the harbour"),
        ("What next?", "New lamps", "What next? New lamps"),
    ],
)
def test_title_and_text_make_one_passage(title, text, whole):
    assert solution_wording(title, text).whole == whole


def test_single_sentence_is_not_encoded_twice():
    assert demand_wording(None, "New lamps for the harbour.").texts == ("New lamps for the harbour.",)


def test_how_it_is_paid_is_not_encoded():
    wording = demand_wording(
        "New street lamps without upfront cost", "They flicker at night. Initial investment: none."
    )
    assert wording.texts == (
        "New street lamps. They flicker at night. Initial investment: none.",
        "New street lamps",
        "New street lamps.",
        "They flicker at night.",
        "Initial investment: none.",
    )
    assert solution_wording("Solar roofs without upfront cost", "For schools.").whole == "Solar roofs. For schools."


def test_title_weighs_as_much_as_the_whole():
    wording = Wording("passage", "whole", "title")
    encoded = wording.assemble(np.array([[1, 0], [0, 1]], np.float32))
    np.testing.assert_allclose(encoded.vector, [0.5**0.5, 0.5**0.5], atol=1e-6)
    assert encoded.sentences is None


def test_sentences_keep_their_rows():
    wording = Wording("query", "whole", None, ("one", "two"))
    encoded = wording.assemble(np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32))
    np.testing.assert_array_equal(encoded.sentences, np.array([[0, 1], [0.6, 0.8]], np.float32))


def test_wrong_number_of_vectors_is_refused():
    with pytest.raises(ValueError, match="1 texts but 2 vectors"):
        Wording("passage", "whole").assemble(np.eye(2, dtype=np.float32))


def test_encoding_many_asks_for_every_text_once_a_kind():
    asked = []

    def embed(texts, kind):
        asked.append((kind, list(texts)))
        return backend("fake").embed(texts, kind)

    records = [
        demand_wording(None, "New lamps."),
        solution_wording(None, "New lamps."),
        demand_wording(None, "New lamps."),
    ]
    encoded = encode(records, embed)
    assert asked == [("passage", ["New lamps."]), ("query", ["New lamps."])]
    assert len(encoded) == 3
    np.testing.assert_array_equal(encoded[0].vector, encoded[2].vector)
