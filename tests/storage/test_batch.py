"""Batches: never over their size, cut between documents, the last one known when it comes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import schema
from pipeline.extract.failure import Failure
from pipeline.storage.batch import ROW_BYTES, Piece, pack
from tests.storage.reading import documents, read_all, small_batches, web, write_jsonl
from tests.strategies import documents_of

FAILURE = Failure("web/a", "row 0", "broken", b"x" * 500, 1)


@given(
    st.lists(st.tuples(st.lists(st.integers(0, 3000), max_size=6), st.integers(0, 3)), max_size=6),
    st.integers(1, 6000),
)
def test_batches_hold_everything_in_order_within_their_size(
    pieces: list[tuple[list[int], int]], batch_bytes: int
) -> None:
    made = [Piece(documents_of(["x" * size for size in sizes]).batch, [FAILURE] * count) for sizes, count in pieces]
    batches = list(pack(made, schema(), batch_bytes))
    assert [batch.last for batch in batches] == [False] * (len(batches) - 1) + [True]
    sizes = [[len(text) for text in batch.documents.column("text").to_pylist()] for batch in batches]
    assert [size for batch in sizes for size in batch] == [size for of_piece, _ in pieces for size in of_piece]
    assert sum(len(batch.failed) for batch in batches) == sum(count for _, count in pieces)
    assert all(sum(batch) <= batch_bytes or len(batch) == 1 for batch in sizes)
    assert all(batch.documents.num_rows or batch.failed for batch in batches) or len(batches) == 1


def test_a_batch_that_is_just_full_is_the_last(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"text": "x" * 1000}] * 4)
    assert [batch.last for batch in read_all(web(path), limits=small_batches()).batches] == [False, True]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_unit_without_records_has_one_empty_batch(tmp_path: Path, name: str) -> None:
    (batch,) = read_all(web(write_jsonl(tmp_path / name, []))).batches
    assert (batch.documents.num_rows, batch.failed, batch.last) == (0, [], True)


def test_empty_documents_take_room_too(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", ({**record, "text": ""} for record in documents(100)))
    batches = read_all(web(path), limits=small_batches()).batches
    assert max(batch.documents.num_rows for batch in batches) <= 2000 // ROW_BYTES
