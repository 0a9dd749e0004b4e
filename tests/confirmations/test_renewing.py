"""Once a year: reminders in time, a page with everything to tick, and what happens without an answer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.enums import ReviewCriterion
from catalog.listing_actions import expire_solutions, remind_of_expiry, review_solution
from catalog.models import Solution
from portal.audit.models import AuditEvent
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def told(world: World, kind: str = "solution_expiring") -> int:
    return world.provider_admin.notices.filter(kind=kind).count()


def until(world: World, day: date | None, **values: Any) -> Solution:
    return SolutionFactory(provider=world.provider, expires_on=day, **values)


@pytest.mark.parametrize(("left", "expected"), [(31, 0), (30, 1), (8, 1), (7, 1), (0, 1)])
def test_provider_is_told_within_thirty_days(world: World, left: int, expected: int) -> None:
    until(world, TODAY + timedelta(days=left))
    remind_of_expiry(now=NOON)
    run_due()
    assert told(world) == expected


def test_provider_is_told_twice_in_the_last_thirty_days_though_the_timer_runs_every_day(world: World) -> None:
    until(world, TODAY + timedelta(days=40))
    for day in range(41):
        remind_of_expiry(now=NOON + timedelta(days=day))
        run_due()
    assert told(world) == 2


@pytest.mark.parametrize("values", [{"state": "draft"}, {"state": "expired"}, {"source": "x", "source_id": "1"}])
def test_nobody_is_told_of_what_is_not_listed_or_was_imported(world: World, values: dict[str, Any]) -> None:
    until(world, TODAY, **values)
    assert remind_of_expiry(now=NOON) == 0


def test_day_on_which_it_ends_still_counts_and_the_next_one_does_not(world: World) -> None:
    solution = until(world, TODAY)
    assert (expire_solutions(now=NOON), expire_solutions(now=NOON + timedelta(days=1))) == (0, 1)
    solution.refresh_from_db()
    run_due()
    assert (solution.state, told(world, "solution_expired")) == ("expired", 1)


@pytest.mark.parametrize(("given", "expected"), [(None, 365), (90, 90)])
def test_listing_without_a_day_holds_for_a_year(world: World, given: int | None, expected: int) -> None:
    today = timezone.localdate()
    day = today + timedelta(days=given) if given else None
    solution = until(world, day, state="submitted", listed_at=None)
    marks = dict.fromkeys(ReviewCriterion.values, 4)
    review_solution(by=world.moderator, solution=solution, marks=marks, comment="", approve=True)
    solution.refresh_from_db()
    assert solution.expires_on == today + timedelta(days=expected)


def page_of(solution: Solution) -> str:
    return f"/en/solutions/{solution.public_id}/renew/"


def test_page_takes_the_renewal_only_with_every_tick(world: World, client_of: Any) -> None:
    solution = until(world, timezone.localdate() - timedelta(days=1), state="expired")
    client, later = client_of(world.provider_approver), (timezone.localdate() + timedelta(days=300)).isoformat()
    names = [name for name in client.get(page_of(solution)).context["form"].fields if name.startswith("holds_")]
    assert len(names) > 3
    ticks = dict.fromkeys(names, "on")
    refused = client.post(page_of(solution), {**ticks, names[0]: "", "expires_on": later})
    assert (refused.status_code, "/revise/" in refused.content.decode()) == (422, True)
    assert refused.context["form"][names[1]].value() is True
    assert client.post(page_of(solution), {**ticks, "expires_on": later}).status_code == 302
    solution.refresh_from_db()
    assert (solution.state, solution.expires_on.isoformat()) == ("listed", later)


def test_renewal_of_a_listed_solution_keeps_what_was_ticked_in_the_trace(world: World, client_of: Any) -> None:
    solution = until(world, timezone.localdate() + timedelta(days=3))
    client, later = client_of(world.provider_approver), (timezone.localdate() + timedelta(days=300)).isoformat()
    names = [name for name in client.get(page_of(solution)).context["form"].fields if name.startswith("holds_")]
    client.post(page_of(solution), {**dict.fromkeys(names, "on"), "expires_on": later})
    event = AuditEvent.objects.get(action="solution.renew")
    assert event.after["ticked"] == [name.removeprefix("holds_") for name in names]


@pytest.mark.parametrize("state", ["draft", "archived", "suspended"])
def test_page_of_what_cannot_be_renewed_leads_back_with_a_word(world: World, client_of: Any, state: str) -> None:
    solution = until(world, None, state=state)
    response = client_of(world.provider_admin).get(page_of(solution), follow=True)
    assert "This is not possible now" in response.content.decode()


def test_old_address_of_renewing_leads_to_the_page(world: World, client_of: Any) -> None:
    client = client_of(world.provider_admin)
    response = client.get(f"/en/solutions/{world.solution.public_id}/move/renew/")
    assert response.url == page_of(world.solution)
