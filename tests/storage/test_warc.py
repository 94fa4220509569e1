"""WARC through the door: documents with url and date, other records counted, faults as failed rows."""

import gzip
from pathlib import Path

import pyarrow as pa

from pipeline.documents import derived_id
from pipeline.storage.limits import Limits
from tests.storage.reading import read_all, web

PAGE = "<html><head><title>t</title></head><body><main><p>{}</p></main></body></html>"


def record(kind: str, body: bytes, uri: str = "https://a.example/") -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n"
    return head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def response(text: str, uri: str = "https://a.example/") -> bytes:
    body = PAGE.format(text).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return record("response", head.encode() + body, uri)


def write_warc(path: Path, records: list[bytes]) -> Path:
    path.write_bytes(b"".join(gzip.compress(one, mtime=0) for one in records))
    return path


def test_pages_become_documents_and_other_records_are_counted(tmp_path: Path) -> None:
    text = "A sentence of the page that is long enough to be its content, in plain words. " * 5
    path = write_warc(tmp_path / "a.warc.gz", [record("warcinfo", b"x"), response(text), record("request", b"GET /")])
    (batch,) = read_all(web(path)).batches
    (row,) = batch.documents.to_pylist()
    assert row["text"].strip() == text.strip()
    assert (row["url"], row["date"], row["row"]) == ("https://a.example/", "2024-05-06T07:08:09Z", 1)
    assert row["id"] == derived_id("web", "a.warc.gz", 1)
    assert batch.skipped == {"warcinfo": 1, "request": 1}


def test_no_cut_point_of_an_archive_is_silent(tmp_path: Path) -> None:
    records = [response(f"Page {number} has a sentence of its own, and then another one. " * 3) for number in range(3)]
    path = write_warc(tmp_path / "a.warc.gz", records)
    whole = path.read_bytes()
    ends = {sum(len(gzip.compress(one, mtime=0)) for one in records[:count]) for count in range(4)}
    for cut in sorted(set(range(1, len(whole), 3)) - ends):
        path.write_bytes(whole[:cut])
        everything = read_all(web(path))
        (failure,) = everything.failed
        assert failure.file == "web/a.warc.gz"
        assert len(everything.rows) == sum(0 < end <= cut for end in ends)


def test_batches_of_an_archive_hold_all_pages(tmp_path: Path) -> None:
    records = [response(f"Page {number} " * 40, f"https://a.example/{number}") for number in range(20)]
    path = write_warc(tmp_path / "a.warc.gz", records)
    everything = read_all(web(path), limits=Limits(batch_bytes=1000))
    assert [row["url"] for row in everything.rows] == [f"https://a.example/{number}" for number in range(20)]
    assert len(everything.batches) > 5
    assert pa.Table.from_batches([batch.documents for batch in everything.batches]).num_rows == 20
