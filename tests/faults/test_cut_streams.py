"""Fault 1: a compressed file that is cut or rotten. Every document before the fault is read, the fault is one row."""

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.storage.reading import documents, lines, read_all, web, write_jsonl

COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}
COUNT = 12


def three_shards(folder: Path, ending: str) -> bytes:
    """Three shards of `COUNT` documents; the middle one's bytes."""
    for number, name in enumerate("abc"):
        data = COMPRESSIONS[ending](lines(documents(COUNT, number * COUNT)))
        (folder / f"{name}.jsonl{ending}").write_bytes(data)
    return (folder / f"b.jsonl{ending}").read_bytes()


@pytest.mark.parametrize("ending", COMPRESSIONS)
def test_no_cut_point_loses_a_document_without_a_word(tmp_path: Path, ending: str) -> None:
    whole = three_shards(tmp_path, ending)
    ids = [f"d{number}" for number in range(3 * COUNT)]
    before: list[str] = []
    for cut in range(len(whole)):
        (tmp_path / f"b.jsonl{ending}").write_bytes(whole[:cut])
        everything = read_all(web(tmp_path / f"*.jsonl{ending}"))
        (failure,) = everything.failed
        assert failure.file == f"web/b.jsonl{ending}"
        assert failure.place == f"byte {cut}"
        assert "cut" in failure.error or cut == 0
        assert 0 <= failure.input_bytes <= cut
        read = [name for name in everything.ids if COUNT <= int(name[1:]) < 2 * COUNT]
        assert everything.ids == ids[:COUNT] + read + ids[2 * COUNT :]
        assert read == ids[COUNT : COUNT + len(read)]
        assert len(read) >= len(before), "a later cut leaves no less"
        before = read


def test_a_cut_gzip_gives_all_lines_that_its_bytes_hold(tmp_path: Path) -> None:
    data = lines(documents(3000))
    whole = gzip.compress(data, mtime=0)
    cut = len(whole) * 2 // 3
    (tmp_path / "a.jsonl.gz").write_bytes(whole[:cut])
    decoded = gzip.zlib.decompressobj(31).decompress(whole[:cut])  # type: ignore[attr-defined]
    everything = read_all(web(tmp_path / "a.jsonl.gz"))
    assert len(everything.rows) == decoded.count(b"\n")
    (failure,) = everything.failed
    assert failure.payload == decoded[decoded.rindex(b"\n") + 1 :], "the cut record is the payload"


@pytest.mark.parametrize("ending", COMPRESSIONS)
def test_a_rotten_byte_costs_no_document_before_it(tmp_path: Path, ending: str) -> None:
    parts = [COMPRESSIONS[ending](lines(documents(200, start))) for start in (0, 200)]
    rotten = bytearray(parts[1])
    rotten[len(rotten) // 2 : len(rotten) // 2 + 8] = bytes(8)
    (tmp_path / f"a.jsonl{ending}").write_bytes(parts[0] + rotten)
    everything = read_all(web(tmp_path / f"a.jsonl{ending}"))
    assert everything.ids[:200] == [f"d{number}" for number in range(200)]
    assert any(failure.error.startswith("damaged") for failure in everything.failed)


def test_what_follows_a_member_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines(documents(5))) + b"not a member at all")
    everything = read_all(web(tmp_path / "a.jsonl.gz"))
    assert len(everything.rows) == 5
    assert [failure.error.split(":")[0] for failure in everything.failed] == ["damaged gzip"]


def test_a_plain_file_cut_in_a_line_keeps_the_lines_before(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", documents(5))
    path.write_bytes(path.read_bytes()[:-9])
    everything = read_all(web(path))
    assert (len(everything.rows), len(everything.failed)) == (4, 1)
