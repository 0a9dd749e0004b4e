"""Whether better lists are what the pace is spent on: the engine against fused searches, on a small set of our own.

`make quality` measures on all sets, with intervals and ablations; this is the part of it that a benchmark has to show.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing

import numpy as np

from matching.encoder import backend, demand_wording, encode, solution_wording
from matching.evaluation import VectorFile, evaluate_set, read_set
from matching.evaluation.labelled import LabelledSet, Text
from matching.evaluation.measures import mean_measures, measure
from portal.embedded.home import CHECKOUT
from tests.bench.peers.hybrid import Hybrid, reciprocal_ranks
from tests.bench.rows import Row, missing, row

SET = CHECKOUT / "tests" / "quality" / "sets" / "cross_dev"
VECTORS = CHECKOUT / "var" / "vectors"
GOAL = "≥ 0.02"


def nearest() -> list[Row]:
    labelled = read_set(SET)
    encoder = backend(os.environ.get("BENCH_BACKEND", "bundled"))
    with closing(VectorFile(VECTORS, encoder)) as vectors:
        engine = evaluate_set(labelled, encoder.id, vectors.embed).overall.ndcg
        where = f"{SET.name}, {len(labelled.queries)} queries in seven languages"
        found = [row(f"nDCG@10 of the engine on {where}", engine)]
        try:
            others = fused(labelled, vectors.embed)
        except ImportError as error:
            return [*found, missing("nDCG@10 over qdrant-edge hybrid", error, GOAL)]
    for name, ndcg in others.items():
        goal = "" if name == "vectors alone" else GOAL
        found.append(row(f"nDCG@10 over {name}", engine - ndcg, goal, f"which has {ndcg:.3f}"))
    return found


def fused(labelled: LabelledSet, embed: Callable[..., np.ndarray]) -> dict[str, float]:
    """nDCG@10 of what ranks texts without knowing a gate or a component."""
    documents = [f"{text.title}\n{text.text}" for text in labelled.documents]
    wordings = [solution_wording(text.title, text.text) for text in labelled.documents]
    asked = encode([demand_wording(text.title, text.text) for text in labelled.queries], embed)
    with closing(Hybrid(documents, np.stack([one.vector for one in encode(wordings, embed)]))) as search:
        rankings: dict[str, list[list[int]]] = {"RRF of BM25 and vectors": [], "qdrant-edge hybrid": [], "BM25": []}
        rankings["vectors alone"] = []
        for text, one in zip(labelled.queries, asked, strict=True):
            words = f"{text.title}\n{text.text}"
            lexical, dense = search.lexical(words), search.dense(one.vector)
            rankings["BM25"].append(lexical)
            rankings["vectors alone"].append(dense)
            rankings["RRF of BM25 and vectors"].append(reciprocal_ranks(lexical, dense))
            rankings["qdrant-edge hybrid"].append(search.fused(words, one.vector))
    return {
        name: ndcg(labelled.queries, labelled.documents, found, labelled.grades) for name, found in rankings.items()
    }


def ndcg(
    queries: Sequence[Text],
    documents: Sequence[Text],
    rankings: Sequence[Sequence[int]],
    grades: Mapping[str, Mapping[str, float]],
) -> float:
    each = [
        measure([documents[at].id for at in ranking], grades[query.id])
        for query, ranking in zip(queries, rankings, strict=True)
    ]
    return mean_measures(each).ndcg
