"""A broker that is away or hangs costs a request half a second once, and nothing after that."""

import socket
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app

from portal.jobs import hints
from portal.jobs.actions import enqueue
from portal.jobs.models import Job

QUEUE = "egress"  # nobody listens here


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "_silent_until", 0.0)
    monkeypatch.setattr(hints, "SILENCE", 600.0)  # no pause of this machine shall be longer


@pytest.fixture
def hung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """A server that takes connections and never says a word."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "hung.sock"))
        server.listen(16)
        _use(monkeypatch, tmp_path / "hung.sock")
        yield


@pytest.fixture
def absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, tmp_path / "nobody.sock")


def _use(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    options = {**current_app.conf.broker_transport_options, **hints._IMPATIENT}
    broker = current_app.connection_for_write(f"redis+socket://{path}", transport_options=options)
    monkeypatch.setattr(hints, "_connection", broker)


def silences(caplog: pytest.LogCaptureFixture) -> int:
    """How often somebody waited in vain; each wait is as long as PATIENCE, however busy the machine is."""
    return len([line for line in caplog.messages if "no broker" in line])


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Generator[Any]:
    with current_app.connection_for_write() as connection:
        client = connection.default_channel.client
        client.delete(QUEUE)
        yield client
        client.delete(QUEUE)


def test_hint_reaches_the_queue(broker: Any) -> None:
    assert hints.hint(7, QUEUE)
    assert hints.queue_lengths([QUEUE]) == {QUEUE: 1}
    assert b"[[7]" in broker.lindex(QUEUE, 0) or b"W1s3XS" in broker.lindex(QUEUE, 0)


def test_hint_after_a_flush_reaches_the_queue_all_the_same(broker: Any) -> None:
    """Bindings live in the broker and are gone with the rest; hints must not depend on them."""
    assert hints.hint(7, QUEUE)
    broker.flushdb()
    assert hints.hint(8, QUEUE)
    assert hints.queue_lengths([QUEUE]) == {QUEUE: 1}


@pytest.mark.usefixtures("absent")
def test_hint_without_a_broker_is_false_and_then_silent(caplog: pytest.LogCaptureFixture) -> None:
    assert not hints.hint(1, "match")
    assert not hints.hint(2, "match")
    assert silences(caplog) == 1


@pytest.mark.usefixtures("hung")
def test_hint_to_a_hung_broker_gives_up_once_and_the_next_ones_do_not_ask(caplog: pytest.LogCaptureFixture) -> None:
    assert not hints.hint(1, "match")
    assert "Timeout reading" in caplog.text
    assert not any(hints.hint(number, "match") for number in range(50))
    assert silences(caplog) == 1
    assert hints.PATIENCE < 0.5


@pytest.mark.usefixtures("hung")
def test_queue_lengths_of_a_hung_broker_are_unknown() -> None:
    assert hints.queue_lengths(["match"]) == {}


def test_queue_lengths_of_a_broker_that_came_back_end_the_silence(broker: Any) -> None:
    hints._silent_until = time.monotonic() + 60
    assert not hints.hint(1, QUEUE)
    assert hints.queue_lengths([QUEUE]) == {QUEUE: 0}
    assert hints.hint(1, QUEUE)


@pytest.mark.django_db
@pytest.mark.usefixtures("hung")
def test_request_that_owes_ten_jobs_to_a_hung_broker_waits_once(
    kind: Any, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    name = kind()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(10):
            enqueue(kind=name, subject=f"thing:{number}")
    assert silences(caplog) == 1
    assert Job.objects.count() == 10
