"""What the fit owes: few judgements do not lead it astray, many are followed, no weight is negative."""

import math

import numpy as np
import pytest

from matching.engine import COMPONENTS, EXPERT
from matching.learning.comparing import ndcg_by_demand
from matching.learning.fitting import fit, pairs
from matching.learning.judgements import PLAUSIBLE, UNFIT, Judged, judged, labels
from tests.learning.generated import NAMES, PRIOR, TRUTH, generated


def mean_ndcg(weights, seed):
    unseen = generated(seed, 2000, truth=TRUTH)
    return ndcg_by_demand(unseen, unseen.features @ weights).mean()


def test_fifty_judgements_with_the_prior_beat_fifty_without() -> None:
    with_prior, without, experts = [], [], []
    for seed in range(10):
        few = generated(seed, 50, truth=TRUTH)
        with_prior.append(mean_ndcg(fit(few, PRIOR).weights, 1000 + seed))
        without.append(mean_ndcg(fit(few, PRIOR, spread=math.inf).weights, 1000 + seed))
        experts.append(mean_ndcg(PRIOR, 1000 + seed))
    assert min(np.subtract(with_prior, without)) > 0
    assert np.mean(with_prior) > np.mean(without) + 0.015
    assert np.mean(with_prior) > np.mean(experts)


def test_many_judgements_are_followed_where_they_differ_from_the_prior() -> None:
    truth = PRIOR.copy()
    truth[NAMES.index("budget")], truth[NAMES.index("evidence")] = 4.0, 0.2
    found = fit(generated(3, 6000, truth=truth), PRIOR).weights
    assert found[NAMES.index("budget")] > 3 > 1 > found[NAMES.index("evidence")]
    fresh = generated(77, 3000, truth=truth)
    learned, before = (ndcg_by_demand(fresh, fresh.features @ one).mean() for one in (found, PRIOR))
    assert learned > before


def test_no_judgements_leave_the_weights_as_they_are() -> None:
    found = fit(generated(1, 0), PRIOR)
    assert (found.pairs, found.position) == (0, 0.0)
    assert found.weights == pytest.approx(PRIOR, abs=1e-12)


def test_weight_that_judgements_contradict_stops_at_nothing() -> None:
    truth = PRIOR.copy()
    truth[NAMES.index("timing")] = -6.0
    found = fit(generated(5, 6000, truth=truth), PRIOR).weights
    assert (found.min(), found[NAMES.index("timing")]) == (0.0, 0.0)


def test_place_shown_is_taken_for_what_it_is() -> None:
    """Whoever stands first is liked for it; the weights must not learn from that."""
    data = generated(9, 6000, truth=TRUTH, position=1.0)
    found = fit(data, PRIOR)
    assert 0.5 < found.position < 1.5
    blind = fit(type(data)(data.features, data.grades, data.demands, np.full(len(data), np.nan)), PRIOR)
    assert blind.position == 0.0


def test_same_judgements_in_another_order_give_the_same_weights() -> None:
    data = generated(4, 200)
    mixed = np.random.default_rng(0).permutation(len(data))
    again = type(data)(data.features[mixed], data.grades[mixed], data.demands[mixed], data.positions[mixed])
    assert fit(again, PRIOR).weights == pytest.approx(fit(data, PRIOR).weights, abs=1e-8)


def test_demand_with_many_judgements_weighs_as_its_judgements_and_not_as_their_pairs() -> None:
    one = generated(2, 40, per_demand=40)
    assert pairs(one).weights.sum() == pytest.approx(39)


# --- What counts as a judgement ---


@pytest.mark.parametrize(
    ("move", "reason", "found"),
    [
        ("offer", "", ("moderator", PLAUSIBLE)),
        ("reject", "wrong_need", ("moderator", UNFIT)),
        ("reject", "better_ones", ("moderator", 1)),
        ("accept_by_city", "", ("city", 3)),
        ("decline_by_city", "too_expensive", ("city", UNFIT)),
        ("decline_by_city", "tender_open", None),
        ("decline_by_city", "known_already", None),
        ("decline_by_provider", "not_a_fit", ("provider", UNFIT)),
        ("decline_by_provider", "no_capacity", None),
        ("sign_contract", "", ("city", 4)),
        ("drop", "no_funding", None),
        ("drop", "technical", ("city", UNFIT)),
        ("recuse", "", None),
        ("take_up", "", None),
        ("complain", "", None),
    ],
)
def test_decision_says_something_about_fit_or_nothing(move: str, reason: str, found: object) -> None:
    assert judged(move, reason) == found


def test_features_are_what_the_score_adds_up() -> None:
    values: dict[str, float | None] = {"meaning": 0.9, "budget": None, "wording": 0.35}
    found = labels([Judged(1, 2, 3, values, 4)], EXPERT)
    weights = np.array([EXPERT.rules[component].weight for component in COMPONENTS])
    assert found.features @ weights == pytest.approx([6.0 * 0.4 + 1.0 * 0.75])
    assert (found.grades.tolist(), found.positions.tolist()) == ([3], [4.0])
