"""Two steps that edit, one behind the other: the last one's part says of every document what both of them did."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from pipeline.beam.dedup_job import DedupJob, Editing
from pipeline.beam.edits import final, kept_batches, write_edits
from pipeline.beam.publish import with_edits
from pipeline.dedup.cuts import Cuts
from pipeline.dedup_config import DedupStep
from pipeline.lines_config import Lines
from pipeline.storage.features import features_of
from pipeline.storage.run_folder import DEDUP, REFINE
from tests.beam.small_chain import rows

UNIT = 3  # talks: ASCII, twelve documents
STEPS = (DedupStep("lines", (), how=Lines()), DedupStep("exact", ()), DedupStep("lines", (), how=Lines()))
NOTHING = {"pieces": 0, "most": [], "some": []}


def each_cut(documents: int, which: list[int], start: int, stop: int) -> Cuts:
    counts = np.zeros(documents, np.int64)
    counts[which] = 1
    ends = np.full(len(which), start), np.full(len(which), stop)
    return Cuts(np.concatenate([[0], np.cumsum(counts)]), *ends)


@pytest.fixture
def edited(finished: Path, tmp_path: Path) -> DedupJob:
    """The first step cuts bytes 10 to 20 of documents 0 to 3, the second the first 15 of what is left of 2 to 5."""
    shutil.copytree(finished / REFINE, tmp_path / REFINE)
    job = DedupJob(str(tmp_path), "f", "survivors", STEPS, editing=Editing(None, None, (), ()))
    for number, which, span in ((0, [0, 1, 2, 3], (10, 20)), (2, [2, 3, 4, 5], (0, 15))):
        for batch in kept_batches(job, UNIT, number):
            cuts = each_cut(len(batch.documents), which, *span)
            assert len(write_edits(job, UNIT, number, batch, cuts, NOTHING)) == 0
    return job


def expected(text: str, at: int) -> str:
    once = text[:10] + text[20:] if at < 4 else text
    return once[15:] if 2 <= at < 6 else once


def test_the_last_part_holds_what_all_edits_left(edited: DedupJob) -> None:
    assert edited.edits == ("edits-0", "edits")
    assert [edited.edits_before(number) for number in range(4)] == [None, "edits-0", "edits-0", "edits"]
    kept = [row for row in rows(Path(edited.run) / REFINE / "kept") if row["unit"] == UNIT]
    found = {row["id"]: row for row in rows(Path(edited.run) / DEDUP / "edits")}
    assert list(found) == [row["id"] for row in kept[:6]]
    for at, row in enumerate(kept[:6]):
        new, text = found[row["id"]], expected(row["text"], at)
        assert new["text"] == text
        assert new["removed"] == len(row["text"]) - len(text)
        spans = list(zip(new["cuts"][0::2], new["cuts"][1::2], strict=True))
        assert "".join(c for i, c in enumerate(row["text"]) if not any(a <= i < b for a, b in spans)) == text


def test_features_and_rows_take_their_values_from_the_edits(edited: DedupJob) -> None:
    before = features_of(edited.run, UNIT, ["id", "text_bytes", "signature"], None)
    after = features_of(edited.run, UNIT, ["id", "text_bytes", "signature"], final(True))
    lost = np.subtract(before["text_bytes"].to_numpy(), after["text_bytes"].to_numpy())
    assert lost.tolist() == [10, 10, 25, 25, 15, 15] + [0] * (len(before) - 6)
    assert after["id"].equals(before["id"])
    assert after["signature"].to_pylist()[:6] == [None] * 6  # without a scheme nothing is signed
    assert after["signature"].slice(6).equals(before["signature"].slice(6))
    part = f"part-{UNIT:05}-0000.parquet"
    kept = pq.read_table(Path(edited.run) / REFINE / "kept" / part)
    whole = with_edits(kept, pq.read_table(Path(edited.run) / DEDUP / "edits" / part))
    texts = kept["text"].to_pylist()
    assert whole["text"].to_pylist() == [expected(text, at) for at, text in enumerate(texts)]
    assert whole.drop_columns(["text", "tokens"]).equals(kept.drop_columns(["text", "tokens"]))
