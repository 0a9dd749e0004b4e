"""Vectors of meaning for generated records: of unit length, near to each other where the area is the same.

Nobody reads two hundred thousand texts for a measurement; what matters is that every text has a vector of the space in
force, so that nothing waits for the encoder and searches by meaning have something to search.
"""

import struct
from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db import connection

from matching import spaces
from matching.encoder import EncoderAway, Wording, demand_wording, solution_wording
from matching.models import TextVector
from matching.spaces.actions import adopt_space
from matching.vectors import keys_of

HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), struct.pack("!h", -1)
NEAR = 0.7  # of a text to the middle of its area


class Meaning:
    """Writes vectors of the space in force; nothing where the encoder is away and none was ever stored."""

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        self.space, self.dim, self.written = *_space(), 0
        self.middles: dict[int, np.ndarray[Any, Any]] = {}
        self.known: set[tuple[str, str]] = set()

    def keep_demands(self, rows: Iterable[dict[str, Any]]) -> None:
        texts = [
            (row["focus_area_id"], demand_wording(row["title"], _joined(row, "summary", "problem", "outcome")))
            for row in rows
        ]
        self._keep(texts)

    def keep_solutions(self, rows: Iterable[dict[str, Any]]) -> None:
        texts = [
            (
                row["focus_area_id"],
                solution_wording(f"{row['name']}: {row['tagline']}", _joined(row, "solves", "how_it_works")),
            )
            for row in rows
        ]
        self._keep(texts)

    def _keep(self, texts: list[tuple[int, Wording]]) -> None:
        if not self.space:
            return
        wanted = {key: area for area, wording in texts for key in keys_of(wording) if key not in self.known}
        stored = TextVector.objects.filter(text_hash__in=[key[0] for key in wanted], backend=self.space)
        known = set(stored.values_list("text_hash", "kind"))
        new = {key: area for key, area in wanted.items() if key not in known}
        self._copy(list(new), self._draw(list(new.values())))
        # Sentences come again and again; whole texts hardly ever, and remembering them all would not be flat.
        self.known |= {key for _area, wording in texts for key in keys_of(wording)[2:]}
        self.written += len(new)

    def _draw(self, areas: list[int]) -> np.ndarray[Any, Any]:
        for area in sorted({*areas} - {*self.middles}):
            self.middles[area] = _unit(self.chance.normal(size=(1, self.dim)))[0]
        around = _unit(self.chance.standard_normal((len(areas), self.dim), np.float32))
        middles = np.array([self.middles[area] for area in areas], np.float32).reshape(len(areas), self.dim)
        return _unit(NEAR * middles + (1 - NEAR**2) ** 0.5 * around)

    def _copy(self, keys: list[tuple[str, str]], vectors: np.ndarray[Any, Any]) -> None:
        """In PostgreSQL's binary form, as pgvector sends a halfvec: its dimension, a zero, big-endian half floats."""
        lead = struct.pack("!ihh", 4 + 2 * self.dim, self.dim, 0)
        rows = vectors.astype(">f2")
        table = f"{TextVector._meta.db_table} (text_hash, kind, backend, vector)"
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(HEAD)
            for (digest, kind), row in zip(keys, rows, strict=True):
                words = b"".join(struct.pack("!i", len(w)) + w for w in map(str.encode, (digest, kind, self.space)))
                copy.write(struct.pack("!h", 4) + words + lead + row.tobytes())
            copy.write(TAIL)


def _space() -> tuple[str, int]:
    """The space in force and its dimensions, which a stored vector tells, or the encoder."""
    space = spaces.current_id()
    row = TextVector.objects.filter(backend=space).first()
    if row is not None:
        return space, len(np.asarray(row.vector, np.float32))
    try:
        encoder = spaces.encoders()[0]
        dim = encoder.embed(["x"], "query").shape[1]
    except EncoderAway:
        return "", 0
    adopt_space(by="generator", space=encoder.id)
    return encoder.id, dim


def _unit(vectors: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _joined(row: dict[str, Any], *names: str) -> str:
    return "\n".join(filter(None, (row[name] for name in names)))
