"""The state folder: one holder, one secret, and a `reset` that deletes ours and nothing else."""

import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from portal.embedded.home import CHECKOUT, Home, Taken
from portal.embedded.processes import Failed


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "state")


def command(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal.embedded", *arguments],
        env={**os.environ, "URBANLINK_HOME": str(home.folder), "DATABASE_URL": "", "REDIS_URL": ""},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_secret_key_is_made_once_and_readable_by_its_owner_only(home: Home) -> None:
    home.folder.mkdir()
    key = home.secret_key()
    assert len(key) >= 50
    assert home.secret_key() == key
    assert stat.S_IMODE((home.folder / "secret_key").stat().st_mode) == 0o600


def test_damaged_secret_key_is_refused(home: Home) -> None:
    home.folder.mkdir()
    (home.folder / "secret_key").write_text("short")
    with pytest.raises(Failed, match="holds no usable key"):
        home.secret_key()


def test_held_folder_is_refused_to_a_second_holder_until_it_is_given_back(home: Home) -> None:
    first = home.hold()
    home.write_state(pid=os.getpid(), address="http://127.0.0.1:8010/")
    with pytest.raises(Taken, match=r"already running at http://127\.0\.0\.1:8010/"):
        home.hold()
    os.close(first)
    os.close(home.hold())


def test_folder_of_a_run_that_is_stopping_is_waited_for(home: Home) -> None:
    first = home.hold()
    home.write_state(pid=os.getpid(), is_stopping=True)
    began = time.monotonic()  # before the clock of the other is set, however long the machine pauses in between
    threading.Timer(0.5, os.close, [first]).start()
    os.close(home.hold())
    assert time.monotonic() - began >= 0.4


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failed, match=r"The state folder .*file/state cannot be used \(Not a directory"):
        Home(tmp_path / "file" / "state").hold()


def test_socket_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / ("x" * 120))
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp")
    far = home._far_sockets()
    far.symlink_to(tmp_path)
    try:
        with pytest.raises(Failed, match="belongs to somebody else"):
            home.sockets()
    finally:
        far.unlink()


def test_reset_deletes_the_state_and_leaves_foreign_files(home: Home) -> None:
    os.close(home.hold())
    (home.folder / "postgres").mkdir()
    (home.folder / "postgres" / "PG_VERSION").write_text("18")
    (home.folder / "letters").mkdir()
    done = command(home, "reset")
    assert done.returncode == 0
    assert [entry.name for entry in home.folder.iterdir()] == ["letters"]


def test_reset_is_refused_while_somebody_works_there(home: Home) -> None:
    lock = home.hold()
    home.write_state(pid=os.getpid(), address="http://127.0.0.1:8010/")
    (home.folder / "postgres").mkdir()
    done = command(home, "reset")
    os.close(lock)
    assert done.returncode == 1
    assert "already running at http://127.0.0.1:8010/" in done.stdout
    assert f"kill {os.getpid()}" in done.stdout
    assert (home.folder / "postgres").is_dir()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [("PORT", "eighty", "PORT: read 'eighty'; expected a whole number"), ("DEMO", "perhaps", "DEMO: read 'perhaps'")],
)
def test_run_with_a_wrong_variable_says_so_before_anything_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    done = command(home, "run")
    assert done.returncode == 1
    assert said in done.stdout
    assert not (home.folder / "postgres").exists()


def test_run_on_a_taken_port_says_so_before_anything_starts(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        done = command(home, "run")
    assert done.returncode == 1
    assert f"Port {port} is taken by another program" in done.stdout
    assert not (home.folder / "postgres").exists()
