"""`run`: starts everything in order, keeps it alive, stops it in the opposite order."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal import env
from portal.embedded.engines import Engines
from portal.embedded.home import CHECKOUT, Home
from portal.embedded.preparation import NO_ADMINISTRATOR, accounts_file
from portal.embedded.processes import (
    Failed,
    Service,
    StopRequested,
    Watch,
    adopt_orphans,
    dying_with_parent,
    reap,
    say,
)

QUEUES = "encode,match,mail,egress,default"
READY_WITHIN = 90.0  # seconds for the web server's first answer
DEATHS_ALLOWED, DEATHS_WITHIN = 8, 120.0  # that many deaths in so many seconds: give up
DEATHS_AT_START = 3


@dataclass(slots=True)
class Deaths:
    """When a service died last, and how long to wait before the next start."""

    times: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_ALLOWED))
    restart_at: float = 0.0

    def note(self, now: float) -> None:
        self.times.append(now)
        recent = sum(now - at < DEATHS_WITHIN for at in self.times)
        self.restart_at = now + min(15.0, 0.25 * 2**recent)

    def are_too_many(self, now: float) -> bool:
        return len(self.times) == DEATHS_ALLOWED and now - self.times[0] < DEATHS_WITHIN


class Supervisor:
    """One run. `services` start after the servers answer, in the order given, and stop before them in that order."""

    def __init__(self, home: Home, watch: Watch, lock: int, report: Callable[[int], None]) -> None:
        self.home, self.watch, self.lock, self.report = home, watch, lock, report
        self.engines = Engines(home)
        self.services: list[Service] = []
        self.deaths: dict[str, Deaths] = {}

    def start_engines(self) -> None:
        began = time.monotonic()
        self.engines.start(self.watch, keeps=[self.lock], on_start=self.report)
        names = " and ".join(service.name for service in self.engines.services) or "servers of the environment"
        say(f"  {names}  ({time.monotonic() - began:.1f} s)")

    def start(self, services: Sequence[Service]) -> None:
        for service in services:
            service.keeps, service.on_start = [self.lock], self.report
            self.services.append(service)
            service.start()

    def complete(
        self, arguments: Sequence[str], variables: Mapping[str, str], *, terminal: bool = False, folder: Path = CHECKOUT
    ) -> int:
        """Runs one command to its end and returns its code; a stop that is asked for meanwhile ends it too.

        With `terminal` the command has it to itself, Ctrl-C included.
        """
        self.watch.leaves_interrupt = terminal
        foreground = take_terminal() if terminal else None
        child = subprocess.Popen(
            arguments,
            env=dict(variables),
            cwd=folder,
            stdin=None if terminal else subprocess.DEVNULL,
            start_new_session=not terminal,
            preexec_fn=dying_with_parent(signal.SIGTERM),
        )
        try:
            while child.poll() is None:
                self.watch.pause(0.5)
        finally:
            self.watch.leaves_interrupt = False
            give_terminal(foreground)
            if child.poll() is None:
                child.terminate()
                child.wait()
        return child.returncode

    def wait_until(self, is_ready: Callable[[], bool], seconds: float, late: Callable[[], str]) -> None:
        """Keeps the services alive while waiting; `Failed` with what `late` says when the time is over."""
        end = time.monotonic() + seconds
        while not is_ready():
            self.watch.pause(0.1)
            self.look_after()
            is_hopeless = any(len(deaths.times) >= DEATHS_AT_START for deaths in self.deaths.values())
            if is_hopeless or time.monotonic() > end:
                raise Failed(late())

    def keep_alive(self) -> None:
        """Until somebody asks for a stop (`StopRequested`) or a service cannot be kept alive (`Failed`)."""
        while True:
            self.watch.pause(self._until_next_start())
            self.look_after()

    def look_after(self) -> None:
        everybody = [*self.engines.services, *self.services]
        for service in everybody:
            if not service.is_alive:
                self._revive(service, time.monotonic())
        reap([service.process for service in everybody])

    def _until_next_start(self) -> float:
        waiting = [death.restart_at - time.monotonic() for death in self.deaths.values() if death.restart_at]
        return max(0.05, min([*waiting, 5.0]))

    def _revive(self, service: Service, now: float) -> None:
        deaths = self.deaths.setdefault(service.name, Deaths())
        if service.process is not None:
            code = service.process.returncode
            service.clear()
            deaths.note(now)
            if deaths.are_too_many(now):
                said = f"The end of {service.log}:\n{service.last_lines()}"
                raise Failed(f"{service.name} keeps ending (code {code}). {said}")
            say(f"{service.name} ended (code {code}); starting it again. See {service.log}")
        if now >= deaths.restart_at:
            deaths.restart_at = 0.0
            service.start()

    def stop(self) -> None:
        for service in self.services:
            service.stop(lambda: self.watch.is_hurried)
        self.engines.stop(lambda: self.watch.is_hurried)
        self.home.leave_sockets()


def run(home: Home, lifeline: int, report: Callable[[int], None]) -> int:
    """The whole of `run`; returns the exit code. `Failed` and its message when it cannot start."""
    began = time.monotonic()
    adopt_orphans()
    port = env.int_("PORT", 8000, lowest=1, highest=65535)
    is_demo = env.bool_("DEMO", True)
    lock = home.hold()
    watch = Watch(lifeline)
    refuse_taken_port(port)
    address = f"http://127.0.0.1:{port}/"
    home.write_state(pid=os.getppid(), address=address)
    say(f"UrbanLink starts; its state is in {home.folder}")
    supervisor = Supervisor(home, watch, lock, report)
    try:
        variables = environment(home, supervisor.engines, port, is_demo)
        home.write_state(pid=os.getppid(), address=address, environment=variables)
        supervisor.start_engines()
        _bring_up(supervisor, {**os.environ, **variables}, port)
        say(f"\nUrbanLink is ready at {address}  ({time.monotonic() - began:.1f} s)")
        say(accounts_file(home).read_text(encoding="utf-8") if is_demo else "")
        say("Ctrl-C stops it.")
        supervisor.keep_alive()
    except StopRequested as reason:
        say(f"\nStopping ({reason}) ...")
        return 0
    finally:
        watch.is_stopping = True
        home.write_state(pid=os.getppid(), is_stopping=True)  # whoever comes now waits instead of joining
        supervisor.stop()
        home.state_file.unlink(missing_ok=True)
        say("Everything is stopped.")
    return 0


def _bring_up(supervisor: Supervisor, variables: Mapping[str, str], port: int) -> None:
    code = supervisor.complete([sys.executable, "-m", "portal.embedded.preparation"], variables)
    if code == NO_ADMINISTRATOR:
        _first_administrator(supervisor, variables)
    elif code != 0:
        raise Failed("The database could not be prepared; the reason stands above.")
    web, worker, sweeper = portal_services(supervisor.home, variables, port)
    supervisor.start([web, worker, sweeper])
    supervisor.wait_until(
        lambda: answers(port),
        READY_WITHIN,
        lambda: f"The web server does not answer. The end of {web.log}:\n{web.last_lines()}",
    )


def environment(home: Home, engines: Engines, port: int, is_demo: bool) -> dict[str, str]:
    """What the portal's processes need beyond the environment of the person who started it."""
    demo = {"STAFF_SECOND_FACTOR": os.environ.get("STAFF_SECOND_FACTOR") or "0"} if is_demo else {}
    return {
        **engines.variables,
        **demo,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or home.secret_key(),
        "URBANLINK_HOME": str(home.folder),
        "PORT": str(port),
        "DEMO": "1" if is_demo else "0",
        "PYTHONUNBUFFERED": "1",
        # Two worker processes on two cores: more arithmetic threads would only wait for each other.
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS") or "1",
    }


def portal_services(home: Home, variables: Mapping[str, str], port: int) -> tuple[Service, Service, Service]:
    """Web, worker with timer, and sweeper, in the order in which they stop."""
    web_workers = str(env.int_("WEB_WORKERS", 1, lowest=1, highest=64))
    concurrency = str(env.int_("WORKER_CONCURRENCY", 2, lowest=1, highest=64))
    granian = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    granian += ["--workers", web_workers, "--blocking-threads", "8", "--respawn-failed-workers"]
    granian += ["--workers-kill-timeout", "5", "portal.served:application"]
    celery = ["celery", "-A", "portal", "worker", "-B", "-Q", QUEUES, "-c", concurrency, "-l", "WARNING"]
    celery += ["--without-gossip", "--without-mingle"]

    def service(name: str, *arguments: str, ladder: Sequence[tuple[signal.Signals, float]]) -> Service:
        command = [sys.executable, *arguments]
        return Service(name, command, variables, home.log / f"{name.lower()}.log", CHECKOUT, ladder)

    return (
        service("Web", "-m", *granian, ladder=((signal.SIGTERM, 8.0),)),
        # QUIT gives up tasks under way: their job rows bring them back (docs/architecture.md).
        service("Worker", "-m", *celery, ladder=((signal.SIGTERM, 12.0), (signal.SIGQUIT, 4.0))),
        service("Sweeper", "manage.py", "sweep_jobs", ladder=((signal.SIGTERM, 5.0),)),
    )


def _first_administrator(supervisor: Supervisor, variables: Mapping[str, str]) -> None:
    say("\nNobody may administer this portal yet.")
    # A shell asks, not this process: its one thread has to stay free for signals.
    ask = 'printf "E-mail address of the first administrator: " && IFS= read -r email && exec "$@" "$email"'
    command = ["/bin/sh", "-c", ask, "sh", sys.executable, str(CHECKOUT / "manage.py"), "create_administrator"]
    for _attempt in range(3 if sys.stdin.isatty() else 0):
        code = supervisor.complete(command, variables, terminal=True)
        if code == 0:
            return
        if code in (130, -signal.SIGINT):  # not now
            say()
            break
    say("In another terminal:  python3 bootstrap.py manage create_administrator EMAIL\n")


def take_terminal() -> int | None:
    """Makes our group the one that may read from the terminal; returns whose it was, None without a terminal."""
    if not sys.stdin.isatty():
        return None
    try:
        before = os.tcgetpgrp(sys.stdin.fileno())
    except OSError:
        return None
    give_terminal(os.getpgrp())
    return before


def give_terminal(group: int | None) -> None:
    if group is None:
        return
    # From the background this asks the kernel to stop us, unless we say that we do not mind.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    with contextlib.suppress(OSError):
        os.tcsetpgrp(sys.stdin.fileno(), group)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTTOU})


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        # As the server does: a port on which only closed connections linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Failed(f"Port {port} needs an administrator's rights. Choose another: make run PORT=8010") from None
        except OSError:
            raise Failed(f"Port {port} is taken by another program. Choose another: make run PORT=8010") from None


def answers(port: int, path: str = "/readyz") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
