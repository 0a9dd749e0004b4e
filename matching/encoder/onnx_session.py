"""ONNX Runtime, set up for worker processes that fork and for texts of every length."""

from __future__ import annotations

import ctypes
import os
from typing import Any

# From 1.29 on it reports to its maker unless told not to before it loads; pyproject.toml keeps to versions that cannot.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from onnxruntime import InferenceSession, SessionOptions

# Blocks of every size a text can have leave holes in glibc's heap, which it keeps. Elsewhere there is nothing to call.
_return_free_pages = getattr(ctypes.CDLL(None), "malloc_trim", None)
_RUNS = 16  # between two times; after every single one it would cost a tenth of the encoding


class Session(InferenceSession):  # type: ignore[misc]  # the package has no types
    """A model that runs on the calling thread alone and keeps no memory it does not need."""

    _count = 0

    def run(self, *args: Any, **options: Any) -> Any:
        """As ONNX Runtime's own; what it freed goes back to the system now and then."""
        found = super().run(*args, **options)
        self._count += 1
        if self._count % _RUNS == 0 and _return_free_pages is not None:
            _return_free_pages(0)
        return found


def session(content: bytes | str) -> Session:
    """A model, from its bytes or a path."""
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # An arena would keep the largest block of every length met.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3
    return Session(content, options, providers=["CPUExecutionProvider"])
