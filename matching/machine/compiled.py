"""The compiled loops on demand: numba is imported when a snapshot is searched, never by a web process."""

from __future__ import annotations

import hashlib
import importlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType


@cache
def load(folder: Path | None = None) -> ModuleType:
    """The module of compiled loops; what they compile to is kept in `folder`, for the next process.

    Raises ImportError where numba is not installed.
    """
    import numba

    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        setattr(numba.config, "CACHE_DIR", str(folder))  # noqa: B010 - numba makes its settings at run time
    return importlib.import_module("matching.machine.kernel")


def fingerprint() -> str:
    """Names the loops as compiled: by their text, by numba and by what this processor can do."""
    facts = [version("numba"), version("llvmlite"), platform.machine()]
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        facts += [line for line in cpu.read_text().splitlines() if line.startswith(("flags", "Features"))][:1]
    sources = sorted(Path(__file__).parent.glob("*.py"))
    text = b"".join(source.read_bytes() for source in sources)
    return hashlib.blake2b(repr(facts).encode() + text, digest_size=12).hexdigest()
