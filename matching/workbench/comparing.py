"""Two to four matches of one demand side by side: where the points come from, what is met, what nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matching.explain import explain_match
from matching.models import Match
from matching.words import Words
from portal.common.cards import Explanation, PointsRow, VerdictRow

FEWEST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Comparison:
    """Columns in the order of places; each row has one cell for each column, None where a match has no such row."""

    matches: Sequence[Match]
    cards: Sequence[Explanation]
    points: Sequence[tuple[str, Sequence[PointsRow | None]]]
    verdicts: Sequence[tuple[str, Sequence[VerdictRow | None]]]


def compare(matches: Sequence[Match], words: Words) -> Comparison:
    cards = [explain_match(match, words) for match in matches]
    return Comparison(
        matches,
        cards,
        _side_by_side([{row.label: row for row in card.rows} for card in cards]),
        _side_by_side([{row.label: row for row in card.verdicts} for card in cards]),
    )


def _side_by_side(columns: Sequence[dict[str, Any]]) -> list[tuple[str, list[Any]]]:
    """Rows in the order in which the first column that has them names them."""
    labels = list(dict.fromkeys(label for column in columns for label in column))
    return [(label, [column.get(label) for column in columns]) for label in labels]
