"""Small labelled sets and documents that several classifier tests share."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from classifiers.labelled import Example, Source, read
from pipeline.documents import Documents, schema

ROOT = Path(__file__).parents[2]
SAMPLE_TEST = ROOT / "classifiers/data/sample_test.jsonl.zst"
SAMPLE_TRAIN = ROOT / "classifiers/data/sample_train.jsonl.zst"

PIECES = [*"ab zZ.<>_/s0\t\n\r\0\v\f", "the ", "</s>", " </s> ", "__label__", "__label__x ", "é", "\u00a0", "中", "😀"]
PIECES += ["\u3000", "ก", "of ", "x" * 31, "ж" * 8, " " * 60, "\x1c", "Whales are "]
EDGES = ["", " ", "\n", " \t\r\n\v\f ", "\0", "a\0b", "\n\na", "</s>", "a </s> b c", "a</s>", "</s", "__label__", "_"]
EDGES += ["__label__0 yes", "__label_x y", "a\u00a0b", "a\u3000b\u2028c\x85d\x1ce", "中文" * 40, "a " * 400, "y" * 3000]


def odd_texts(count: int) -> list[str]:
    """Edge cases and random strings of pieces that tokenisers get wrong."""
    chance = random.Random(7)
    return EDGES + ["".join(chance.choices(PIECES, k=chance.randint(0, 60))) for _ in range(count)]


def real_examples(count: int) -> list[Example]:
    return read(Source(SAMPLE_TRAIN))[:count]


def documents(texts: list[str | None]) -> Documents:
    """A batch of these texts; every other column holds what the schema asks for."""
    length = len(texts)
    filled: dict[str, Sequence[object]] = {
        "id": [str(row) for row in range(length)],
        "source": ["web"] * length,
        "unit": [0] * length,
        "row": range(length),
    }
    arrays = [
        pa.array(texts if field.name == "text" else filled.get(field.name, [None] * length), field.type)
        for field in schema()
    ]
    return Documents(pa.RecordBatch.from_arrays(arrays, schema=schema()))


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def tiny_rows() -> list[dict[str, object]]:
    """Forty rows of two kinds that a few words tell apart."""
    return [
        {"text": f"whales and tides, chapter {row} of the ocean", "label": "reference"}
        if row % 2
        else {"text": f"click here to buy offer {row} now", "label": "web"}
        for row in range(40)
    ]


def tiny_config(folder: Path, kind: str, *, out: str = "model") -> Path:
    """A training config beside its labelled file."""
    write_jsonl(folder / "rows.jsonl", tiny_rows())
    config = folder / f"{kind}.yaml"
    more = ", dimensions: 8, min_count: 1, epochs: 20, rate: 0.5" if kind == "fasttext" else ""
    parameters = f"{{buckets: 4096{more}}}"
    config.write_text(
        f"kind: {kind}\nlabelled:\n  - path: rows.jsonl\npositive: reference\nout: {out}\nparameters: {parameters}\n"
    )
    return config
