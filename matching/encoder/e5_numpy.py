"""multilingual-e5-small in NumPy alone, for where ONNX Runtime has no build: the same vectors in twice its time.

The tokens of a batch lie in one flat matrix, no padding; texts of one length share their attention step. Work is cut so
that the widest intermediate stays in cache: that, not arithmetic, is what a plain NumPy transformer loses its time on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.encoder.e5_weights import E5Weights, FloatArray

_GELU_ROWS = 32

Norm = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class _Layer:
    """One transformer layer; matrices are (in, out), so that x @ w needs no transpose."""

    qkv: FloatArray
    qkv_bias: FloatArray
    out: FloatArray
    out_bias: FloatArray
    attention_norm: Norm
    widen: FloatArray
    widen_bias: FloatArray
    narrow: FloatArray
    narrow_bias: FloatArray
    output_norm: Norm


class E5Numpy:
    """See E5Model."""

    is_padded = False

    def __init__(self, weights: E5Weights) -> None:
        self._weights, self._shape = weights, weights.shape
        self._norm: Norm = (weights.floats("emb.ln.w"), weights.floats("emb.ln.b"))
        self._layers = [self._layer(f"l{number}.") for number in range(self._shape.layers)]

    def _layer(self, prefix: str) -> _Layer:
        weights, hidden = self._weights, self._shape.hidden

        def matrix(name: str, width: int = hidden) -> FloatArray:
            return np.ascontiguousarray(weights.unpacked(f"{prefix}{name}.w", width).T)

        def bias(name: str) -> FloatArray:
            return weights.floats(f"{prefix}{name}.b")

        def norm(name: str) -> Norm:
            return weights.floats(f"{prefix}{name}.w"), bias(name)

        return _Layer(
            qkv=np.concatenate([matrix(name) for name in "qkv"], axis=1),
            qkv_bias=np.concatenate([bias(name) for name in "qkv"]),
            out=matrix("ao"),
            out_bias=bias("ao"),
            attention_norm=norm("aln"),
            widen=matrix("fi"),
            widen_bias=bias("fi"),
            narrow=matrix("fo", self._shape.feed_forward),
            narrow_bias=bias("fo"),
            output_norm=norm("oln"),
        )

    def means(self, embedded: FloatArray, lengths: npt.NDArray[np.int64]) -> FloatArray:
        """See E5Model."""
        starts = np.cumsum(lengths) - lengths
        x = embedded
        self._layer_norm(x, self._norm)
        runs = _runs(lengths, starts)
        for layer in self._layers:
            x += self._attention(x, layer, runs)
            self._layer_norm(x, layer.attention_norm)
            wide = x @ layer.widen
            wide += layer.widen_bias
            _gelu(wide)
            x += wide @ layer.narrow
            x += layer.narrow_bias
            self._layer_norm(x, layer.output_norm)
        sums: FloatArray = np.add.reduceat(x, starts, axis=0)
        sums /= lengths[:, None]
        return sums

    def _attention(self, x: FloatArray, layer: _Layer, runs: list[tuple[int, int, int]]) -> FloatArray:
        hidden, heads = self._shape.hidden, self._shape.heads
        width = hidden // heads
        projected = x @ layer.qkv
        projected += layer.qkv_bias
        projected[:, :hidden] *= np.float32(width**-0.5)
        context = np.empty_like(x)
        for start, length, count in runs:
            rows = slice(start, start + length * count)
            query, key, value = projected[rows].reshape(count, length, 3, heads, width).transpose(2, 0, 3, 1, 4)
            weights = query @ key.transpose(0, 1, 3, 2)
            weights -= weights.max(axis=-1, keepdims=True)
            np.exp(weights, out=weights)
            weights /= weights.sum(axis=-1, keepdims=True)
            context[rows].reshape(count, length, heads, width)[:] = (weights @ value).transpose(0, 2, 1, 3)
        mixed: FloatArray = context @ layer.out
        mixed += layer.out_bias
        return mixed

    def _layer_norm(self, x: FloatArray, norm: Norm) -> None:
        x -= x.mean(axis=-1, keepdims=True)
        variance = np.einsum("ij,ij->i", x, x) / np.float32(x.shape[1])
        x *= np.reciprocal(np.sqrt(variance + np.float32(self._shape.epsilon)))[:, None]
        x *= norm[0]
        x += norm[1]


def _runs(lengths: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Neighbours of equal length as (first row, length, how many), to share one attention step."""
    edges = np.flatnonzero(np.diff(lengths, prepend=-1))
    counts = np.diff(np.append(edges, len(lengths)))
    return [(int(starts[edge]), int(lengths[edge]), int(count)) for edge, count in zip(edges, counts, strict=True)]


def _gelu(x: FloatArray) -> None:
    """x·Φ(x) in place, with erf by Abramowitz and Stegun 7.1.26 (error below 1.5e-7), a few rows at a time."""
    one, half = np.float32(1), np.float32(0.5)
    coefficients = [np.float32(c) for c in (1.421413741, -0.284496736, 0.254829592)]
    scratch = np.empty((3, _GELU_ROWS, x.shape[1]), np.float32)
    for start in range(0, len(x), _GELU_ROWS):
        rows = x[start : start + _GELU_ROWS]
        z, t, y = scratch[:, : len(rows)]
        np.abs(rows, out=z)
        z *= np.float32(0.70710678)
        np.multiply(z, np.float32(0.3275911), out=t)
        t += one
        np.reciprocal(t, out=t)
        np.multiply(t, np.float32(1.061405429), out=y)
        y += np.float32(-1.453152027)
        for coefficient in coefficients:
            y *= t
            y += coefficient
        y *= t
        np.multiply(z, -z, out=z)
        np.exp(z, out=z)
        y *= z
        np.subtract(one, y, out=y)
        np.copysign(y, rows, out=y)
        y += one
        rows *= y
        rows *= half
