"""What else could answer the question, each as its own documentation would have it used, on one thread.

The question put to all: of the solutions that share the demand's area, reach its country and are listed, the twenty
whose vectors are nearest. That is the part of matching every one of them can do; the engine answers more.
A contender that cannot be had raises when it is made, and its row says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.bench.worlds import Rows, World

KEEP = 20


class Peer(Protocol):
    """`search` gives the rows of the best solutions for each demand, best first, at most KEEP."""

    def search(self, demands: Sequence[int]) -> list[Rows]: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Contender:
    """exact: must find what brute force finds. most_pairs: a larger world would take minutes.

    demands: how many one measurement asks about; all at once where that is how the peer is fast.
    """

    name: str
    make: Callable[[World], Peer]
    is_exact: bool = True
    most_pairs: float = float("inf")
    demands: int = 32


def servers_of(peer: object) -> Iterable[int]:
    """Processes that compute for it elsewhere."""
    found: Iterable[int] = getattr(peer, "servers", ())
    return found


def contenders() -> list[Contender]:
    from tests.bench.peers import dense, lexical, orm, postgres, qdrant

    return [
        Contender("NumPy argpartition", dense.Brute, demands=256),
        Contender("scikit-learn NearestNeighbors brute", dense.Neighbours),
        Contender("faiss Flat with IDSelector", dense.FaissFlat),
        Contender("pgvector exact, narrow table", postgres.Exact),
        Contender("pgvector HNSW, iterative scan", postgres.Hnsw, is_exact=False, most_pairs=2e7),
        Contender("qdrant-edge, filtered, exact", qdrant.Filtered),
        Contender("tantivy BM25, filtered", lexical.Tantivy, is_exact=False),
        Contender("Django ORM loop", orm.Loop, most_pairs=2e7, demands=2),
    ]
