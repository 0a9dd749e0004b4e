"""The process a person starts: it forks the supervisor, passes signals on, and clears up if the supervisor is killed.

Two processes that watch each other, because no process can clean up after its own `kill -9`: the supervisor sees the
watchman's end through a pipe, the watchman sees the supervisor's through `wait`. The supervisor has a process group of
its own, so that a kill of the whole foreground group spares it. With both killed one by one at the same moment, the
parent-death signals of the services remain.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from portal.embedded.processes import Failed, StopRequested, adopt_orphans, kill_group, say
from portal.env import SettingError

PATIENCE = 12.0  # seconds that services get to stop by themselves once the supervisor has been killed


def watched(work: Callable[[int, Callable[[int], None]], int]) -> int:
    """Runs `work(lifeline, report)` in a forked process and returns its exit code.

    `lifeline` is a file descriptor that becomes readable when the watchman is gone; `report(pid)` tells the watchman
    the process group of a service, which it ends if `work` cannot do it any more.
    """
    adopt_orphans()
    alive_read, alive_write = os.pipe()
    groups_read, groups_write = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(alive_write)
        os.close(groups_read)
        os.setpgid(0, 0)
        _run(work, alive_read, lambda pid: _tell(groups_write, pid))
    os.close(alive_read)
    os.close(groups_write)
    status = _attend(child)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        say(f"The supervisor was ended by {name}; stopping what it had started.")
        _clear(_groups(groups_read))
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _run(work: Callable[[int, Callable[[int], None]], int], lifeline: int, report: Callable[[int], None]) -> None:
    code = 1
    try:
        code = work(lifeline, report)
    except (StopRequested, KeyboardInterrupt):
        code = 0
    except (Failed, SettingError) as failure:
        say(f"\nUrbanLink did not start.\n{failure}" if str(failure) else "")
    except BaseException:  # the process ends here: nobody above could print it
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _tell(end: int, pid: int) -> None:
    with contextlib.suppress(OSError):
        os.write(end, f"{pid}\n".encode())


def _attend(child: int) -> int:
    def forward(number: int, _frame: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, forward)
    while True:
        pid, status = os.wait()  # orphans that came to us end here too
        if pid == child:
            return status


def _groups(end: int) -> list[int]:
    with open(end, "rb") as reports:
        os.set_blocking(end, False)
        return [int(line) for line in (reports.read() or b"").split()]


def _children() -> list[int]:
    """Our direct children: on Linux every orphan below us is one, whatever group or session it made for itself."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                found.append(int(stat.parent.name))
    return found


def _is_childless() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _clear(groups: list[int]) -> None:
    end = time.monotonic() + PATIENCE
    while not _is_childless() and time.monotonic() < end:
        time.sleep(0.05)
    if not _is_childless() or sys.platform != "linux":
        for group in groups:
            kill_group(group)
    while not _is_childless():
        for pid in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
