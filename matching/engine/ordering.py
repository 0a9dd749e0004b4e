"""The order in which the best of a demand are shown. It minds more than the score, and never touches the score.

Who is shown at all: the best by probability less the price that a solution pays for standing on many lists. In which
order: the best first, less a little for what is much like something above; at most two of one provider among any ten
places; one place for a solution that is new or hardly ever shown. Every place that differs from the place by score
carries the rule that moved it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from matching.engine.columns import CandidateSet, FloatColumn
from matching.engine.config import ScoringConfig
from matching.engine.results import Value, Values

Rule = Literal["provider", "congestion", "alike", "made_room", "explore", "others"]
_TELLING: Final[tuple[Rule, ...]] = ("made_room", "alike", "provider", "congestion")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRules:
    """The figures of the order. Probabilities and prices in [0, 1]; `explore_loss` and `alike_most` too."""

    version: str = "order-1"
    shown: int = 20
    pool: int = 40
    window: int = 10
    most_of_provider: int = 2
    # Alike from this likeness on, and what the closest possible pair loses.
    alike_from: float = 0.7
    alike_most: float = 0.03
    explore_place: int = 10
    explore_loss: float = 0.05
    explore_lists: int = 2
    explore_days: int = 60
    # The explored solution changes once a week: a list that changes from one day to the next cannot be discussed.
    explore_period: int = 7
    # A solution is wanted on at most so many times the average number of lists, and on any number up to the least.
    cap_factor: float = 7.0
    cap_least: int = 20

    @property
    def most_in_list(self) -> int:
        """How many solutions of one provider fit on a list without standing too close."""
        return self.most_of_provider * -(-self.shown // self.window)

    @property
    def id(self) -> str:
        """Version and eight hex digits that change with any figure."""
        canonical = json.dumps(asdict(self), sort_keys=True)
        return f"{self.version}-{hashlib.sha256(canonical.encode()).hexdigest()[:8]}"


ORDER: Final = OrderRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One of the best of a demand.

    rank: its place by score among the contenders, 1 the best. provider: any key that is the same for all solutions of
    one provider; empty means alone. lists: on how many lists it is shown. price: what it pays for that, in
    probability. days_listed: since it was first listed; None when not known.
    """

    id: str
    rank: int
    probability: float
    provider: str = ""
    lists: int = 0
    price: float = 0.0
    days_listed: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Why a solution does not stand at its place by score. `start` and `end` are places, 1 the first."""

    rule: Rule
    start: int
    end: int
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """A contender at its place; `move` is None where that is its place by score."""

    contender: Contender
    place: int
    move: Move | None


def order(
    contenders: Sequence[Contender],
    *,
    key: str,
    day: int,
    alike: FloatColumn | None = None,
    rules: OrderRules = ORDER,
) -> list[Placed]:
    """All contenders, the first `rules.shown` of them to be shown; the others follow by score.

    key: the demand's id; with `day` (a day number) it decides which solution is explored. alike: likeness in [0, 1] of
    shape (n, n), in the order given; None looks at no likeness. Raises ValueError when ranks are not 1 to n or a
    better rank has a lower probability.
    """
    places = sorted(range(len(contenders)), key=lambda i: contenders[i].rank)
    ranked = [contenders[i] for i in places]
    _check(ranked)
    likeness = np.zeros((len(ranked), len(ranked))) if alike is None else alike[np.ix_(places, places)]
    plain = _Arrangement(ranked, likeness, rules)
    explored = _to_explore(plain, key, day)
    final = plain if explored is None else _Arrangement(ranked, likeness, rules, explored)
    return [_placed(final, position, place) for place, position in enumerate(final.sequence, start=1)]


def _check(ranked: Sequence[Contender]) -> None:
    if [one.rank for one in ranked] != list(range(1, len(ranked) + 1)):
        raise ValueError("ranks must run from 1 without a gap")
    if any(b.probability > a.probability for a, b in pairwise(ranked)):
        raise ValueError("a better rank has a lower probability")


def _to_explore(plain: _Arrangement, key: str, day: int) -> int | None:
    """Of those not shown that are new or hardly ever shown, and nearly good enough, the one drawn this week."""
    ranked, rules = plain.ranked, plain.rules
    if len(ranked) <= rules.shown:
        return None
    enough = ranked[plain.last].probability - rules.explore_loss
    unseen = [
        position
        for position in plain.sequence[rules.shown :]
        if ranked[position].price == 0 and ranked[position].probability >= enough
        if _is_new(ranked[position], rules) or _is_rare(ranked[position], rules)
    ]
    week = day // rules.explore_period
    return min(unseen, key=lambda position: _draw(f"{key}|{week}|{ranked[position].id}"), default=None)


def _is_new(contender: Contender, rules: OrderRules) -> bool:
    return contender.days_listed is not None and contender.days_listed <= rules.explore_days


def _is_rare(contender: Contender, rules: OrderRules) -> bool:
    return contender.lists <= rules.explore_lists


def _draw(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class _Arrangement:
    """Places filled one after the other; `sequence` holds positions among the ranked, `reasons` who was passed over."""

    def __init__(
        self, ranked: Sequence[Contender], likeness: FloatColumn, rules: OrderRules, explored: int | None = None
    ) -> None:
        self.ranked, self.likeness, self.rules, self.explored = ranked, likeness, rules, explored
        self.sequence: list[int] = []
        self.reasons: dict[int, Rule] = {}
        self._left = list(range(len(ranked)))
        self._kept, self._barred = self._choose()
        if explored is not None and explored not in self._kept:
            self._kept.remove(self.last)
            self._kept.add(explored)
        for place in range(1, min(rules.shown, len(ranked)) + 1):
            self._fill(place)
        for position in list(self._left):
            self._take(position)

    def _choose(self) -> tuple[set[int], set[int]]:
        """Who is to be shown, the best net of price, and who is not for having enough of one provider before it."""
        room = self.rules.most_in_list
        kept: set[int] = set()
        barred: set[int] = set()
        taken: Counter[str] = Counter()
        for position in sorted(self._left, key=self._net):
            provider = self.ranked[position].provider
            if len(kept) == self.rules.shown:
                break
            if provider and taken[provider] >= room:
                barred.add(position)
            else:
                kept.add(position)
                taken[provider] += 1
        spare = sorted(barred, key=self._net)[: self.rules.shown - len(kept)]
        return kept | set(spare), barred - set(spare)

    @property
    def last(self) -> int:
        """Who would have to go first: of those to be shown, the worst net of price."""
        return max(self._kept, key=self._net)

    def _net(self, position: int) -> tuple[float, int]:
        """Sorts by probability less price, the best first."""
        # Where everybody is shown anyway, nobody would gain from a price.
        price = self.ranked[position].price if len(self.ranked) > self.rules.shown else 0.0
        return price - self.ranked[position].probability, position

    def _fill(self, place: int) -> None:
        fits = [position for position in self._left if self._fits(position)]
        best = self._best(fits)
        if place == self.rules.explore_place and self.explored in fits:
            near = self.ranked[best].probability - self.rules.explore_loss
            best = self.explored if self.ranked[self.explored].probability >= near else best
        for position in self._left[: self._left.index(best)]:
            self._note(position, self._reason(position, best, fits))
        waiting = self._kept & set(self._left)
        if best not in waiting and waiting:
            # Somebody has to give up the place that an outsider takes: not who waits for the window, but the last.
            self._kept.remove(max(waiting, key=self._net))
        self._take(best)

    def _best(self, fits: Sequence[int]) -> int:
        """The kept one with most left after likeness; of others the best net of price; if nobody fits, whoever is."""
        kept = [position for position in fits if position in self._kept]
        if kept:
            return max(kept, key=lambda i: (self.ranked[i].probability - self.loss(i), -i))
        return min(fits or self._left, key=lambda i: (i not in self._kept, self._net(i)))

    def _fits(self, position: int) -> bool:
        provider = self.ranked[position].provider
        before = self.sequence[-(self.rules.window - 1) :] if self.rules.window > 1 else []
        same = sum(self.ranked[i].provider == provider for i in before)
        return not provider or same < self.rules.most_of_provider

    def loss(self, position: int) -> float:
        """What likeness to the closest of those above costs, in probability."""
        if not self.sequence:
            return 0.0
        closest = float(self.likeness[position, self.sequence].max())
        share = (closest - self.rules.alike_from) / (1 - self.rules.alike_from)
        return self.rules.alike_most * min(max(share, 0.0), 1.0)

    def _reason(self, position: int, chosen: int, fits: Collection[int]) -> Rule:
        if chosen == self.explored:
            return "made_room"
        if position not in fits or position in self._barred:
            return "provider"
        return "alike" if position in self._kept else "congestion"

    def _note(self, position: int, reason: Rule) -> None:
        # Of several rules the one that says most: what keeps it off the list, then what it waits for, then a neighbour.
        self.reasons[position] = max(self.reasons.get(position, reason), reason, key=_TELLING.index)

    def _take(self, position: int) -> None:
        self.sequence.append(position)
        self._left.remove(position)


def _placed(arrangement: _Arrangement, position: int, place: int) -> Placed:
    contender = arrangement.ranked[position]
    if place == contender.rank:
        return Placed(contender, place, None)
    if place < contender.rank:
        rule: Rule = "explore" if position == arrangement.explored else "others"
    else:
        rule = arrangement.reasons[position]
    return Placed(contender, place, Move(rule, contender.rank, place, _values(rule, contender, arrangement.rules)))


def _values(rule: Rule, contender: Contender, rules: OrderRules) -> Values:
    found: Mapping[Rule, dict[str, Value]] = {
        "provider": {"most": rules.most_of_provider, "among": rules.window},
        "congestion": {"lists": contender.lists, "price_points": round(100 * contender.price, 1)},
        "alike": {"most_points": round(100 * rules.alike_most, 1)},
        "explore": {"lists": contender.lists, "is_new": _is_new(contender, rules)},
    }
    return found.get(rule, {})


def likeness(candidates: CandidateSet, positions: Sequence[int], config: ScoringConfig) -> FloatColumn:
    """How much alike the candidates at these positions are, in [0, 1]; float64 of shape (n, n).

    The mean of what is known of both: closeness of the texts, topics in common, business models in common (shared over
    all of either side). Two of which nothing is known are not alike.
    """
    chosen = [candidates.solutions[position] for position in positions]
    parts = [
        _texts(candidates, positions, config),
        _shared([one.topics for one in chosen]),
        _shared([one.business_models for one in chosen]),
    ]
    known = sum((~np.isnan(part)).astype(np.float64) for part in parts)
    total = sum(np.nan_to_num(part) for part in parts)
    return np.asarray(np.where(known > 0, total / np.maximum(known, 1), 0.0), np.float64)


def _texts(candidates: CandidateSet, positions: Sequence[int], config: ScoringConfig) -> FloatColumn:
    rows = candidates.vectors[list(positions)]
    # einsum, as for the score: a pair's likeness must not depend on who else is compared.
    cosine = np.einsum("ij,kj->ik", rows, rows).astype(np.float64)
    has = candidates.has_vector[list(positions)]
    closeness = config.cosine_curve(candidates.vector_space or "")(cosine)
    return np.where(has[:, None] & has[None, :], closeness, np.nan)


def _shared(sets: Sequence[frozenset[str]]) -> FloatColumn:
    return np.array([[len(a & b) / len(a | b) if a and b else np.nan for b in sets] for a in sets], np.float64).reshape(
        len(sets), len(sets)
    )
