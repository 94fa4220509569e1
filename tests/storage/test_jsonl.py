"""JSONL: each line a document or a failed row, whatever stands in it and wherever the file is cut."""

import bz2
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.documents import derived_id
from pipeline.storage.limits import Limits
from tests.storage.reading import documents, lines, read_all, web, write_jsonl
from tests.strategies import characters

COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.compress,
}
GOOD = b'{"id": "good", "text": "fine"}\n'


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b'{"text": "\xff"}', "no JSON: str is not valid UTF-8"),
        (b'{"text": "\\ud800"}', "no JSON: no low surrogate"),
        (b'{"text": "x", "n": NaN}', "no JSON"),
        (b'{"text": "x", "n": 1e999}', "no JSON"),
        (b'{"text": "cut', "no JSON"),
        (b"[" * 5000, "no JSON: depth limit"),
        (b'{"text": "x", "deep": ' + b"[" * 600 + b"]" * 600 + b"}", "nested too deep"),
        (b'\xef\xbb\xbf{"text": "a mark inside the file"}', "no JSON"),
        (b'["text"]', "the line is list, not an object"),
        (b'"text"', "the line is str, not an object"),
        (b"3", "the line is int, not an object"),
        (b'{"id": "a"}', "no text"),
        (b'{"id": "a", "text": null}', "text is null"),
        (b'{"id": "a", "text": 3}', "text is int, not a string"),
        (b'{"id": 7, "text": "x"}', "id is int, not a string"),
    ],
)
def test_a_bad_line_is_one_failed_row_and_the_next_line_is_read(tmp_path: Path, line: bytes, error: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(GOOD + line + b"\n" + GOOD)
    everything = read_all(web(tmp_path / "a.jsonl"))
    assert everything.ids == ["good", "good"]
    (failure,) = everything.failed
    assert failure.error.startswith(error)
    assert (failure.file, failure.place) == ("web/a.jsonl", f"line at byte {len(GOOD)}")
    assert failure.payload == line[:1024] or failure.error == "nested too deep"
    assert failure.input_bytes == len(line) + 1


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b'{"text": "a\\u0000b"}', {"text": "a\0b"}),
        (b'{"text": "a", "text": "b"}', {"text": "b"}),
        (b'{"text": "\\ud83d\\ude00"}\r', {"text": "\U0001f600"}),
        (b'{"text": "", "url": "", "licence": null}', {"text": "", "url": None, "licence": None}),
        (b'{"text": "x", "n": 123456789012345678901234567890}', {"n": None, "extra": '{"n":1.2345678901234568e+29}'}),
        (b'{"text": "x", "n": 9223372036854775808}', {"n": None, "extra": '{"n":9223372036854775808}'}),
        (b'{"text": "x", "n": "seven", "new": [1]}', {"n": None, "extra": '{"n":"seven","new":[1]}'}),
        (b'{"text": "x", "url": 5}', {"url": None, "extra": '{"url":5}'}),
        (b'{"text": "x", "meta": {"b": 1, "a": 2}}', {"meta": '{"a":2,"b":1}', "extra": None}),
        (b'{"text": "x", "language": "pt-BR"}', {"language": "pt"}),
        (b'{"text": "x", "language": "zh_TW"}', {"language": "zh"}),
        (b'{"text": "x", "language": "Python"}', {"language": None}),
        (b'{"text": "x", "date": "2024-05-06T07:08:09+02:00"}', {"date": "2024-05-06T05:08:09Z"}),
    ],
)
def test_what_a_line_may_hold(tmp_path: Path, line: bytes, wanted: dict[str, Any]) -> None:
    first = {"id": "first", "text": "x", "n": 1, "meta": {}, "url": "u", "language": "en", "date": "2024-01-01"}
    many = [{**first, "id": f"first-{number}"} for number in range(100)]  # inspection looks no further
    (tmp_path / "a.jsonl").write_bytes(lines(many) + line + b"\n")
    row = read_all(web(tmp_path / "a.jsonl")).rows[100]
    assert {name: row[name] for name in wanted} == wanted


def test_a_mark_at_the_beginning_of_the_file_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + GOOD)
    everything = read_all(web(tmp_path / "a.jsonl"))
    assert (everything.ids, everything.failed) == (["good"], [])


def test_blank_lines_are_no_records(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n  \n" + GOOD + b"\r\n" + GOOD.rstrip())
    everything = read_all(web(tmp_path / "a.jsonl"))
    assert [row["row"] for row in everything.rows] == [4, 4 + len(GOOD) + 2]
    assert everything.failed == []


def test_ids_that_are_given_survive_and_missing_ones_are_derived(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [
        {"id": "mine", "text": "a"},
        {"text": "b"},
        {"id": None, "text": "c"},
        {"id": "", "text": "d"},
    ]
    path = write_jsonl(tmp_path / "a.jsonl", records)
    rows = read_all(web(path)).rows
    assert [row["id"] for row in rows] == ["mine", *(derived_id("web", "a.jsonl", row["row"]) for row in rows[1:])]
    assert read_all(web(path, ids="namespace")).ids == ["web/a.jsonl#mine", *(row["id"] for row in rows[1:])]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    texts=st.lists(st.text(characters, max_size=40), max_size=30),
    range_bytes=st.integers(1, 400),
    batch_bytes=st.integers(1, 3000),
    ends_in_a_break=st.booleans(),
)
def test_any_ranges_and_batches_give_the_same_documents(
    tmp_path: Path, texts: list[str], range_bytes: int, batch_bytes: int, ends_in_a_break: bool
) -> None:
    data = lines({"text": text} for text in texts)
    (tmp_path / "a.jsonl").write_bytes(data if ends_in_a_break else data.removesuffix(b"\n"))
    whole = read_all(web(tmp_path / "a.jsonl"))
    cut = read_all(web(tmp_path / "a.jsonl"), limits=Limits(batch_bytes=batch_bytes), range_bytes=range_bytes)
    assert [row["text"] for row in whole.rows] == texts
    assert [(row["id"], row["text"], row["row"]) for row in cut.rows] == [
        (row["id"], row["text"], row["row"]) for row in whole.rows
    ]


@pytest.mark.parametrize("ending", [".gz", ".bz2", ".zst"])
def test_several_members_and_padding_are_one_stream(tmp_path: Path, ending: str) -> None:
    compress = COMPRESSIONS[ending]
    parts = [compress(lines(documents(30, start))) for start in (0, 30, 60)]
    (tmp_path / f"a.jsonl{ending}").write_bytes(b"".join(parts) + bytes(512))
    everything = read_all(web(tmp_path / f"a.jsonl{ending}"))
    assert everything.ids == [f"d{number}" for number in range(90)]
    assert everything.failed == []
    assert everything.rows[1]["row"] == len(json.dumps(documents(1)[0], ensure_ascii=False).encode()) + 1
    assert len({row["row"] for row in everything.rows}) == 90


def test_a_column_of_an_input_may_be_ours_under_another_name(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"content": "x", "text": "a title", "lang": "de", "source": "s"}])
    row = read_all(web(path, columns={"text": "content", "language": "lang"})).rows[0]
    assert (row["text"], row["input_text"], row["language"], row["input_source"]) == ("x", "a title", "de", "s")
