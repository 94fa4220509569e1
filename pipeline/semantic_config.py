"""The config's `semantic`: whose embeddings, into how many clusters, from which cosine on, and whether it drops."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from classifiers.onnx_embedding import MOST_TOKENS, missing
from pipeline.step_config import absolute, read_when
from pipeline.yaml_lines import Node

SEMANTIC_KEYS = (
    *("embedding", "dimensions", "model", "tokenizer", "tokens", "column"),
    *("captured", "clusters", "sample", "threshold", "drop", "when"),
)
EMBEDDINGS = ("tfidf", "onnx", "column")
BELONGS = {
    "dimensions": "tfidf",
    "captured": "tfidf",
    "model": "onnx",
    "tokenizer": "onnx",
    "tokens": "onnx",
    "column": "column",
}
NEEDED = {"tfidf": (), "onnx": ("model", "tokenizer"), "column": ("column",)}
AUTO = "auto"


@dataclass(frozen=True)
class Semantic:
    """`clusters`: None for the root of the number of documents. `sample`: documents that it is fitted on.

    `captured`: the least share of a text's squared weight that its embedding holds, or it has none. Of 409 neighbours
    among 3,016 web pages of several languages (at 0.95) 248 held less than 0.3 of one text, and 4 % of these shared a
    tenth of their 5-word shingles; of the others half did. `tokens`: where an ONNX model's texts are cut.
    `when`: column -> the values of documents that are looked at.
    """

    embedding: str = "tfidf"
    dimensions: int = 128
    captured: float = 0.3
    model: str | None = field(default=None, metadata={"file": True})
    tokenizer: str | None = field(default=None, metadata={"file": True})
    tokens: int = MOST_TOKENS
    column: str | None = None
    clusters: int | None = None
    sample: int = 20_000
    threshold: float = 0.95
    drop: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_semantic(given: Mapping[str, Node], folder: Path) -> Semantic:
    """Only what belongs to its kind of embedding; an ONNX model needs packages that we do not bring."""
    usual = Semantic()
    kind = given["embedding"].choice(EMBEDDINGS) if "embedding" in given else usual.embedding
    refuse_what_is_missing(kind, given)
    clusters = given["clusters"] if "clusters" in given and given["clusters"].value != AUTO else None
    return Semantic(
        embedding=kind,
        dimensions=given["dimensions"].integer(1, 4096) if "dimensions" in given else usual.dimensions,
        captured=given["captured"].number(0, 1) if "captured" in given else usual.captured,
        model=read_file(given["model"], folder) if "model" in given else None,
        tokenizer=read_file(given["tokenizer"], folder) if "tokenizer" in given else None,
        tokens=given["tokens"].integer(1) if "tokens" in given else usual.tokens,
        column=given["column"].text() if "column" in given else None,
        clusters=clusters.integer(1) if clusters else None,
        sample=given["sample"].integer(1) if "sample" in given else usual.sample,
        threshold=given["threshold"].number(0, 1) if "threshold" in given else usual.threshold,
        drop=given["drop"].flag() if "drop" in given else usual.drop,
        when=read_when(given["when"], ()) if "when" in given else {},
    )


def refuse_what_is_missing(kind: str, given: Mapping[str, Node]) -> None:
    """Keys of another embedding, and what this one does not run without."""
    for key, owner in BELONGS.items():
        if key in given and owner != kind:
            raise given[key].error(f"belongs to `embedding: {owner}` (here it is {kind})")
    lacking = [key for key in NEEDED[kind] if key not in given]
    if lacking:
        raise given["embedding"].error(f"{kind} needs `{lacking[0]}` beside it")
    if kind == "onnx" and missing():
        raise given["embedding"].error(f"{kind} {missing()}")


def read_file(node: Node, folder: Path) -> str:
    address = absolute(node.text(), folder)
    if not Path(address).is_file():
        raise node.error(f"there is no file {address}")
    return address
