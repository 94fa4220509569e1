"""Bad input in a whole run: failed rows with file and place, everything else published, exit 3 beyond the allowance."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.storage.inputs import InputError
from tests.beam.small_chain import manifest, rows
from tests.faults.chain import GOOD, carry_out, command, write_config
from tests.faults.test_bit_rot import fifth_page

BROKEN = b'{"id": "ok1", "text": "fine"}\n\xff\xfe broken\n{"id": "ok2", "text": "fine too"}\n'


def cut_and_broken(folder: Path) -> Path:
    """A gzip cut after two thirds, and a JSONL whose second line is no UTF-8."""
    lines = [json.dumps({"id": f"x{k}", "text": f"number {k} {GOOD * 20}"}) + "\n" for k in range(300)]
    whole = gzip.compress("".join(lines).encode(), mtime=0)
    (folder / "a.jsonl.gz").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "b.jsonl").write_bytes(BROKEN)
    inputs = "source: cut, path: a.jsonl.gz", "source: lines, path: b.jsonl"
    return write_config(folder, *inputs, more="steps: []\nlimits: {failed_fraction: 0}\n")


def test_a_cut_gzip_and_a_broken_line_are_two_failed_rows_and_exit_3(tmp_path: Path) -> None:
    config = cut_and_broken(tmp_path)
    result, said = carry_out(config)
    assert result.exit_code == 3
    documents = manifest(tmp_path / "run/01-refine")["documents"]
    assert documents["failed"] == 2
    assert documents["kept"] > 100
    published = [row["id"] for row in rows(tmp_path / "run/data")]
    assert {"ok1", "ok2", "x0", "x50"} <= {*published}
    assert len(published) == documents["kept"]
    failed = {row["file"]: row for row in rows(tmp_path / "run/01-refine/failed")}
    assert "cut" in failed["cut/a.jsonl.gz"]["error"]
    broken = failed["lines/b.jsonl"]
    assert broken["place"] == f"line at byte {BROKEN.index(0xFF)}"
    assert broken["payload"] == b"\xff\xfe broken"
    for name in failed:
        assert any(line.startswith(f"failed  {name}: ") for line in said)
    assert carry_out(config, "limits.failed_fraction=1")[0].exit_code == 0, "the allowance may change on a resume"


def test_a_corrupt_page_costs_its_rows_only_and_is_named(tmp_path: Path) -> None:
    texts = [f"{number} " + GOOD * 20 + str(number * 7919) for number in range(300)]
    table = pa.table({"text": texts, "id": [f"d{number}" for number in range(300)]})
    path = tmp_path / "a.parquet"
    small_pages = {"row_group_size": 100, "data_page_size": 2000, "write_batch_size": 5}
    plain = {"use_dictionary": False, "write_statistics": False}  # a flip in a page's statistics changes no text
    pq.write_table(table, path, write_page_checksum=True, **small_pages, **plain)
    rotten = bytearray(path.read_bytes())
    rotten[fifth_page(path, 1) + 60] ^= 4
    path.write_bytes(rotten)
    result, _ = carry_out(write_config(tmp_path, "source: rot, path: a.parquet"))
    assert result.exit_code == 3
    failed = rows(tmp_path / "run/01-refine/failed")
    assert failed
    assert all(row["file"] == "rot/a.parquet" and "row" in row["place"] for row in failed)
    ids = [row["id"] for row in rows(tmp_path / "run/data")]
    assert {f"d{number}" for number in [*range(100), *range(200, 300)]} <= {*ids}
    held = dict(zip(table["id"].to_pylist(), texts, strict=True))
    assert all(row["text"] == held[row["id"]] for row in rows(tmp_path / "run/data"))


def test_a_document_over_the_limit_is_a_failed_row_among_published_ones(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(f'{{"text": "{letter * size}"}}\n' for letter, size in
                                              (("a", 50), ("b", 5000), ("c", 70))))  # fmt: skip
    result, _ = carry_out(write_config(tmp_path, "source: big, path: a.jsonl"), "limits.document_bytes=1000")
    assert result.exit_code == 3
    (failed,) = rows(tmp_path / "run/01-refine/failed")
    assert (failed["file"], len(failed["payload"]) <= 1024) == ("big/a.jsonl", True)
    assert [row["text"][0] for row in rows(tmp_path / "run/data")] == ["a", "c"]


def test_a_document_of_100_mb_is_a_failed_row_and_no_burden(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("w") as shard:
        shard.write('{"text": "before"}\n{"text": "')
        for _ in range(100):
            shard.write("abcdefgh " * 111_112)
        shard.write('"}\n{"text": "after"}\n')
    carry_out(write_config(tmp_path, "source: big, path: a.jsonl"))
    (failed,) = rows(tmp_path / "run/01-refine/failed")
    assert "20,000,000" in failed["error"]
    assert [row["text"] for row in rows(tmp_path / "run/data")] == ["before", "after"]


def test_a_missing_text_column_is_an_error_before_any_work(tmp_path: Path) -> None:
    pq.write_table(pa.table({"body": ["a"], "id": ["b"]}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"a\.parquet.*text"):
        carry_out(write_config(tmp_path, "source: none, path: a.parquet"))
    assert not (tmp_path / "run").exists()


def test_lines_without_a_text_are_failed_rows(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "good"}\n{"body": "none"}\n{"text": null}\n')
    assert carry_out(write_config(tmp_path, "source: none, path: a.jsonl"))[0].exit_code == 3
    assert [row["place"] for row in rows(tmp_path / "run/01-refine/failed")] == ["line at byte 17", "line at byte 34"]
    assert [row["text"] for row in rows(tmp_path / "run/data")] == ["good"]


def test_the_command_says_an_unknown_key_with_its_line_and_exits_2(tmp_path: Path) -> None:
    config = write_config(tmp_path, "source: a, path: a.jsonl", more="no_such_key: 1\n")
    code, out, err = command("run", config)
    assert (code, out) == (2, "")
    assert err.startswith(f"{config}:4: ")
    assert "no_such_key" in err and err.count("\n") == 1


def test_the_command_exits_3_after_publishing_and_names_the_file(tmp_path: Path) -> None:
    code, out, err = command("run", cut_and_broken(tmp_path))
    assert code == 3
    assert out == f"{tmp_path}/run\n"
    assert "cut/a.jsonl.gz" in err and "failed_fraction" in err
    assert (tmp_path / "run/manifest.json").exists()
