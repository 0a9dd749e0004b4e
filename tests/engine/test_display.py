"""Whole points that add up."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.display import apportion, displayed_score, sigmoid

logits = st.floats(-12, 12, allow_nan=False)


@given(logits, st.lists(st.floats(-6, 6, allow_nan=False), min_size=1, max_size=13))
def test_points_add_up_exactly_and_stay_within_one_of_their_share(base, contributions):
    logit = base + sum(contributions)
    base_points, points = apportion(base, contributions, logit)
    assert base_points + sum(points) == displayed_score(sigmoid(logit))
    assert abs(base_points - 100 * sigmoid(base)) < 1


def test_opposite_contributions_do_not_blow_up():
    base_points, points = apportion(0.0, [3.0, -3.0], 0.0)
    assert (base_points, points) == (50, [75, -75])


def test_no_contribution_gets_no_points():
    assert apportion(-1.0, [0.0, 2.0, 0.0], 1.0) == (27, [0, 46, 0])


def test_equal_remainders_go_to_the_earlier_component():
    _, points = apportion(0.0, [0.02, 0.02], 0.04)
    assert points == [1, 0]


@pytest.mark.parametrize(("logit", "expected"), [(0.0, 0.5), (-800.0, 0.0), (800.0, 1.0), (math.log(3), 0.75)])
def test_sigmoid(logit, expected):
    assert sigmoid(logit) == pytest.approx(expected)


@pytest.mark.parametrize(("probability", "points"), [(0.0, 0), (0.004, 0), (0.125, 13), (0.994, 99), (1.0, 100)])
def test_displayed_score_rounds_halves_up(probability, points):
    assert displayed_score(probability) == points
