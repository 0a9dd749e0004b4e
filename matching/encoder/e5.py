"""multilingual-e5-small: 384-d sentence vectors from the weights of `e5_weights`.

E5Reader turns text into tokens and tokens into batches; the model between is E5Onnx's (fast) or E5Numpy's (anywhere).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from matching.encoder.e5_weights import E5Vocabulary, E5Weights, FloatArray
from matching.encoder.kinds import batches

# The model takes 512 positions; meaning is settled long before, and time grows with every token.
MAX_TOKENS = 256
TOKEN_BUDGET = 512

Tokens = Sequence[npt.NDArray[np.int64]]


class E5Model(Protocol):
    """The transformer."""

    is_padded: bool  # a batch costs its texts times the longest of them, not what they are together

    def means(self, embedded: FloatArray, lengths: npt.NDArray[np.int64]) -> FloatArray:
        """The mean of each text's last states, (texts, 384), from its embedded tokens, (sum of lengths, 384)."""


class E5Reader:
    """Encodes clean text; `encode` gives float32 rows of unit length. Safe after fork and between threads."""

    dim = 384

    def __init__(self, weights: E5Weights, model: E5Model) -> None:
        self._weights, self._model = weights, model
        self._tokenizer = _tokenizer(weights.vocabulary)
        self._begin, self._end = weights.vocabulary.begin, weights.vocabulary.end
        self._positions = weights.floats("emb.pos").reshape(-1, self.dim)
        self._positions += weights.floats("emb.type").reshape(-1, self.dim)[0]

    def encode(self, texts: Sequence[str], prefix: str) -> FloatArray:
        """Vectors of shape (len(texts), 384), unit length. `prefix` is the model's own "query: " or "passage: "."""
        tokens = [self._token_ids(prefix + text) for text in texts]
        vectors = np.empty((len(tokens), self.dim), np.float32)
        for batch in batches([len(ids) for ids in tokens], TOKEN_BUDGET, is_padded=self._model.is_padded):
            chosen = [tokens[position] for position in batch]
            lengths = np.array([len(ids) for ids in chosen])
            vectors[batch] = self._model.means(self._embedded(chosen), lengths)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _token_ids(self, text: str) -> npt.NDArray[np.int64]:
        # One text at a time: the tokenizer's thread pool for batches does not survive a fork.
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids[: MAX_TOKENS - 2]
        return np.array([self._begin, *ids, self._end], np.int64)

    def _embedded(self, batch: Tokens) -> FloatArray:
        """What goes into the first layer, before its norm: one row a token, the texts one after another."""
        x = self._weights.unpacked("emb.word", self.dim, np.concatenate(batch))
        x += self._positions[np.concatenate([np.arange(len(ids)) for ids in batch])]
        return x


def load_e5() -> E5Reader:
    """The reader with the fastest model that this machine can run. FileNotFoundError without the weights."""
    weights = E5Weights()
    try:
        from matching.encoder.e5_onnx import E5Onnx
    except ImportError:
        from matching.encoder.e5_numpy import E5Numpy

        return E5Reader(weights, E5Numpy(weights))
    return E5Reader(weights, E5Onnx(weights))


def _tokenizer(vocabulary: E5Vocabulary) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces(), unk_id=vocabulary.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"[\s\u200b-\u200f\ufeff\u2028\u2029]+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    return tokenizer
