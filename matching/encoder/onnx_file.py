"""Writes the few parts of an ONNX model that e5_onnx needs, as bytes (onnx.proto3 of ONNX 1.x, fields by number).

The package that writes such files is larger than what it would write, and would be needed by every installation.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

_VARINT, _BYTES, _FLOAT = 0, 2, 5  # protobuf wire types
# TensorProto.DataType
_ELEMENTS: Final = {np.dtype(np.float32): 1, np.dtype(np.uint8): 2, np.dtype(np.int32): 6, np.dtype(np.int64): 7}
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT = 1, 2

Attribute = int | float


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _real(field: int, value: float) -> bytes:
    return _varint(field << 3 | _FLOAT) + struct.pack("<f", value)


def _block(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(content)) + content


def _text(field: int, text: str) -> bytes:
    return _block(field, text.encode())


def tensor(name: str, values: npt.NDArray[np.generic]) -> bytes:
    """A constant (TensorProto) of float32, uint8, int32 or int64."""
    dims = b"".join(_number(1, size) for size in values.shape)
    raw = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False).tobytes()
    return dims + _number(2, _ELEMENTS[values.dtype]) + _text(8, name) + _block(9, raw)


def node(
    operator: str,
    inputs: Sequence[str],
    output: str,
    domain: str = "",
    attributes: Mapping[str, Attribute] | None = None,
) -> bytes:
    """A step of the graph (NodeProto) with one output."""
    parts = [_text(1, name) for name in inputs]
    parts += [_text(2, output), _text(3, output), _text(4, operator)]
    parts += [_block(5, _attribute(name, value)) for name, value in (attributes or {}).items()]
    return b"".join([*parts, _text(7, domain)])


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return _text(1, name) + _real(2, value) + _number(20, _ATTRIBUTE_FLOAT)
    return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)


def value(name: str, dtype: npt.DTypeLike, shape: Iterable[int | str]) -> bytes:
    """An input or output (ValueInfoProto); a size given as a word is free."""
    sizes = [_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape]
    dims = b"".join(_block(1, size) for size in sizes)
    tensor_type = _number(1, _ELEMENTS[np.dtype(dtype)]) + _block(2, dims)
    return _text(1, name) + _block(2, _block(1, tensor_type))


def model(
    *,
    nodes: Iterable[bytes],
    tensors: Iterable[bytes],
    inputs: Iterable[bytes],
    outputs: Iterable[bytes],
    operators: Mapping[str, int],
) -> bytes:
    """The whole file (ModelProto, IR version 9); `operators` gives the version of each domain's operators."""
    graph = [_block(1, one) for one in nodes]
    graph += [_text(2, "urbanlink"), *(_block(5, one) for one in tensors)]
    graph += [*(_block(11, one) for one in inputs), *(_block(12, one) for one in outputs)]
    imports = [_block(8, _text(1, domain) + _number(2, version)) for domain, version in operators.items()]
    return b"".join([_number(1, 9), _block(7, b"".join(graph)), *imports])
