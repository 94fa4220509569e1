"""Fault 2: flipped bits. In our output every one is found; in an input none changes a text without a word."""

import dataclasses
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.storage import files
from pipeline.storage.inputs import InputError
from pipeline.storage.manifest import ManifestError, check_parts, read_parts, write_json_atomically
from pipeline.storage.parquet_pages import pages
from pipeline.storage.write import write_part
from tests.storage.reading import documents, read_all, web, write_parquet

FLIPS = 1000


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def fifth_page(path: Path, row_group: int) -> int:
    chunk = pq.ParquetFile(path).metadata.row_group(row_group).column(0)
    with files.open_input(str(path)) as file:
        start = chunk.data_page_offset
        return [page.at for page in pages(file, start, start + chunk.total_compressed_size)][4]


def test_every_flip_in_our_output_is_found(tmp_path: Path) -> None:
    path = tmp_path / "data" / "part-00000-0000.parquet"
    record = write_part(path, pa.Table.from_pylist(documents(200)), {"unit": 0})
    write_json_atomically(tmp_path / "manifest.json", {"parts": [dataclasses.asdict(record)]})
    whole, chance = path.read_bytes(), random.Random(0)
    for bit in (chance.randrange(8 * len(whole)) for _ in range(FLIPS)):
        path.write_bytes(flipped(whole, bit))
        with pytest.raises(ManifestError, match="not those that the manifest names"):
            check_parts(tmp_path)


def test_flips_in_pages_are_found_while_reading(tmp_path: Path) -> None:
    path = tmp_path / "data" / "part-00000-0000.parquet"
    texts = [f"{random.Random(number).random()} " * 40 for number in range(300)]
    record = write_part(path, pa.table({"text": texts}), {"unit": 0})
    write_json_atomically(tmp_path / "manifest.json", {"parts": [dataclasses.asdict(record)]})
    whole = path.read_bytes()
    for share in (0.2, 0.4, 0.5, 0.7):
        path.write_bytes(flipped(whole, 8 * int(len(whole) * share)))
        with pytest.raises(OSError, match="CRC checksum verification failed"):
            list(read_parts(tmp_path, "data"))


def test_a_flip_in_an_input_is_a_failed_row_or_changes_nothing(tmp_path: Path) -> None:
    texts = [f"text {number} of the shard" for number in range(300)]
    path = write_parquet(tmp_path / "a.parquet", {"text": texts}, row_group_size=100, write_statistics=False)
    whole, chance, found = path.read_bytes(), random.Random(1), 0
    for bit in (chance.randrange(8 * len(whole)) for _ in range(FLIPS // 2)):
        path.write_bytes(flipped(whole, bit))
        try:
            everything = read_all(web(path))
        except InputError:  # the column's name was hit
            continue
        found += bool(everything.failed)
        rows = {row["row"]: row["text"] for row in everything.rows}
        assert everything.failed or rows == dict(enumerate(texts))
        assert set(rows.values()) <= set(texts), "no text is wrong, even where the footer lost count of the rows"
    assert found > FLIPS // 8


def test_a_rotten_page_costs_the_rest_of_its_row_group_only(tmp_path: Path) -> None:
    texts = [f"{random.Random(number).random()} " * 40 for number in range(300)]
    options = {
        "row_group_size": 100,
        "data_page_size": 2000,
        "write_batch_size": 5,
        "use_dictionary": False,
        "write_statistics": False,
    }
    path = write_parquet(tmp_path / "a.parquet", {"text": texts}, compression="zstd", **options)
    whole = path.read_bytes()
    path.write_bytes(flipped(whole, 8 * (fifth_page(path, row_group=1) + 100)))
    everything = read_all(web(path))
    (failure,) = everything.failed
    rows = [row["row"] for row in everything.rows]
    place = int(failure.place.removeprefix("row "))
    assert 100 <= place < 200
    assert rows == [*range(place), *range(200, 300)]
    assert "row group 1 cannot be read from here on" in failure.error
    assert 0 < failure.input_bytes < len(whole) // 2
