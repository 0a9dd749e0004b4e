"""The two ways to run the e5 weights, and the writer of the graph one of them runs."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matching.encoder import onnx_file
from matching.encoder.e5 import E5Reader, load_e5
from matching.encoder.e5_numpy import E5Numpy
from matching.encoder.e5_weights import E5Weights
from matching.encoder.kinds import batches

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    "LED",
    "Replace 4,000 street lamps by LED within two years.",
    "洪水から港を守る防潮堤を新設し、排水ポンプを更新する。",
    "Necesitamos renovar el alumbrado público sin inversión inicial. " * 12,
    "가로등 교체",
]


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return E5Weights()


@pytest.mark.xdist_group("encoder models")
@pytest.mark.parametrize("prefix", ["query: ", "passage: "])
def test_onnx_and_numpy_give_the_same_vectors(weights: E5Weights, prefix: str) -> None:
    pytest.importorskip("onnxruntime", reason="ONNX Runtime has no build for this platform")
    from matching.encoder.e5_onnx import E5Onnx

    quick = E5Reader(weights, E5Onnx(weights)).encode(TEXTS, prefix)
    plain = E5Reader(weights, E5Numpy(weights)).encode(TEXTS, prefix)
    np.testing.assert_allclose(quick, plain, atol=2e-6)


@pytest.mark.xdist_group("encoder models")
def test_without_onnx_runtime_numpy_reads_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matching.encoder.e5_onnx", raising=False)
    monkeypatch.delitem(sys.modules, "matching.encoder.onnx_session", raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert isinstance(load_e5()._model, E5Numpy)


def test_four_bit_tensor_is_packed_as_onnx_reads_it(weights: E5Weights) -> None:
    packed, scales = weights.packed("l0.q.w", 384)
    first, second = packed & 15, packed >> 4
    values = (np.stack([first, second], axis=-1).reshape(384, 12, 32).astype(np.float32) - 8) * scales[..., None]
    np.testing.assert_array_equal(values.reshape(384, 384), weights.unpacked("l0.q.w", 384))


def test_runtime_starts_no_thread_and_tells_nobody() -> None:
    """Threads would not survive the fork of a worker; one of the later versions' sends reports from a public server."""
    pytest.importorskip("onnxruntime")
    script = (
        "import os; from matching.encoder.onnx_session import session;"
        "from matching.encoder.e5_onnx import graph; from matching.encoder.e5_weights import E5Weights;"
        "session(graph(E5Weights()));"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], len(os.listdir('/proc/self/task')))"
    )
    if not Path("/proc/self/task").exists():
        pytest.skip("threads are counted in /proc")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "1"]


def test_runtime_without_a_word_to_its_maker_is_the_one_installed() -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    assert tuple(map(int, onnxruntime.__version__.split(".")[:2])) < (1, 29)


@pytest.mark.parametrize(
    ("is_padded", "expected"),
    [(True, [[2, 0], [1], [3]]), (False, [[2, 0, 1], [3]])],
)
def test_batches_keep_to_the_budget(is_padded: bool, expected: list[list[int]]) -> None:
    assert batches([100, 300, 20, 600], 512, is_padded=is_padded) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, b"\x08\x00"), (127, b"\x08\x7f"), (128, b"\x08\x80\x01"), (300, b"\x08\xac\x02")]
)
def test_numbers_are_written_as_protocol_buffers_do(number: int, expected: bytes) -> None:
    assert onnx_file._number(1, number) == expected


def test_model_of_one_step_runs() -> None:
    pytest.importorskip("onnxruntime")
    from matching.encoder.onnx_session import session

    content = onnx_file.model(
        nodes=[onnx_file.node("LayerNormalization", ["x", "scale"], "y", attributes={"axis": 1, "epsilon": 1e-5})],
        tensors=[onnx_file.tensor("scale", np.full(3, 2, np.float32))],
        inputs=[onnx_file.value("x", np.float32, ["rows", 3])],
        outputs=[onnx_file.value("y", np.float32, ["rows", 3])],
        operators={"": 17},
    )
    (found,) = session(content).run(None, {"x": np.array([[1, 2, 3]], np.float32)})
    np.testing.assert_allclose(found, [[-2.449, 0, 2.449]], atol=1e-3)
