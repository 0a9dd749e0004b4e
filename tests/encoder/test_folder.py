"""A model in a folder: a small one of our own making, complete, and with something missing or wrong."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from matching.encoder import EncoderAway, InMemory, Service, foreign, onnx_file
from matching.encoder.folder import Folder
from tests.encoder.hostile import HOSTILE

pytest.importorskip("onnxruntime", reason="ONNX Runtime has no build for this platform")

WORDS = ["[UNK]", "lamps", "street", "flood", "query:", "passage:", "de", "of", "の"]
TABLE = np.random.default_rng(1).normal(size=(len(WORDS), 6)).astype(np.float32)


def write_model(path: Path, inputs: tuple[str, ...] = ("input_ids", "attention_mask")) -> None:
    """input_ids → a row of TABLE each: the last states of a model that reads words one by one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        onnx_file.model(
            nodes=[onnx_file.node("Gather", ["table", "input_ids"], "last_hidden_state")],
            tensors=[onnx_file.tensor("table", TABLE)],
            inputs=[onnx_file.value(name, np.int64, ["b", "t"]) for name in inputs],
            outputs=[onnx_file.value("last_hidden_state", np.float32, ["b", "t", 6])],
            operators={"": 17},
        )
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_model(tmp_path / "model.onnx")
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.enable_padding(length=40)  # as some folders have it; a batch is padded by the reader
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def configure(folder: Path, name: str, content: Any) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content))


def test_states_are_averaged_over_the_tokens_alone(folder: Path) -> None:
    vectors = Folder(str(folder)).embed(["lamps street", "flood"])
    np.testing.assert_allclose(vectors, [TABLE[1:3].mean(axis=0), TABLE[3]], atol=1e-6)


def test_first_token_is_taken_where_the_model_says_so(folder: Path) -> None:
    configure(folder, "1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    np.testing.assert_allclose(Folder(str(folder)).embed(["street flood"]), [TABLE[2]], atol=1e-6)


def test_model_below_onnx_is_found(folder: Path) -> None:
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    assert Folder(str(folder)).embed(["lamps"]).shape == (1, 6)


def test_length_is_the_model_s_own(folder: Path) -> None:
    configure(folder, "sentence_bert_config.json", {"max_seq_length": 2})
    np.testing.assert_allclose(Folder(str(folder)).embed(["lamps street flood"]), [TABLE[1:3].mean(axis=0)], atol=1e-6)


def test_prompts_of_the_configuration_are_put_before(folder: Path) -> None:
    configure(folder, "config_sentence_transformers.json", {"prompts": {"query": "query: ", "document": "passage: "}})
    assert Folder(str(folder)).prefixes == {"query": "query: ", "passage": "passage: "}
    assert Folder(str(folder), {"query": "street "}).prefixes["query"] == "street "


def test_many_texts_of_all_lengths_keep_their_places(folder: Path) -> None:
    texts = [" ".join(["lamps"] * (number % 7 + 1)) if number % 2 else "flood" for number in range(60)]
    expected = [TABLE[1] if number % 2 else TABLE[3] for number in range(60)]
    np.testing.assert_allclose(Folder(str(folder)).embed(texts), expected, atol=1e-6)


def test_backend_of_a_folder_takes_hostile_texts(folder: Path) -> None:
    vectors = foreign(Service(f"local:{folder}"), InMemory()).embed(HOSTILE, "passage")
    assert vectors.shape == (len(HOSTILE), 6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_id_follows_the_contents_not_the_place(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("copy") / "model"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    same, first = (foreign(Service(f"local:{place}"), InMemory()).id for place in (copy, folder))
    configure(copy, "1_Pooling/config.json", {"pooling_mode_cls_token": True})
    other = foreign(Service(f"local:{copy}"), InMemory()).id
    assert (same == first, other == first) == (True, False)
    assert first.startswith("local-")


def test_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    encoder = foreign(Service(f"local:{tmp_path}/none"), InMemory())
    with pytest.raises(EncoderAway, match=r"none: no model\.onnx"):
        encoder.embed(["x"], "query")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tokenizer.json", None, r"no tokenizer\.json"),
        ("tokenizer.json", b"{", r"tokenizer\.json: "),
        ("model.onnx", b"not a model", r"model\.onnx: "),
        ("1_Pooling/config.json", b'{"pooling_mode_max_tokens": true}', "only the mean or the first token"),
        ("1_Pooling/config.json", b"{", r"config\.json: "),
        ("modules.json", b'[{"type": "sentence_transformers.models.Dense"}]', "Dense after the transformer"),
    ],
)
def test_folder_that_cannot_be_used_says_why(folder: Path, name: str, content: bytes | None, said: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(EncoderAway, match=said):
        Folder(str(folder)).embed(["x"])


def test_input_that_nobody_knows_is_named(folder: Path) -> None:
    write_model(folder / "model.onnx", ("input_ids", "pixel_values"))
    with pytest.raises(EncoderAway, match="wants pixel_values"):
        Folder(str(folder)).embed(["x"])


def test_without_the_runtime_the_folder_says_what_it_needs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "matching.encoder.onnx_session", raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EncoderAway, match="ONNX Runtime, which a local folder needs"):
        Folder(str(folder)).embed(["x"])
