"""The compiled loops on demand: numba is imported when a snapshot is searched, never by a web process."""

from __future__ import annotations

import importlib
from functools import cache
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
