"""The quality report: each system against the engine on the same queries, and the sets it reads."""

import numpy as np
import pytest

from matching.encoder import backend
from matching.engine import EXPERT
from matching.evaluation.labelled import LabelledSet, Text
from tests.quality.report import each_query, line, table
from tests.quality.sets import demo_set
from tests.quality.systems import PARTS, profiles, without

QUERIES = tuple(Text(f"q{number}", "", "text", "en" if number % 2 else "fr") for number in range(6))
DOCUMENTS = tuple(Text(name, "", "text", "en") for name in "abc")
GRADES = {query.id: {"a": 2.0, "b": 1.0} for query in QUERIES}
SMALL = LabelledSet("small", QUERIES, DOCUMENTS, GRADES)


def test_perfect_rankings_score_one_for_every_query():
    assert each_query(SMALL, [["a", "b", "c"]] * 6).tolist() == [1.0] * 6


def test_lead_of_the_engine_has_an_interval_of_the_same_queries():
    engine, other = np.ones(6), np.array([1.0, 0.4, 0.7, 0.7, 0.7, 0.7])
    found = line(SMALL, "other", other, engine)
    assert found.ahead == pytest.approx(0.3)
    assert found.low < 0.3 < found.high
    assert found.languages == {"en": pytest.approx(0.6), "fr": pytest.approx(0.8)}


def test_system_as_good_as_the_engine_on_every_query_is_not_ahead_nor_behind():
    figures = np.array([0.1, 0.9, 0.5, 0.3, 0.2, 0.6])
    same = line(SMALL, "same", figures, figures)
    assert (same.ahead, same.low, same.high) == (0, 0, 0)


def test_table_has_a_line_a_system_below_its_head():
    lines = [line(SMALL, name, np.ones(6), np.ones(6)) for name in ("one", "two")]
    assert [row.split()[0] for row in table(lines).splitlines()] == ["system", "one", "two"]


def test_demo_hides_topics_and_grades_by_them():
    demo = demo_set()
    assert {grade for grades in demo.grades.values() for grade in grades.values()} == {1.0, 2.0, 3.0}
    assert all(demo.grades[query.id] for query in demo.queries)


def test_a_part_left_out_has_no_weight_and_the_rest_keeps_its_own():
    silent = without("concepts")
    assert silent.rules["concepts"].weight == 0
    assert {name for name, rule in silent.rules.items() if rule != EXPERT.rules[name]} == {"concepts"}
    assert len({config.id for config in PARTS.values()} | {EXPERT.id}) == len(PARTS) + 1


def test_profiles_of_a_set_state_nothing_but_their_texts():
    fake = backend("fake")
    asked, offered = profiles(SMALL, fake.id, fake.embed)
    assert [demand.topics for demand in asked] == [frozenset()] * 6
    assert not offered.topics.stated.any()
