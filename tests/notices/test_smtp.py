"""Mails over a real socket, to a server that the settings name."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from portal import env
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from portal.notices.actions import notify
from tests.factories import UserFactory
from tests.notices.mail_server import Letters, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letters]:
    with mail_server() as found:
        monkeypatch.setenv("EMAIL_URL", f"smtp://portal:p%2Fw@127.0.0.1:{found.port}")
        for name, value in env.email_("EMAIL_URL", "console://").items():
            setattr(settings, name, value)
        yield found


def tell(reader: Any) -> None:
    params = {"demand": "열린 그늘"}
    notify(recipients=[reader], kind="demand_published", event="e:1", params=params, path="/demands/D1/")
    run_due()


def test_mail_goes_to_the_server_that_the_settings_name(letters: Letters) -> None:
    reader = UserFactory(language="ko")
    tell(reader)
    [mail] = letters.taken
    assert (mail["To"], letters.signed_in) == (reader.email, ["/portal/p/w"])
    assert "열린 그늘" in mail["Subject"]
    assert mail["Message-ID"].startswith(f"<notice-{reader.notices.get().pk}@")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    kinds = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    assert [("열린 그늘" in kinds[kind]) for kind in ("text/plain", "text/html")] == [True, True]


def test_mail_that_the_server_puts_off_is_sent_once_it_is_taken(
    letters: Letters, caplog: pytest.LogCaptureFixture
) -> None:
    reader, letters.refusals = UserFactory(), 1
    with caplog.at_level(logging.CRITICAL):
        tell(reader)
    assert (letters.taken, reader.notices.get().mailed_at) == ([], None)
    Job.objects.filter(kind="notices.send_mail").update(next_at=reader.notices.get().created_at)
    run_due()
    run_due()
    assert len(letters.taken) == 1
    assert reader.notices.get().mailed_at is not None
