"""Vectors kept on disk between evaluations, one SQLite file a backend, keyed by kind and text hash."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from matching.encoder import EmbeddingBackend, Kind, text_hash
from matching.encoder.backends import FloatArray

# Texts encoded between two commits: what an interruption can cost.
_CHUNK: Final = 256
_READ: Final = 500


class VectorFile:
    """A backend's vectors in `<folder>/<backend id>.sqlite3`; `embed` encodes only what is not there yet."""

    def __init__(
        self, folder: Path, backend: EmbeddingBackend, progress: Callable[[int, int], None] | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._backend = backend
        self._progress = progress or (lambda done, total: None)
        self._database = sqlite3.connect(folder / f"{backend.id}.sqlite3", timeout=60)
        self._database.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    def embed(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        """As the backend's `embed`, from the file where it can."""
        keys = [f"{kind}:{text_hash(text)}" for text in texts]
        found = dict(self._read(keys))
        # By length, so that the backend's batches are even and progress speeds up towards no surprise.
        missing = sorted(
            {key: text for key, text in zip(keys, texts, strict=True) if key not in found}.items(), key=_length
        )
        for start in range(0, len(missing), _CHUNK):
            self._progress(start, len(missing))
            chunk = missing[start : start + _CHUNK]
            vectors = self._backend.embed([text for _, text in chunk], kind)
            found.update((key, vector) for (key, _), vector in zip(chunk, vectors, strict=True))
            self._write(
                [(key, vector.astype("<f4").tobytes()) for (key, _), vector in zip(chunk, vectors, strict=True)]
            )
        return np.stack([found[key] for key in keys]) if keys else np.empty((0, self._backend.dim), np.float32)

    def _read(self, keys: Sequence[str]) -> Iterator[tuple[str, FloatArray]]:
        distinct = list(dict.fromkeys(keys))
        for start in range(0, len(distinct), _READ):
            chunk = distinct[start : start + _READ]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608 - only question marks
            for key, vector in self._database.execute(query, chunk):
                yield key, np.frombuffer(vector, "<f4")

    def _write(self, rows: Sequence[tuple[str, bytes]]) -> None:
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


def _length(item: tuple[str, str]) -> int:
    return len(item[1])
