"""Every kind of item in the queue can be taken, put off, stepped back from and picked; reports are decided together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Reference
from matching.complaints.models import Complaint, Flag
from matching.queue import fetch, queue_for
from matching.templatetags.matches import queue_title
from matching.waiting import Kind, Waiting
from matching.workbench.actions import snooze_item
from matching.workbench.bulk import ONE_BY_ONE, TOGETHER
from matching.workbench.models import Recusal, Snooze, Taken
from portal.common.errors import Incomplete
from portal.common.working_days import office_day
from tests.factories import (
    ComplaintFactory,
    ConfirmationFactory,
    DemandFactory,
    FlagFactory,
    SolutionFactory,
)
from tests.factories.introductions import FollowUpFactory, QuestionFactory

pytestmark = pytest.mark.django_db


def an_unjudged_reference(user: Any) -> None:
    solution = SolutionFactory()
    Reference.objects.create(
        solution=solution, city_name="Ulm", country="DE", status="pilot", grade="documented", evidence_url="https://e.org/x"
    )  # fmt: skip


MAKE: dict[str, Callable[[Any], Any]] = {
    "confirm": lambda user: ConfirmationFactory(item=DemandFactory().public_id, answered_by=None, answered_at=None),
    "question": lambda user: QuestionFactory(state="answered", released_by=None, released_at=None),
    "evidence": an_unjudged_reference,
    "follow_up": lambda user: FollowUpFactory(is_conflict=True),
    "flag": lambda user: open_flag(),
    "complaint": lambda user: ComplaintFactory(item=DemandFactory().public_id, state="in_hand", owner=user),
}
kinds = pytest.mark.parametrize("kind", MAKE)


def open_flag() -> Flag:
    made: Flag = FlagFactory(item=DemandFactory().public_id, state="open", settled_by=None, settled_at=None)
    return made


def waiting(user: Any, kind: str) -> list[Waiting]:
    user.__dict__.pop("recused_items", None)
    return [item for item in queue_for(user).items if item.kind == kind]


def test_every_kind_is_decided_together_or_says_why_not() -> None:
    assert set(TOGETHER) | set(ONE_BY_ONE) | {Kind.OVERDUE} == set(Kind.values)


@kinds
def test_item_of_every_kind_is_taken_and_put_off_from_its_page(kind: str, world: Any, client_of: Any) -> None:
    MAKE[kind](world.moderator)
    (item,) = waiting(world.moderator, kind)
    client, address = client_of(world.moderator), f"/en/queue/item/{kind}/{item.public_id}"
    html = client.get(item.url).content.decode()
    assert [f"{address}/{button}/" in html for button in ("take", "snooze", "step-back")] == [True] * 3
    assert client.post(f"{address}/take/").status_code == 302
    assert Taken.objects.get().key == item.key
    day = office_day() + timedelta(days=1)
    assert client.post(f"{address}/snooze/", {"until": day.isoformat(), "reason": "On leave."}).status_code == 302
    assert (waiting(world.moderator, kind), Taken.objects.exists()) == ([], False)
    assert "On leave." in client.get("/en/queue/?show=snoozed").content.decode()


@kinds
def test_item_stepped_back_from_waits_for_colleagues_only(kind: str, world: Any, client_of: Any, ben: Any) -> None:
    MAKE[kind](world.moderator)
    (item,) = waiting(world.moderator, kind)
    client = client_of(world.moderator)
    client.post(f"/en/queue/item/{kind}/{item.public_id}/step-back/", {"note": "My sister works there."})
    assert Recusal.objects.get().key == item.key
    assert (waiting(world.moderator, kind), len(waiting(ben, kind))) == ([], 1)


def test_complaint_is_not_put_off_beyond_its_answer(world: Any) -> None:
    complaint = ComplaintFactory(state="in_hand", owner=world.moderator, due_on=office_day() + timedelta(days=3))
    with pytest.raises(Incomplete, match="owed an answer before"):
        snooze_item(
            by=world.moderator, kind="complaint", item=complaint.public_id, until=office_day() + timedelta(days=4),
            reason="Later.",
        )  # fmt: skip
    assert not Snooze.objects.exists()


def test_colleague_cannot_take_a_complaint_that_is_not_theirs(world: Any, client_of: Any, ben: Any) -> None:
    complaint = ComplaintFactory(state="in_hand", owner=ben)
    response = client_of(world.moderator).post(f"/en/queue/item/complaint/{complaint.public_id}/take/")
    assert (response.status_code, Complaint.objects.get().owner) == (404, ben)


def test_reports_are_settled_together_and_undone_together(world: Any, client_of: Any) -> None:
    reports, client = [open_flag() for _number in range(2)], client_of(world.moderator)
    data = {"pick": [f"flag:{one.public_id}" for one in reports], "do": "flag.dismiss", "confirm": "1"}
    client.post("/en/queue/together/", {**data, "dismiss-answer": "It is right as it stands."})
    assert set(Flag.objects.values_list("state", "answer")) == {("dismissed", "It is right as it stands.")}
    undo = client.get("/en/queue/").content.decode().partition("/en/queue/undo/")[2].partition("/")[0]
    client.post(f"/en/queue/undo/{undo}/")
    assert set(Flag.objects.values_list("state", "answer")) == {("open", "")}


def test_page_for_many_says_what_is_decided_one_by_one_and_why(world: Any, client_of: Any) -> None:
    for make in MAKE.values():
        make(world.moderator)
    picks = [item.name for item in queue_for(world.moderator).items]
    html = client_of(world.moderator).post("/en/queue/together/", {"pick": picks}).content.decode()
    assert "Complaints · Each gets an answer of its own." in html
    assert "All: put off" in html


def test_report_is_decided_with_its_reason_kept_when_a_colleague_was_first(
    world: Any, client_of: Any, ben: Any
) -> None:
    flag = open_flag()
    address = flag.get_absolute_url()
    client_of(ben).post(address, {"decision": "act", "act-answer": "Mended."})
    response = client_of(world.moderator).post(address, {"decision": "dismiss", "dismiss-answer": "All is well."})
    html = response.content.decode()
    assert (response.status_code, "All is well." in html, "Ben" in html) == (409, True, True)
    assert timezone.now() >= Flag.objects.get().settled_at


@pytest.mark.parametrize(
    ("kind", "make", "title"),
    [
        ("confirm", lambda item: ConfirmationFactory(item=item, answered_by=None, answered_at=None), "{}"),
        (
            "flag",
            lambda item: FlagFactory(item=item, state="open", settled_by=None, settled_at=None),
            "It is out of date · {}",
        ),
    ],
)
def test_item_about_a_record_is_called_by_the_record_not_by_its_reference(
    client_of: Any, world: Any, kind: str, make: Callable[[str], Any], title: str, django_assert_num_queries: Any
) -> None:
    make(world.demand.public_id)
    page = client_of(world.moderator).get(f"/en/queue/?kind={kind}")
    ((item, record),) = page.context["rows"]
    assert queue_title(item, record) == title.format(world.demand.title)
    make(DemandFactory().public_id)
    items = waiting(world.moderator, kind)
    with CaptureQueriesContext(connection) as one:
        fetch(items[:1])
    with django_assert_num_queries(len(one)):
        fetch(items)
