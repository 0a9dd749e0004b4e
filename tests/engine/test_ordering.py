"""The laws of the order, on any pool; and each rule on a pool where it shows."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import EXPERT, evaluate
from matching.engine.ordering import ORDER, Contender, likeness, order
from tests.engine.strategies import TODAY, crowds, demands, together

RULES = replace(ORDER, shown=6, pool=12, window=4, explore_place=3)
WEEK = ORDER.explore_period


def _pool(seed):
    """A pool of any length with few providers, so that every rule has something to do."""
    random = Random(seed)
    probabilities = sorted(random.choice((0.2, 0.5, 0.55, 0.8, 0.82, 0.95)) for _ in range(random.randint(0, 12)))
    return [
        Contender(
            id=f"s{number}",
            rank=number,
            probability=probability,
            provider=random.choice(("", "a", "b", "c", "d", "e")),
            lists=random.choice((0, 1, 5, 90)),
            price=random.choice((0.0, 0.0, 0.05, 0.4)),
            days_listed=random.choice((None, 3, 400)),
        )
        for number, probability in enumerate(reversed(probabilities), start=1)
    ]


def _alike(seed, count):
    drawn = np.random.default_rng(seed).random((count, count))
    return np.maximum(drawn, drawn.T)


worlds = st.integers(0, 2**40).map(lambda seed: (_pool(seed), seed))


def run(pool, seed, rules=RULES, day=TODAY):
    return order(pool, key="demand", day=day, alike=_alike(seed, len(pool)), rules=rules)


def pool_of(*providers, **changes):
    """Contenders a step of two points apart, best first."""
    return [
        Contender(id=f"s{rank}", rank=rank, probability=0.9 - 0.02 * rank, provider=provider, lists=9, **changes)
        for rank, provider in enumerate(providers, start=1)
    ]


def ids(placed):
    return [one.contender.id for one in placed]


def moves(placed):
    return {one.contender.id: (one.move.rule, one.move.start, one.move.end) for one in placed if one.move}


# --- Laws ---


@given(worlds)
def test_order_is_a_permutation_and_changes_no_probability(world):
    pool, seed = world
    placed = run(pool, seed)
    assert sorted((one.contender for one in placed), key=lambda one: one.rank) == pool
    assert [one.place for one in placed] == list(range(1, len(pool) + 1))


@given(worlds, st.randoms())
def test_order_does_not_depend_on_how_contenders_arrive(world, random):
    pool, seed = world
    alike, mixed = _alike(seed, len(pool)), list(range(len(pool)))
    random.shuffle(mixed)
    again = order([pool[i] for i in mixed], key="demand", day=TODAY, alike=alike[np.ix_(mixed, mixed)], rules=RULES)
    assert again == run(pool, seed)


@given(worlds)
def test_every_change_of_place_carries_its_rule(world):
    for one in run(*world):
        moved = one.place != one.contender.rank
        assert (one.move is not None) == moved
        if one.move:
            assert (one.move.start, one.move.end) == (one.contender.rank, one.place)
            is_up = one.place < one.contender.rank
            assert is_up == (one.move.rule in ("explore", "others"))


@given(worlds)
def test_whoever_is_left_out_for_a_worse_one_has_a_rule_that_says_why(world):
    pool, seed = world
    placed = run(pool, seed)
    shown, left = placed[: RULES.shown], placed[RULES.shown :]
    worst = max((one.contender.rank for one in shown), default=0)
    for one in left:
        if one.contender.rank < worst:
            rule = moves(placed).get(one.contender.id, (None,))[0]
            priced = one.contender.price > 0
            assert rule in {"congestion", "provider", "made_room", "alike"} or one.place == one.contender.rank
            assert rule != "congestion" or priced


@given(worlds)
def test_two_of_a_provider_in_any_window_unless_nobody_else_is_left(world):
    placed = run(*world)
    for end in range(len(placed[: RULES.shown])):
        provider = placed[end].contender.provider
        before = [one.contender.provider for one in placed[max(0, end - RULES.window + 1) : end]]
        if provider and before.count(provider) >= RULES.most_of_provider:
            rest = {one.contender.provider for one in placed[end:]}
            assert all(p and before.count(p) >= RULES.most_of_provider for p in rest)


@given(worlds)
def test_without_prices_providers_likeness_and_exploring_the_order_is_the_score(world):
    pool, _seed = world
    plain = [replace(one, provider="", price=0.0, lists=99, days_listed=None) for one in pool]
    placed = order(plain, key="demand", day=TODAY, rules=RULES)
    assert (ids(placed), moves(placed)) == ([one.id for one in pool], {})


@given(worlds)
def test_one_is_explored_at_most_and_it_is_nearly_as_good_as_the_last(world):
    placed = run(*world)
    explored = [one for one in placed if one.move and one.move.rule == "explore"]
    assert len(explored) <= 1
    for one in explored:
        shown = [other.contender.probability for other in placed[: RULES.shown]]
        assert one.place >= RULES.explore_place
        assert one.contender.lists <= RULES.explore_lists or (one.contender.days_listed or 999) <= RULES.explore_days
        assert one.contender.probability >= min(shown) - RULES.explore_loss


@given(worlds)
def test_ordering_what_was_ordered_changes_nothing(world):
    pool, seed = world
    placed = run(pool, seed)
    alike = _alike(seed, len(pool))
    turned = [one.contender.rank - 1 for one in placed]
    again = order([pool[i] for i in turned], key="demand", day=TODAY, alike=alike[np.ix_(turned, turned)], rules=RULES)
    assert ids(again) == ids(placed)


@given(demands, crowds)
def test_likeness_is_symmetric_bounded_and_the_same_in_any_company(demand, crowd):
    table = evaluate(demand, together(crowd), today=TODAY)
    everybody = list(range(len(crowd)))
    alike = likeness(table.candidates, everybody, EXPERT)
    assert np.array_equal(alike, alike.T)
    assert ((alike >= 0) & (alike <= 1)).all()
    some = everybody[::2]
    assert np.array_equal(likeness(table.candidates, some, EXPERT), alike[np.ix_(some, some)])


# --- Rules ---


def test_third_of_a_provider_waits_until_the_window_has_passed():
    placed = order(pool_of("a", "a", "a", "b", "c", "d"), key="d", day=TODAY, rules=RULES)
    assert ids(placed) == ["s1", "s2", "s4", "s5", "s3", "s6"]
    assert moves(placed) == {"s3": ("provider", 3, 5), "s4": ("others", 4, 3), "s5": ("others", 5, 4)}
    assert placed[4].move is not None
    assert placed[4].move.values == {"most": 2, "among": 4}


def test_provider_alone_in_the_field_keeps_its_places():
    placed = order(pool_of("a", "a", "a", "a"), key="d", day=TODAY, rules=RULES)
    assert moves(placed) == {}


def test_price_takes_a_solution_off_a_list_where_another_is_nearly_as_good():
    pool = pool_of(*"abcdefgh")
    pool[2] = replace(pool[2], price=0.15, lists=80)
    placed = order(pool, key="d", day=TODAY, rules=RULES)
    assert ids(placed)[:6] == ["s1", "s2", "s4", "s5", "s6", "s7"]
    move = next(one.move for one in placed if one.contender.id == "s3")
    assert move is not None
    assert (move.rule, move.values) == ("congestion", {"lists": 80, "price_points": 15.0})


def test_price_costs_no_place_where_everybody_is_shown_or_it_stays_the_best():
    pool = pool_of(*"abcdefgh")
    pool[0] = replace(pool[0], price=0.05, lists=80)
    assert moves(order(pool, key="d", day=TODAY, rules=RULES)) == {}
    short = [replace(one, price=0.5) for one in pool[:3]]
    assert moves(order(short, key="d", day=TODAY, rules=RULES)) == {}


def test_what_is_much_like_one_above_stands_a_little_lower():
    alike = np.zeros((4, 4))
    alike[0, 1] = alike[1, 0] = 1.0
    placed = order(pool_of(*"abcd"), key="d", day=TODAY, alike=alike, rules=RULES)
    assert ids(placed) == ["s1", "s3", "s2", "s4"]
    assert moves(placed) == {"s2": ("alike", 2, 3), "s3": ("others", 3, 2)}


def test_new_solution_gets_the_place_for_exploring_and_the_others_make_room():
    pool = [replace(one, probability=0.5) for one in pool_of(*"abcdefgh")]
    pool[7] = replace(pool[7], days_listed=3)
    placed = order(pool, key="d", day=TODAY, rules=RULES)
    assert ids(placed)[:6] == ["s1", "s2", "s8", "s3", "s4", "s5"]
    found = moves(placed)
    assert (found["s8"], found["s6"]) == (("explore", 8, 3), ("made_room", 6, 7))


def test_nobody_is_explored_at_more_than_a_small_loss():
    pool = [replace(one, lists=0) for one in pool_of(*"abcdefgh")]
    far = [*pool[:6], *(replace(one, probability=0.3) for one in pool[6:])]
    assert moves(order(far, key="d", day=TODAY, rules=RULES)) == {}


def test_explored_solution_stays_for_a_week_and_changes_over_the_weeks():
    pool = [replace(one, probability=0.5, lists=0) for one in pool_of(*"abcdefghijkl")]
    monday = TODAY - TODAY % WEEK

    def explored(day):
        return ids(order(pool, key="d", day=day, rules=RULES))[2]

    assert {explored(monday + day) for day in range(WEEK)} == {explored(monday)}
    assert len({explored(monday + WEEK * week) for week in range(40)}) == 6


@pytest.mark.parametrize("ranks", [(1, 3), (2, 1, 2), (0, 1)], ids=["a gap", "twice the same", "from nought"])
def test_ranks_that_are_no_places_are_refused(ranks):
    with pytest.raises(ValueError, match="ranks"):
        order([Contender(id=str(i), rank=r, probability=0.5) for i, r in enumerate(ranks)], key="d", day=TODAY)


def test_better_rank_with_a_lower_probability_is_refused():
    pool = [Contender(id="a", rank=1, probability=0.4), Contender(id="b", rank=2, probability=0.5)]
    with pytest.raises(ValueError, match="lower probability"):
        order(pool, key="d", day=TODAY)


def test_id_of_the_rules_changes_with_every_figure():
    assert ORDER.id == replace(ORDER).id
    changed = [replace(ORDER, window=9).id, replace(ORDER, alike_most=0.06).id, replace(ORDER, cap_least=21).id]
    assert len({ORDER.id, *changed}) == 4
