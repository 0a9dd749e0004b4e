"""Kinds of jobs that misbehave, and one that only leaves a trace. Workers and sweepers of the fault suite import it."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta

from portal.audit.actions import record
from portal.jobs.models import Job
from portal.jobs.registry import handles

# Short, so that five deaths take seconds. What the real leases and waits are, tests/jobs says.
LEASE = timedelta(seconds=3)
LEASE_OF_A_CORE = timedelta(seconds=1)  # what hangs in C keeps one busy until then, five times
WAITS = (timedelta(seconds=0.5),)
KINDS = ("raises", "kills", "hangs", "hangs_in_c", "eats")


def _poison(name: str, lease: timedelta = LEASE) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    return handles(f"poison.{name}", queue="default", lease=lease, waits=WAITS)


@_poison("raises")
def raises(job: Job) -> None:
    raise ValueError("no such lamp")


@_poison("kills")
def kills(job: Job) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@_poison("hangs")
def hangs(job: Job) -> None:
    time.sleep(3600)


@_poison("hangs_in_c", LEASE_OF_A_CORE)
def hangs_in_c(job: Job) -> None:
    max(range(10**15))


@_poison("eats")
def eats(job: Job) -> None:
    eaten = [bytearray(16 * 2**20) for _mouthful in range(64)]
    raise AssertionError(f"{len(eaten)} mouthfuls, a gigabyte, and nobody minded")


def _slowly(job: Job) -> None:
    time.sleep(0.15)


@handles("faults.effect", queue="default", prepare=_slowly, lease=timedelta(seconds=10))
def effect(job: Job) -> None:
    """An effect that no unique key protects: done twice, it is there twice."""
    record(by="faults", action="faults.effect", subject=job.subject)
    time.sleep(0.05)
