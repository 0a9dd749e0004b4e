"""Readiness: 0 to 100 from named checks, and the next best fix."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cities.readiness import ADVICE, SECTIONS, WEIGHTS, Check, Facts, assess, facts_of
from tests.factories import DemandFactory

TODAY = date(2026, 3, 2)
COMPLETE = Facts(
    is_verified=True,
    outcome="Well-lit streets for half the energy, in every district, measured each year. " * 2,
    figures=4,
    has_budget=True,
    budget_certainty="planned",
    decision_on=TODAY + timedelta(days=90),
    procurement_route="open_tender",
    mandate="council",
    data_access="open",
    must_haves=2,
    has_focus=True,
    topics=1,
    languages=1,
)
CHANGES = {
    "is_verified": False,
    "outcome": "",
    "figures": 0,
    "has_budget": False,
    "decision_on": None,
    "procurement_route": "undecided",
    "mandate": "none_yet",
    "data_access": "",
    "must_haves": 0,
    "languages": 0,
}
facts = st.builds(
    Facts,
    is_verified=st.booleans(),
    outcome=st.text(max_size=120),
    figures=st.integers(0, 4),
    has_budget=st.booleans(),
    budget_certainty=st.sampled_from(["", "planned"]),
    decision_on=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    procurement_route=st.sampled_from(["", "undecided", "open_tender"]),
    mandate=st.sampled_from(["", "none_yet", "council"]),
    data_access=st.sampled_from(["", "to_collect"]),
    must_haves=st.integers(0, 9),
    has_focus=st.booleans(),
    topics=st.integers(0, 5),
    focus_guessed=st.booleans(),
    languages=st.integers(0, 3),
)


def changed(**values: object) -> Facts:
    return Facts(**{**{name: getattr(COMPLETE, name) for name in COMPLETE.__dataclass_fields__}, **values})


def test_weights_sum_to_a_hundred_and_every_check_is_described() -> None:
    assert sum(WEIGHTS.values()) == 100
    assert set(WEIGHTS) == set(SECTIONS) == set(ADVICE) == set(Check.values)


def test_complete_demand_scores_a_hundred_and_has_nothing_to_fix() -> None:
    readiness = assess(COMPLETE, today=TODAY)
    assert (readiness.score, readiness.next_fix) == (100, None)


def test_empty_draft_scores_nothing_and_begins_with_the_outcome() -> None:
    readiness = assess(Facts(), today=TODAY)
    assert (readiness.score, readiness.next_fix.check) == (0, Check.OUTCOME)


@pytest.mark.parametrize("name", CHANGES)
def test_missing_fact_costs_the_weight_of_its_check(name: str) -> None:
    readiness = assess(changed(**{name: CHANGES[name]}), today=TODAY)
    assert readiness.score == 100 - readiness.next_fix.check.weight


def test_decision_date_in_the_past_counts_as_none() -> None:
    readiness = assess(changed(decision_on=TODAY - timedelta(days=1)), today=TODAY)
    assert readiness.next_fix.check == Check.DECISION_DATE


def test_guessed_focus_earns_half_until_somebody_confirms_it() -> None:
    assert assess(changed(focus_guessed=True), today=TODAY).score == 95


def test_what_only_iclei_can_do_comes_last() -> None:
    readiness = assess(changed(is_verified=False, languages=0), today=TODAY)
    assert [fix.check for fix in readiness.fixes] == [Check.LANGUAGES, Check.OWNER]


def test_korean_outcome_needs_half_the_characters() -> None:
    korean = assess(changed(outcome="가" * 40), today=TODAY)
    english = assess(changed(outcome="a" * 40), today=TODAY)
    assert (korean.score, english.score) == (100, 92)


@given(facts)
def test_score_is_the_sum_of_the_points_and_stays_in_bounds(some: Facts) -> None:
    readiness = assess(some, today=TODAY)
    assert readiness.score == sum(result.points for result in readiness.results)
    assert all(0 <= result.points <= result.check.weight for result in readiness.results)


@given(facts)
def test_next_fix_gains_most_among_what_the_city_can_do(some: Facts) -> None:
    readiness = assess(some, today=TODAY)
    own = [fix.gain for fix in readiness.fixes if fix.check.section]
    assert not own or readiness.next_fix.gain == max(own)


@pytest.mark.django_db
def test_facts_of_reads_figures_topics_and_organisation() -> None:
    demand = DemandFactory(
        indicator="kWh a year", indicator_baseline="6,900", people_served=10, procurement_route="framework"
    )
    read = facts_of(demand)
    assert (read.figures, read.is_verified, read.has_focus, read.topics, read.procurement_route) == (
        3,
        True,
        True,
        0,
        "framework",
    )
