"""The configuration refuses what would break the laws, and comes back from JSON the same."""

import json
from dataclasses import FrozenInstanceError, replace

import pytest

from matching.engine import COMPONENTS, EXPERT, LIFTING, Curve, Rule, ScoringConfig


def test_configuration_survives_json():
    assert ScoringConfig.from_json(json.loads(json.dumps(EXPERT.to_json()))) == EXPERT


def test_id_survives_json_and_changes_with_any_weight():
    again = ScoringConfig.from_json(EXPERT.to_json())
    heavier = replace(EXPERT, rules={**EXPERT.rules, "budget": Rule(0.81, 0.6)})
    assert (again.id == EXPERT.id, heavier.id == EXPERT.id) == (True, False)


def test_id_does_not_depend_on_the_order_of_rules():
    assert replace(EXPERT, rules=dict(reversed(EXPERT.rules.items()))).id == EXPERT.id


def test_configuration_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        EXPERT.base_logit = 0.0


def test_every_component_has_a_rule():
    with pytest.raises(ValueError, match="budget"):
        replace(EXPERT, rules={name: rule for name, rule in EXPERT.rules.items() if name != "budget"})


@pytest.mark.parametrize(
    ("x", "y"), [((0, 1), (1, 0)), ((0, 0), (0, 1)), ((0, 1), (0, 2)), ((0, 1), (-1, 1)), ((0,), (0, 1)), ((), ())]
)
def test_curve_that_falls_or_leaves_the_unit_interval_is_refused(x, y):
    with pytest.raises(ValueError, match="curve"):
        Curve(x, y)


@pytest.mark.parametrize(("weight", "neutral"), [(-0.1, 0.5), (1.0, 1.5), (1.0, -0.1)])
def test_rule_that_weighs_against_its_component_is_refused(weight, neutral):
    with pytest.raises(ValueError, match="must"):
        Rule(weight, neutral)


def test_bands_run_from_the_best():
    with pytest.raises(ValueError, match="bands"):
        replace(EXPERT, bands=(("good", 0.5), ("strong", 0.7)))


@pytest.mark.parametrize(
    ("probability", "band"), [(0.99, "strong"), (0.75, "strong"), (0.74, "good"), (0.3, "possible"), (0.29, "weak")]
)
def test_band(probability, band):
    assert EXPERT.band(probability) == band


def test_cosine_curve_belongs_to_the_encoder_family():
    assert EXPERT.cosine_curve("bundled-1234abcd") is EXPERT.cosine_curves["bundled"]
    assert EXPERT.cosine_curve("somebody-elses") is EXPERT.cosine_curves[""]


def test_shipped_rules_leave_room_on_both_sides_of_not_knowing():
    flat = {name for name in COMPONENTS if not 0 < EXPERT.rules[name].neutral < 1}
    assert flat == LIFTING
