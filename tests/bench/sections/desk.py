"""A moderator's desk with two hundred items: how long the server takes for a decision and the next item."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from tests.bench.rows import Row, row
from tests.bench.stage import prepare

ITEMS, DECISIONS = 200, 60
GOAL = 300.0  # ms, at the 95th percentile


def next_item() -> Iterator[Row]:
    """The answer to a decision leads to the next item: both requests are what the moderator waits for."""
    from tests.factories import StaffRoleFactory

    prepare(pages=True)
    user = StaffRoleFactory(role="moderator").user
    addresses = _fill()
    with override_settings(STAFF_SECOND_FACTOR=False, ALLOWED_HOSTS=["*"]):
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        listed = [_timed(client.get, reverse("matching:queue"))[0] for _time in range(12)][2:]
        spent = list(_decided(client, addresses[0]))
    wall, own = [one[0] for one in spent], [one[1] for one in spent]
    yield row(f"queue of {ITEMS}, ms, median", statistics.median(listed))
    yield row(f"decision and next item of {ITEMS}, ms, median", statistics.median(wall))
    yield row(f"decision and next item of {ITEMS}, ms, p95", _p95(wall), f"≤ {GOAL:.0f}", f"{len(spent)} decisions")
    yield row(f"of it CPU ms of the web process, p95 of {ITEMS}", _p95(own))


def _fill() -> list[str]:
    """Matches of ten demands with twenty solutions; where the queue begins."""
    from matching.queue import queue_for
    from portal.accounts.models import User
    from tests.factories import DemandFactory, MatchFactory, SolutionFactory

    solutions = SolutionFactory.create_batch(ITEMS // 10)
    for demand in DemandFactory.create_batch(10):
        for solution in solutions:
            MatchFactory(demand=demand, solution=solution)
    moderator = User.objects.get(staffrole__role="moderator")
    return [item.url for item in queue_for(moderator).items]


def _decided(client: Client, address: str) -> Iterator[tuple[float, float]]:
    """Wall and own processor time of each decision with the page after it, in ms."""
    for number in range(DECISIONS):
        data = {"decision": "shortlist"} if number % 5 else {"decision": "reject", "reject-reason": "wrong_need"}
        began = time.thread_time()
        sent, answer = _timed(client.post, address, data)
        assert answer.status_code == 302, answer.status_code
        address = answer["Location"].partition("#")[0]
        shown, page = _timed(client.get, address)
        assert page.status_code == 200, page.status_code
        yield sent + shown, (time.thread_time() - began) * 1000


def _timed(work: Any, *arguments: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work(*arguments)
    return (time.perf_counter() - began) * 1000, answer


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
