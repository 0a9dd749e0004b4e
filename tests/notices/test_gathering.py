"""A moderator who wants mails at once gets counts all the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from portal.notices.actions import notify
from portal.notices.choice_actions import choose_mails
from portal.notices.gathering import PAUSE
from tests.factories import StaffRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(db: None) -> Any:
    user = StaffRoleFactory(role="moderator").user
    choose_mails(by=user, cadences={"moderation": "now"}, quiet=None)
    return user


def tell(user: Any, *events: str, kind: str = "demand_submitted") -> None:
    for event in events:
        params = {"demand": f"Demand {event}", "person": "Ana", "name": "Shade"}
        notify(recipients=[user], kind=kind, event=event, params=params, path="/queue/")


def test_many_at_once_are_one_mail_with_their_number(moderator: Any) -> None:
    tell(moderator, "1", "2", "3")
    run_due()
    assert [letter.subject for letter in mail.outbox] == ["3 demands were submitted"]
    assert not moderator.notices.filter(mailed_at=None).exists()


def test_one_is_told_by_its_name(moderator: Any) -> None:
    tell(moderator, "1")
    run_due()
    assert "Demand 1" in mail.outbox[0].subject


def test_next_mail_waits_an_hour_and_counts_what_came_since(moderator: Any) -> None:
    tell(moderator, "1")
    run_due()
    tell(moderator, "2", "3")
    run_due()
    assert len(mail.outbox) == 1
    (job,) = Job.objects.filter(kind="notices.send_mail", state="queued")
    assert timedelta(0) < job.next_at - timezone.now() <= PAUSE
    Job.objects.filter(pk=job.pk).update(next_at=timezone.now() - PAUSE)
    run_due()
    assert [letter.subject for letter in mail.outbox[1:]] == ["2 demands were submitted"]


def test_what_concerns_one_person_alone_is_not_counted(moderator: Any) -> None:
    tell(moderator, "1", "2", kind="confirmation_given")
    run_due()
    assert len(mail.outbox) == 2
