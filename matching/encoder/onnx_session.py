"""ONNX Runtime, set up for worker processes that fork and for texts of every length."""

from __future__ import annotations

import os

# From 1.29 on it reports to its maker unless told not to before it loads; pyproject.toml keeps to versions that cannot.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from onnxruntime import InferenceSession, SessionOptions


def session(content: bytes | str) -> InferenceSession:
    """A model, from its bytes or a path, that runs on the calling thread alone and keeps no memory it does not need."""
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # An arena would keep the largest block of every length met.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3
    return InferenceSession(content, options, providers=["CPUExecutionProvider"])
