"""An ONNX model's vectors: pooled over tokens, cut at a length, one document at a time; and what is said without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from classifiers import onnx_embedding
from classifiers.onnx_embedding import EmbeddingError, OnnxEmbedding, load, missing
from pipeline.text.layer import Text

TABLE = np.arange(30, dtype=np.float32).reshape(10, 3)  # a token's vector


@dataclass
class Session:
    """A model that looks tokens up; `pools` where it gives one vector for a document."""

    inputs: Sequence[str] = ("input_ids", "attention_mask")
    pools: bool = False
    asked: list[Mapping[str, NDArray[np.int64]]] = field(default_factory=list)

    def get_inputs(self) -> list[Any]:
        return [SimpleNamespace(name=name) for name in self.inputs]

    def run(self, _names: None, given: Mapping[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        self.asked.append(given)
        found = TABLE[given["input_ids"]]
        return [found.max(axis=1) if self.pools else found]


class Letters:
    """Each letter's place in the alphabet is its token."""

    def encode(self, text: str) -> Any:
        return SimpleNamespace(ids=[ord(letter) - ord("a") for letter in text])


def test_tokens_are_averaged_and_a_text_without_tokens_points_nowhere() -> None:
    session = Session()
    vectors = OnnxEmbedding(session, Letters(), "m").embed(Text.from_strings(["ab", "", "j"]))
    assert vectors.tolist() == [[1.5, 2.5, 3.5], [0, 0, 0], [27, 28, 29]]
    assert [given["input_ids"].shape for given in session.asked] == [(1, 2), (1, 1)]  # one document at a time
    assert session.asked[0]["attention_mask"].tolist() == [[1, 1]]


def test_a_model_that_pools_is_taken_at_its_word() -> None:
    vectors = OnnxEmbedding(Session(pools=True), Letters(), "m").embed(Text.from_strings(["abc"]))
    assert vectors.tolist() == [[6, 7, 8]]


def test_texts_are_cut_and_only_what_the_model_asks_for_is_given() -> None:
    session = Session(inputs=("input_ids", "token_type_ids"))
    OnnxEmbedding(session, Letters(), "m", most_tokens=2).embed(Text.from_strings(["abcdef"]))
    assert {name: given.tolist() for name, given in session.asked[0].items()} == {
        "input_ids": [[0, 1]],
        "token_type_ids": [[0, 0]],
    }


def test_an_output_that_is_no_vector_is_an_error() -> None:
    with pytest.raises(EmbeddingError, match=r"m: its first output is \(2, 3\)"):
        OnnxEmbedding(Session(), Letters(), "m").pooled(TABLE[:2])


def test_what_is_missing_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_embedding, "find_spec", lambda name: None if name == "tokenizers" else name)
    assert missing() == "needs tokenizers, which gristmill does not bring: pip install tokenizers==0.23.3"
    with pytest.raises(EmbeddingError, match=r"model\.onnx: needs tokenizers"):
        load("model.onnx", "tokenizer.json")
    monkeypatch.setattr(onnx_embedding, "find_spec", lambda name: name)
    assert missing() == ""
