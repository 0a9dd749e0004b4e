"""The measures on rankings worked out by hand."""

import math

import pytest

from matching.evaluation import Measures, mean_measures, measure


def test_perfect_ranking_measures_one():
    assert measure(["a", "b", "c"], {"a": 2.0, "b": 1.0}) == Measures(1, 1.0, 1.0, 1.0)


def test_second_place_is_discounted_by_its_place():
    assert measure(["x", "a"], {"a": 1.0}) == Measures(1, pytest.approx(1 / math.log2(3)), 1.0, 0.5)


def test_graded_relevance_counts_its_grade():
    found = measure(["b", "a"], {"a": 2.0, "b": 1.0})
    ideal = 2 + 1 / math.log2(3)
    assert found.ndcg == pytest.approx((1 + 2 / math.log2(3)) / ideal)


def test_eleventh_place_counts_for_the_reciprocal_rank_only():
    ranking = [f"x{place}" for place in range(10)] + ["a"]
    assert measure(ranking, {"a": 1.0}) == Measures(1, 0.0, 0.0, pytest.approx(1 / 11))


def test_recall_counts_all_that_are_relevant():
    grades = {f"d{number}": 1.0 for number in range(20)}
    assert measure(list(grades), grades).recall == 0.5


def test_nothing_found_measures_zero():
    assert measure(["x"], {"a": 1.0}) == Measures(1, 0.0, 0.0, 0.0)


def test_mean_is_over_queries():
    both = mean_measures([Measures(1, 1.0, 1.0, 1.0), Measures(1, 0.0, 0.5, 0.25)])
    assert both == Measures(2, 0.5, 0.75, 0.625)


def test_mean_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no query"):
        mean_measures([])
