"""What a vector costs: the two ways to run the e5 weights beside each other, and memory over ten thousand texts."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from tests.bench.clock import measure
from tests.bench.rows import Row, missing, row
from tests.encoder.hostile import kept, varied

TEXTS = 10_000
AT_ONCE = 100
LENGTHS = {"30 words": 30, "100 words": 100, "200 words": 200}


def weights() -> Iterator[Row]:
    """NumPy and ONNX Runtime on the same texts, in one process, turn by turn."""
    from matching.encoder.e5 import E5Reader
    from matching.encoder.e5_numpy import E5Numpy
    from matching.encoder.e5_weights import E5Weights

    stored = E5Weights()
    try:
        from matching.encoder.e5_onnx import E5Onnx
    except ImportError as error:
        yield missing("e5 with ONNX Runtime", error)
        return
    readers = {"NumPy": E5Reader(stored, E5Numpy(stored)), "ONNX": E5Reader(stored, E5Onnx(stored))}
    for name, words in LENGTHS.items():
        texts = [" ".join(text.split()[:words]) for text in (" ".join(varied(n, 12)) for n in range(0, 96, 12))]
        vectors = [reader.encode(texts, "query: ") for reader in readers.values()]
        yield row(
            f"e5, {name}: lowest cosine of the two", float((vectors[0] * vectors[1]).sum(axis=1).min()), "≥ 0.9999"
        )
        costs = {key: measure(partial(reader.encode, texts, "query: ")) for key, reader in readers.items()}
        for key, cost in costs.items():
            yield row(f"e5, {name}, {key}: CPU ms a text", cost.per(len(texts)).cpu * 1000)
        yield row(f"e5, {name}: NumPy's cost over ONNX's", costs["NumPy"].products / costs["ONNX"].products, "≥ 1.3")


def memory() -> Iterator[Row]:
    """What the process keeps for itself over ten thousand texts of all lengths; the first quarter settles its heap."""
    from matching.encoder import backend

    encoder = backend("bundled")
    found = []
    for first in range(0, TEXTS, AT_ONCE):
        encoder.embed(varied(first, AT_ONCE, longest=60), "query")
        found.append(kept() / 2**20)
    settled = len(found) // 4
    yield row("memory after 2,500 texts, MB", found[settled - 1])
    yield row("memory after 10,000 texts, MB", found[-1], note=f"peak {max(found):.0f} MB")
    slope = float(np.polyfit(range(len(found) - settled), found[settled:], 1)[0]) * 1000 / AT_ONCE
    yield row("growth after the first quarter, MB a 1,000 texts", slope, "≤ 1")
