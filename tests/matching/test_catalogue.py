"""The catalogue in memory reads again what changed, and nothing else."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import timezone

from catalog.enums import SolutionState
from catalog.models import Solution, Topic
from matching import catalogue as catalogues
from matching.adapters import solution_profiles
from matching.catalogue import scored_catalogue
from matching.vectors import ensure_vectors, wording_of_solution
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which solutions were read, by primary key, over all readings."""
    keys: list[int] = []

    def watched(solutions: Iterable[Solution]) -> Any:
        found = list(solutions)
        keys.extend(solution.pk for solution in found)
        return solution_profiles(found)

    monkeypatch.setattr(catalogues, "solution_profiles", watched)
    return keys


def encoded(count: int) -> list[Solution]:
    made = [SolutionFactory(name=f"Lighting {number}") for number in range(count)]
    ensure_vectors([wording_of_solution(solution) for solution in made])
    return made


def change(solution: Solution, **changes: Any) -> None:
    Solution.objects.filter(pk=solution.pk).update(**changes, version=solution.version + 1, updated_at=timezone.now())


def test_changed_solution_is_read_again_alone_and_stands_as_a_new_reading_gives_it(read: list[int]) -> None:
    first, second, third = encoded(3)
    scored_catalogue()
    read.clear()
    change(second, lead_time_months=7)
    found = scored_catalogue().candidates.solutions
    assert read == [second.pk]
    assert [one.lead_time_months for one in found] == [first.lead_time_months, 7, third.lead_time_months]
    fresh = solution_profiles(Solution.objects.listed().for_detail().order_by("pk"))
    assert [(one.id, one.version, one.terms) for one in found] == [(one.id, one.version, one.terms) for one in fresh]


def test_solution_that_goes_or_comes_takes_no_other_reading(read: list[int]) -> None:
    first, second = encoded(2)
    scored_catalogue()
    read.clear()
    change(first, state=SolutionState.SUSPENDED)
    assert [one.id for one in scored_catalogue().candidates.solutions] == [str(second.pk)]
    (third,) = encoded(1)
    assert [one.id for one in scored_catalogue().candidates.solutions] == [str(second.pk), str(third.pk)]
    assert read == [third.pk]


def test_what_was_not_encoded_is_read_again(read: list[int]) -> None:
    solution = SolutionFactory(name="Lighting")
    assert scored_catalogue().without_meaning
    read.clear()
    ensure_vectors([wording_of_solution(solution)])
    assert not scored_catalogue().without_meaning
    assert read == [solution.pk]


def test_word_of_the_vocabulary_has_all_read_again(read: list[int]) -> None:
    made = encoded(2)
    scored_catalogue()
    read.clear()
    topic = Topic.objects.order_by("pk").first()
    assert topic is not None
    topic.synonyms_en = f"{topic.synonyms_en}\nanother word"
    topic.save()
    scored_catalogue()
    assert read == [one.pk for one in made]
