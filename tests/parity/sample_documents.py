"""Every English document of the sample, as our reader and extraction give it and our language step judges it.

python -m tests.parity.sample_documents > english.jsonl       # what make_goldens.py takes
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from classifiers.lid import load
from pipeline.documents import Documents
from pipeline.filters.language import language
from pipeline.storage.inputs import Input
from pipeline.storage.inspect import inspect_inputs
from pipeline.storage.limits import Limits
from pipeline.storage.read import read_batches
from pipeline.storage.units import all_files, list_units

CONFIG = Path(__file__).parents[2] / "configs" / "sample.yaml"


def sample_inputs() -> list[Input]:
    """The inputs of the sample's config."""
    described = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["inputs"]
    return [
        Input(
            source=one["source"],
            paths=tuple(str(CONFIG.parent / path) for path in as_list(one["path"])),
            format=one.get("format"),
            extract=one.get("extract"),
            columns=one.get("columns", {}),
        )
        for one in described
    ]


def as_list(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def sample_batches(inputs: Sequence[Input]) -> Iterator[pa.RecordBatch]:
    others, files = inspect_inputs(inputs), all_files(inputs)
    for unit in list_units(inputs):
        file = files[unit.source, unit.path]
        for batch in read_batches(unit, file.described, others, Limits(), file.address):
            yield batch.documents


def english_texts() -> list[str]:
    """The distinct texts of the sample's English documents, in reading order."""
    model = load()
    texts: dict[str, None] = {}
    for batch in sample_batches(sample_inputs()):
        if batch.num_rows:
            languages = language(Documents(batch), model=model).columns["language"]
            english = batch.column("text").filter(pc.equal(languages, "en"))
            texts.update(dict.fromkeys(english.to_pylist()))
    return list(texts)


if __name__ == "__main__":
    for text in english_texts():
        sys.stdout.write(json.dumps({"text": text}) + "\n")
