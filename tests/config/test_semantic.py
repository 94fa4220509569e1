"""What a config may say of semantic duplicates, and what it is told where it says something else."""

from pathlib import Path

import pytest

from pipeline import semantic_config
from pipeline.config import decided_by
from pipeline.dedup_config import DedupStep
from pipeline.semantic_config import Semantic
from tests.config.writing import complaint, loaded


def step(folder: Path, written: str) -> DedupStep:
    return loaded(folder, f"dedup: {{steps: [{written}]}}\n").dedup.steps[0]


def test_without_parameters_it_annotates_by_words(tmp_path: Path) -> None:
    found = step(tmp_path, "semantic")
    assert (found.keep, found.scope, found.how) == (("quality", "longest"), "global", Semantic())
    assert (found.how.embedding, found.how.drop, found.how.clusters) == ("tfidf", False, None)


def test_every_parameter_is_read(tmp_path: Path) -> None:
    written = "semantic: {dimensions: 64, clusters: 9, sample: 100, threshold: 0.9, drop: true, keep: [newest], \
when: {source: [web]}}"
    found = step(tmp_path, written)
    assert found.keep == ("newest",)
    assert found.how == Semantic(
        dimensions=64, clusters=9, sample=100, threshold=0.9, drop=True, when={"source": ("web",)}
    )
    assert step(tmp_path, "semantic: {clusters: auto}").how.clusters is None
    assert step(tmp_path, "semantic: {embedding: column, column: v}").how == Semantic(embedding="column", column="v")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{embedding: words}", "'words'"),
        ("{embedding: column}", "column needs `column` beside it"),
        ("{embedding: onnx, model: m.onnx}", "onnx needs `tokenizer` beside it"),
        ("{embedding: column, column: v, dimensions: 9}", "belongs to `embedding: tfidf` (here it is column)"),
        ("{column: v}", "belongs to `embedding: column` (here it is tfidf)"),
        ("{threshold: 2}", "2"),
        ("{clusters: many}", "many"),
        ("{when: {colour: [red]}}", "colour"),
        ("{embedding: onnx, model: m.onnx, tokenizer: t.json}", "onnx needs onnxruntime"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, written: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic_config, "missing", lambda: "needs onnxruntime, pip install onnxruntime")
    told = complaint(tmp_path, f"dedup: {{steps: [semantic: {written}]}}\n")
    assert told.startswith("corpus.yaml:2:")
    assert says in told


def test_a_model_stands_in_the_fingerprint_by_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantic_config, "missing", lambda: "")
    written = "dedup: {steps: [semantic: {embedding: onnx, model: m.onnx, tokenizer: t.json}]}\n"
    assert f"there is no file {tmp_path}/m.onnx".replace(f"{tmp_path}/", "") in complaint(tmp_path, written)
    decided = []
    for weights in (b"one", b"other"):
        (tmp_path / "m.onnx").write_bytes(weights)
        (tmp_path / "t.json").write_bytes(b"{}")
        decided.append(decided_by(loaded(tmp_path, written))["dedup"]["steps"][0]["how"])
    assert decided[0]["tokenizer"] == decided[1]["tokenizer"] != str(tmp_path / "t.json")
    assert decided[0]["model"] != decided[1]["model"]
