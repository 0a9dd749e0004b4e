"""Whoever is killed, nothing is left; only processes that these tests start are ever signalled."""

import fcntl
import os
import pty
import signal
import stat
import subprocess
import sys
import termios
from collections.abc import Generator
from pathlib import Path

import pytest

from portal.embedded.home import CHECKOUT, Home
from tests.platform.watching import PATIENCE, children, descendants, eventually, running

pytestmark = pytest.mark.xdist_group("embedded")


# Leads its session and keeps a hang-up to itself, as make does.
LEADER = """
import signal, subprocess, sys
signal.signal(signal.SIGHUP, lambda *_: None)
sys.exit(subprocess.call(sys.argv[1:]))
"""


def become_ordinary(terminal: bool) -> None:
    """Between fork and exec: a HUP that CI ignores is not ignored here, and standard input rules the session."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Run:
    """One small run and all processes below it; with `terminal`, a descriptor, below a leader that owns it."""

    def __init__(self, folder: Path, terminal: int | None = None) -> None:
        self.home = Home(folder)
        environment = {**os.environ, "DATABASE_URL": "", "REDIS_URL": "", "PYTHONPATH": str(CHECKOUT)}
        self.output = folder.parent / f"{folder.name}.out"
        with self.output.open("wb") as sink:
            command = [sys.executable, str(Path(__file__).with_name("small_run.py")), str(folder)]
            self.process = subprocess.Popen(
                command if terminal is None else [sys.executable, "-c", LEADER, *command],
                stdin=subprocess.DEVNULL if terminal is None else terminal,
                preexec_fn=lambda: become_ordinary(terminal is not None),
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        self.seen: set[int] = set()

    def wait_ready(self) -> None:
        eventually(lambda: self.home.read_state().get("ready") is True, self.said)
        self.seen = descendants(self.process.pid)

    def said(self) -> str:
        return self.output.read_text()

    @property
    def supervisor(self) -> int:
        return int(self.home.read_state()["supervisor"])

    def left(self) -> list[str]:
        return [name for pid in self.seen | {self.process.pid} if (name := running(pid))]


@pytest.fixture
def run(tmp_path: Path) -> Generator[Run]:
    small = Run(tmp_path / "state")
    try:
        small.wait_ready()
        yield small
    finally:
        if small.process.poll() is None:
            small.process.kill()
        small.process.wait(PATIENCE)
        eventually(lambda: not small.left(), small.left)
        small.home.leave_sockets()  # the path of a test is long, and a killed supervisor leaves its folder


def test_run_has_every_server_and_a_grandchild_below_it(run: Run) -> None:
    commands = " ".join(running(pid) for pid in run.seen)
    assert len(run.seen) >= 8
    assert all(name in commands for name in ("postgres", "valkey-server", "io worker"))


def test_run_opens_sockets_for_its_own_user_only(run: Run) -> None:
    folder = run.home.sockets()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    sockets = [path for path in folder.iterdir() if stat.S_ISSOCK(path.stat().st_mode)]
    assert len(sockets) == 2
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in sockets)
    addresses = {line.split()[1] for pid in run.seen for line in tcp_listeners(pid)}
    assert not addresses


def tcp_listeners(pid: int) -> list[str]:
    mine = {str(path.readlink()) for path in Path(f"/proc/{pid}/fd").glob("*") if path.is_symlink()}
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return [line for line in lines if line.split()[3] == "0A" and f"socket:[{line.split()[9]}]" in mine]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_to_the_run_stops_everything_in_order(run: Run, number: signal.Signals) -> None:
    run.process.send_signal(number)
    assert run.process.wait(PATIENCE) == 0
    assert not run.left()
    assert f"stopping ({number.name})" in run.said()
    assert "database system is shut down" in (run.home.log / "postgres.log").read_text()


def test_kill_of_the_watchman_stops_everything_in_order(run: Run) -> None:
    run.process.kill()
    run.process.wait(PATIENCE)
    eventually(lambda: not run.left(), run.left)
    assert "the process that started this one is gone" in run.said()
    assert "database system is shut down" in (run.home.log / "postgres.log").read_text()


def test_kill_of_the_supervisor_leaves_nothing(run: Run) -> None:
    os.kill(run.supervisor, signal.SIGKILL)
    assert run.process.wait(PATIENCE) == 128 + signal.SIGKILL
    assert not run.left()


def test_kill_of_the_whole_group_stops_everything_in_order(run: Run) -> None:
    os.killpg(run.process.pid, signal.SIGKILL)
    run.process.wait(PATIENCE)
    eventually(lambda: not run.left(), run.left)
    assert "database system is shut down" in (run.home.log / "postgres.log").read_text()


def test_kill_of_watchman_and_supervisor_at_once_stops_every_service(run: Run) -> None:
    services = children(run.supervisor)
    assert len(services) == 4
    os.kill(run.process.pid, signal.SIGSTOP)  # so that it cannot notice the other's end
    os.kill(run.supervisor, signal.SIGKILL)
    run.process.kill()
    run.process.wait(PATIENCE)
    eventually(lambda: not [pid for pid in services if running(pid)], run.left)
    # Its child ignores every signal: the kernel's help ends there.
    for pid in run.seen - services:
        if "signal.SIG_IGN" in running(pid):
            os.kill(pid, signal.SIGKILL)
    eventually(lambda: not run.left(), run.left)


def test_closed_terminal_stops_everything_though_the_leader_is_silent(tmp_path: Path) -> None:
    here, there = pty.openpty()
    run = Run(tmp_path / "state", terminal=there)
    os.close(there)
    try:
        run.wait_ready()
    finally:
        os.close(here)
    assert run.process.wait(PATIENCE) == 0
    assert not run.left()
    assert "stopping (the terminal is closed)" in run.said() or "stopping (SIGHUP)" in run.said()


def test_dead_server_is_started_again(run: Run) -> None:
    first = next(pid for pid in run.seen if "valkey-server" in running(pid))
    os.kill(first, signal.SIGKILL)
    eventually(lambda: "Valkey ended (code -9); starting it again" in run.said(), run.said)
    fresh: set[int] = set()

    def is_back() -> bool:
        fresh.update(pid for pid in descendants(run.process.pid) if "valkey-server" in running(pid))
        return bool(fresh - {first})

    eventually(is_back, run.said)
    run.seen |= fresh


def test_dead_database_is_started_again(run: Run) -> None:
    import psycopg

    address = f"postgresql://urbanlink@/urbanlink?host={run.home.sockets()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    postmaster = int((run.home.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)

    def is_back() -> bool:
        try:
            with psycopg.connect(address) as connection:
                return connection.execute("SELECT one FROM kept").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    eventually(is_back, run.said)
    run.seen |= descendants(run.process.pid)


def test_second_run_is_refused_with_the_address_of_the_first(run: Run) -> None:
    second = Run(run.home.folder)
    assert second.process.wait(PATIENCE) == 1
    assert "already running at http://127.0.0.1:1/" in second.said()
    assert f"kill {run.process.pid}" in second.said()
    assert run.process.poll() is None


def test_run_waits_for_a_killed_one_to_end_and_takes_over(run: Run) -> None:
    run.process.kill()
    run.process.wait(PATIENCE)
    second = Run(run.home.folder)
    try:
        eventually(lambda: "ready" in second.said(), second.said)
        second.seen = descendants(second.process.pid)
    finally:
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(PATIENCE) == 0
    assert not run.left()
    assert not second.left()


@pytest.mark.parametrize("name", ["long " + "x" * 90, 'läng, mit "Komma" und Ärger'])
def test_state_folder_with_an_awkward_path_works(tmp_path: Path, name: str) -> None:
    run = Run(tmp_path / name)
    try:
        run.wait_ready()
        assert len(str(run.home.sockets())) <= 80
        far = run.home.sockets()
        assert far != run.home.folder / "run"
    finally:
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(PATIENCE) == 0
    assert not run.left()
    assert not far.exists()


def test_service_that_ends_twice_is_started_a_third_time(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "ends").write_text("2")
    run = Run(folder)
    try:
        eventually((folder / "lives").exists, run.said)
        assert run.said().count("Mortal ended (code 1)") == 2
    finally:
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(PATIENCE) == 0
