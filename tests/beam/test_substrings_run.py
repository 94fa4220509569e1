"""Whole runs with `substrings`: texts are cut as plain Python cuts them, and counts and bytes follow."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipeline.beam.dedup_job import DedupJob
from pipeline.beam.dedup_substrings import repeated_fingerprints, repeated_windows
from pipeline.dedup.keys import id_hash
from pipeline.dedup.ranges import pack
from pipeline.dedup_config import DedupStep
from pipeline.report.explain import explain
from pipeline.storage.limits import Limits
from pipeline.substrings_config import Substrings
from tests.beam.small_chain import carry_out, digests, manifest, prose, rows, write_config, write_sources
from tests.dedup.plain_substrings import Spans, groups_by_dict, spans_of, words_left

STEPS = "  steps:\n    - url: {keep: [newest]}\n    - exact\n    - minhash\n"
NOTICE = prose("notice", 30)  # 60 words
SUBSTRINGS_FIRST = ("substrings", "url: {keep: [newest]}", "exact", "minhash")


def talk(number: int) -> str:
    """Talks with a notice at their end, or in their midst; one is a part of it, two say the same around it."""
    if number == 9:
        return NOTICE
    body = prose(f"talk {number % 8}")
    return f"{body}\n\n{NOTICE}\n\n{body[:50]}" if number % 2 else f"{body} {NOTICE}" if number < 4 else body


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("substrings")
    write_sources(folder)
    lines = [json.dumps({"id": f"t{number}", "text": talk(number)}) for number in range(12)]
    for name, start in {"t": 0, "u": 1, "v": 2}.items():
        (folder / f"talks/{name}.jsonl").write_text("\n".join(lines[start::3]) + "\n")
    return folder


def config(sources: Path, *steps: str, name: str = "substrings") -> Path:
    path = write_config(sources, f"{name}.yaml")
    listed = "".join(f"    - {step}\n" for step in steps)
    assert STEPS in path.read_text()
    path.write_text(path.read_text().replace(STEPS, f"  steps:\n{listed}"))
    return path


@pytest.fixture(scope="module")
def finished(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("finished") / "run"
    assert carry_out(config(sources, *SUBSTRINGS_FIRST), output).exit_code == 0
    return output


def by_id(run: Path, folder: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows(run / folder)}


def plainly(kept: dict[str, dict[str, Any]], tokens: int, *, keeps_one: bool = True) -> tuple[dict[int, str], Spans]:
    """Tie -> id, and the words of its text in kept/ that go."""
    ties = dict(zip(id_hash(pa.array(list(kept))).tolist(), kept, strict=True))
    texts = {tie: kept[id_]["text"] for tie, id_ in ties.items()}
    return ties, spans_of(groups_by_dict(texts, tokens), tokens, keeps_one)


def test_texts_are_cut_and_counted_again(finished: Path) -> None:
    kept, edits = by_id(finished, "01-refine/kept"), by_id(finished, "02-dedup/edits")
    ties, spans = plainly(kept, 50)
    assert {id_: row["text"].split() for id_, row in edits.items()} == {
        ties[tie]: words_left(kept[ties[tie]]["text"], own) for tie, own in spans.items()
    }
    assert len(edits) > 8
    for row in edits.values():
        assert row["text_bytes"] == len(row["text"].encode()) == len(kept[row["id"]]["text"].encode()) - row["removed"]
    data = by_id(finished, "data")
    assert {row["text"] for id_, row in data.items() if id_ in edits} <= {row["text"] for row in edits.values()}
    assert sum(NOTICE in row["text"] for row in data.values()) == 1


def test_what_is_left_empty_is_dropped_without_a_keeper(finished: Path) -> None:
    decided = by_id(finished, "02-dedup/decisions")
    kept = by_id(finished, "01-refine/kept")
    ties, spans = plainly(kept, 50)
    empty = {ties[tie] for tie, own in spans.items() if not words_left(kept[ties[tie]]["text"], own)}
    short = {id_: row["keeper"] for id_, row in decided.items() if row["reason"] == "substrings.too_short"}
    assert {id_: None for id_ in empty if id_[0] == "t"} == {id_: k for id_, k in short.items() if id_[0] == "t"} != {}
    whole = manifest(finished / "02-dedup")
    text = whole["text_bytes"]
    assert text["in"] == text["kept"] + text["dropped"] + text["removed"] and text["removed"] > 0
    assert whole["reasons"]["substrings.too_short"]["any"] == len(short)


def test_the_manifest_says_what_went_and_what_it_shuffled(finished: Path) -> None:
    whole = manifest(finished / "02-dedup")
    told = whole["edits"]["substrings"]
    _, spans = plainly(by_id(finished, "01-refine/kept"), 50)
    assert (told["documents"], told["pieces"]) == (len(spans), sum(map(len, spans.values())))
    assert set(whole["shuffled"]) == {"substrings", "url", "exact", "minhash"}
    assert 0 < whole["shuffled"]["substrings"] < sum(whole["shuffled"].values()) < whole["shuffled_bytes"]


def test_units_of_many_batches_and_two_workers_change_nothing(
    finished: Path, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.beam.refine.Limits", partial(Limits, batch_bytes=3000))
    run = carry_out(config(sources, *SUBSTRINGS_FIRST), tmp_path / "run", "engine.workers=2").folder
    assert len(digests(run, "02-dedup/edits")) > len(digests(finished, "02-dedup/edits"))
    for folder in ("data", "02-dedup/edits", "02-dedup/decisions"):
        assert rows(run / folder) == rows(finished / folder)
    assert {**manifest(run / "02-dedup"), "parts": 0} == {**manifest(finished / "02-dedup"), "parts": 0}


def test_none_is_kept_within_a_source_behind_lines_where_so_asked(sources: Path, tmp_path: Path) -> None:
    steps = "lines: {more_than: 99}", "substrings: {tokens: 20, keeps: none, scope: source, when: {source: [talks]}}"
    run = carry_out(config(sources, *steps, name="none"), tmp_path / "run").folder
    kept = {id_: row for id_, row in by_id(run, "01-refine/kept").items() if row["source"] == "talks"}
    ties, spans = plainly(kept, 20, keeps_one=False)
    assert {id_: row["text"].split() for id_, row in by_id(run, "02-dedup/edits").items()} == {
        ties[tie]: words_left(kept[ties[tie]]["text"], own) for tie, own in spans.items()
    }


def test_explain_shows_what_was_cut(finished: Path) -> None:
    cut = {number: explain(finished, f"t{number}")["cut"] for number in (1, 3, 5, 7, 11)}
    assert sum(NOTICE in piece for pieces in cut.values() for piece in pieces) >= 3


def test_what_an_engine_sends_twice_counts_once() -> None:
    unit = np.array([0], np.int32)
    told = pack(unit=unit, hash=np.array([7, 9, 9], np.uint64))
    assert list(repeated_fingerprints(0, [told, told])) == [(0, pack(hash=np.array([9], np.uint64)))]
    ones = np.ones(1, np.uint32)
    said = pack(unit=unit, key=np.array([[1, 2]], np.uint64), count=ones, tie=ones.astype(np.uint64))
    job = DedupJob("", "f", "survivors", (DedupStep("substrings", (), how=Substrings()),))
    assert list(repeated_windows(0, [said, said], job, 0)) == []
    other = pack(unit=unit + 1, key=np.array([[1, 2]], np.uint64), count=ones, tie=ones.astype(np.uint64) + 1)
    assert {to for to, _ in repeated_windows(0, [said, said, other], job, 0)} == {0, 1}
