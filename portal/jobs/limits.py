"""Bounds on what one job may take of a worker process: time between two signs of life, and memory.

A job that hangs in Python is interrupted and given back with a reason. One that hangs in C, where Python's signal
handlers never run, is ended with its process by a timer that needs no interpreter; its lease brings it back.
"""

import contextlib
import faulthandler
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

try:
    import resource
except ImportError:  # Windows has no such limits; nobody runs workers there
    resource = None  # type: ignore[assignment]

# Both encoders take about 500 MB at their first text. A job that wants more than this is not one of ours.
MEMORY = 768 * 2**20
STDERR = 2

_is_armed = False


class TookTooLong(Exception):
    """The job gave no sign of life within its lease."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Hold the block to ``seconds`` without ``renew``, and to MEMORY bytes more than the process has now.

    Only in a process's main thread, where the kernel delivers signals; elsewhere the block runs without bounds.
    Raises TookTooLong or MemoryError inside the block, or ends the process.
    """
    global _is_armed
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _interrupt)
    _is_armed = True
    _arm(seconds)
    try:
        with _memory():
            yield
    finally:
        _is_armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


def renew(seconds: float) -> None:
    """A sign of life: the time starts again. Does nothing outside ``bounded``."""
    if _is_armed:
        _arm(seconds)


def _arm(seconds: float) -> None:
    # The polite way first, so that there is time left to write down why.
    signal.setitimer(signal.ITIMER_REAL, seconds * 0.85)
    faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)


def _interrupt(number: int, frame: FrameType | None) -> None:
    where = f" in {frame.f_code.co_qualname} of {Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame else ""
    raise TookTooLong(f"no sign of life within the lease; interrupted{where}")


@contextmanager
def _memory() -> Iterator[None]:
    if resource is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _data_bytes() + MEMORY
    if before[1] != resource.RLIM_INFINITY:
        wanted = min(wanted, before[1])
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, before)


def unbound() -> None:
    """Take back a bound on memory that this process has from the job that started it."""
    if resource is not None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _data_bytes() -> int:
    """What the kernel counts against RLIMIT_DATA; far above any limit where /proc is not to be had."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 2**62 - MEMORY
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))
