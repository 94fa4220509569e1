"""Training: the same bytes each time, and a config or a labelled set that cannot be used is refused by name."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from classifiers.config import ConfigError
from classifiers.labelled import LabelledError, Source, read
from classifiers.train import train
from tests.classifiers.examples import ROOT, tiny_config, tiny_rows, write_jsonl

SHIPPED = ROOT / "classifiers/models/sample"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", ["fasttext", "sklearn"])
def test_training_twice_gives_the_same_bytes(kind: str, tmp_path: Path) -> None:
    first = contents(train(tiny_config(tmp_path, kind, out="first")))
    again = contents(train(tiny_config(tmp_path, kind, out="again")))
    assert first["model.safetensors"] == again["model.safetensors"]
    facts, others = (json.loads(files["model.json"]) for files in (first, again))
    assert facts["training"].pop("config_sha256") != others["training"].pop("config_sha256")  # `out` differs
    assert facts == others


def test_markup_of_fasttexts_file_format_in_a_text_is_no_label(tmp_path: Path) -> None:
    config = tiny_config(tmp_path, "fasttext")
    rows = [{**row, "text": f"__label__0 {row['text']} </s> __label__7 more"} for row in tiny_rows()]
    write_jsonl(tmp_path / "rows.jsonl", rows)
    assert json.loads(contents(train(config))["model.json"])["training"]["examples"] == {"reference": 20, "web": 20}


def test_the_shipped_model_is_what_its_config_makes(tmp_path: Path) -> None:
    text = (ROOT / "configs/train_sample.yaml").read_text(encoding="utf-8")
    config = tmp_path / "train.yaml"
    text = text.replace("../classifiers/data", str(ROOT / "classifiers/data"))
    config.write_text(text.replace("../classifiers/models", "."))
    made = json.loads((train(config) / "model.json").read_text())
    shipped = json.loads((SHIPPED / "model.json").read_text())
    assert made["weights"]["bytes"] == shipped["weights"]["bytes"]
    assert made["training"]["labelled"] == shipped["training"]["labelled"]
    assert made["parameters"] == shipped["parameters"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: sklearn", "kind: magic", r"sklearn\.yaml: kind is magic \(fasttext \| sklearn\)"),
        ("positive: reference\n", "", r"sklearn\.yaml: positive missing"),
        ("buckets: 4096", "bucket: 4096", r"sklearn\.yaml: parameters: unknown bucket"),
        ("buckets: 4096", "buckets: many", r"sklearn\.yaml: buckets is 'many', not int"),
        ("buckets: 4096", "buckets: 0", r"sklearn\.yaml: parameters: every one is above 0"),
        ("path: rows.jsonl", "file: rows.jsonl", r"sklearn\.yaml: labelled: unknown file"),
        ("kind: sklearn", "kind: [", r"sklearn\.yaml: not YAML"),
    ],
)
def test_a_config_that_cannot_be_used_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    config = tiny_config(tmp_path, "sklearn")
    config.write_text(config.read_text().replace(old, new))
    with pytest.raises(ConfigError, match=message):
        train(config)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "a", "label": "web"}], r"two labels are needed, one of them reference; found: web"),
        ([{"text": "a"}], r"rows\.jsonl:1: no label"),
        ([{"text": "a", "label": "web"}, {"text": None, "label": "web"}], r"rows\.jsonl:2: no text"),
        ([], r"rows\.jsonl: no row"),
    ],
)
def test_a_labelled_set_that_cannot_be_used_is_refused(
    tmp_path: Path, rows: list[dict[str, object]], message: str
) -> None:
    config = tiny_config(tmp_path, "sklearn")
    write_jsonl(tmp_path / "rows.jsonl", rows)
    with pytest.raises(LabelledError, match=message):
        train(config)


def test_a_labelled_set_reads_the_same_from_every_format(tmp_path: Path) -> None:
    rows = tiny_rows()
    plain = write_jsonl(tmp_path / "rows.jsonl", rows)
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    (tmp_path / "rows.jsonl.zst").write_bytes(zstandard.compress(plain.read_bytes()))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    found = [read(Source(path)) for path in sorted(tmp_path.iterdir())]
    assert len(found) == 4
    assert all(examples == found[0] for examples in found)


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "a", "label": "web"}\n{"text":\n')
    with pytest.raises(LabelledError, match=r"rows\.jsonl:2: not JSON"):
        read(Source(tmp_path / "rows.jsonl"))
