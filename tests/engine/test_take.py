"""A shortlist taken out of a candidate set is scored to the same bits as within all of it."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import evaluate, explain
from tests.engine.strategies import TODAY, _Maker, crowds, demands, together


@given(demands, crowds, st.data())
def test_taken_rows_have_the_figures_they_have_among_all(demand, crowd, data):
    everything = together(crowd)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, len(crowd) - 1)))), np.int64)
    whole, part = evaluate(demand, everything, today=TODAY), evaluate(demand, everything.take(rows), today=TODAY)
    assert part.candidates.ids == tuple(everything.ids[row] for row in rows)
    for name in ("outcomes", "values", "contributions", "logit"):
        assert getattr(part, name).tobytes() == getattr(whole, name)[..., rows].tobytes(), name


def test_taken_rows_are_explained_as_they_are_among_all():
    maker = _Maker(3)
    everything, demand = together([maker.solution(f"s{number}") for number in range(40)]), _Maker(5).demand()
    rows = np.arange(1, 40, 3)
    whole, part = evaluate(demand, everything, today=TODAY), evaluate(demand, everything.take(rows), today=TODAY)
    for place, row in enumerate(rows):
        assert json.dumps(explain(part, place).to_json()) == json.dumps(explain(whole, int(row)).to_json())


def test_rows_taken_twice_are_those_of_the_second_choice():
    maker = _Maker(4)
    everything, demand = together([maker.solution(f"s{number}") for number in range(30)]), _Maker(6).demand()
    twice = everything.take(np.arange(0, 30, 2)).take(np.arange(0, 15, 3))
    once = everything.take(np.arange(0, 30, 6))
    assert evaluate(demand, twice, today=TODAY).logit.tobytes() == evaluate(demand, once, today=TODAY).logit.tobytes()


def test_rows_out_of_order_are_refused():
    everything = together([_Maker(1).solution(f"s{number}") for number in range(3)])
    with pytest.raises(ValueError, match="ascend"):
        everything.take(np.array([2, 0]))
