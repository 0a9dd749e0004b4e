"""A job that hangs or eats memory is stopped, in Python by an exception and in C with its process."""

import faulthandler
import resource
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from portal.jobs import limits
from portal.jobs.limits import TookTooLong, bounded, renew
from portal.jobs.models import Job, JobState
from portal.jobs.tasks import run_job

MEGABYTE = 2**20


@pytest.fixture(autouse=True)
def _leave_no_timer() -> Any:
    yield
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    faulthandler.cancel_dump_traceback_later()


def test_bounded_interrupts_what_hangs_and_says_where() -> None:
    with pytest.raises(TookTooLong, match=r"test_limits\.py"), bounded(0.5):
        time.sleep(30)


def test_bounded_leaves_what_is_quick_alone() -> None:
    with bounded(1):
        pass
    time.sleep(1.1)


def test_renew_gives_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """To both timers; told by what is left, since a busy machine may let any sleep last longer than its bound."""
    hard: list[float] = []
    monkeypatch.setattr(faulthandler, "dump_traceback_later", lambda seconds, **_: hard.append(seconds))
    with bounded(60):
        time.sleep(0.05)
        left, _every = signal.getitimer(signal.ITIMER_REAL)
        renew(60)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > left
    assert hard == [60, 60]


def test_renew_outside_sets_no_timer() -> None:
    renew(0.1)
    time.sleep(0.2)


def test_bounded_refuses_a_gigabyte() -> None:
    with pytest.raises(MemoryError), bounded(30):
        bytearray(1024 * MEGABYTE)


def test_bounded_allows_what_the_encoders_need() -> None:
    with bounded(30):
        assert len(bytearray(600 * MEGABYTE)) == 600 * MEGABYTE


def test_bounded_restores_the_limit_and_the_handler() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)
    with bounded(5):
        assert resource.getrlimit(resource.RLIMIT_DATA) != before[0]
    assert (resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)) == before


def test_bounded_in_another_thread_sets_no_bounds() -> None:
    found: list[Any] = []

    def work() -> None:
        with bounded(0.1):
            found.append(signal.getitimer(signal.ITIMER_REAL)[0])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [0.0]


def test_process_that_hangs_in_c_is_ended_and_says_where() -> None:
    """One call into C without end: Python's own signal handlers never get their turn."""
    code = "from portal.jobs.limits import bounded\nwith bounded(1):\n    max(range(10**15))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert 'File "<string>", line 3' in done.stderr


@pytest.mark.usefixtures("committed")
def test_job_that_hangs_is_given_back_with_the_place(job: Any, kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(row: Job) -> None:
        limits.renew(0.4)  # as if the lease were this short
        time.sleep(30)

    row = job(kind_name=kind(hang))
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == JobState.QUEUED
    assert "no sign of life" in row.last_error
