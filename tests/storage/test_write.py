"""Parts: the same rows give the same bytes, whole or not at all, and tell what they are."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.storage.files import WriteError, atomic_write, digest
from pipeline.storage.write import part_entry, read_about, write_part

ABOUT = {"fingerprint": "ab", "unit": 0, "batch": 0, "last": True, "documents": {"in": 2}, "text_bytes": {"in": 9}}


def rows() -> pa.Table:
    metrics = pa.array([[("a.b", 1.5)], []], pa.map_(pa.string(), pa.float64()))
    signature = pa.array([[1, 2], None], pa.list_(pa.uint64()))
    parts = pa.array([{"x": 1}, None])
    columns = {"id": ["a", "b"], "text": ["one", "two é"], "reasons": [["r"], []], "metrics": metrics}
    return pa.table({**columns, "signature": signature, "parts": parts})


def test_a_part_is_what_was_written_and_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "part-00000-0000.parquet"
    record = write_part(path, rows(), ABOUT)
    assert pq.read_table(path, page_checksum_verification=True).equals(rows())
    assert record.path == "kept/part-00000-0000.parquet"
    assert (record.rows, record.bytes) == (2, path.stat().st_size)
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert part_entry(path) == record
    assert read_about(path) == ABOUT


def test_equal_rows_give_equal_bytes(tmp_path: Path) -> None:
    whole = write_part(tmp_path / "a" / "x.parquet", rows(), ABOUT)
    halves = pa.concat_tables([rows().slice(0, 1), rows().slice(1)])
    turned = dict(reversed(ABOUT.items()))
    assert write_part(tmp_path / "a" / "x.parquet", halves.combine_chunks(), turned) == whole


def test_a_part_without_rows_is_a_part(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    assert write_part(path, rows().slice(0, 0), ABOUT).rows == 0
    assert pq.read_table(path).schema.names == rows().schema.names
    assert read_about(path) == ABOUT


def test_a_batch_is_written_like_a_table(tmp_path: Path) -> None:
    batch = rows().to_batches()[0]
    assert write_part(tmp_path / "x.parquet", batch, ABOUT) == write_part(tmp_path / "x.parquet", rows(), ABOUT)


def test_nothing_is_left_beside_a_part(tmp_path: Path) -> None:
    write_part(tmp_path / "x.parquet", rows(), ABOUT)
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


@pytest.mark.parametrize("data", [None, b"", b"PAR1", b"{}" * 100])
def test_what_is_no_part_says_nothing(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "x.parquet"
    if data is not None:
        path.write_bytes(data)
    assert read_about(path) is None
    pq.write_table(rows(), path)
    assert read_about(path) is None, "a Parquet file of another writer"


def test_a_folder_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("here")
    with pytest.raises(WriteError, match=r"a/x\.json: .*bytes to write"):
        atomic_write(str(tmp_path / "a" / "x.json"), b"{}")


def test_the_digest_sees_size_and_both_ends(tmp_path: Path) -> None:
    path = tmp_path / "x"
    contents = [bytes(200_000), bytes(200_001), b"a" + bytes(199_999), bytes(199_999) + b"a", b"", b"a"]
    digests = []
    for content in contents:
        path.write_bytes(content)
        digests.append(digest(str(path)))
    assert len(set(digests)) == len(contents)
