"""Whether better lists are what the pace is spent on: the engine against fused searches, on a small set of our own.

`make quality` measures on all sets, with intervals and ablations. Where it has been run with the weights that ship now,
its figures are told; else one small set of our own is measured here.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from matching.encoder import backend, demand_wording, encode, solution_wording
from matching.engine import EXPERT
from matching.evaluation import VectorFile, evaluate_set, read_set
from matching.evaluation.labelled import LabelledSet, Text
from matching.evaluation.measures import mean_measures, measure
from portal.embedded.home import CHECKOUT
from tests.bench.peers.hybrid import Hybrid, reciprocal_ranks
from tests.bench.rows import Row, missing, row

SET = CHECKOUT / "tests" / "quality" / "sets" / "cross_dev"
VECTORS = CHECKOUT / "var" / "vectors"
GOAL = "≥ 0.02"
OTHERS = ("RRF of BM25 and vectors", "qdrant hybrid")  # as `make quality` calls them


def ahead() -> list[Row]:
    return told(VECTORS.with_name("quality.json")) or measured()


def told(file: Path) -> list[Row]:
    """Of each system the set on which the engine is least ahead of it; nothing where the report is of other weights."""
    report = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if report.get("configuration") != EXPERT.id:
        return []
    found = []
    for system in OTHERS:
        lines = [line for line in report["lines"] if line["system"] == system]
        if lines:
            least = min(lines, key=lambda line: line["ahead"])
            note = f"least of {len(lines)} sets, {least['set']}; at least {least['low']:.3f} with 97.5 %; make quality"
            found.append(row(f"nDCG@10 over {system}", least["ahead"], GOAL, note))
    return found


def measured() -> list[Row]:
    labelled = read_set(SET)
    encoder = backend(os.environ.get("BENCH_BACKEND", "bundled"))
    with closing(VectorFile(VECTORS, encoder)) as vectors:
        engine = evaluate_set(labelled, encoder.id, vectors.embed).overall.ndcg
        where = f"{SET.name}, {len(labelled.queries)} queries in seven languages"
        found = [row(f"nDCG@10 of the engine on {where}", engine)]
        try:
            others = fused(labelled, vectors.embed)
        except ImportError as error:
            return [*found, *(missing(f"nDCG@10 over {name}", error, GOAL) for name in OTHERS)]
    for name, ndcg in others.items():
        goal = GOAL if name in OTHERS else ""
        found.append(row(f"nDCG@10 over {name}", engine - ndcg, goal, f"which has {ndcg:.3f}"))
    return found


def fused(labelled: LabelledSet, embed: Callable[..., np.ndarray]) -> dict[str, float]:
    """nDCG@10 of what ranks texts without knowing a gate or a component."""
    documents = [f"{text.title}\n{text.text}" for text in labelled.documents]
    wordings = [solution_wording(text.title, text.text) for text in labelled.documents]
    asked = encode([demand_wording(text.title, text.text) for text in labelled.queries], embed)
    with closing(Hybrid(documents, np.stack([one.vector for one in encode(wordings, embed)]))) as search:
        rankings: dict[str, list[list[int]]] = {"RRF of BM25 and vectors": [], "qdrant hybrid": [], "BM25": []}
        rankings["vectors alone"] = []
        for text, one in zip(labelled.queries, asked, strict=True):
            words = f"{text.title}\n{text.text}"
            lexical, dense = search.lexical(words), search.dense(one.vector)
            rankings["BM25"].append(lexical)
            rankings["vectors alone"].append(dense)
            rankings["RRF of BM25 and vectors"].append(reciprocal_ranks(lexical, dense))
            rankings["qdrant hybrid"].append(search.fused(words, one.vector))
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
