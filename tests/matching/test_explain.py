"""Every finding of the engine reads as a sentence, in every language, and the points on the page add up."""

import ast
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

import matching.engine
from cities.models import Demand
from matching import advice, sentences
from matching.engine import (
    COMPONENTS,
    DIMENSIONS,
    GATES,
    GRADES,
    LIFTING,
    CandidateSet,
    Capability,
    CityFacts,
    DemandProfile,
    Quantity,
    QuantityRange,
    ReferenceFacts,
    Requirement,
    Result,
    SolutionProfile,
    Span,
    Vocabulary,
    rank,
    score,
)
from matching.explain import condition, explain, failing, summarise, verdict_rows
from matching.sides import sides
from matching.words import Words
from portal.common.cards import Verdict
from portal.common.languages import CODES

pytestmark = pytest.mark.django_db

TODAY = 739_000
ENGINE = Path(matching.engine.__file__).parent
VOCABULARY = Vocabulary(
    topic_area={"street_lighting": "smart_energy", "solar_power": "smart_energy", "cycling": "mobility"},
    certificates=frozenset({"iso_9001"}),
)
CITY = CityFacts(population=240_000, koppen="Csb", income_group="high", subregion="005", country="CL")
DEMAND = DemandProfile(
    id="1",
    language="es",
    terms=frozenset({"lampara", "alumbrado"}),
    concepts={"street_lamp": 0.28, "no_upfront": 0.96},
    subject={"street_lighting": 0.3},
    focus=("smart_energy",),
    topics=frozenset({"street_lighting"}),
    city=CITY,
    must_haves=(Requirement("iso_9001", "eq", True), Requirement("warranty_years", "ge", 5.0)),
    nice_to_haves=(Requirement("dark_sky_friendly", "eq", True), Requirement("noise_db", "le", 40.0)),
    quantity=Quantity(9400, "lamps"),
    budget_eur=Span(None, 2_000_000),
    wanted=Span(TODAY + 200, TODAY + 400),
    business_models=frozenset({"lease"}),
    working_languages=frozenset({"es"}),
)
SOLUTION = SolutionProfile(
    id="2",
    language="es",
    terms=frozenset({"lampara"}),
    concepts={"street_lamp": 0.6, "led": 0.8},
    subject={"street_lighting": 0.9, "solar_power": 0.1},
    focus=frozenset({"smart_energy"}),
    topics=frozenset({"street_lighting"}),
    countries=frozenset({"CL"}),
    capabilities={
        "iso_9001": Capability(value=True, grade="documented"),
        "warranty_years": Capability(10.0, "documented"),
        "dark_sky_friendly": Capability(value=True),
    },
    city_population=Span(50_000, 500_000),
    quantity=QuantityRange(Span(1000, 20_000), "lamps"),
    cost_eur=Span(500_000, 1_500_000),
    lead_time_months=6,
    languages_of_work=frozenset({"es"}),
    business_models=frozenset({"lease"}),
    references=(ReferenceFacts(city=CITY, status="scaled", grade="city_confirmed"),),
    claims={"efficient": "declared", "resilient": "documented", "sustainable": "city_confirmed"},
)
# What can be different on either side, one thing at a time: together they reach every code of the engine.
DEMANDS = [
    {},
    {"live": False},
    {"focus": (), "topics": frozenset()},
    {"focus": ("mobility",), "topics": frozenset({"cycling"})},
    {"focus_is_guessed": True, "focus": ("mobility",), "topics": frozenset({"cycling"})},
    {"topics": frozenset({"solar_power"})},
    {"language": "ko"},
    {"terms": frozenset()},
    {"concepts": {}, "subject": {}},
    {"concepts": {"bus": 1.0}, "subject": {"cycling": 1.0}},
    {"city": CityFacts()},
    {"quantity": Quantity(9400, "sites"), "city": CityFacts(country="CL")},
    {"budget_eur": None},
    {"budget_eur": Span(None, 600_000)},
    {"budget_eur": Span(None, 20_000)},
    {"wanted": None},
    {"wanted": Span(None, TODAY - 10)},
    {"wanted": Span(None, TODAY + 20)},
    {"nice_to_haves": ()},
    {"business_models": frozenset()},
    {"business_models": frozenset({"purchase"})},
    {"working_languages": frozenset()},
    {"working_languages": frozenset({"ko"})},
]
SOLUTIONS = [
    {},
    {"live": False},
    {"expires": TODAY - 1},
    {"focus": frozenset(), "topics": frozenset()},
    {"countries": None},
    {"countries": frozenset({"KR"})},
    {"countries": None, "worldwide": True, "references": ()},
    {"references": (ReferenceFacts(city=replace(CITY, country="PE")), ReferenceFacts(status="stopped"))},
    {"references": ()},
    {"capabilities": {}},
    {"capabilities": {"iso_9001": Capability(value=False), "warranty_years": Capability(2.0)}},
    {"terms": frozenset()},
    {"city_population": None, "quantity": None},
    {"city_population": Span(1_000_000, None), "quantity": None},
    {"cost_eur": None},
    {"lead_time_months": None},
    {"lead_time_months": 90.0},
    {"languages_of_work": frozenset()},
    {"business_models": frozenset()},
    {"subject": {"solar_power": 1.0}},
    {"claims": {}},
    {"claims": dict.fromkeys(DIMENSIONS, "third_party_verified")},
    {"claims": dict.fromkeys(DIMENSIONS, "documented"), "references": (ReferenceFacts(status="replaced"),)},
    {"claims": dict.fromkeys(DIMENSIONS, "declared")},
    {"claims": dict.fromkeys(DIMENSIONS, "city_confirmed")},
]


def vectors(demand: DemandProfile, solution: SolutionProfile) -> tuple[DemandProfile, SolutionProfile]:
    import numpy as np

    one = np.array([1.0, 0.0], np.float32)
    return replace(demand, vector=one, vector_space="fake"), replace(solution, vector=one, vector_space="fake")


def results() -> Iterator[dict[str, Any]]:
    for changes, other in itertools.product(DEMANDS, SOLUTIONS):
        demand, solution = replace(DEMAND, **changes), replace(SOLUTION, **other)
        yield from _scored(demand, solution)
    yield from _scored(*vectors(DEMAND, SOLUTION))


def _scored(demand: DemandProfile, solution: SolutionProfile) -> list[dict[str, Any]]:
    return [stored(one) for one in score(demand, CandidateSet.build([solution], VOCABULARY), today=TODAY)]


def stored(result: Result) -> dict[str, Any]:
    """As it comes back from the database: tuples are lists there."""
    found: dict[str, Any] = json.loads(json.dumps(result.to_json()))
    return found


@pytest.fixture(scope="module")
def every_result() -> list[dict[str, Any]]:
    return list(results())


def codes_in_sources() -> set[str]:
    """All codes that the engine's sources can make: whole strings, and the patterns they are put together from."""
    families = {*GATES, *COMPONENTS, "raise"}
    found = set()
    for name in ("gates.py", "details.py", "suggestions.py"):
        for node in ast.walk(ast.parse((ENGINE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                prefix, dot, rest = node.value.partition(".")
                if dot and prefix in families and re.fullmatch("[a-z_]+", rest):
                    found.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                found |= set(PATTERNS[ast.unparse(node)])
    return found


PATTERNS = {
    "f'{gate}.{finding}'": [f"{g}.{f}" for g in ("certificates", "must_haves") for f in ("met", "not_met", "unknown")],
    "f'{component}.not_comparable'": ["scale.not_comparable"],
    "f'{component}.unknown'": [f"{c}.unknown" for c in COMPONENTS if c not in LIFTING],
    "f'budget.{finding}'": ["budget.fits", "budget.partly", "budget.over"],
    "f'{dimension}.{grade}'": [f"{d}.{g}" for d in DIMENSIONS for g in GRADES],
}


def seen(every_result: list[dict[str, Any]]) -> set[str]:
    return {
        part["code"]
        for result in every_result
        for part in (*result["verdicts"], *result["contributions"], *result["suggestions"])
    }


def test_samples_reach_every_code_of_the_engine(every_result: list[dict[str, Any]]) -> None:
    assert codes_in_sources() - seen(every_result) == set()


def test_sentences_exist_for_every_code(every_result: list[dict[str, Any]]) -> None:
    words = Words()
    silent = set()
    for result in every_result:
        for one in result["verdicts"]:
            silent |= _silent(one["code"], sentences.verdict(one["code"], one["values"], words))
        for part in result["contributions"]:
            silent |= _silent(part["code"], sentences.finding(part, words))
        for one in result["suggestions"]:
            silent |= _silent(one["code"], advice.raising(one["code"], one["values"], words))
    assert silent == set()


def _silent(code: str, text: str) -> set[str]:
    is_sentence = len(text) > 10 and text.endswith(".") and "%(" not in text and "None" not in text
    return set() if is_sentence else {f"{code}: {text!r}"}


def test_sentences_know_no_code_that_the_engine_does_not_make() -> None:
    known = {*sentences.VERDICTS, *sentences.FINDINGS, *advice.RAISES}
    assert known - codes_in_sources() == set()


def test_finding_of_an_unknown_code_is_empty_and_the_row_stays() -> None:
    part = {"code": "meaning.of_later_days", "component": "meaning", "value": 0.5, "values": {}}
    assert sentences.finding(part, Words()) == ""
    assert sentences.verdict("gate.of_later_days", {}, Words()) == ""
    assert advice.raising("raise.of_later_days", {}, Words()) == ""


@pytest.mark.parametrize("language", CODES)
def test_explanation_reads_in_every_language(language: str, every_result: list[dict[str, Any]]) -> None:
    with translation.override(language):
        words = Words()
        for result in every_result[:: len(SOLUTIONS) + 1]:
            card = explain(result, words)
            texts = [row.label for row in card.rows] + [row.detail for row in card.rows] + card.unknowns
            assert not [text for text in texts if "%(" in text or "None" in text]


def test_points_of_the_rows_add_up_to_the_score(every_result: list[dict[str, Any]]) -> None:
    words = Words()
    for result in every_result:
        card = explain(result, words)
        assert sum(row.points or 0 for row in card.rows) == card.score == result["score"]


def test_no_row_has_more_points_than_it_says_it_could_have(every_result: list[dict[str, Any]]) -> None:
    words = Words()
    for result in every_result:
        for row in explain(result, words).rows:
            assert row.points is None or abs(row.points) <= row.most


def sample(demand: dict[str, Any] | None = None, solution: dict[str, Any] | None = None) -> dict[str, Any]:
    return _scored(replace(DEMAND, **(demand or {})), replace(SOLUTION, **(solution or {})))[0]


def test_must_have_is_named_by_itself_with_what_is_offered() -> None:
    rows = {row.label: row for row in verdict_rows(sample()["verdicts"], Words())}
    row = rows["Warranty: at least 5 years"]
    assert (row.verdict, row.detail) == (Verdict.MET, "Offered: 10 years. Evidence: Documented.")


def test_conditions_not_met_stand_first_then_the_unknown_ones() -> None:
    result = sample(solution={"countries": frozenset({"KR"}), "capabilities": {}})
    order = [row.verdict for row in verdict_rows(result["verdicts"], Words())]
    assert order == sorted(order, key=[Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET].index)
    assert order[0] == Verdict.NOT_MET


def test_failing_condition_says_which_country_is_not_served() -> None:
    result = sample(solution={"countries": frozenset({"KR"})})
    assert failing(result, Words()) == [
        ("Offered in the country", "The solution is not offered in this country: Chile.")
    ]


def test_unknown_component_has_no_points_and_is_listed() -> None:
    card = explain(sample(demand={"budget_eur": None}), Words())
    row = next(row for row in card.rows if row.label == "Cost within the budget")
    assert row.points is None
    assert "Cost within the budget: The city does not state it." in card.unknowns


@pytest.mark.parametrize(
    ("changes", "asked", "offered"),
    [
        ({}, "up to €2,000,000", "€500,000 to €1,500,000"),
        ({"cost_eur": Span(None, 987_654)}, "up to €2,000,000", "up to €988,000"),
    ],
)
def test_budget_row_shows_both_sides_rounded(changes: dict[str, Any], asked: str, offered: str) -> None:
    part = next(part for part in sample(solution=changes)["contributions"] if part["component"] == "budget")
    assert sides(part, Words()) == (asked, offered)


def test_silent_side_is_told_from_one_without_a_part() -> None:
    result = sample(demand={"budget_eur": None}, solution={"references": ()})
    found = {part["component"]: sides(part, Words()) for part in result["contributions"]}
    assert found["budget"] == ("", None)
    assert found["evidence"] == (None, "")


def test_advice_says_the_place_it_would_lead_to() -> None:
    rivals = [replace(SOLUTION, id=str(number)) for number in range(10, 13)]
    weaker = replace(SOLUTION, lead_time_months=24.0)
    silent = replace(DEMAND, concepts={}, subject={})  # else all of them stand at a hundred points
    ranked = rank(silent, CandidateSet.build([weaker, *rivals], VOCABULARY), today=TODAY)
    card = explain(stored(ranked[-1]), Words())
    assert any("It would then stand at place" in one.text and "instead of 4" in one.text for one in card.raises)
    assert all(one.points > 0 for one in card.raises)


def test_summary_names_the_strongest_reasons_first() -> None:
    summary = summarise(sample(), Words())
    points = [reason.points for reason in summary.strengths]
    assert points == sorted(points, reverse=True)
    assert len(points) == 3


def test_summary_counts_must_haves_only(every_result: list[dict[str, Any]]) -> None:
    assert summarise(sample(), Words()).met == 2
    assert summarise(sample(solution={"capabilities": {}}), Words()).unknown == [
        "ISO 9001 certified (quality)",
        "Warranty: at least 5 years",
    ]


def test_condition_reads_in_the_readers_language() -> None:
    verdict = next(one for one in sample()["verdicts"] if one["values"].get("criterion") == "warranty_years")
    with translation.override("ko"):
        assert condition(verdict, Words()).startswith("보증기간: ")


def test_words_in_common_are_shown_as_the_records_write_them() -> None:
    demand = Demand(original_language="es", title_es="Inversión en luminarias")
    part = {"code": "wording.shared", "values": {"count": 2, "words": ("inversion", "catastro")}}
    with translation.override("es"):
        assert "inversión y catastro" in sentences.finding(part, Words(demand))
