"""The parts of a benchmark by name: each runs in a process of its own, so that peaks of memory are its own."""

import importlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import rows
from tests.bench.rows import Row
from tests.bench.stage import PACKAGES

WORLDS = [(100, 1_000), (1_000, 10_000), (10_000, 100_000)]
MILLION = (1_000, 1_000_000)


@dataclass(frozen=True)
class Part:
    """A function of tests.bench.sections that yields rows, and what to call it with."""

    name: str
    about: str
    function: str
    arguments: tuple[int, ...] = ()
    patience: int = 600  # seconds; a net below what hangs, several times what a quiet machine takes
    has_servers: bool = False  # brings its own, and sets up Django once they are known
    is_long: bool = False  # runs when it is asked for by name only

    def is_wanted(self, names: list[str]) -> bool:
        return not self.is_long if not names else any(self.name.startswith(name) for name in names)

    def rows(self) -> Iterator[Row]:
        module, name = self.function.split(":")
        function = getattr(importlib.import_module(f"tests.bench.sections.{module}"), name)
        yield from function(*self.arguments)


def _parts() -> list[Part]:
    worlds = [*WORLDS, MILLION] if os.environ.get("SCALE", "").lower() == "1m" else WORLDS
    speed = [
        Part(f"speed-{d}x{s}", f"{d:,} demands, {s:,} solutions", "speed:world", (d, s), 900 if s < 10**6 else 7200)
        for d, s in worlds
    ]
    return [
        *speed,
        Part("growth", "how cost grows with solutions and demands", "growth:exponents"),
        Part("exposure", "how lists share out attention", "order:exposure"),
        Part("calibration", "whether points mean what they say", "order:calibration"),
        Part("quality", "better lists than fused searches", "quality:ahead"),
        Part("encoder-speed", "the two ways to run the e5 weights", "encoder:weights"),
        Part("encoder-memory", "memory over 10,000 texts", "encoder:memory", patience=1200, is_long=True),
        Part("rematch", "everything in the optional folder of public data", "rematch:everything"),
        Part("persisting", "lists into the database", "persisting:lists"),
        Part("pages", "a list page beside a bare greeting", "pages:lists"),
        Part(
            "pages-of-many",
            "every page beside 100,000 demands and solutions",
            "many:pages",
            (100_000, 100_000),
            5400,
            is_long=True,
        ),
        Part("desk", "a moderator's next item of two hundred", "desk:next_item"),
        Part("latency", "published → visible", "latency:visible", (520, 120), patience=1200, has_servers=True),
    ]


PARTS = _parts()


def main(name: str, file: Path) -> None:
    """Writes after every row: what was measured before a part breaks is kept."""
    import django

    sys.path.append(str(PACKAGES))  # behind everything else, so that no package of the portal is replaced
    part = next(part for part in PARTS if part.name == name)
    if not part.has_servers:
        django.setup()
    found: list[Row] = []
    for one in part.rows():
        found.append(one)
        rows.write(found, file)
    file.with_suffix(".done").touch()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
