"""What ties and filters ask of an item, of every kind: read of all items at once, and of one record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import FocusArea, Reference, Solution
from cities.models import Demand
from matching.queue import Chosen, fetch, queue_for
from matching.templatetags.matches import queue_badges, queue_meta, queue_title
from matching.waiting import Kind
from matching.workbench.records import parties_of_record, record_of
from portal.accounts.models import User
from tests.factories import (
    ComplaintFactory,
    ConfirmationFactory,
    DemandFactory,
    FlagFactory,
    IntroductionFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    SolutionFactory,
)
from tests.factories.introductions import DocumentFactory, FollowUpFactory, QuestionFactory

pytestmark = pytest.mark.django_db


def demand(**fields: Any) -> Demand:
    area = FocusArea.objects.get(code="mobility")
    made: Demand = DemandFactory(language="ko", country="KR", focus_area=area, **fields)
    return made


def solution(**fields: Any) -> Solution:
    found: Solution = SolutionFactory(language="ko", focus_area=FocusArea.objects.get(code="mobility"), **fields)
    found.provider.organisation.country = "KR"
    found.provider.organisation.save()
    return found


def checked(user: User) -> Any:
    made = solution()
    Reference.objects.create(
        solution=made, city_name="Ulm", country="DE", status="pilot", grade="documented", evidence_url="https://e.org/x"
    )  # fmt: skip
    return made


def late(user: User) -> Any:
    return MatchFactory(demand=demand(), state="offered", respond_by=timezone.localdate() - timedelta(days=1))


def waiting_organisation(user: User) -> Any:
    return MembershipFactory(organisation=OrganisationFactory(state="pending", country="KR")).organisation


# Kind → how it is made, and which of language, country and area are known of it.
MAKE: dict[str, tuple[Callable[[Any], Any], tuple[str, str, str]]] = {
    "organisation": (waiting_organisation, ("", "KR", "")),
    "demand": (
        lambda user: demand(state="submitted", published_at=None, submitted_at=timezone.now()),
        ("ko", "KR", "mobility"),
    ),
    "solution": (lambda user: solution(state="submitted", submitted_at=timezone.now()), ("ko", "KR", "mobility")),
    "match": (lambda user: MatchFactory(demand=demand()), ("ko", "KR", "mobility")),
    "confirm": (
        lambda user: ConfirmationFactory(kind="demand", item=demand().public_id, answered_by=None, answered_at=None),
        ("", "KR", ""),
    ),
    "question": (
        lambda user: QuestionFactory(
            match=MatchFactory(demand=demand(), state="invited"), state="answered", language="es",
            released_by=None, released_at=None,
        ),
        ("es", "KR", "mobility"),
    ),
    "document": (
        lambda user: DocumentFactory(match=MatchFactory(demand=demand()), held_for="unreadable"),
        ("ko", "KR", "mobility"),
    ),
    "evidence": (checked, ("ko", "KR", "mobility")),
    "overdue": (late, ("ko", "KR", "mobility")),
    "follow_up": (
        lambda user: FollowUpFactory(
            introduction=IntroductionFactory(match=MatchFactory(demand=demand(), state="pilot")), is_conflict=True
        ),
        ("ko", "KR", "mobility"),
    ),
    "flag": (
        lambda user: FlagFactory(
            about="demand", item=demand().public_id, state="open", settled_by=None, settled_at=None
        ),
        ("", "KR", ""),
    ),
    "complaint": (lambda user: ComplaintFactory(state="in_hand", owner=user, language="ko"), ("ko", "", "")),
}  # fmt: skip
kinds = pytest.mark.parametrize("kind", MAKE)


def the_item(user: User, kind: str, **chosen: str) -> Any:
    found = [item for item in queue_for(user, Chosen(**chosen)).items if item.kind == kind]
    return found[0] if found else None


def test_every_kind_is_asked_for() -> None:
    assert set(MAKE) == set(Kind.values)


@kinds
def test_filters_find_an_item_of_every_kind_by_what_is_known_of_it(kind: str, ana: Any) -> None:
    make, (language, country, area) = MAKE[kind]
    make(ana)
    facts = the_item(ana, kind).facts
    assert (facts.language, facts.country, facts.area) == (language, country, area)
    asked = {"language": language or "ko", "place": country or "KR", "focus": area or "mobility"}
    found = {name: the_item(ana, kind, **{name: value}) is not None for name, value in asked.items()}
    assert found == {"language": bool(language), "place": bool(country), "focus": bool(area)}


@kinds
def test_parties_of_all_items_are_those_of_the_record(kind: str, ana: Any) -> None:
    MAKE[kind][0](ana)
    item = the_item(ana, kind)
    record = record_of(*item.key)
    parties = parties_of_record(item.key[0], record)
    assert frozenset(item.about.parties[item.pk]) - {None} == parties
    assert bool(parties) is (kind != "complaint")


@kinds
def test_moderator_tied_to_any_party_has_the_item_not_in_their_queue(kind: str, ana: Any, ben: Any) -> None:
    MAKE[kind][0](ana)
    item = the_item(ana, kind)
    for body in parties_of_record(item.key[0], record_of(*item.key)):
        membership = MembershipFactory(user=ben, organisation_id=body)
        assert the_item(User.objects.get(pk=ben.pk), kind) is None
        membership.delete()
    assert (the_item(User.objects.get(pk=ben.pk), kind) is None) is (kind == "complaint")


@pytest.mark.parametrize("kind", ["demand", "solution", "match", "evidence", "overdue"])
def test_row_of_a_list_has_all_that_it_shows(kind: str, ana: Any) -> None:
    """These are read with the columns of a row alone: what is missing would be asked for row by row."""
    MAKE[kind][0](ana)
    ((item, record),) = [pair for pair in fetch(queue_for(ana).items) if pair[0].kind == kind]
    with CaptureQueriesContext(connection) as asked:
        shown = (queue_title(item, record), queue_meta(item, record), queue_badges(item, record), str(record))
    assert (len(asked), all(shown)) == (0, True)
