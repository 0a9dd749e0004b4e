"""Arrays in files of one folder: written beside what is in use, named by a manifest, mapped read-only."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
_PIECE, _PIECES = 65_536, 64


class Refused(Exception):
    """The folder does not hold what was asked for: torn, of another version, or of something else."""


class ArrayFile:
    """One array, written a part at a time; the parts stand one after another along `axis`."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.bin"
        self._file: BinaryIO = self.path.open("wb")
        self.dtype: np.dtype[Any] | None = None
        self.shape: tuple[int, ...] = ()

    def add(self, part: npt.NDArray[Any]) -> None:
        """Append rows. Raises ValueError where type or width differ from those before."""
        if self.dtype is None:
            self.dtype, self.shape = part.dtype, (0, *part.shape[1:])
        if part.dtype != self.dtype or part.shape[1:] != self.shape[1:]:
            raise ValueError(f"{self.path.name}: {part.dtype}{part.shape} does not follow {self.dtype}{self.shape}")
        self._file.write(np.ascontiguousarray(part).tobytes())
        self.shape = (self.shape[0] + part.shape[0], *self.shape[1:])

    def close(self) -> dict[str, Any]:
        """End the file and say what it holds, for the manifest."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return {"dtype": np.dtype(self.dtype or np.uint8).str, "shape": list(self.shape or (0,))}


def write_array(folder: Path, name: str, array: npt.NDArray[Any]) -> dict[str, Any]:
    """One array as one file; returns its entry of the manifest."""
    file = ArrayFile(folder, name)
    file.add(np.atleast_1d(array))
    return file.close()


def write_manifest(folder: Path, facts: Mapping[str, Any], arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The last file of a folder: what it holds, under which versions, and a digest over all of it."""
    manifest = {"format": FORMAT, **facts, "arrays": dict(arrays)}
    manifest["digest"] = _digest(folder, manifest)
    path = folder / MANIFEST
    with path.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder that is whole. Raises Refused for one that is torn, or of another format."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        digest = manifest.pop("digest")
        if manifest["format"] != FORMAT:
            raise Refused(f"{folder.name}: format {manifest['format']}, this is {FORMAT}")
        found = _digest(folder, manifest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{folder.name}: {type(error).__name__}: {error}") from error
    if digest != found:
        raise Refused(f"{folder.name}: its files are not those that were written")
    return manifest | {"digest": digest}


def map_array(folder: Path, name: str, entry: Mapping[str, Any]) -> npt.NDArray[Any]:
    """An array of the folder, mapped read-only. Raises Refused where its file has another size."""
    dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
    path = folder / f"{name}.bin"
    if path.stat().st_size != dtype.itemsize * int(np.prod(shape)):
        raise Refused(f"{path.name} is torn")
    if 0 in shape:  # an empty file cannot be mapped
        empty: npt.NDArray[Any] = np.zeros(shape, dtype)
        empty.flags.writeable = False
        return empty
    mapped: npt.NDArray[Any] = np.memmap(path, dtype, "r", shape=shape).view(np.ndarray)
    return mapped


def sync_folder(folder: Path) -> None:
    """Make names of files as durable as what they hold."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(folder: Path, manifest: Mapping[str, Any]) -> str:
    """Over the manifest, and of each file its size and up to 64 pieces from first to last: small ones entirely.

    A torn file shows in its size or its last piece; reading gigabytes at every start would show little more.
    """
    found = hashlib.blake2b(json.dumps(manifest, sort_keys=True).encode(), digest_size=16)
    for name in sorted(manifest["arrays"]):
        path = folder / f"{name}.bin"
        size = path.stat().st_size
        found.update(f"{name}:{size}".encode())
        with path.open("rb") as file:
            for start in _starts(size):
                file.seek(start)
                found.update(file.read(_PIECE))
    return found.hexdigest()


def _starts(size: int) -> Iterable[int]:
    if size <= _PIECE * _PIECES:
        return range(0, size, _PIECE)
    return [round(number * (size - _PIECE) / (_PIECES - 1)) for number in range(_PIECES)]
