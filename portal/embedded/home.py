"""The state folder: where things lie, who holds it, and the one secret in it."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.embedded.processes import Failed

CHECKOUT = Path(__file__).resolve().parents[2]
# sun_path holds 108 bytes on Linux and 104 on macOS, and PostgreSQL adds "/.s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 80
# A comma would split libpq's host, a space or an accent would need quoting in three spellings of one address.
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./+-]+")
OWN_ENTRIES = (
    *("postgres", "postgres.new", "valkey", "log", "run", "static", "media", "mails", "secret_key"),
    # The timer's notes, under the names that Python's three kinds of dbm give them.
    *(f"celerybeat-schedule{ending}" for ending in ("", ".db", ".dat", ".dir", ".bak")),
)


class Taken(Failed):
    """Another process holds the folder. `state` is what it wrote about itself, empty if it had no time to."""

    def __init__(self, folder: Path, state: dict[str, Any]) -> None:
        self.state = state
        where = f" at {state['address']}" if state.get("address") else ""
        stop = f"\nStop it with Ctrl-C in its terminal or with: kill {state['pid']}" if state.get("pid") else ""
        super().__init__(f"UrbanLink is already running{where} on {folder}.{stop}")


@dataclass(frozen=True, slots=True)
class Home:
    """One state folder; nothing is created before it is asked for."""

    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def state_file(self) -> Path:
        return self.folder / "run" / "supervisor.json"

    def hold(self, patience: float = 25.0) -> int:
        """Takes the folder for this process, its forks and every service that is given the descriptor.

        Returns the descriptor to keep open. Services that outlived a killed run hold the folder too, so `patience`
        seconds are spent on waiting for their end; raises `Taken` while whoever wrote the state is alive, or `Failed`
        when the folder cannot be used.
        """
        try:
            for part in (self.folder, self.folder / "run"):
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.folder / "run" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            reason = f"{error.strerror}: {error.filename}"
            raise Failed(f"The state folder {self.folder} cannot be used ({reason}).") from None
        end = time.monotonic() + patience
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            state = self.read_state()
            is_at_work = _is_running(state.get("pid")) and not state.get("is_stopping")
            if is_at_work or time.monotonic() > end:
                os.close(lock)
                raise Taken(self.folder, state)
            time.sleep(0.1)
        self.state_file.unlink(missing_ok=True)
        return lock

    def read_state(self) -> dict[str, Any]:
        """What the running supervisor says of itself: pid, address, environment. Empty when nothing is written."""
        try:
            state = json.loads(self.state_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def write_state(self, **state: Any) -> None:
        part = self.state_file.with_suffix(".new")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as sink:
            json.dump(state, sink)
        part.replace(self.state_file)

    def sockets(self) -> Path:
        """A folder of ours alone (0700) whose name is short and plain enough for Unix sockets."""
        near = self.folder / "run"
        if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(near)):
            near.mkdir(mode=0o700, parents=True, exist_ok=True)
            near.chmod(0o700)
            return near
        return _private_folder(self._far_sockets())

    def _far_sockets(self) -> Path:
        tag = hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:12]
        base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
        if len(os.fsencode(base)) > LONGEST_SOCKET_FOLDER - 40 or not base.is_dir() or not os.access(base, os.W_OK):
            base = Path("/tmp")  # noqa: S108  (checked for its owner below)
        return base / f"urbanlink-{os.getuid()}-{tag}"

    def leave_sockets(self) -> None:
        """After the servers have stopped: a folder outside ours is not left behind."""
        shutil.rmtree(self._far_sockets(), ignore_errors=True)

    def secret_key(self) -> str:
        """Made once; whoever reads it can forge sessions, so nobody else may."""
        path = self.folder / "secret_key"
        with contextlib.suppress(FileExistsError):
            end = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(end, secrets.token_urlsafe(60).encode("ascii"))
            os.close(end)
        key = path.read_text(encoding="ascii").strip()
        if len(key) < 32:
            raise Failed(f"{path} holds no usable key. Delete it; a new one is made, and everybody signs in again.")
        return key

    def clear(self) -> None:
        """Deletes the state; the caller holds the folder. In a folder that is not ours alone, only what we made."""
        self.leave_sockets()
        ours_alone = self.folder == CHECKOUT / "var"
        for entry in self.folder.iterdir() if ours_alone else [self.folder / name for name in OWN_ENTRIES]:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink(missing_ok=True)


def _private_folder(folder: Path) -> Path:
    """In a folder that everybody may write to, somebody else may have been first."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (found.st_uid != os.getuid() and os.getuid() != 0):
        raise Failed(f"{folder} belongs to somebody else; set URBANLINK_HOME to a shorter path.")
    folder.chmod(0o700)
    return folder


def _is_running(pid: object) -> bool:
    try:
        os.kill(int(str(pid)), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True
