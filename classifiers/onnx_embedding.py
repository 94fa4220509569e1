"""Embeddings of a user's ONNX model with its tokenizer, by onnxruntime and tokenizers, which are not installed by us.

One document at a time, on one thread: what a padded batch, or a sum cut over threads, gives differs in its last
places with what stands beside a document, and a float16 of it could.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.text.layer import Text

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
PACKAGES = {"onnxruntime": "1.32.0", "tokenizers": "0.23.3"}  # the versions that it was tried with
MOST_TOKENS = 512


class EmbeddingError(ValueError):
    """A model that cannot be loaded, or that gives no vector; the message names the file."""


def missing() -> str:
    """How to install what is missing; empty where nothing is."""
    absent = [f"{name}=={version}" for name, version in PACKAGES.items() if find_spec(name) is None]
    names = " and ".join(name.partition("==")[0] for name in absent)
    return f"needs {names}, which gristmill does not bring: pip install {' '.join(absent)}" if absent else ""


@dataclass(frozen=True, eq=False)
class OnnxEmbedding:
    """A session and its tokenizer; texts are cut after `most_tokens`."""

    session: Any
    tokenizer: Any
    file: str
    most_tokens: int = MOST_TOKENS

    def embed(self, text: Text) -> NDArray[np.float32]:
        """The model's vectors, float32[n, dimensions], of any length; zeros where a text has no token."""
        vectors = list(self.vectors(text))
        width = max((len(vector) for vector in vectors), default=0)
        embeddings = np.zeros((len(vectors), width), np.float32)
        for row, vector in enumerate(vectors):
            embeddings[row, : len(vector)] = vector
        return embeddings

    def vectors(self, text: Text) -> Iterator[NDArray[np.float32]]:
        """Each document's, without batches; a text without tokens has an empty one."""
        asked = {each.name for each in self.session.get_inputs()}
        for document in text.to_arrow().to_pylist():
            tokens = np.array(self.tokenizer.encode(document).ids[: self.most_tokens], np.int64)[None]
            if not tokens.size:
                yield np.zeros(0, np.float32)
                continue
            every = {
                "input_ids": tokens,
                "attention_mask": np.ones_like(tokens),
                "token_type_ids": np.zeros_like(tokens),
            }
            yield self.pooled(self.session.run(None, {name: every[name] for name in sorted(asked)})[0])

    def pooled(self, output: NDArray[Any]) -> NDArray[np.float32]:
        """The mean over the tokens of [1, tokens, dimensions]; [1, dimensions] as it is."""
        if output.ndim not in (2, 3) or len(output) != 1:
            raise EmbeddingError(f"{self.file}: its first output is {output.shape}, not [1, tokens, n] or [1, n]")
        vector = output[0] if output.ndim == 2 else output[0].astype(np.float64).mean(axis=0)
        return np.asarray(vector, np.float32)


def load(model: str, tokenizer: str, most_tokens: int = MOST_TOKENS) -> OnnxEmbedding:
    """The model and the tokenizer in these files. Raises EmbeddingError, naming packages that are missing."""
    if why := missing():
        raise EmbeddingError(f"{model}: {why}")
    runtime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    try:
        session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        words = tokenizers.Tokenizer.from_str(Path(tokenizer).read_text(encoding="utf-8"))
    except Exception as error:  # both libraries raise types of their own make
        raise EmbeddingError(f"{model}, {tokenizer}: {str(error).splitlines()[0]}") from error
    words.no_padding()
    words.no_truncation()
    unknown = {each.name for each in session.get_inputs()} - {"input_ids", "attention_mask", "token_type_ids"}
    if unknown:
        raise EmbeddingError(f"{model}: asks for {sorted(unknown)[0]} (input_ids, attention_mask, token_type_ids)")
    return OnnxEmbedding(session, words, model, most_tokens)
