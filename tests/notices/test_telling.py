"""Each thing once, as the reader chose, and not before its time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation

from portal.common.errors import DomainError
from portal.jobs.models import Job
from portal.jobs.tasks import perform, run_due
from portal.notices.actions import mail_due, notify, sentence, withdraw
from portal.notices.choice_actions import choose_mails, resubscribe, unsubscribe
from portal.notices.models import MailChoice, Notice, QuietHours, WithdrawnEvent
from tests.concurrency import at_once, committed
from tests.factories import UserFactory

__all__ = ["committed"]
PARAMS = {"demand": "Shade", "solution": "Trees", "date": "2026-05-01", "name": "Testville", "person": "Ana"}


def tell(user: Any, kind: str = "demand_published", event: str = "e:1", **more: Any) -> int:
    return notify(recipients=[user], kind=kind, event=event, params=PARAMS, path="/demands/D1/", **more)


@pytest.fixture
def reader(db: None) -> Any:
    return UserFactory(time_zone="Asia/Seoul", language="ko")


def test_event_told_twice_makes_one_notice_and_one_mail(reader: Any) -> None:
    assert [tell(reader), tell(reader)] == [1, 0]
    run_due()
    assert (reader.notices.count(), len(mail.outbox)) == (1, 1)


def test_event_told_by_two_at_once_is_told_once(committed: None) -> None:
    reader = UserFactory()
    assert sorted(at_once([lambda: tell(reader), lambda: tell(reader)])) == [0, 1]


def test_held_notice_is_neither_shown_nor_mailed(reader: Any) -> None:
    tell(reader, not_before=timezone.now() + timedelta(seconds=30))
    run_due()
    assert not Notice.objects.visible_to(reader).exists()
    assert mail.outbox == []


def test_held_notice_is_mailed_when_its_time_has_come(reader: Any, clock: Any) -> None:
    start = clock("2026-06-10 12:00")
    tell(reader, not_before=start + timedelta(seconds=30))
    clock("2026-06-10 12:00:31")
    job = Job.objects.get(kind="notices.send_mail")
    Job.objects.filter(pk=job.pk).update(next_at=start - timedelta(days=9999))
    run_due()
    assert Notice.objects.visible_to(reader).count() == 1
    assert len(mail.outbox) == 1


def test_event_taken_back_in_time_was_never_told(reader: Any) -> None:
    tell(reader, not_before=timezone.now() + timedelta(seconds=30))
    assert withdraw(event="e:1") == (1, 0)
    Job.objects.update(next_at=timezone.now() - timedelta(days=1))
    run_due()
    assert not reader.notices.exists()
    assert mail.outbox == []


def test_event_taken_back_before_its_job_ran_stays_untold(reader: Any) -> None:
    withdraw(event="e:1")
    assert tell(reader) == 0
    assert not reader.notices.exists()


def test_event_that_was_told_cannot_be_taken_back(reader: Any) -> None:
    tell(reader)
    assert withdraw(event="e:1") == (0, 1)
    assert reader.notices.count() == 1


def test_telling_and_taking_back_at_once_leaves_nothing_held(committed: None) -> None:
    reader = UserFactory()
    soon = timezone.now() + timedelta(seconds=30)
    at_once([lambda: tell(reader, not_before=soon), lambda: withdraw(event="e:1")])
    assert WithdrawnEvent.objects.count() == 1
    assert not Notice.objects.exists()


@pytest.mark.parametrize("cadence", ["daily", "weekly", "off"])
def test_kind_that_is_not_wanted_at_once_is_not_mailed_at_once(reader: Any, cadence: str) -> None:
    choose_mails(by=reader, cadences={"records": cadence}, quiet=None)
    tell(reader)
    run_due()
    assert mail.outbox == []
    assert Notice.objects.visible_to(reader).get().cadence == cadence


def test_service_kind_is_mailed_whatever_was_chosen(reader: Any) -> None:
    MailChoice.objects.create(user=reader, group="deadlines", cadence="off")
    tell(reader, kind="match_offered")
    run_due()
    assert len(mail.outbox) == 1


def test_service_group_cannot_be_switched_off(reader: Any) -> None:
    with pytest.raises(DomainError, match="cannot be switched off"):
        choose_mails(by=reader, cadences={"account": "off"}, quiet=None)


@pytest.mark.parametrize(
    ("kind", "wall", "due"),
    [
        ("demand_published", "2026-06-10 23:00", "2026-06-11 07:00"),
        ("demand_published", "2026-06-10 12:00", "2026-06-10 12:00"),
        ("match_offered", "2026-06-10 23:00", "2026-06-10 23:00"),
    ],
)
def test_mail_waits_for_the_end_of_quiet_hours_unless_it_is_a_service(
    reader: Any, clock: Any, kind: str, wall: str, due: str
) -> None:
    QuietHours.objects.create(user=reader, starts="22:00", ends="07:00")
    expected = clock(due, "Asia/Seoul")
    clock(wall, "Asia/Seoul")
    tell(reader, kind=kind)
    assert mail_due(reader.notices.get()) == expected


def test_mail_that_comes_up_in_quiet_hours_is_owed_again_and_sent_in_the_morning(reader: Any, clock: Any) -> None:
    clock("2026-06-10 21:59", "Asia/Seoul")
    tell(reader)
    QuietHours.objects.create(user=reader, starts="22:00", ends="07:00")
    clock("2026-06-10 22:05", "Asia/Seoul")
    run_due()
    assert mail.outbox == []
    later = Job.objects.get(kind="notices.send_mail", state="queued")
    clock("2026-06-11 07:00", "Asia/Seoul")
    Job.objects.filter(pk=later.pk).update(next_at=timezone.now() - timedelta(days=9999))
    run_due()
    assert len(mail.outbox) == 1
    assert reader.notices.get().mailed_at is not None


def test_mail_lost_after_sending_is_sent_under_the_same_message_id(reader: Any) -> None:
    tell(reader)
    job = Job.objects.get(kind="notices.send_mail")
    run_due()
    Notice.objects.update(mailed_at=None)
    Job.objects.filter(pk=job.pk).update(
        state="run", token="7d444840-9dc0-11d1-b245-5ffdce74fad2", lease_until=timezone.now()
    )
    perform(Job.objects.get(pk=job.pk))
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_choice_moves_what_waits_for_a_digest(reader: Any) -> None:
    choose_mails(by=reader, cadences={"records": "daily"}, quiet=None)
    tell(reader)
    unsubscribe(user=reader, group="records")
    assert reader.notices.get().cadence == "off"


def test_unsubscribing_is_undone(reader: Any) -> None:
    unsubscribe(user=reader, group="records")
    resubscribe(user=reader, group="records")
    tell(reader)
    assert reader.notices.get().cadence == "now"


def test_deactivated_person_gets_no_mail(reader: Any) -> None:
    tell(reader)
    type(reader).objects.filter(pk=reader.pk).update(is_active=False)
    run_due()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("language", "stored", "said"),
    [
        ("ko", "2026-12-14", "2026년 12월 14일"),
        ("fr", "2026-12-14 17:00 (America/Santiago)", "14 décembre 2026, 17:00 (America/Santiago)"),
    ],
)
def test_day_of_a_notice_is_said_in_the_readers_words(language: str, stored: str, said: str) -> None:
    with translation.override(language):
        assert said in sentence("question_date", {"demand": "Lamps", "date": stored})
