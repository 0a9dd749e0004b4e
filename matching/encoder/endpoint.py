"""A model behind an OpenAI-compatible address: POST …/embeddings {model, input} → {data: [{index, embedding}]}.

The server is somebody else's and may be away, slow, chatty or wrong. A call ends within its deadline, reads a bounded
answer, believes nothing it did not check, and says EncoderAway otherwise.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from matching.encoder.asking import LATER, answer_to
from matching.encoder.kinds import EncoderAway, FloatArray, Kind

_AT_ONCE: Final = 64
_TRIES: Final = 2
_TIMEOUT: Final = 10.0  # seconds, for the whole of one request
_PAUSE: Final = 1.0
_MAX_BYTES: Final = 32 * 2**20
_MAX_DIM: Final = 16_000  # what a halfvec column holds
_SHORTEST: Final = 200  # characters that every model can read
# The server did not understand; it may have been too much at once.
_TOO_MUCH: Final = frozenset({400, 413, 422})


class _TooMuch(Exception):
    """The server refused the request as such."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """See RawModel. `address` ends before /embeddings, as in https://host/v1."""

    address: str
    model: str
    key: str = field(default="", repr=False)
    prefixes: Mapping[Kind, str] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """See RawModel. The key is not part of it."""
        return f"{self.address.rstrip('/')}|{self.model}"

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """See RawModel."""
        parts = [self._accepted(texts[start : start + _AT_ONCE]) for start in range(0, len(texts), _AT_ONCE)]
        if len({part.shape[1] for part in parts}) != 1:
            raise EncoderAway("the model gave vectors of several lengths")
        return np.concatenate(parts)

    def _accepted(self, texts: Sequence[str]) -> FloatArray:
        """Servers limit how many texts they take at once, and how long one may be; where that is only they know."""
        try:
            return self._asked(texts)
        except _TooMuch as refusal:
            if len(texts) > 1:
                middle = len(texts) // 2
                return np.concatenate([self._accepted(texts[:middle]), self._accepted(texts[middle:])])
            if len(texts[0]) > _SHORTEST:
                return self._accepted([texts[0][: len(texts[0]) // 2]])
            raise EncoderAway(str(refusal)) from refusal

    def _asked(self, texts: Sequence[str]) -> FloatArray:
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(_PAUSE)
            try:
                return _checked(self._answer(texts), len(texts))
            except urllib.error.HTTPError as error:
                failure = self._failure(error)
                if error.code in _TOO_MUCH:
                    raise _TooMuch(failure) from error
                if error.code not in LATER:
                    break
            except (OSError, ValueError) as error:  # not reached, broken off, or not what was asked for
                failure = f"{self._place}: {error}"
        raise EncoderAway(failure)

    @property
    def _place(self) -> str:
        return urllib.request.Request(self.address).host or self.address  # noqa: S310  (checked by settings)

    def _failure(self, error: urllib.error.HTTPError) -> str:
        said = error.read(200).decode("utf-8", "replace")
        return f"{self._place} answered {error.code}: {said}"

    def _answer(self, texts: Sequence[str]) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        body = json.dumps({"model": self.model, "input": list(texts), "encoding_format": "float"}).encode()
        address = f"{self.address.rstrip('/')}/embeddings"
        request = urllib.request.Request(address, body, headers)  # noqa: S310  (checked by settings)
        return answer_to(request, seconds=_TIMEOUT, most=_MAX_BYTES)


def _checked(answer: bytes, count: int) -> FloatArray:
    """The vectors in the order of the texts. Raises ValueError for anything but as many of one length."""
    content = json.loads(answer)
    rows = content.get("data") if isinstance(content, dict) else None
    if not isinstance(rows, list) or len(rows) != count:
        raise ValueError(f"the answer holds no list of {count} vectors")
    try:
        by_index = {row["index"]: row["embedding"] for row in rows}
        vectors = np.array([by_index[index] for index in range(count)], np.float32)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("the answer holds no vector of one length for every text") from error
    if vectors.ndim != 2 or not 0 < vectors.shape[1] <= _MAX_DIM or not np.isfinite(vectors).all():
        raise ValueError(f"the answer holds vectors of shape {vectors.shape}, or numbers that are none")
    return vectors
