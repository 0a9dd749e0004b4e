"""Two colleagues at a city with the same mail, or one with two clicks."""

import pytest

from catalog.confirmations.answer_actions import answer_question
from catalog.confirmations.facts import fingerprint
from portal.common.errors import Conflict
from tests.concurrency import at_once, committed  # noqa: F401
from tests.confirmations.test_asking import ask
from tests.conftest import make_world


@pytest.mark.usefixtures("committed")
def test_two_answers_at_the_same_moment_count_once() -> None:
    question = ask(make_world())
    seen = fingerprint(question.reference)
    results = at_once(
        [
            lambda answer=answer: answer_question(question=question, answer=answer, comment="x", seen=seen)
            for answer in ("confirm", "refuse")
        ]
    )
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
