"""What each gate says, in codes and values."""

from dataclasses import replace

import pytest

from matching.engine import (
    GATES,
    Capability,
    CityFacts,
    DemandProfile,
    Requirement,
    SolutionProfile,
    score,
)
from tests.engine.strategies import TODAY, VOCABULARY, CandidateSet

DEMAND = DemandProfile(id="demand")
SOLUTION = SolutionProfile(id="solution")


def verdicts(demand, solution):
    (result,) = score(demand, CandidateSet.build([solution], VOCABULARY), today=TODAY)
    return {verdict.gate: verdict for verdict in result.verdicts}


def finding(gate, demand, solution):
    verdict = verdicts(demand, solution)[gate]
    return verdict.outcome, verdict.code


@pytest.mark.parametrize(
    ("demand", "solution", "expected"),
    [
        ({}, {}, ("pass", "status.open")),
        ({}, {"expires": TODAY}, ("pass", "status.open")),
        ({}, {"expires": TODAY - 1}, ("fail", "status.solution_expired")),
        ({}, {"live": False}, ("fail", "status.solution_not_listed")),
        ({"live": False}, {}, ("fail", "status.demand_closed")),
    ],
)
def test_status_gate(demand, solution, expected):
    assert finding("status", replace(DEMAND, **demand), replace(SOLUTION, **solution)) == expected


@pytest.mark.parametrize(
    ("demand", "solution", "expected"),
    [
        ({"focus": ("alpha",)}, {"focus": frozenset({"alpha", "beta"})}, ("pass", "focus.shared")),
        ({"focus": ("alpha",)}, {"topics": frozenset({"alpha_2"})}, ("pass", "focus.shared")),
        ({"focus": ("alpha",)}, {"focus": frozenset({"beta"})}, ("fail", "focus.no_overlap")),
        ({"focus": ("alpha",)}, {}, ("unknown", "focus.unknown")),
        ({}, {"focus": frozenset({"beta"})}, ("unknown", "focus.unknown")),
        (
            {"focus": ("alpha",)},
            {"focus": frozenset({"beta"}), "focus_is_guessed": True},
            ("unknown", "focus.only_guessed"),
        ),
        (
            {"focus": ("alpha",), "focus_is_guessed": True},
            {"focus": frozenset({"beta"})},
            ("unknown", "focus.only_guessed"),
        ),
        (
            {"focus": ("alpha",), "focus_is_guessed": True},
            {"focus": frozenset({"alpha"})},
            ("pass", "focus.shared"),
        ),
    ],
)
def test_focus_gate(demand, solution, expected):
    assert finding("focus", replace(DEMAND, **demand), replace(SOLUTION, **solution)) == expected


@pytest.mark.parametrize(
    ("country", "solution", "expected"),
    [
        ("BR", {"countries": frozenset({"BR", "FR"})}, ("pass", "region.served")),
        ("BR", {"countries": frozenset({"FR"})}, ("fail", "region.not_served")),
        ("BR", {"countries": None}, ("unknown", "region.unknown")),
        ("BR", {"countries": frozenset()}, ("unknown", "region.unknown")),
        (None, {"countries": frozenset({"FR"})}, ("unknown", "region.unknown")),
        (None, {"worldwide": True}, ("pass", "region.worldwide")),
        ("BR", {"countries": frozenset({"FR"}), "worldwide": True}, ("pass", "region.worldwide")),
    ],
)
def test_region_gate(country, solution, expected):
    demand = replace(DEMAND, city=CityFacts(country=country))
    assert finding("region", demand, replace(SOLUTION, **solution)) == expected


@pytest.mark.parametrize(
    ("requirement", "capability", "expected"),
    [
        (Requirement("open_source", "eq", True), Capability(True), ("pass", "must_haves.met")),
        (Requirement("open_source", "eq", True), Capability(False), ("fail", "must_haves.not_met")),
        (Requirement("open_source", "eq", True), None, ("unknown", "must_haves.unknown")),
        (Requirement("open_source", "eq", False), Capability(False), ("pass", "must_haves.met")),
        (Requirement("open_source", "eq", True), Capability(1.0), ("unknown", "must_haves.unknown")),
        (Requirement("warranty_years", "ge", 5), Capability(5), ("pass", "must_haves.met")),
        (Requirement("warranty_years", "ge", 5), Capability(4.9), ("fail", "must_haves.not_met")),
        (Requirement("lead_time_months", "le", 5), Capability(5), ("pass", "must_haves.met")),
        (Requirement("lead_time_months", "le", 5), Capability(6), ("fail", "must_haves.not_met")),
        (Requirement("iso_9001", "eq", True), Capability(False), ("fail", "certificates.not_met")),
        (Requirement("iso_9001", "eq", True), None, ("unknown", "certificates.unknown")),
    ],
)
def test_must_have_and_certificate_gates(requirement, capability, expected):
    demand = replace(DEMAND, must_haves=(requirement,))
    offered = {requirement.criterion: capability} if capability else {}
    gate = expected[1].partition(".")[0]
    assert finding(gate, demand, replace(SOLUTION, capabilities=offered)) == expected


def test_must_have_verdict_carries_what_a_sentence_needs():
    demand = replace(DEMAND, must_haves=(Requirement("warranty_years", "ge", 10.0),))
    solution = replace(SOLUTION, capabilities={"warranty_years": Capability(5.0, "documented")})
    assert verdicts(demand, solution)["must_haves"].values == {
        "criterion": "warranty_years",
        "operator": "ge",
        "demanded": 10.0,
        "offered": 5.0,
        "grade": "documented",
    }


def test_every_must_have_gets_its_own_verdict():
    demand = replace(DEMAND, must_haves=(Requirement("low_noise", "eq", True), Requirement("open_source", "eq", True)))
    solution = replace(SOLUTION, capabilities={"open_source": Capability(False)})
    (result,) = score(demand, CandidateSet.build([solution], VOCABULARY), today=TODAY)
    found = [(v.values["criterion"], v.outcome) for v in result.verdicts if v.gate == "must_haves"]
    assert found == [("low_noise", "unknown"), ("open_source", "fail")]


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        ((), (), ("pass", "language.not_required")),
        (("fr",), ("en", "fr"), ("pass", "language.shared")),
        (("pt-br",), ("pt",), ("pass", "language.shared")),
        (("zh-hans",), ("zh-Hans",), ("pass", "language.shared")),
        (("ko",), ("en",), ("fail", "language.none_shared")),
        (("ko",), (), ("unknown", "language.unknown")),
    ],
)
def test_language_gate(wanted, offered, expected):
    demand = replace(DEMAND, working_languages=frozenset(wanted))
    assert finding("language", demand, replace(SOLUTION, languages_of_work=frozenset(offered))) == expected


def test_verdicts_come_in_the_order_of_the_gates():
    demand = replace(DEMAND, must_haves=(Requirement("low_noise", "eq", True), Requirement("iso_9001", "eq", True)))
    assert list(verdicts(demand, SOLUTION)) == list(GATES)
