"""Whole runs with `lines`: texts are cut as plain Python cuts them, counts and bytes follow, and nothing else shows."""

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipeline.beam.dedup_job import DedupJob
from pipeline.beam.dedup_lines import popular_lines
from pipeline.dedup.exact import exact_keys
from pipeline.dedup.keys import id_hash, to_arrow
from pipeline.dedup.ranges import pack
from pipeline.dedup_config import DedupStep
from pipeline.lines_config import Lines
from pipeline.report.explain import explain
from pipeline.storage.limits import Limits
from pipeline.text.layer import Text
from pipeline.tokens import counter
from tests.beam.small_chain import carry_out, digests, manifest, prose, rows, write_config, write_sources
from tests.dedup.plain_lines import plain_lines

STEPS = "  steps:\n    - url: {keep: [newest]}\n    - exact\n    - minhash\n"
MENU = "Home\nShop 24 hours\n\n"
FOOT = "\n\nAll rights reserved 2024"


def talk(number: int) -> str:
    """Eight talks of one frame; two say the same between other frames, one is nothing but frame, two have none."""
    if number >= 10:
        return prose(f"talk {number}")
    if number == 9:
        return MENU.replace("24", "7") + "All rights reserved 1999"
    body = prose("talk 0" if number == 1 else f"talk {number}")
    return MENU.replace("24", str(number)) + body + FOOT.replace("2024", f"{2000 + number}")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lines")
    write_sources(folder)
    lines = [json.dumps({"id": f"t{number}", "text": talk(number)}) for number in range(12)]
    (folder / "talks/t.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def config(sources: Path, *steps: str, name: str = "lines") -> Path:
    path = write_config(sources, f"{name}.yaml")
    listed = "".join(f"    - {step}\n" for step in steps)
    assert STEPS in path.read_text()
    path.write_text(path.read_text().replace(STEPS, f"  steps:\n{listed}"))
    return path


LINES_FIRST = ("lines", "url: {keep: [newest]}", "exact", "minhash")


@pytest.fixture(scope="module")
def finished(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("finished") / "run"
    assert carry_out(config(sources, *LINES_FIRST), output).exit_code == 0
    return output


def by_id(run: Path, folder: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows(run / folder)}


def plainly(run: Path, formula: str, more_than: int) -> dict[str, str]:
    """What plain Python leaves of the texts in kept/."""
    kept = rows(run / "01-refine/kept")
    ties = dict(zip(id_hash(pa.array([row["id"] for row in kept])).tolist(), kept, strict=True))
    left = plain_lines({tie: row["text"] for tie, row in ties.items()}, formula, more_than)
    return {ties[tie]["id"]: text for tie, text in left.items()}


def test_texts_are_cut_counted_and_signed_again(finished: Path) -> None:
    expected = plainly(finished, "llama3", 6)
    kept, edits = by_id(finished, "01-refine/kept"), by_id(finished, "02-dedup/edits")
    assert {id_: row["text"] for id_, row in edits.items()} == {
        id_: text for id_, text in expected.items() if text != kept[id_]["text"]
    }
    assert set(edits) == {f"t{number}" for number in range(10)}
    for row in edits.values():
        text = Text.from_strings([row["text"]])
        assert row["text_bytes"] == len(row["text"].encode()) == len(kept[row["id"]]["text"].encode()) - row["removed"]
        assert row["exact_key"] == to_arrow(exact_keys(text)).to_pylist()[0]
        assert row["tokens"] == (None if row["short"] else counter("llama3")(pa.array([row["text"]]))[0])
        spans = list(zip(row["cuts"][0::2], row["cuts"][1::2], strict=True))
        assert sum(stop - start for start, stop in spans) == row["removed"]


def test_what_is_left_empty_is_dropped_without_a_keeper(finished: Path) -> None:
    decided = by_id(finished, "02-dedup/decisions")
    short = {id_: row for id_, row in decided.items() if row["reason"] == "lines.too_short"}
    assert set(short) == {"t9"}
    assert (short["t9"]["keep"], short["t9"]["keeper"], short["t9"]["cluster"]) == (False, None, "t9")


def test_the_steps_behind_see_the_text_that_is_left(finished: Path) -> None:
    decided = by_id(finished, "02-dedup/decisions")
    assert {decided["t0"]["reason"], decided["t1"]["reason"]} == {None, "exact.duplicate"}
    kept = by_id(finished, "01-refine/kept")
    assert kept["t0"]["text"] != kept["t1"]["text"]


def test_data_has_the_new_text_and_its_tokens(finished: Path) -> None:
    expected, data = plainly(finished, "llama3", 6), by_id(finished, "data")
    count = counter("llama3")
    assert data
    for id_, row in data.items():
        assert row["text"] == expected[id_]
        assert row["tokens"] == count(pa.array([row["text"]]))[0]
    frames = [row["text"] for id_, row in data.items() if id_.startswith("t")]
    assert frames and not any("Home" in text or "rights" in text for text in frames)


def test_bytes_balance_at_every_pass_and_over_all(finished: Path) -> None:
    passes = {name: manifest(finished / name) for name in ("01-refine", "02-dedup", "03-mixture", ".")}
    for told in passes.values():
        text = told["text_bytes"]
        sides = ("kept", "dropped", "removed", "failed")
        assert text["in"] + text["added"] == sum(text[side] for side in sides)
    assert passes["02-dedup"]["text_bytes"]["in"] == passes["01-refine"]["text_bytes"]["kept"]
    assert passes["03-mixture"]["text_bytes"]["in"] == passes["02-dedup"]["text_bytes"]["kept"]
    removed = {name: told["text_bytes"]["removed"] for name, told in passes.items()}
    edits, decided = by_id(finished, "02-dedup/edits"), by_id(finished, "02-dedup/decisions")
    assert removed["02-dedup"] == sum(row["removed"] for id_, row in edits.items() if decided[id_]["keep"]) > 0
    assert removed["."] == removed["01-refine"] + removed["02-dedup"]
    assert passes["."]["tokens"]["kept"] == sum(row["tokens"] for row in rows(finished / "data"))
    assert passes["."]["text_bytes"]["kept"] == sum(len(row["text"].encode()) for row in rows(finished / "data"))


def test_the_manifest_shows_what_went(finished: Path) -> None:
    told = manifest(finished / "02-dedup")["edits"]["lines"]
    assert {(line["count"], line["text"].split()[0]) for line in told["most"]} == {
        (10, "Home"),
        (10, "Shop"),
        (10, "All"),
    }
    assert (told["documents"], told["pieces"]) == (10, 30)


def test_units_of_many_batches_and_two_workers_change_nothing(
    finished: Path, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.beam.refine.Limits", partial(Limits, batch_bytes=3000))
    run = carry_out(config(sources, *LINES_FIRST), tmp_path / "run", "engine.workers=2").folder
    assert len(digests(run, "02-dedup/edits")) > len(digests(finished, "02-dedup/edits"))
    for folder in ("data", "02-dedup/edits", "02-dedup/decisions"):
        assert rows(run / folder) == rows(finished / folder)
    for stage in ("02-dedup", "03-mixture"):
        assert {**manifest(run / stage), "parts": 0} == {**manifest(finished / stage), "parts": 0}


def test_a_resumed_run_makes_lost_edits_again_byte_for_byte(finished: Path, sources: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(finished, tmp_path / "run"))
    lost = sorted((run / "02-dedup/edits").glob("*.parquet"))
    for path in (lost[-1], run / "data/part-00003-0000.parquet", run / "manifest.json"):
        path.unlink()
    carry_out(config(sources, *LINES_FIRST), run)
    assert digests(run, ".") == digests(finished, ".")


def test_lines_behind_minhash_look_only_at_what_it_left(sources: Path, tmp_path: Path) -> None:
    run = carry_out(config(sources, "minhash", "lines: {more_than: 8}", name="behind"), tmp_path / "run").folder
    decided = by_id(run, "02-dedup/decisions")
    assert {decided["t0"]["reason"], decided["t1"]["reason"]} == {None, "minhash.duplicate"}
    told = manifest(run / "02-dedup")["edits"]["lines"]
    assert {line["count"] for line in told["most"]} == {9}, "a dropped document's lines are not counted"


def test_c4_keeps_one_line_of_each_and_allowed_lines_stay(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "allowed.txt").write_text("Home\n")
    step = f"lines: {{as: c4, allow: {tmp_path / 'allowed.txt'}, when: {{source: [talks]}}}}"
    run = carry_out(config(sources, step, name="c4"), tmp_path / "run").folder
    talks = {id_: row["text"] for id_, row in by_id(run, "01-refine/kept").items() if id_.startswith("t")}
    ties = dict(zip(id_hash(pa.array(list(talks))).tolist(), talks, strict=True))
    marked = {tie: talks[id_].replace("Home", f"Home {tie}") for tie, id_ in ties.items()}
    expected = {ties[tie]: text.replace(f" {tie}", "") for tie, text in plain_lines(marked, "c4", 1).items()}
    data = by_id(run, "data")
    assert {id_: row["text"] for id_, row in data.items() if id_.startswith("t")} == {
        id_: text for id_, text in expected.items() if text.split() != []
    }


def test_report_and_explain_show_what_was_cut(finished: Path) -> None:
    page = (finished / "report.html").read_text()
    assert "Shop" in page.split('id="edits"')[1].split("</section>")[0]
    told = explain(finished, "t9")
    assert (told["outcome"], told["dedup"]["reason"]) == ("dropped in 02-dedup", "lines.too_short")
    assert [piece.split()[0] for piece in explain(finished, "t3")["cut"]] == ["Home", "All"]
    assert explain(finished, "t10")["cut"] == []


def test_what_an_engine_sends_twice_counts_once() -> None:
    job = DedupJob("", "f", "survivors", (DedupStep("lines", (), how=Lines(more_than=6)),))
    told = pack(unit=np.array([0], np.int32), key=np.array([[1, 2]], np.uint64), count=np.array([4], np.uint32))
    other = pack(unit=np.array([1], np.int32), key=np.array([[1, 2]], np.uint64), count=np.array([3], np.uint32))
    assert list(popular_lines(0, [told, told], job, 0)) == []
    assert {unit for unit, _ in popular_lines(0, [other, told, told], job, 0)} == {0, 1}
