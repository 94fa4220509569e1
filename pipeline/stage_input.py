"""What `stage` reads: files by their ending or JSON lines from standard input, through storage's own readers."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from pipeline.documents import Documents
from pipeline.extract.failure import Failure
from pipeline.extract.html import EXTRACTORS, html_to_text
from pipeline.overrides import override
from pipeline.steps import EMPTY
from pipeline.storage.inputs import EXTRACTORS as EXTRACTOR_NAMES
from pipeline.storage.inputs import Input, format_of
from pipeline.storage.inspect import inspect_inputs
from pipeline.storage.limits import Limits
from pipeline.storage.read import read_batches
from pipeline.storage.units import all_files, list_units
from pipeline.yaml_lines import Node

STDIN = "standard input"
Report = Callable[[str], None]


@dataclass(frozen=True)
class Given:
    """One input: how it is called in messages, and where it can be read."""

    shown: str
    address: str
    format: str | None = None

    @property
    def is_archive(self) -> bool:
        return format_of(self._described({}, None), self.address) == "warc"

    def batches(self, failed: Report, columns: dict[str, str], extract: str | None) -> Iterator[pa.RecordBatch]:
        """The documents with all columns that a run would hand on; what could not be read goes to `failed`."""
        described = self._described(columns, extract)
        others = inspect_inputs([described])
        files = all_files([described])
        for unit in list_units([described]):
            address = files[unit.source, unit.path].address
            for batch in read_batches(unit, described, others, Limits(), address):
                for failure in batch.failed:
                    failed(self._line(failure))
                yield batch.documents

    def _described(self, columns: dict[str, str], extract: str | None) -> Input:
        return Input(self.shown, (self.address,), format=self.format, columns=columns, extract=extract)

    def _line(self, failure: Failure) -> str:
        return f"{self.shown}: {failure.place}: {failure.error}"


@contextmanager
def given(paths: Sequence[str], stdin: BinaryIO) -> Iterator[list[Given]]:
    """The files, or standard input, which is laid down first: readers seek."""
    if paths:
        yield [Given(path, path) for path in paths]
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input.jsonl"
        with path.open("wb") as laid_down:
            shutil.copyfileobj(stdin, laid_down)
        yield [Given(STDIN, str(path), "jsonl")]


def documents(inputs: Sequence[Given], failed: Report) -> Iterator[Documents]:
    """The documents of all inputs in their order."""
    for one in inputs:
        for batch in one.batches(failed, {}, None):
            yield Documents(batch)


def extracted(inputs: Sequence[Given], failed: Report, extractor: str) -> Iterator[dict[str, Any]]:
    """The step `extract`: archives record by record, other files by their column `html`."""
    for one in inputs:
        columns = {} if one.is_archive else {"text": "html"}
        for batch in one.batches(failed, columns, extractor):
            for name, row, text in zip(*(batch.column(key).to_pylist() for key in ("id", "row", "text")), strict=True):
                try:
                    text = text if one.is_archive else html_to_text(text, EXTRACTORS[extractor])
                except Exception as error:  # noqa: BLE001 - a parser may raise anything: it costs this page only
                    failed(f"{one.shown}: row {row}: {type(error).__name__}: {error}")
                    continue
                yield _answer(name, text)


def extractor_of(sets: Sequence[str]) -> str:
    """`extract: trafilatura`, as an input of a config says it."""
    settings = override(Node({}, "stage", None), sets).mapping(("extract",))
    return settings["extract"].choice(EXTRACTOR_NAMES) if "extract" in settings else EXTRACTOR_NAMES[0]


def _answer(name: str, text: str) -> dict[str, Any]:
    reasons = [] if text.strip() else [EMPTY]
    return {"id": name, "kept": not reasons, "reasons": reasons, "metrics": {}, "text": text}
