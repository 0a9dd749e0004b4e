"""All solutions in one immutable folder that every worker of a host maps: columns, vectors, words and profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching.engine import ENGINE_VERSION, SolutionProfile, Vocabulary
from matching.machine.codebook import Codebook, Terms, vocabulary_id
from matching.machine.codec import Packing, plain, profile
from matching.machine.files import ArrayFile, Refused, map_array, read_manifest, write_array, write_manifest
from matching.machine.offers import MEANT, Figures, Offers, offers, starts
from matching.machine.segment import Rotation, Segment, stacked
from matching.machine.spool import Spool

_CHUNK: Final = 8192
_SAMPLE: Final = 20_000
# Rows of these columns run along their second axis.
_WIDE: Final = frozenset(
    {"areas", "topics", "topic_areas", "countries", "speaks", "models", "yes", "no", "numbers", "claims"}
)


def write_snapshot(
    folder: Path,
    solutions: Iterable[SolutionProfile],
    vocabulary: Vocabulary,
    *,
    facts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write a snapshot into an empty folder and return its manifest; `facts` (JSON) are kept in it.

    Solutions are read once, in any order. Vectors are kept in half precision where that loses nothing, else in single.
    Raises ValueError where ids repeat or vectors are of several encoders.
    """
    spool = Spool(solutions, vocabulary, folder)
    try:
        return _Writer(folder, spool, vocabulary).write(facts or {})
    finally:
        spool.close()


class _Writer:
    def __init__(self, folder: Path, spool: Spool, vocabulary: Vocabulary) -> None:
        self.folder, self.spool, self.vocabulary, self.dim = folder, spool, vocabulary, spool.dim
        self.codes = Codebook()
        self.terms, self.tokens = Terms.of(spool.tokens)
        tables = {self.codes.criteria.number(code): sorted(spool.figures[code]) for code in sorted(spool.figures)}
        self.figures = Figures({criterion: np.array(figures) for criterion, figures in tables.items()})
        self.rotation = Rotation.of(spool.sample(_SAMPLE))
        self.columns: dict[str, list[npt.NDArray[Any]]] = {}
        self.lengths: list[int] = []

    def write(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        files = {name: ArrayFile(self.folder, name) for name in ("vectors", "near", "tails", "profiles")}
        packing: Packing | None = None
        for chunk in self.spool.chunks(_CHUNK):
            packing = packing or Packing.of([plain(solution) for solution in chunk[:24]])
            self._add(chunk, files, packing)
        arrays = {name: file.close() for name, file in files.items()}
        arrays |= {name: write_array(self.folder, name, column) for name, column in self._joined().items()}
        arrays |= {name: write_array(self.folder, name, array) for name, array in self._tables(packing).items()}
        known = {
            "engine": ENGINE_VERSION,
            "vocabulary": vocabulary_id(self.vocabulary),
            "space": self.spool.space,
            "dim": self.dim,
            "count": len(self.spool),
            "codes": self.codes.to_json(),
            "figures": self.figures.to_json(),
            "facts": dict(facts),
        }
        return write_manifest(self.folder, known, arrays)

    def _add(self, chunk: Sequence[SolutionProfile], files: Mapping[str, ArrayFile], packing: Packing) -> None:
        columns = offers(chunk, self.vocabulary, self.codes, self.terms, self.figures)
        for name, column in columns._asdict().items():
            self.columns.setdefault(name, []).append(column)
        vectors = stacked(chunk, self.dim)
        files["vectors"].add(vectors.astype(np.float16) if self.spool.is_half else vectors)
        if self.rotation is not None:
            near, tails = self.rotation.split(vectors)
            files["near"].add(near.astype(np.float16))
            # What rounding to half precision may move a product by is at most this share of the leading part.
            files["tails"].add(tails + np.float32(2.0**-11) * np.linalg.norm(near, axis=1).astype(np.float32))
        packed = [packing.pack(plain(solution)) for solution in chunk]
        files["profiles"].add(np.frombuffer(b"".join(packed), np.uint8))
        self.lengths += [len(one) for one in packed]

    def _joined(self) -> dict[str, npt.NDArray[Any]]:
        """The columns of all chunks as one each. Later chunks may know more codes and have wider sets."""
        joined = {}
        for name, parts in self.columns.items():
            if name in _WIDE:
                width = max(len(part) for part in parts)
                parts = [np.pad(part, ((0, width - len(part)), (0, 0))) for part in parts]
                joined[f"offers.{name}"] = np.concatenate(parts, axis=1)
            elif name.endswith("_start"):
                joined[f"offers.{name}"] = starts(np.concatenate([np.diff(part) for part in parts]))
            else:
                joined[f"offers.{name}"] = np.concatenate(parts)
        return joined

    def _tables(self, packing: Packing | None) -> dict[str, npt.NDArray[Any]]:
        texts = [token.encode("utf-8", "surrogatepass") for token in self.tokens]
        ids = [identifier.encode() for identifier in self.spool.ids]
        found: dict[str, npt.NDArray[Any]] = {
            "profile_start": starts(self.lengths),
            "packing": np.frombuffer(packing.sample if packing else b"", np.uint8),
            "terms": self.terms.hashes,
            "tokens": np.frombuffer(b"".join(texts), np.uint8),
            "token_start": starts([len(text) for text in texts]),
            "ids": np.frombuffer(b"".join(ids), np.uint8),
            "id_start": starts([len(text) for text in ids]),
            "id_order": np.array(sorted(range(len(ids)), key=ids.__getitem__), np.uint32),
        }
        return found if self.rotation is None else found | {"rotation": self.rotation.basis}


@dataclass(frozen=True)
class Snapshot:
    """A mapped snapshot. `facts` are those it was written with; `digest` is its identity."""

    folder: Path
    digest: str
    facts: Mapping[str, Any]
    segment: Segment

    @classmethod
    def open(cls, folder: Path, vocabulary: Vocabulary) -> Snapshot:
        """Map a snapshot read-only. Raises Refused where it is torn, or made for another engine or vocabulary."""
        manifest = read_manifest(folder)
        if (manifest["engine"], manifest["vocabulary"]) != (ENGINE_VERSION, vocabulary_id(vocabulary)):
            raise Refused(f"{folder.name}: made for another engine or vocabulary")
        arrays = {name: map_array(folder, name, entry) for name, entry in manifest["arrays"].items()}
        columns = {name.partition(".")[2]: array for name, array in arrays.items() if name.startswith("offers.")}
        rotation = arrays.get("rotation")
        segment = Segment(
            offers=Offers(**columns),
            vectors=arrays["vectors"].reshape(manifest["count"], manifest["dim"]),
            profiles=_Mapped(arrays),
            codes=Codebook.from_json(manifest["codes"]),
            terms=Terms(arrays["terms"]),
            figures=Figures.from_json(manifest["figures"]),
            vocabulary=vocabulary,
            space=manifest["space"],
            ids=Texts(arrays["ids"], arrays["id_start"]),
            id_order=arrays["id_order"],
            near=None if rotation is None else arrays["near"],
            tails=None if rotation is None else arrays["tails"],
            rotation=None if rotation is None else Rotation(np.array(rotation)),
        )
        return cls(folder, manifest["digest"], manifest["facts"], segment)


class Texts(Sequence[str]):
    """Short texts in one array of bytes, read when asked for."""

    def __init__(self, text: npt.NDArray[np.uint8], start: npt.NDArray[np.int64]) -> None:
        self._text, self._start = text, start

    def __len__(self) -> int:
        return len(self._start) - 1

    def __getitem__(self, row: Any) -> Any:
        part = self._text[self._start[row] : self._start[row + 1]].tobytes()
        return part.decode("utf-8", "surrogatepass")


class _Mapped:
    """Profiles put together from the files when asked for."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._arrays = arrays
        self._packing = Packing(arrays["packing"].tobytes())
        self._tokens = Texts(arrays["tokens"], arrays["token_start"])

    def __getitem__(self, row: int) -> SolutionProfile:
        arrays = self._arrays
        first, last = arrays["profile_start"][row : row + 2]
        vector = None
        content = self._packing.unpack(arrays["profiles"][first:last].tobytes())
        if arrays["offers.flags"][row] & MEANT:
            vector = arrays["vectors"][row].astype(np.float32)
        first, last = arrays["offers.term_start"][row : row + 2]
        terms = frozenset(self._tokens[int(token)] for token in arrays["offers.term_ids"][first:last])
        return profile(content, vector=vector, terms=terms)
