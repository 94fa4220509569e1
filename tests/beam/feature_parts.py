"""Features as 01-refine leaves them, made by hand: one document a row, and the dedup pass over them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipeline.beam.dedup import DedupJob, decide
from pipeline.dedup import keys, url
from pipeline.dedup.minhash import preset
from pipeline.dedup.stored import signature_column
from pipeline.dedup_config import DedupStep, Near
from pipeline.storage.run_folder import part_name
from pipeline.storage.write import write_part
from pipeline.text.layer import Text

URL = DedupStep("url", ("newest",))
EXACT = DedupStep("exact", ())
MINHASH = DedupStep("minhash", ("quality", "longest"), how=Near(preset("fineweb")))


@dataclass(frozen=True)
class Doc:
    """A judged document; `text` decides its exact key and its signature."""

    id: str
    text: str
    url: str | None = None
    date: str | None = None
    quality: float | None = None
    kept: bool = True
    language: str = "en"


def features(unit: int, docs: Sequence[Doc]) -> pa.Table:
    """The columns of features/ that the pass reads."""
    texts = [doc.text for doc in docs]
    urls, present = url.url_keys(pa.array([doc.url for doc in docs], pa.string()))
    count = len(docs)
    signatures = signature_column(Text.from_strings(texts), np.ones(count, np.bool_), preset("fineweb"))
    return pa.table(
        {
            "id": pa.array([doc.id for doc in docs], pa.string()),
            "unit": pa.array([unit] * count, pa.int32()),
            "row": pa.array([10 * i for i in range(count)], pa.int64()),
            "kept": pa.array([doc.kept for doc in docs], pa.bool_()),
            "source": pa.array(["web"] * count, pa.string()),
            "language": pa.array([doc.language for doc in docs], pa.string()),
            "script": pa.array([None] * count, pa.string()),
            "date": pa.array([doc.date for doc in docs], pa.string()),
            "text_bytes": pa.array([len(text.encode()) for text in texts], pa.int64()),
            "tokens": pa.array([len(text.split()) for text in texts], pa.int64()),
            "quality": pa.array([doc.quality for doc in docs], pa.float32()),
            "url_key": keys.to_arrow(urls, present),
            "exact_key": keys.to_arrow(keys.string_keys(pa.array(texts, pa.string()))),
            "signature": signatures,
        }
    )


def write_features(run: Path, units: Sequence[Sequence[Doc]], batch_rows: int) -> None:
    """One part for each batch of a unit, and one for an empty unit."""
    for unit, docs in enumerate(units):
        for batch, start in enumerate(range(0, max(len(docs), 1), batch_rows)):
            path = run / "01-refine" / "features" / part_name(unit, batch)
            some = docs[start : start + batch_rows]
            write_part(path, features(unit, some), {"unit": unit})
            last = start + batch_rows >= len(docs)
            texts = pa.table({"text": pa.array([doc.text for doc in some if doc.kept], pa.string())})
            write_part(run / "01-refine" / "kept" / part_name(unit, batch), texts, {"unit": unit, "last": last})


def run_dedup(run: Path, units: int, job: DedupJob, workers: int = 1) -> None:
    """The pass on Beam's own runner."""
    options = PipelineOptions([], direct_num_workers=workers, direct_running_mode="multi_threading")
    with beam.Pipeline(runner=FnApiRunner(), options=options) as graph:
        decide(graph | "list" >> beam.Create(range(units)) | beam.Reshuffle(), job)


@dataclass(frozen=True)
class Decided:
    """What the pass wrote: each document's decision by its id, and each part's footer."""

    documents: dict[str, dict[str, Any]]
    abouts: list[dict[str, Any]]
    parts: dict[str, bytes]

    def column(self, name: str) -> dict[str, Any]:
        return {id_: row[name] for id_, row in self.documents.items()}

    @property
    def dropped(self) -> dict[str, tuple[str, str]]:
        """id -> (reason, keeper)."""
        return {id_: (row["reason"], row["keeper"]) for id_, row in self.documents.items() if not row["keep"]}


def decided(run: Path) -> Decided:
    """All parts of the pass."""
    documents: dict[str, dict[str, Any]] = {}
    abouts, parts = [], {}
    for path in sorted((run / "02-dedup" / "decisions").glob("part-*.parquet")):
        table = pq.read_table(path)
        documents |= {row["id"]: row for row in table.to_pylist()}
        abouts.append(json.loads(table.schema.metadata[b"gristmill"]))
        parts[path.name] = path.read_bytes()
    return Decided(documents, abouts, parts)


def dedup(
    run: Path,
    units: Sequence[Sequence[Doc]],
    *steps: DedupStep,
    over: str = "survivors",
    workers: int = 1,
    batch_rows: int = 3,
) -> Decided:
    """Write these documents' features, run the steps over them, read what was decided."""
    write_features(run, units, batch_rows)
    run_dedup(run, len(units), DedupJob(str(run), "f", over, steps, ranges=4), workers)
    return decided(run)


def prose(seed: int, words: int = 120) -> list[str]:
    """Words of no meaning, the same for the same seed."""
    return [f"w{number}" for number in np.random.default_rng(seed).integers(0, 5000, words)]


def varied(words: Sequence[str], *changed: int) -> str:
    """The text with some words exchanged: near to it by the rest."""
    return " ".join(f"other{at}" if at in changed else word for at, word in enumerate(words))
