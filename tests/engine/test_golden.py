"""Cases a city official could read: what is asked, who answers, who comes first and why."""

import json
from pathlib import Path

import pytest

from matching.engine import near_misses, rank, score
from tests.engine.cases import TODAY, candidates, demand

CASES = sorted(Path(__file__).with_name("golden").glob("*.json"))


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request):
    content = json.loads(request.param.read_text(encoding="utf-8"))
    content["demand"], content["solutions"] = demand(content["demand"]), candidates(content["solutions"])
    return content


@pytest.fixture
def results(case):
    return {result.solution_id: result for result in score(case["demand"], case["solutions"], today=TODAY)}


def test_ranking(case):
    ranked = rank(case["demand"], case["solutions"], today=TODAY)
    assert [result.solution_id for result in ranked] == case["expect"]["ranking"]


def test_near_misses_and_their_gates(case):
    misses = near_misses(case["demand"], case["solutions"], today=TODAY)
    found = [(miss.result.solution_id, miss.gate) for miss in misses]
    assert found == list(case["expect"]["near_misses"].items())
    expected = case["expect"].get("would_rank")
    assert expected is None or {miss.result.solution_id: miss.would_rank for miss in misses} == expected


def test_verdicts(case, results):
    for solution_id, codes in case["expect"].get("verdicts", {}).items():
        assert set(codes) <= {verdict.code for verdict in results[solution_id].verdicts}, solution_id


def test_findings(case, results):
    for solution_id, codes in case["expect"].get("findings", {}).items():
        assert set(codes) <= {part.code for part in results[solution_id].contributions}, solution_id


def test_unknowns(case, results):
    for solution_id, codes in case["expect"].get("unknowns", {}).items():
        assert set(codes) <= set(results[solution_id].unknowns), solution_id


def test_bands_and_equal_scores(case, results):
    for solution_id, band in case["expect"].get("bands", {}).items():
        assert results[solution_id].band == band, solution_id
    for one, other in case["expect"].get("same_score", []):
        assert results[one].score == results[other].score


def test_there_are_golden_cases():
    assert len(CASES) >= 5
