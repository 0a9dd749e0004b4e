"""One mail in the reader's own morning, each thing in it once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from portal.jobs.tasks import run_due
from portal.notices.actions import mark_all_read, notify
from portal.notices.choice_actions import choose_mails
from portal.notices.digest_actions import make_due_digests
from portal.notices.models import Digest, QuietHours
from portal.notices.tasks import send_digests
from tests.concurrency import at_once, committed
from tests.conftest import World
from tests.factories import DemandFactory, StaffRoleFactory, UserFactory

__all__ = ["committed"]


def reader_in(zone: str, cadence: str = "daily", **more: Any) -> Any:
    user = UserFactory(time_zone=zone, **more)
    choose_mails(by=user, cadences={"records": cadence, "matches": cadence}, quiet=None)
    return user


def tell(user: Any, event: str, kind: str = "demand_published") -> None:
    params = {"demand": f"Demand {event}", "solution": "Trees", "name": "Testville"}
    notify(recipients=[user], kind=kind, event=event, params=params, path="/demands/D1/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "evening", "too_early", "morning"),
    [
        ("Asia/Seoul", "2026-06-10 18:00", "2026-06-11 07:59", "2026-06-11 08:00"),
        ("America/Sao_Paulo", "2026-06-10 18:00", "2026-06-11 07:59", "2026-06-11 08:00"),
        ("Europe/Berlin", "2026-03-28 18:00", "2026-03-29 07:59", "2026-03-29 08:00"),
        ("Europe/Berlin", "2026-10-24 18:00", "2026-10-25 07:59", "2026-10-25 08:00"),
    ],
)
def test_digest_comes_at_eight_on_the_readers_clock(
    clock: Any, zone: str, evening: str, too_early: str, morning: str
) -> None:
    clock(evening, zone)
    tell(reader_in(zone), "1")
    clock(too_early, zone)
    assert make_due_digests() == 0
    clock(morning, zone)
    assert make_due_digests() == 1


@pytest.mark.django_db
def test_digest_holds_each_thing_once(clock: Any) -> None:
    clock("2026-06-10 18:00", "Asia/Seoul")
    reader = reader_in("Asia/Seoul")
    for number in ("1", "2", "3"):
        tell(reader, number)
    clock("2026-06-11 09:00", "Asia/Seoul")
    send_digests()
    send_digests()
    run_due()
    assert len(mail.outbox) == 1
    assert [mail.outbox[0].body.count(f"Demand {number}”") for number in ("1", "2", "3")] == [1, 1, 1]
    assert not reader.notices.filter(mailed_at=None).exists()
    assert mail.outbox[0].body.count("You get this because you belong to the city body that filed the demand.") == 1


@pytest.mark.django_db
def test_what_happens_after_the_morning_waits_for_the_next(clock: Any) -> None:
    clock("2026-06-11 08:05", "Asia/Seoul")
    reader = reader_in("Asia/Seoul")
    tell(reader, "1")
    clock("2026-06-11 15:00", "Asia/Seoul")
    assert make_due_digests() == 0
    clock("2026-06-12 08:00", "Asia/Seoul")
    assert make_due_digests() == 1


@pytest.mark.django_db
def test_traveller_across_the_date_line_gets_one_digest_a_day(clock: Any) -> None:
    clock("2026-06-10 18:00", "Pacific/Kiritimati")
    reader = reader_in("Pacific/Kiritimati")
    tell(reader, "1")
    clock("2026-06-11 08:00", "Pacific/Kiritimati")
    assert make_due_digests() == 1
    reader.time_zone = "America/Los_Angeles"
    reader.save(update_fields=["time_zone"])
    tell(reader, "2")
    clock("2026-06-11 08:00", "America/Los_Angeles")
    assert make_due_digests() == 0
    clock("2026-06-12 08:00", "America/Los_Angeles")
    assert make_due_digests() == 1


@pytest.mark.django_db
def test_weekly_digest_comes_on_monday(clock: Any) -> None:
    clock("2026-11-18 10:00", "America/Sao_Paulo")  # a Wednesday
    tell(reader_in("America/Sao_Paulo", "weekly"), "1")
    clock("2026-11-22 10:00", "America/Sao_Paulo")
    assert make_due_digests() == 0
    clock("2026-11-23 08:00", "America/Sao_Paulo")
    assert make_due_digests() == 1


@pytest.mark.django_db
def test_digest_waits_for_the_end_of_quiet_hours(clock: Any) -> None:
    clock("2026-06-10 18:00", "Asia/Seoul")
    reader = reader_in("Asia/Seoul")
    QuietHours.objects.create(user=reader, starts="20:00", ends="10:00")
    tell(reader, "1")
    clock("2026-06-11 08:30", "Asia/Seoul")
    assert make_due_digests() == 0
    clock("2026-06-11 10:00", "Asia/Seoul")
    assert make_due_digests() == 1


@pytest.mark.django_db
def test_what_was_read_in_the_portal_is_not_mailed(clock: Any) -> None:
    clock("2026-06-10 18:00", "Asia/Seoul")
    reader = reader_in("Asia/Seoul")
    tell(reader, "1")
    mark_all_read(user=reader)
    clock("2026-06-11 09:00", "Asia/Seoul")
    assert make_due_digests() == 0


@pytest.mark.django_db
def test_digest_read_before_it_was_sent_is_not_sent(clock: Any) -> None:
    clock("2026-06-10 18:00", "Asia/Seoul")
    reader = reader_in("Asia/Seoul")
    tell(reader, "1")
    clock("2026-06-11 09:00", "Asia/Seoul")
    make_due_digests()
    mark_all_read(user=reader)
    run_due()
    assert mail.outbox == []


def test_two_beats_at_once_make_one_digest(committed: None) -> None:
    reader = reader_in("UTC")
    tell(reader, "1")
    reader.notices.update(created_at=timezone.now() - timedelta(days=2))
    noon = timezone.now().replace(hour=12)
    at_once([lambda: make_due_digests(now=noon), lambda: make_due_digests(now=noon)])
    assert Digest.objects.count() == 1


@pytest.mark.django_db
def test_moderator_gets_counts_in_place_of_a_flood(clock: Any, world: World) -> None:
    clock("2026-06-10 18:00", "UTC")
    for number in range(7):
        DemandFactory(body=world.city, state="submitted", submitted_at=timezone.now())
        tell(world.moderator, f"s{number}", kind="demand_submitted")
    clock("2026-06-11 09:00", "UTC")
    make_due_digests()
    run_due()
    [sent] = [message for message in mail.outbox if message.to == [world.moderator.email]]
    assert "7 items wait in the queue" in sent.body
    assert "7 demands were submitted" in sent.body
    assert "Demand s0" not in sent.body


@pytest.mark.django_db
def test_moderator_sees_one_line_for_many_in_the_portal(world: World, client_of: Any) -> None:
    for number in range(7):
        tell(world.moderator, f"s{number}", kind="demand_submitted")
    page = client_of(world.moderator).get("/en/my/notices/").content.decode()
    assert page.count("7 demands were submitted") == 2  # the line, and the name of its button
    assert "Demand s0" not in page


@pytest.mark.django_db
def test_opening_a_count_reads_all_it_stood_for(world: World, client_of: Any) -> None:
    for number in range(3):
        tell(world.moderator, f"s{number}", kind="demand_submitted")
    newest = world.moderator.notices.first()
    answer = client_of(world.moderator).post(f"/en/my/notices/{newest.pk}/")
    assert answer.status_code == 302
    assert not world.moderator.notices.filter(read_at=None).exists()


@pytest.mark.django_db
def test_neutrality_officer_is_not_told_of_a_queue_that_is_not_hers(clock: Any) -> None:
    clock("2026-06-10 18:00", "UTC")
    officer = StaffRoleFactory(role="neutrality").user
    tell(officer, "s1", kind="demand_submitted")
    clock("2026-06-11 09:00", "UTC")
    make_due_digests()
    run_due()
    assert "item waits" not in mail.outbox[0].body
