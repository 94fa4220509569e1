"""`lines: {as: sentences}` leaves what datatrove's sentence deduplication leaves, byte for byte."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.dedup.cuts import without
from pipeline.dedup.lines import FORMULAS, compared, counted, cuts_of, doomed
from pipeline.dedup.lines_counts import too_often
from pipeline.text.layer import Text

GOLDEN = Path(__file__).parent / "goldens" / "sentence_dedup.json.gz"


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(GOLDEN.read_bytes()))
    return found


def test_texts_without_repeated_spans_are_datatroves(golden: dict[str, Any]) -> None:
    """The order of the documents stands for the hash of their ids. datatrove strips what it cut; we leave that."""
    formula = FORMULAS["sentences"]
    text = Text.from_strings([words for _, words in golden["documents"]])
    ties, group = np.arange(len(text), dtype=np.uint64), np.zeros(len(text), np.uint64)
    found = compared(text, formula)
    _, told = too_often(counted(found, group, ties), formula.more_than)
    hit, _ = doomed(found, group, ties, told, formula.keeps_one)
    edit = without(text, cuts_of(found, hit))
    ours = dict(enumerate(text.replace(edit.rows, edit.text).to_arrow().to_pylist()))
    theirs = list(golden["left"].values())
    cut = [row for row, (_, words) in enumerate(golden["documents"]) if theirs[row] != words]
    assert set(edit.rows.tolist()) == set(cut)
    assert {row: ours[row].strip() for row in cut} == {row: theirs[row].strip() for row in cut}
    assert len(cut) > 60


def test_the_golden_is_datatroves(golden: dict[str, Any]) -> None:
    assert golden["versions"]["datatrove"] == "0.10.1"
