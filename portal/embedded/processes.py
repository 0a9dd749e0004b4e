"""Child processes that cannot outlive us, and the signals that stop them in order. POSIX; Linux adds the kernel's help.

Who watches whom: the process a person starts (the watchman) forks the supervisor; the supervisor starts the services.
Each service gets a session of its own, so that Ctrl-C in the terminal reaches watchman and supervisor alone, and a
parent-death signal, so that it ends when the supervisor is killed. The kernel ties that signal to the *thread* that
forked: the supervisor therefore has one thread and forks from it only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LOG_LIMIT = 5_000_000  # bytes; a longer log is set aside once, at the next start
# Loaded before any fork: between fork and exec nothing may allocate or take a lock.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Failed(Exception):
    """Something the person at the terminal has to know; the text is the whole message."""


class StopRequested(Exception):
    """A signal arrived or the watchman is gone; the text says which."""


def say(text: str = "", end: str = "\n") -> None:
    """One line to the terminal; a terminal or pipe that went away is no reason to fail."""
    try:
        print(text, end=end, flush=True)
    except (OSError, ValueError):
        # Python would try to flush the rest at exit and turn that into exit code 120.
        with contextlib.suppress(OSError, ValueError):
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115


def adopt_orphans() -> None:
    """Children of a killed child come to us instead of to process 1, so that they can be ended. Linux only."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def dying_with_parent(number: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends `number` to the child when we die, however we die."""
    parent = os.getpid()

    def arm() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:  # we died between fork and prctl: the signal will not come any more
                os._exit(1)

    return arm


class Watch:
    """Turns signals, a closed terminal and a closed lifeline into `StopRequested`, raised in `pause` and nowhere else.

    An exception thrown by a handler could land inside `Popen` and lose a child; here the handler only takes a note.
    """

    def __init__(self, lifeline: int | None = None) -> None:
        self._lifeline = lifeline
        self._reason: str | None = None
        self._first_at = 0.0
        self.is_stopping = False
        self.is_hurried = False
        self.leaves_interrupt = False  # a command has the terminal and answers Ctrl-C itself
        self._wake, wake_end = os.pipe()
        for end in (self._wake, wake_end):
            os.set_blocking(end, False)
        self._poll = select.poll()
        self._poll.register(self._wake, select.POLLIN)
        if lifeline is not None:
            self._poll.register(lifeline, select.POLLIN)
        self._terminal = terminal_to_watch()
        if self._terminal is not None:
            self._poll.register(self._terminal, 0)  # a hang-up is reported unasked
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to be woken
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # `nohup make run` must survive the terminal: what is ignored for HUP on arrival stays ignored.
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._note)

    def _note(self, number: int, _frame: object) -> None:
        now = time.monotonic()
        if number == signal.SIGINT and self.leaves_interrupt:
            return
        if self._reason is None:
            self._reason, self._first_at = signal.Signals(number).name, now
        elif now - self._first_at > 1:  # a closed terminal may be told twice, by the kernel and by a shell
            self.is_hurried = True

    def pause(self, seconds: float) -> None:
        """Sleeps until the time is over or a child ended; raises `StopRequested` once."""
        ready = {end for end, _events in self._poll.poll(max(0.0, seconds) * 1000)}
        if self._wake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake, 4096)
        self._gone(self._lifeline, ready, "the process that started this one is gone")
        self._gone(self._terminal, ready, "the terminal is closed")
        if self._reason and not self.is_stopping:
            self.is_stopping = True
            raise StopRequested(self._reason)

    def _gone(self, end: int | None, ready: set[int], reason: str) -> None:
        if end in ready:
            self._poll.unregister(end)
            self._reason = self._reason or reason


def terminal_to_watch() -> int | None:
    """Where a closed terminal shows. Its HUP goes to the session's leader alone, and make keeps it to itself."""
    if sys.platform != "linux" or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return None
    return next((end for end in (0, 1, 2) if os.isatty(end)), None)


@dataclass(slots=True)
class Service:
    """One long-running child: how to start it, how to stop it, where it writes.

    `keeps` are descriptors the child inherits: the lock of the state folder stays held while any service lives.
    `ladder` are the signals of a stop, each with the seconds it is given; SIGKILL to the whole group comes after them.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    ladder: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0),)
    death_signal: signal.Signals = signal.SIGTERM
    user: tuple[int, int] | None = None
    keeps: Sequence[int] = ()
    on_start: Callable[[int], None] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Starts the child; `FileNotFoundError` when there is no such program."""
        set_aside(self.log)
        identity = {} if self.user is None else {"user": self.user[0], "group": self.user[1], "extra_groups": []}
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.keeps,
                preexec_fn=dying_with_parent(self.death_signal),
                **identity,  # type: ignore[call-overload]
            )
        if self.on_start is not None:
            self.on_start(self.process.pid)

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, is_hurried: Callable[[], bool] = lambda: False) -> None:
        """Down the ladder until the child is gone; then what is left of its group is killed."""
        process, self.process = self.process, None
        if process is None:
            return
        for number, seconds in self.ladder:
            if process.poll() is not None:
                break
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
            end = time.monotonic() + seconds
            while process.poll() is None and time.monotonic() < end:
                if is_hurried():
                    end = min(end, time.monotonic() + 1)
                time.sleep(0.02)
        kill_group(process.pid)
        process.wait()

    def clear(self) -> None:
        """After an unexpected death: children of the dead process must not work beside those of the next one."""
        if self.process is not None and self.process.poll() is not None:
            kill_group(self.process.pid)
            self.process = None

    def last_lines(self, count: int = 15) -> str:
        return last_lines(self.log, count)


def kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def set_aside(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, indented for the terminal."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace")[-20_000:].splitlines()[-count:]
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines)


def reap(known: Iterable[subprocess.Popen[bytes] | None]) -> None:
    """Collects orphans that came to us, without taking the exit code of a child that is waited for by name."""
    mine = {process.pid for process in known if process is not None and process.poll() is None}
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in mine:
            return
        with contextlib.suppress(ChildProcessError):
            os.waitpid(ended.si_pid, os.WNOHANG)
