"""Lifecycles as tables: every legal move of a record is a row here, and nothing else moves a state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Move:
    """One legal step. ``reasons`` lists the reason codes of which one must be given; empty when none is asked for."""

    name: str
    sources: frozenset[str]
    target: str
    reasons: tuple[str, ...] = ()

    @property
    def needs_reason(self) -> bool:
        return bool(self.reasons)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All states and moves of one kind of record."""

    states: tuple[str, ...]
    moves: Mapping[str, Move] = field(default_factory=dict)

    def allowed(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves.values() if state in move.sources)


def lifecycle(
    states: Iterable[str],
    rows: Iterable[tuple[str, Iterable[str], str] | tuple[str, Iterable[str], str, Iterable[str]]],
) -> Lifecycle:
    """From rows ``(move, from states, to state[, reason codes])``; ValueError for a state that is not known."""
    known = tuple(states)
    moves: dict[str, Move] = {}
    for name, sources, target, *rest in rows:
        move = Move(name, frozenset(sources), target, tuple(rest[0]) if rest else ())
        if name in moves or not move.sources <= set(known) or target not in known:
            raise ValueError(f"bad move {name!r}: {sorted(move.sources)} → {target!r}")
        moves[name] = move
    return Lifecycle(known, moves)
