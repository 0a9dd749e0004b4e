"""The value of each component, on cases small enough to check by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from matching.engine import (
    COMPONENTS,
    EXPERT,
    CandidateSet,
    Capability,
    CityFacts,
    DemandProfile,
    Quantity,
    QuantityRange,
    ReferenceFacts,
    Requirement,
    SolutionProfile,
    Span,
    evaluate,
    score,
)
from tests.engine.strategies import SPACE, TODAY, VOCABULARY

DEMAND = DemandProfile(id="demand", vector_space=SPACE)
SOLUTION = SolutionProfile(id="solution", vector_space=SPACE)


def unit(degrees):
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))], np.float32)


def value(component, demand, solution):
    candidates = CandidateSet.build([replace(SOLUTION, **solution)], VOCABULARY)
    found = evaluate(replace(DEMAND, **demand), candidates, today=TODAY).values[COMPONENTS.index(component), 0]
    return None if math.isnan(found) else float(found)


def code(component, demand, solution):
    candidates = CandidateSet.build([replace(SOLUTION, **solution)], VOCABULARY)
    (result,) = score(replace(DEMAND, **demand), candidates, today=TODAY)
    return next(part.code for part in result.contributions if part.component == component)


def test_meaning_is_the_calibrated_mean_of_whole_and_best_two_sentences():
    demand = {"vector": unit(0), "sentence_vectors": np.stack([unit(90), unit(60), unit(30)])}
    cosine = 0.5 * 1.0 + 0.5 * (math.cos(math.radians(60)) + math.cos(math.radians(30))) / 2
    expected = float(EXPERT.cosine_curves["bundled"](cosine))
    assert value("meaning", demand, {"vector": unit(0)}) == pytest.approx(expected, abs=1e-6)


def test_meaning_without_sentences_is_that_of_the_whole():
    expected = float(EXPERT.cosine_curves["bundled"](math.cos(math.radians(70))))
    assert value("meaning", {"vector": unit(0)}, {"vector": unit(70)}) == pytest.approx(expected, abs=1e-6)


def test_vectors_of_two_encoders_are_refused():
    with pytest.raises(ValueError, match="vectors of two encoders"):
        value("meaning", {"vector": unit(0)}, {"vector": unit(0), "vector_space": "other-1"})


def test_wording_is_shared_words_over_the_mean_of_both_counts():
    demand = {"language": "en", "terms": frozenset({"solar", "lamp", "street", "pole"})}
    assert value("wording", demand, {"language": "en", "terms": frozenset({"lamp"})}) == pytest.approx(1 / 2)


def test_wording_of_two_languages_is_neutral_and_says_so():
    demand = {"language": "fr", "terms": frozenset({"tramway"})}
    solution = {"language": "en", "terms": frozenset({"tramway"})}
    assert (value("wording", demand, solution), code("wording", demand, solution)) == (None, "wording.other_language")


@pytest.mark.parametrize(
    ("demanded", "named", "expected", "finding"),
    [
        ({"led": 0.6, "bus": 0.8}, {"led": 0.6, "bus": 0.8}, 0.8, "concepts.shared"),
        ({"led": 0.6, "bus": 0.8}, {"led": 1.0}, 0.8 * 0.6, "concepts.shared"),
        ({"led": 0.6, "paid_later": 0.8}, {"bus": 0.6, "paid_later": 0.8}, 0.8 * 0.64 + 0.2, "concepts.shared"),
        ({"paid_later": 1.0}, {"paid_later": 1.0}, 1.0, "concepts.shared"),
        ({"led": 1.0}, {"bus": 1.0}, 0.0, "concepts.none_shared"),
        ({}, {"bus": 1.0}, None, "concepts.none_found"),
        ({"led": 1.0}, {}, None, "concepts.none_found"),
    ],
)
def test_concepts(demanded, named, expected, finding):
    demand, solution = {"concepts": demanded, "language": "ja"}, {"concepts": named, "language": "pt"}
    assert value("concepts", demand, solution) == (expected if expected is None else pytest.approx(expected))
    assert code("concepts", demand, solution) == finding


@pytest.mark.parametrize(
    ("asked", "offered", "expected", "finding"),
    [
        ({"alpha_1": 1.0}, {"alpha_1": 1.0}, 1.0, "subject.likely"),
        ({"alpha_1": 1.0}, {"alpha_2": 1.0}, 0.5, "subject.related"),
        ({"alpha_1": 1.0}, {"beta_1": 1.0}, 0.0, "subject.apart"),
        ({"alpha_1": 0.6}, {"alpha_1": 0.5}, 0.3, "subject.likely"),
        ({"alpha_1": 0.6, "beta_1": 0.4}, {"alpha_1": 0.5, "alpha_2": 0.5}, 0.15 + 0.3, "subject.likely"),
        ({}, {"alpha_1": 1.0}, None, "subject.not_told"),
        ({"alpha_1": 1.0}, {}, None, "subject.not_told"),
    ],
)
def test_subject_is_the_likelihood_of_one_topic_and_of_one_area(asked, offered, expected, finding):
    demand, solution = {"subject": asked}, {"subject": offered}
    assert value("subject", demand, solution) == (expected if expected is None else pytest.approx(expected))
    assert code("subject", demand, solution) == finding


@pytest.mark.parametrize(
    ("demand", "solution", "expected"),
    [
        ({"topics": {"alpha_1"}}, {"topics": {"alpha_1"}}, 1.0),
        ({"topics": {"alpha_1"}}, {"focus": {"alpha"}}, 0.7),
        ({"topics": {"alpha_1"}}, {"topics": {"alpha_2"}}, 0.5),
        ({"topics": {"alpha_1"}}, {"topics": {"beta_1"}}, 0.0),
        ({"topics": {"alpha_1", "beta_1"}}, {"topics": {"alpha_1"}}, (1 + 0.5) / 2),
        ({"focus": {"alpha"}}, {"topics": {"alpha_1"}}, 0.7),
        ({"focus": {"alpha"}}, {}, None),
        ({}, {"focus": {"alpha"}}, None),
    ],
)
def test_focus(demand, solution, expected):
    asked = {"focus": tuple(demand.get("focus", ())), "topics": frozenset(demand.get("topics", ()))}
    offered = {name: frozenset(codes) for name, codes in solution.items()}
    assert value("focus", asked, offered) == expected


def test_wrong_guess_about_focus_is_neutral():
    asked = {"focus": ("alpha",), "focus_is_guessed": True}
    assert value("focus", asked, {"focus": frozenset({"beta"})}) is None


REFERENCE_HERE = ReferenceFacts(city=CityFacts(country="BR", subregion="005"))
REFERENCE_NEAR = ReferenceFacts(city=CityFacts(country="CO", subregion="005"))


@pytest.mark.parametrize(
    ("solution", "expected"),
    [
        ({"countries": frozenset({"BR"}), "references": (REFERENCE_HERE,)}, (1.0, "geography.reference_in_country")),
        ({"worldwide": True, "references": (REFERENCE_NEAR,)}, (0.8, "geography.reference_in_region")),
        ({"countries": frozenset({"BR"})}, (0.6, "geography.served")),
        ({"worldwide": True}, (0.5, "geography.worldwide")),
        ({"countries": frozenset({"FR"}), "references": (REFERENCE_HERE,)}, (0.0, "geography.not_served")),
        ({"references": (REFERENCE_HERE,)}, (None, "geography.unknown")),
    ],
)
def test_geography(solution, expected):
    demand = {"city": CityFacts(country="BR", subregion="005")}
    assert (value("geography", demand, solution), code("geography", demand, solution)) == expected


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        (Span(10, 100), 1.0),
        (Span(100, 100), 1.0),
        (Span(200, 200), 0.5),
        (Span(400, 500), 0.0),
        (Span(25, 400), 0.75),
        (Span(None, 200), 0.5),
        (None, None),
    ],
)
def test_budget_falls_with_the_logarithm_of_the_excess_to_nothing_at_four_times(cost, expected):
    found = value("budget", {"budget_eur": Span(50, 100)}, {"cost_eur": cost})
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-6))


@pytest.mark.parametrize(
    ("wanted", "months", "expected"),
    [
        (Span(TODAY, TODAY + 365.25), 12.0, 1.0),
        (Span(TODAY + 365.25, None), 12.0, 1.0),
        (Span(None, TODAY + 365.25), 36.0, 0.0),
        (Span(None, TODAY - 1), 12.0, None),
        (None, 12.0, None),
    ],
)
def test_timing(wanted, months, expected):
    found = value("timing", {"wanted": wanted}, {"lead_time_months": months})
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-6))


def test_wish_that_lies_in_the_past_is_named():
    assert code("timing", {"wanted": Span(None, TODAY - 1)}, {"lead_time_months": 1.0}) == "timing.past"


@pytest.mark.parametrize(
    ("population", "expected"),
    [(20_000, 1.0), (100_000, 1.0), (1_000_000, 0.5), (3_162_280, 0.0), (100_000_000, 0.0), (0, None), (None, None)],
)
def test_scale_of_the_city(population, expected):
    demand = {"city": CityFacts(population=population)}
    found = value("scale", demand, {"city_population": Span(10_000, 316_228)})
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-5))


def test_scale_takes_the_worse_of_city_and_quantity():
    demand = {"city": CityFacts(population=50), "quantity": Quantity(1000, "lamps")}
    solution = {
        "city_population": Span(10, 100),
        "quantity": QuantityRange(Span(None, 100), "lamps"),
    }
    assert value("scale", demand, solution) == 0.0


def test_quantities_in_two_units_are_not_compared():
    demand, solution = {"quantity": Quantity(9, "lamps")}, {"quantity": QuantityRange(Span(1, 2), "sites")}
    assert (value("scale", demand, solution), code("scale", demand, solution)) == (None, "scale.not_comparable")


def test_nice_to_haves_count_only_what_can_be_decided():
    wishes = tuple(Requirement(criterion, "eq", True) for criterion in ("low_noise", "open_source", "iso_9001"))
    offered = {"low_noise": Capability(True), "open_source": Capability(False)}
    assert value("nice_to_haves", {"nice_to_haves": wishes}, {"capabilities": offered}) == 0.5


def test_evidence_is_beta_smoothed_and_weighed_by_grade_and_likeness():
    city = CityFacts(population=1000, koppen="Cfb", income_group="high", subregion="155")
    references = (
        ReferenceFacts(city=city, status="scaled", grade="third_party_verified"),
        ReferenceFacts(city=city, status="stopped", grade="declared"),
    )
    expected = (1 + 1.0 * 1.0 + 0.4 * 0.0) / (2 + 1.0 + 0.4)
    assert value("evidence", {"city": city}, {"references": references}) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("facts", "likeness"),
    [
        ({"population": 100_000}, 1.0),
        ({"population": 1_000_000}, 1 - 1 / 1.5),
        ({"koppen": "Cfb"}, 1.0),
        ({"koppen": "Cfa"}, 0.7),
        ({"koppen": "Csa"}, 0.5),
        ({"koppen": "Af"}, 0.0),
        ({"income_group": "upper_middle"}, 0.5),
        ({"income_group": "low"}, 0.0),
        ({"subregion": "155"}, 1.0),
        ({"subregion": "005"}, 0.0),
        ({}, 0.5),
        ({"koppen": "Cfb", "subregion": "005"}, 0.25 / 0.45),
    ],
)
def test_likeness_of_a_reference_city(facts, likeness):
    here = CityFacts(population=100_000, koppen="Cfb", income_group="high", subregion="155")
    reference = ReferenceFacts(city=CityFacts(**facts), status="scaled", grade="third_party_verified")
    expected = pytest.approx((1 + likeness) / (2 + likeness), abs=1e-6) if likeness else None
    assert value("evidence", {"city": here}, {"references": (reference,)}) == expected


@pytest.mark.parametrize(
    ("grade", "expected"),
    [("declared", 0.4), ("documented", 0.65), ("city_confirmed", 0.85), ("third_party_verified", 1.0)],
)
@pytest.mark.parametrize("dimension", ["efficient", "resilient", "sustainable"])
def test_claims_are_worth_their_evidence(dimension, grade, expected):
    assert value(dimension, {}, {"claims": {dimension: grade}}) == expected


@pytest.mark.parametrize(
    ("accepted", "offered", "expected"),
    [({"lease"}, {"lease", "purchase"}, 1.0), ({"lease"}, {"purchase"}, 0.0), ({"lease"}, set(), None)],
)
def test_business_model(accepted, offered, expected):
    demand, solution = {"business_models": frozenset(accepted)}, {"business_models": frozenset(offered)}
    assert value("business_model", demand, solution) == expected


def test_two_candidates_with_one_id_are_refused():
    with pytest.raises(ValueError, match="one id"):
        CandidateSet.build([SOLUTION, SOLUTION], VOCABULARY)


def test_vectors_of_two_lengths_are_refused():
    others = [replace(SOLUTION, id=str(length), vector=np.ones(length, np.float32)) for length in (2, 3)]
    with pytest.raises(ValueError, match="several lengths"):
        CandidateSet.build(others, VOCABULARY)
