"""Snapshots of one host: written beside each other, the newest named by a pointer, old ones thrown away unread.

A reader holds a shared lock on the snapshot it has mapped for as long as it lives, so that none is removed under it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from matching.engine import Vocabulary
from matching.machine.files import Refused, sync_folder
from matching.machine.snapshot import Snapshot

_POINTER: Final = "current"
_MAKING: Final = "making"
_NEW: Final = "new-"
_LOCK: Final = "readers"


class Shelf:
    """The folder of a host's snapshots."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def named(self) -> str | None:
        """The name of the newest snapshot; it changes with every swap."""
        try:
            return (self.root / _POINTER).read_text(encoding="ascii").strip() or None
        except OSError:
            return None

    def open(self, vocabulary: Vocabulary) -> tuple[Snapshot, int]:
        """The newest snapshot and the handle of the lock that keeps it. Raises Refused where there is none of use."""
        for _ in range(3):
            name = self.named()
            if name is None:
                break
            try:
                handle = os.open(self.root / name / _LOCK, os.O_RDONLY)
            except OSError:
                continue  # swapped and removed between the two readings
            fcntl.flock(handle, fcntl.LOCK_SH)
            try:
                return Snapshot.open(self.root / name, vocabulary), handle
            except Refused:
                os.close(handle)
                raise
        raise Refused("no snapshot")

    @contextmanager
    def making(self) -> Iterator[Path | None]:
        """An empty folder to write a snapshot into, or None while another process of this host writes one.

        What is left of it when the block ends without `publish` is thrown away.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root / _MAKING, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            for left in self.root.glob(f"{_NEW}*"):
                shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix=_NEW, dir=self.root))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)

    def is_making(self) -> bool:
        """Whether a process of this host writes a snapshot now."""
        try:
            handle = os.open(self.root / _MAKING, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(handle)

    def publish(self, folder: Path, digest: str) -> None:
        """Make a written snapshot the newest, in one step that a crash leaves either done or undone."""
        (folder / _LOCK).touch()
        sync_folder(folder)
        final = self.root / f"s-{digest}"
        if not final.exists():
            folder.rename(final)
        sync_folder(self.root)
        pointer = self.root / f"{_POINTER}.{os.getpid()}"
        with pointer.open("w", encoding="ascii") as file:
            file.write(final.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.root / _POINTER)
        sync_folder(self.root)
        self.tidy()

    def tidy(self) -> int:
        """Remove snapshots that are not the newest and that nobody reads; returns how many."""
        gone = 0
        for folder in self.root.glob("s-*"):
            if folder.name != self.named() and _is_unread(folder):
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
        return gone

    def clear(self) -> None:
        """Take the pointer away: nothing new is read from here."""
        (self.root / _POINTER).unlink(missing_ok=True)
        if self.root.exists():
            self.tidy()


def _is_unread(folder: Path) -> bool:
    try:
        handle = os.open(folder / _LOCK, os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(handle)
