"""multilingual-e5-small on ONNX Runtime: the same weights, still in four bits, the same vectors, about half the time.

The graph is made in memory from the weight file at the first text (a third of a second): nothing to install, to keep
or to check. The first token step, from ids to embeddings, and the mean stay in NumPy. See docs/adr/0040.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from matching.encoder import onnx_file
from matching.encoder.e5_weights import E5Weights, FloatArray
from matching.encoder.onnx_file import Attribute
from matching.encoder.onnx_session import session

_OPERATORS: Final = {"": 17, "com.microsoft": 1}
_OURS: Final = "com.microsoft"


class E5Onnx:
    """See E5Model."""

    is_padded = True

    def __init__(self, weights: E5Weights) -> None:
        self._session = session(graph(weights))

    def means(self, embedded: FloatArray, lengths: npt.NDArray[np.int64]) -> FloatArray:
        """See E5Model."""
        places = np.arange(lengths.max()) < lengths[:, None]
        x = np.zeros((*places.shape, embedded.shape[1]), np.float32)
        x[places] = embedded
        states: FloatArray = self._session.run(None, {"x": x, "lengths": lengths.astype(np.int32)})[0]
        states[~places] = 0
        sums: FloatArray = states.sum(axis=1)
        sums /= lengths[:, None]
        return sums


class _Graph:
    """Collects the steps and constants of the model."""

    def __init__(self, weights: E5Weights) -> None:
        self.weights = weights
        self.nodes: list[bytes] = []
        self.tensors: list[bytes] = []

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self.tensors.append(onnx_file.tensor(name, values))
        return name

    def floats(self, name: str) -> str:
        return self.constant(name, self.weights.floats(name))

    def step(
        self,
        operator: str,
        inputs: Sequence[str],
        output: str,
        attributes: Mapping[str, Attribute] | None = None,
        domain: str = _OURS,
    ) -> str:
        self.nodes.append(onnx_file.node(operator, inputs, output, domain, attributes))
        return output

    def product(self, x: str, name: str, width: int) -> str:
        """x @ W of a 4-bit W, unpacked as it is multiplied; the bias is added by the step that follows."""
        packed, scales = self.weights.packed(f"{name}.w", width)
        inputs = [x, self.constant(f"{name}.q", packed), self.constant(f"{name}.s", scales.reshape(-1))]
        # Level 1: float32 throughout. Other levels round the left side too, differently on every processor.
        sizes = {"K": width, "N": len(packed), "bits": 4, "block_size": 32, "accuracy_level": 1}
        return self.step("MatMulNBits", inputs, f"{name}.x", sizes)


def graph(weights: E5Weights) -> bytes:
    """The transformer as an ONNX model: embeddings x (b, t, d) and lengths (b) in, states y (b, t, d) out."""
    made, shape = _Graph(weights), weights.shape
    norm = [made.floats("emb.ln.w"), made.floats("emb.ln.b")]
    x = made.step("LayerNormalization", ["x", *norm], "x.0", {"axis": 2, "epsilon": shape.epsilon}, domain="")
    for number in range(shape.layers):
        x = _layer(made, x, f"l{number}.", "y" if number == shape.layers - 1 else f"x.{number + 1}")
    return onnx_file.model(
        nodes=made.nodes,
        tensors=made.tensors,
        inputs=[
            onnx_file.value("x", np.float32, ["b", "t", shape.hidden]),
            onnx_file.value("lengths", np.int32, ["b"]),
        ],
        outputs=[onnx_file.value("y", np.float32, ["b", "t", shape.hidden])],
        operators=_OPERATORS,
    )


def _layer(made: _Graph, x: str, prefix: str, output: str) -> str:
    weights, shape = made.weights, made.weights.shape
    projected = [made.product(x, prefix + name, shape.hidden) for name in "qkv"]
    biases = np.concatenate([weights.floats(f"{prefix}{name}.b") for name in "qkv"])
    inputs = [*projected, made.constant(f"{prefix}qkv.b", biases), "lengths"]
    attended = made.step("MultiHeadAttention", inputs, f"{prefix}att", {"num_heads": shape.heads})
    mixed = made.product(attended, f"{prefix}ao", shape.hidden)
    x = _added(made, [mixed, x], f"{prefix}aln", f"{prefix}ao.b", f"{prefix}mid")
    wide = made.product(x, f"{prefix}fi", shape.hidden)
    wide = made.step("BiasGelu", [wide, made.floats(f"{prefix}fi.b")], f"{prefix}gelu")
    narrow = made.product(wide, f"{prefix}fo", shape.feed_forward)
    return _added(made, [narrow, x], f"{prefix}oln", f"{prefix}fo.b", output)


def _added(made: _Graph, inputs: list[str], norm: str, bias: str, output: str) -> str:
    """Bias and residual added, then normalised."""
    constants = [made.floats(f"{norm}.w"), made.floats(f"{norm}.b"), made.floats(bias)]
    epsilon = made.weights.shape.epsilon
    return made.step("SkipLayerNormalization", [*inputs, *constants], output, {"epsilon": epsilon})
