"""A model folder: what was damaged is refused with the file's name, and a score is a document's own."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.model import SAMPLE, ModelError, load
from classifiers.train import train
from pipeline.text.layer import Text
from tests.classifiers.examples import documents, odd_texts, real_examples, tiny_config

MODEL_BYTES = 5_000_000
KINDS = ("fasttext", "sklearn")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {kind: train(tiny_config(tmp_path_factory.mktemp(kind), kind)) for kind in KINDS}


@pytest.fixture(params=KINDS)
def folder(request: pytest.FixtureRequest, folders: dict[str, Path], tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    for path in folders[request.param].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_a_model_tells_what_it_was_trained_to_tell(folder: Path) -> None:
    scores = load(folder).score(documents(["tides of the ocean and whales", "buy this offer now click here"]))
    assert scores.dtype == np.float32
    assert scores[0] > 0.5 > scores[1]


def test_every_score_is_a_probability_even_of_empty_text(folder: Path) -> None:
    scores = load(folder).score(documents([*odd_texts(200), "", " \n", "\u3000", "words unknown altogether"]))
    assert np.isfinite(scores).all()
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_score_does_not_depend_on_the_neighbours(folder: Path) -> None:
    model, texts = load(folder), odd_texts(60)
    together = model.score(documents(list(texts)))
    alone = [model.score(documents([text]))[0] for text in texts]
    backwards = model.score_text(Text.from_strings(texts).take(np.arange(len(texts))[::-1].copy()))
    assert together.tolist() == alone == backwards[::-1].tolist()


def damaged(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("model.safetensors", lambda data: data[:-1], r"model\.safetensors: \d+ bytes, model\.json says"),
        ("model.safetensors", lambda data: data[:-1] + b"?", r"model\.safetensors: SHA-256 is"),
        ("model.json", lambda _: b"{", r"model\.json: not a model description"),
        ("model.json", lambda _: b"[]", r"model\.json: not a model description"),
        (
            "model.json",
            lambda data: data.replace(b'"format": 1', b'"format": 2'),
            r"model\.json: not a model of format 1",
        ),
        ("model.json", lambda data: data.replace(b'ngrams": 2', b'ngrams": 99'), r"model\.json: does not describe"),
        ("model.json", lambda data: data.replace(b'ngrams": 2', b'ngrams": "x"'), r"model\.json: does not describe"),
    ],
)
def test_a_damaged_model_is_refused_with_the_files_name(
    folder: Path, file: str, change: Callable[[bytes], bytes], message: str
) -> None:
    damaged(folder / file, change)
    with pytest.raises(ModelError, match=message):
        load(folder)


@pytest.mark.parametrize("file", ["model.safetensors", "model.json"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ModelError, match=f"{file}: cannot be read"):
        load(folder)


@given(at=st.integers(0, 2000), byte=st.integers(0, 255))
@settings(max_examples=100)
def test_a_mutated_description_is_a_model_or_an_error(folders: dict[str, Path], at: int, byte: int) -> None:
    target = folders["sklearn"].parent / "mutated"
    target.mkdir(exist_ok=True)
    for path in folders["sklearn"].iterdir():
        data = bytearray(path.read_bytes())
        if path.name == "model.json":
            data[at % len(data)] = byte
        (target / path.name).write_bytes(bytes(data))
    with suppress(ModelError):  # any other exception fails the test
        load(target)


def test_the_shipped_model_is_small_and_described_by_its_card() -> None:
    model = load(SAMPLE)
    folder = Path(__file__).parents[2] / "classifiers/models" / SAMPLE
    files = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert set(files) == {"model.safetensors", "model.json", "CARD.md"}
    assert sum(files.values()) <= MODEL_BYTES
    assert model.digest[:12] in (folder / "CARD.md").read_text(encoding="utf-8")
    assert json.loads((folder / "model.json").read_text())["positive"] == "reference"


def test_the_shipped_model_tells_its_own_training_set_apart() -> None:
    examples = real_examples(400)
    scores = load(SAMPLE).score_text(Text.from_strings([example.text for example in examples]))
    agrees = (scores > 0.5) == np.array([example.label == "reference" for example in examples])
    assert agrees.mean() > 0.9
