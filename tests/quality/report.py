"""Figures of many systems on one set, each held against the engine on the same queries."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matching.evaluation.labelled import LabelledSet
from matching.evaluation.measures import measure

RESAMPLES = 4000
SEED = 20


@dataclass(frozen=True)
class Line:
    """nDCG@10 of a system, how far the engine is ahead on the same queries with its 95 % interval, and by language."""

    set: str
    system: str
    queries: int
    ndcg: float
    ahead: float
    low: float
    high: float
    languages: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def each_query(labelled: LabelledSet, rankings: Sequence[Sequence[str]]) -> np.ndarray:
    """nDCG@10 of every query, in their order."""
    pairs = zip(labelled.queries, rankings, strict=True)
    return np.array([measure(ranking, labelled.grades[query.id]).ndcg for query, ranking in pairs])


def line(labelled: LabelledSet, system: str, found: np.ndarray, engine: np.ndarray) -> Line:
    """The paired bootstrap draws queries, the same for both systems."""
    chance = np.random.default_rng(SEED)
    drawn = chance.integers(0, len(found), (RESAMPLES, len(found)))
    gains = (engine - found)[drawn].mean(axis=1)
    low, high = np.quantile(gains, [0.025, 0.975])
    spoken = np.array([query.language or "?" for query in labelled.queries])
    languages = {language: float(found[spoken == language].mean()) for language in sorted(set(spoken.tolist()))}
    ahead = float((engine - found).mean())
    return Line(labelled.name, system, len(found), float(found.mean()), ahead, float(low), float(high), languages)


def table(lines: Sequence[Line]) -> str:
    """The lines of one set."""
    languages = sorted({language for line in lines for language in line.languages})[:8]
    head = ["system", "nDCG@10", "engine ahead by", "95 % interval", *languages]
    rows = [
        [
            line.system,
            f"{line.ndcg:.3f}",
            f"{line.ahead:+.3f}" if line.ahead or line.low or line.high else "",
            f"{line.low:+.3f} to {line.high:+.3f}" if line.ahead or line.low or line.high else "",
            *(f"{line.languages[code]:.2f}" if code in line.languages else "" for code in languages),
        ]
        for line in lines
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if not i else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in [head, *rows]
    )
