"""What encoded texts look like: the decay of their singular values, and how fields of work cluster.

`python -m tests.bench.spectrum` measures anew, from the demo's committed vectors and what evaluations have cached, and
writes spectrum.npz. The committed file rests on 58,204 passages and 24,777 queries in seven languages, read by the
bundled encoder: vectors drawn from a round cloud would make a cascade over the first principal axes look fast that is
slow on real texts, and a list of nearest neighbours easy to keep.
"""

import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from portal.embedded.home import CHECKOUT

FILE = Path(__file__).with_name("spectrum.npz")
DEMO = CHECKOUT / "portal" / "embedded" / "demo" / "vectors.npz"
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Cosines:
    """Mean cosines of pairs: of one topic, of one area but not of one topic, of different areas."""

    topic: float
    area: float
    other: float


# Measured on the demo's 120 solutions and 60 demands, whose areas and topics people chose.
SOLUTIONS = Cosines(0.41, 0.27, 0.20)
DEMAND_SOLUTION = Cosines(0.37, 0.20, 0.14)
DEMANDS = Cosines(0.43, 0.27, 0.22)
# Median cosine of a passage to its nearest among 1,000 and 10,000 others, and of a query to its nearest passage.
NEAREST = {1_000: 0.59, 10_000: 0.72}
NEAREST_TO_QUERY = {1_000: 0.30, 10_000: 0.37}


def decay(vectors: FloatArray) -> FloatArray:
    """Shares of the total variance along the principal axes, the largest first."""
    centred = vectors - vectors.mean(axis=0)
    variances = np.linalg.eigvalsh(centred.T.astype(np.float64) @ centred)[::-1].clip(0)
    shares: FloatArray = (variances / variances.sum()).astype(np.float32)
    return shares


def read_decay(kind: str) -> FloatArray:
    """The committed shares of "passage" or "query", shape (896,)."""
    with np.load(FILE) as stored:
        shares: FloatArray = stored[kind]
    return shares


def real_vectors(kind: str) -> FloatArray:
    """The demo's vectors of one kind, and those that evaluations of the bundled encoder cached on this machine."""
    with np.load(DEMO, allow_pickle=False) as demo:
        found = list(demo["vectors"][demo["kinds"] == kind].astype(np.float32))
        backend = str(demo["backend"])
    cache = CHECKOUT / "var" / "vectors" / f"{backend}.sqlite3"
    if cache.exists():
        with sqlite3.connect(f"file:{cache}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT vector FROM vectors WHERE key LIKE ?", [f"{kind}:%"])
            found += [np.frombuffer(row[0], "<f4") for row in rows]
    return np.stack(found)


def main() -> None:
    kinds = {kind: real_vectors(kind) for kind in ("passage", "query")}
    np.savez_compressed(FILE, **{kind: decay(vectors) for kind, vectors in kinds.items()})
    for kind, vectors in kinds.items():
        shares = np.cumsum(decay(vectors))
        told = ", ".join(f"{shares[axes - 1]:.2f} in {axes}" for axes in (1, 10, 50, 200, 400))
        sys.stdout.write(f"{len(vectors)} {kind} vectors: {told} axes\n")


if __name__ == "__main__":
    main()
