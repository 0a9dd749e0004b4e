"""A model in a local folder: tokenizer.json and model.onnx, as sentence-transformers and optimum write them.

Read beside them where they stand: modules.json, 1_Pooling/config.json, sentence_bert_config.json (length) and
config_sentence_transformers.json (what to put before a query and a passage).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from matching.encoder.kinds import EncoderAway, FloatArray, Kind, batches

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_MODELS: Final = ("model.onnx", "onnx/model.onnx")
_CONFIGURATIONS: Final = (
    "modules.json",
    "1_Pooling/config.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
)
_READABLE: Final = frozenset({"Transformer", "Pooling", "Normalize"})
_POOLINGS: Final = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
_MAX_TOKENS: Final = 512
_TOKEN_BUDGET: Final = 1024
# Words for the two kinds in config_sentence_transformers.json.
_PROMPTS: Final[dict[Kind, tuple[str, ...]]] = {"query": ("query",), "passage": ("passage", "document")}


class Folder:
    """See RawModel. Nothing is read before the signature or a vector is asked for."""

    def __init__(self, path: str, prefixes: Mapping[Kind, str] | None = None) -> None:
        self._path, self._prefixes = Path(path), prefixes or {}

    @cached_property
    def signature(self) -> str:
        """See RawModel. Of the files' contents: a copy of the folder elsewhere is the same model."""
        digest = hashlib.sha256()
        for path in [self._model_path, self._found("tokenizer.json"), *map(self._path.joinpath, _CONFIGURATIONS)]:
            if path.is_file():
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
            else:
                digest.update(b"-")
        return digest.hexdigest()

    @cached_property
    def prefixes(self) -> Mapping[Kind, str]:
        """See RawModel: those given, else those of the model's own configuration."""
        prompts = self._configuration("config_sentence_transformers.json").get("prompts") or {}
        found = {kind: prompts[word] for kind, words in _PROMPTS.items() for word in words if word in prompts}
        return {**found, **self._prefixes}

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """See RawModel."""
        tokens = [self._token_ids(text) for text in texts]
        vectors: list[FloatArray | None] = [None] * len(tokens)
        for batch in batches([len(ids) for ids in tokens], _TOKEN_BUDGET):
            for position, vector in zip(batch, self._forward([tokens[position] for position in batch]), strict=True):
                vectors[position] = vector
        return np.stack([vector for vector in vectors if vector is not None])

    def _token_ids(self, text: str) -> list[int]:
        # One text at a time: the tokenizer's thread pool for batches does not survive a fork.
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids

    def _forward(self, batch: Sequence[list[int]]) -> FloatArray:
        lengths = np.array([len(ids) for ids in batch])
        mask = (np.arange(lengths.max()) < lengths[:, None]).astype(np.int64)
        ids = np.zeros(mask.shape, np.int64)
        ids[mask == 1] = np.concatenate(batch)
        known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = [given.name for given in self._session.get_inputs()]
        if unknown := set(wanted) - set(known):
            raise EncoderAway(f"{self._path}: the model wants {', '.join(sorted(unknown))}, which nobody gives it")
        states: FloatArray = self._session.run([self._output], {name: known[name] for name in wanted})[0]
        return states if states.ndim == 2 else self._pooled(states, mask)

    def _pooled(self, states: FloatArray, mask: npt.NDArray[np.int64]) -> FloatArray:
        if self._pooling == "cls":
            return states[:, 0]
        sums: FloatArray = (states * mask[..., None]).sum(axis=1)
        return sums / mask.sum(axis=1, keepdims=True)

    @cached_property
    def _output(self) -> str:
        names = [given.name for given in self._session.get_outputs()]
        return "sentence_embedding" if "sentence_embedding" in names else str(names[0])

    @cached_property
    def _pooling(self) -> str:
        chosen = [name for key, name in _POOLINGS.items() if self._configuration("1_Pooling/config.json").get(key)]
        if len(chosen) > 1 or (not chosen and (self._path / "1_Pooling/config.json").is_file()):
            raise EncoderAway(f"{self._path}: only the mean or the first token can be pooled")
        return chosen[0] if chosen else "mean"

    @cached_property
    def _session(self) -> InferenceSession:
        self._refuse_other_modules()
        try:
            from matching.encoder.onnx_session import session
        except ImportError as error:
            raise EncoderAway("ONNX Runtime, which a local folder needs, is not installed here") from error
        try:
            return session(str(self._model_path))
        except Exception as error:  # its own classes, which differ by what is wrong with the file
            raise EncoderAway(f"{self._model_path}: {error}") from error

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        path = self._found("tokenizer.json")
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises Exception itself
            raise EncoderAway(f"{path}: {error}") from error
        longest = self._configuration("sentence_bert_config.json").get("max_seq_length") or _MAX_TOKENS
        tokenizer.enable_truncation(max_length=min(int(longest), _MAX_TOKENS))
        tokenizer.no_padding()
        return tokenizer

    def _refuse_other_modules(self) -> None:
        """A dense or other step after pooling would be left out without a word."""
        modules = self._configuration("modules.json")
        names = {str(module.get("type", "")).rpartition(".")[2] for module in modules if isinstance(module, dict)}
        if unknown := names - _READABLE:
            raise EncoderAway(f"{self._path}: {', '.join(sorted(unknown))} after the transformer is not supported")

    @cached_property
    def _model_path(self) -> Path:
        for name in _MODELS:
            if (self._path / name).is_file():
                return self._path / name
        raise EncoderAway(f"{self._path}: no model.onnx; one is made by `optimum-cli export onnx --model …`")

    def _found(self, name: str) -> Path:
        if not (self._path / name).is_file():
            raise EncoderAway(f"{self._path}: no {name}")
        return self._path / name

    def _configuration(self, name: str) -> Any:
        path = self._path / name
        try:
            return json.loads(path.read_text("utf-8")) if path.is_file() else {}
        except (OSError, ValueError) as error:
            raise EncoderAway(f"{path}: {error}") from error
