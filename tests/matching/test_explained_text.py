"""The same card as text, in the reader's language."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution


def said(world: Any, language: str) -> str:
    out = StringIO()
    call_command("explain_match", world.demand.public_id, world.solution.public_id, language=language, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _encoded(world: Any) -> None:
    ensure_vectors([wording_of_demand(world.demand), wording_of_solution(world.solution)])


def test_points_of_the_lines_sum_to_the_score(world: Any) -> None:
    head, *lines = said(world, "en").splitlines()
    points = [int(found[1]) for line in lines if (found := re.match(r"  [^–→]+: (-?\d+)( –|$)", line))]
    assert len(points) > 3
    assert sum(points) == int(head.partition("/")[0])


def test_text_is_in_the_language_asked_for(world: Any) -> None:
    assert "Puntos de partida: " in said(world, "es")
    assert "기본 점수" in said(world, "ko")


def test_unknown_record_is_named(world: Any) -> None:
    with pytest.raises(CommandError, match="no D-NONE"):
        call_command("explain_match", "D-NONE", world.solution.public_id)
