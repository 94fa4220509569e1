"""Parquet: columns stay columns, rows keep their place, a bad row or page costs no more than itself."""

import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.documents import derived_id
from pipeline.storage import files
from pipeline.storage.limits import Limits
from pipeline.storage.parquet_pages import BadPageError, pages
from tests.storage.reading import read_all, web, write_parquet


def invalid_strings(values: list[bytes]) -> pa.Array:
    """A string column whose bytes nobody checked, as another writer may leave it."""
    return pa.Array.from_buffers(pa.string(), len(values), pa.array(values, pa.binary()).buffers())


def test_rows_are_numbers_in_the_file_over_all_row_groups_and_units(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"text": [f"t{n}" for n in range(95)]}, row_group_size=10)
    rows = read_all(web(path), row_groups_bytes=1, limits=Limits(batch_bytes=1000)).rows
    assert [(row["row"], row["text"]) for row in rows] == [(n, f"t{n}") for n in range(95)]
    assert rows[42]["id"] == derived_id("web", "a.parquet", 42)
    assert {row["unit"] for row in rows} == set(range(10))


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_every_kind_of_string_is_a_text(tmp_path: Path, kind: pa.DataType) -> None:
    text = pa.array(["a", "é", "a"]).cast(kind)
    path = write_parquet(tmp_path / "a.parquet", {"text": text, "id": pa.array(["1", "2", "3"]).cast(kind)})
    assert [(row["id"], row["text"]) for row in read_all(web(path)).rows] == [("1", "a"), ("2", "é"), ("3", "a")]


def test_a_null_text_is_a_failed_row(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"text": ["a", None, "c"], "id": ["1", "2", "3"]})
    everything = read_all(web(path))
    assert everything.ids == ["1", "3"]
    assert [(failure.place, failure.error) for failure in everything.failed] == [("row 1", "text is null")]


@pytest.mark.parametrize("column", ["text", "id", "note"])
def test_a_row_that_is_no_utf8_is_a_failed_row(tmp_path: Path, column: str) -> None:
    columns = {name: pa.array(["a", "b", "c", "d"]) for name in ("text", "id", "note")}
    columns[column] = invalid_strings([b"a", b"\xff\xfe", b"c", b"\xc3"])
    everything = read_all(web(write_parquet(tmp_path / "a.parquet", columns)))
    assert [row["row"] for row in everything.rows] == [0, 2]
    assert [(failure.place, failure.error) for failure in everything.failed] == [
        ("row 1", f"{column} is no UTF-8"),
        ("row 3", f"{column} is no UTF-8"),
    ]


def test_a_text_over_the_limit_is_a_failed_row_with_its_beginning(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"text": ["a", "b" * 5000, "c"]})
    everything = read_all(web(path), limits=Limits(document_bytes=4999))
    assert [row["text"] for row in everything.rows] == ["a", "c"]
    (failure,) = everything.failed
    assert failure.error == "the text is over the limit of 4,999 bytes"
    assert failure.payload == b"b" * 1024


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        (pa.array(["2024-05-06", "no date", None, ""]), ["2024-05-06T00:00:00Z", None, None, None]),
        (pa.array([datetime.date(2024, 5, 6)]), ["2024-05-06T00:00:00Z"]),
        (pa.array([1, 10**18], pa.timestamp("us")), ["1970-01-01T00:00:00.000001Z", None]),
        (pa.array([0], pa.timestamp("s", "Asia/Tokyo")), ["1970-01-01T00:00:00Z"]),
        (pa.array(["Tue, 15 Nov 1994 12:45:26 GMT"]), ["1994-11-15T12:45:26Z"]),
        (pa.array(["0001-01-01T00:00:00+10:00"]), [None]),
    ],
)
def test_dates_are_rfc3339_in_utc(tmp_path: Path, dates: pa.Array, wanted: list[str | None]) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"text": ["x"] * len(dates), "date": dates})
    assert [row["date"] for row in read_all(web(path)).rows] == wanted


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
@pytest.mark.parametrize("options", [{}, {"use_dictionary": False}, {"data_page_version": "2.0"}])
def test_every_writing_of_parquet_is_read(tmp_path: Path, compression: str, options: dict[str, object]) -> None:
    texts = [f"text {number} " * 50 for number in range(300)]
    lists = [[str(number)] * (number % 3) for number in range(300)]
    path = write_parquet(
        tmp_path / "a.parquet",
        {"text": texts, "tags": lists},
        compression=compression,
        data_page_size=4000,
        write_batch_size=10,
        **options,
    )
    rows = read_all(web(path)).rows
    assert [(row["text"], row["tags"]) for row in rows] == list(zip(texts, lists, strict=True))


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_delta_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    texts = [f"a common beginning {number}" for number in range(300)]
    path = write_parquet(
        tmp_path / "a.parquet", {"text": texts}, use_dictionary=False, column_encoding={"text": encoding}
    )
    assert [row["text"] for row in read_all(web(path)).rows] == texts


def test_page_headers_say_what_pages_expand_to(tmp_path: Path) -> None:
    texts = [f"text {number} " * 50 for number in range(300)]
    small = {"use_dictionary": False, "data_page_size": 10_000, "write_batch_size": 10}
    path = write_parquet(tmp_path / "a.parquet", {"text": texts}, **small)
    chunk = pq.ParquetFile(path).metadata.row_group(0).column(0)
    with files.open_input(str(path)) as file:
        start = chunk.data_page_offset
        found = list(pages(file, start, start + chunk.total_compressed_size))
        assert sum(page.values for page in found) == 300
        assert len(found) > 5
        assert sum(page.expanded_bytes for page in found) < chunk.total_uncompressed_size
        with pytest.raises(BadPageError):
            list(pages(file, start + 1, start + chunk.total_compressed_size))


def test_an_empty_file_has_one_empty_batch(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"text": pa.array([], pa.string())})
    (batch,) = read_all(web(path)).batches
    assert (batch.documents.num_rows, batch.last) == (0, True)
