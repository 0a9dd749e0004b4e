"""The jury's arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.programmes.scoring import Given, weigh

WEIGHTS = {1: 60, 2: 40}
sheets = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6)


def rows(*points: tuple[int, int]) -> list[Given]:
    return [
        Given(juror, criterion, p)
        for juror, pair in enumerate(points)
        for criterion, p in zip(WEIGHTS, pair, strict=True)
    ]


def test_mean_is_weighted() -> None:
    assert weigh(rows((5, 0)), WEIGHTS).mean == pytest.approx(3.0)


def test_spread_is_highest_minus_lowest_juror() -> None:
    result = weigh(rows((5, 5), (1, 1), (3, 3)), WEIGHTS)
    assert (result.mean, result.spread) == (pytest.approx(3.0), pytest.approx(4.0))


def test_unfinished_sheet_does_not_count() -> None:
    result = weigh([*rows((5, 5)), Given(9, 1, 0)], WEIGHTS)
    assert (result.mean, len(result.by_juror), result.unfinished) == (pytest.approx(5.0), 1, 1)


def test_nothing_given_is_not_zero() -> None:
    assert weigh([], WEIGHTS).mean is None


@given(sheets)
def test_result_stays_in_bounds_and_does_not_depend_on_the_order(points: list[tuple[int, int]]) -> None:
    given_rows = rows(*points)
    result = weigh(given_rows, WEIGHTS)
    assert result == weigh(given_rows[::-1], WEIGHTS)
    if points:
        assert 0 <= result.mean <= 5  # type: ignore[operator]
        assert 0 <= result.spread <= 5  # type: ignore[operator]
