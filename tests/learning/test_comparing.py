"""Better, not worse or worse: told on demands that the weights never saw, with an interval."""

import numpy as np
import pytest

from matching.learning.calibration import (
    Bin,
    band_thresholds,
    calibration_error,
    isotonic,
    platt,
    reliability,
    sigmoid,
)
from matching.learning.comparing import MARGIN, Paired, compare, ndcg_by_demand
from matching.learning.judgements import Labels
from tests.learning.generated import NAMES, PRIOR, generated

ONES = np.ones(4)


def test_weights_learned_from_a_changed_office_are_better_with_their_interval() -> None:
    truth = PRIOR.copy()
    truth[NAMES.index("budget")], truth[NAMES.index("meaning")] = 8.0, 1.0
    found = compare(generated(1, 1500, truth=truth), -1.0, PRIOR).ndcg
    assert 0 < found.low < found.difference < found.high
    assert (found.is_not_worse, found.demands > 250) == (True, True)


def test_pure_noise_is_no_improvement() -> None:
    found = compare(generated(2, 1500, truth=PRIOR * 0), -1.0, PRIOR).ndcg
    assert found.low < 0 < found.high + 0.05


def test_same_judgements_give_the_same_interval() -> None:
    data = generated(3, 200)
    assert compare(data, -1.0, PRIOR) == compare(data, -1.0, PRIOR)


@pytest.mark.parametrize(
    ("low", "demands", "expected"), [(0.0, 10, True), (-MARGIN / 2, 10, True), (-MARGIN, 10, False), (0.1, 0, False)]
)
def test_not_worse_means_that_the_whole_interval_is(low: float, demands: int, expected: bool) -> None:
    assert Paired(0.5, 0.6, low, 0.2, demands).is_not_worse == expected


def test_no_judgements_compare_to_nothing() -> None:
    found = compare(generated(0, 0), -1.0, PRIOR)
    assert (found.ndcg.demands, found.accuracy, found.curve) == (0, (0.0, 0.0), [])


def test_ndcg_of_a_hand_made_list() -> None:
    one = Labels(np.zeros((3, 1)), np.array([0, 2, 1]), np.array([7, 7, 7]), np.full(3, np.nan))
    best, worst = 3 + 1 / np.log2(3), 1 / np.log2(3) + 3 / 2
    assert ndcg_by_demand(one, np.array([1.0, 3.0, 2.0])) == pytest.approx([1.0])
    assert ndcg_by_demand(one, np.array([3.0, 1.0, 2.0])) == pytest.approx([worst / best])
    tied = (4 / 3) * (1 + 1 / np.log2(3) + 1 / 2) / best
    assert ndcg_by_demand(one, np.zeros(3)) == pytest.approx([tied])


# --- Calibration ---


def test_platt_finds_slope_and_shift() -> None:
    random = np.random.default_rng(1)
    logits = random.normal(0, 2, 20_000)
    fits = (random.random(20_000) < sigmoid(0.6 * logits - 1.0)).astype(float)
    slope, shift = platt(logits, fits)
    assert (slope, shift) == (pytest.approx(0.6, abs=0.03), pytest.approx(-1.0, abs=0.05))
    assert calibration_error(sigmoid(slope * logits + shift), fits) < 0.02 < calibration_error(sigmoid(logits), fits)


def test_platt_with_few_labels_stays_near_the_scale_in_use() -> None:
    slope, shift = platt(np.array([2.0, -2.0]), np.array([1.0, 0.0]))
    assert (abs(slope - 1) < 0.3, abs(shift) < 0.1) == (True, True)
    assert platt(np.zeros(0), np.zeros(0)) == (1.0, 0.0)


def test_platt_never_turns_the_order_round() -> None:
    logits = np.linspace(-3, 3, 500)
    assert platt(logits, (logits < 0).astype(float))[0] > 0


def test_isotonic_steps_never_fall_and_match_the_labels() -> None:
    random = np.random.default_rng(2)
    probabilities = random.random(4000)
    fits = (random.random(4000) < probabilities**2).astype(float)
    starts, shares = isotonic(probabilities, fits)
    assert (np.diff(starts) > 0).all()
    assert (np.diff(shares) > 0).all()
    told = shares[np.searchsorted(starts, probabilities, side="right") - 1]
    assert told.mean() == pytest.approx(fits.mean())
    assert calibration_error(told, fits) < 0.01 < calibration_error(probabilities, fits)


def test_isotonic_of_a_hand_made_row() -> None:
    starts, shares = isotonic(np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.0, 1.0, 0.0, 1.0]))
    assert (starts.tolist(), shares.tolist()) == ([0.1, 0.2, 0.4], [0.0, 0.5, 1.0])


def test_bands_move_to_where_the_share_is_what_they_promise() -> None:
    steps = (np.array([0.1, 0.35, 0.62, 0.9]), np.array([0.1, 0.32, 0.5, 0.8]))
    bands = (("strong", 0.75), ("good", 0.5), ("possible", 0.3))
    assert band_thresholds(steps, bands) == (("strong", 0.9), ("good", 0.62), ("possible", 0.35))
    assert band_thresholds((np.array([0.1]), np.array([0.2])), bands) == bands


def test_calibration_error_and_curve_of_a_hand_made_row() -> None:
    probabilities, fits = np.array([0.05, 0.05, 0.95, 1.0]), np.array([0.0, 1.0, 1.0, 1.0])
    assert reliability(probabilities, fits) == [Bin(0.0, 0.1, 2, 0.05, 0.5), Bin(0.9, 1.0, 2, 0.975, 1.0)]
    assert calibration_error(probabilities, fits) == pytest.approx((0.45 + 0.025) / 2)
