"""Framing: no cut, no rot and no lie about a length may pass in silence."""

import gzip
import io
import zlib
from random import Random

import pytest

from pipeline.extract.failure import Failure
from pipeline.extract.warc import Record, records
from tests.extract.archives import MAX_BYTES, members, read_records, record

NOISE = Random(0).randbytes(3000).hex().encode()  # hardly compressible, so that members have an inside
THREE = [record(b"first " + NOISE[:300]), record(b"second " + NOISE[:2000]), record(b"third " + NOISE[:100])]


def places(found: list[Record | Failure]) -> list[tuple[int, int]]:
    return [(int(f.place.removeprefix("byte ")) if isinstance(f, Failure) else f.place, f.input_bytes) for f in found]


def blocks(found: list[Record | Failure]) -> list[bytes]:
    return [each.block for each in found if isinstance(each, Record)]


def failures(found: list[Record | Failure]) -> list[Failure]:
    return [each for each in found if isinstance(each, Failure)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(members(*THREE), id="a member for each record"),
        pytest.param(members(b"".join(THREE)), id="one member for the file"),
        pytest.param(b"".join(THREE), id="plain"),
        pytest.param(
            b"".join(gzip.compress(b"".join(THREE)[at : at + 700]) for at in range(0, 5600, 700)), id="blocks"
        ),
        pytest.param(members(b"", *THREE, b""), id="empty members"),
    ],
)
def test_all_records_are_read_however_the_file_is_compressed(data: bytes) -> None:
    found = read_records(data)
    assert blocks(found) == [b"first " + NOISE[:300], b"second " + NOISE[:2000], b"third " + NOISE[:100]]
    assert [each.row for each in found if isinstance(each, Record)] == [0, 1, 2]


@pytest.mark.parametrize("join", [members, lambda *parts: b"".join(parts)], ids=["gzip", "plain"])
def test_places_and_input_bytes_cover_the_file_without_gaps(join: object) -> None:
    assert callable(join)
    data = join(*THREE)
    at = 0
    for place, size in places(read_records(data)):
        assert place == at
        at += size
    assert at == len(data)


def test_a_cut_at_any_byte_inside_a_member_is_one_failed_row_and_what_was_before_stays() -> None:
    data, ends = members(*THREE), [0]
    for part in THREE:
        ends.append(ends[-1] + len(members(part)))
    for cut in range(1, len(data)):
        found = read_records(data[:cut])
        whole = sum(end <= cut for end in ends[1:])
        assert len(blocks(found)) == whole, cut
        if cut in ends:
            assert not failures(found)
            continue
        [failure] = failures(found)
        assert failure.place == f"byte {ends[whole]}"
        assert failure.input_bytes == cut - ends[whole]


def test_a_cut_in_a_plain_record_is_one_failed_row() -> None:
    data = b"".join(THREE)
    start, end = len(THREE[0]) + len(THREE[1]), len(data) - 4  # without the line breaks a record is still whole
    for cut in range(start + 1, end):
        [failure] = failures(read_records(data[:cut]))
        assert (failure.place, failure.input_bytes) == (f"byte {start}", cut - start)


def test_the_cut_record_is_the_payload_of_at_most_a_kibibyte() -> None:
    [failure] = failures(read_records(members(*THREE)[:-20]))
    assert THREE[2].startswith(failure.payload)
    assert 0 < len(failure.payload) <= 1024


def test_any_flipped_bit_is_seen_or_harmless() -> None:
    data, whole = members(*THREE), [each[each.index(b"\r\n\r\n") + 4 : -4] for each in THREE]
    for at in range(0, len(data), 7):
        found = read_records(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        assert all(block in whole for block in blocks(found)), at
        assert failures(found) or blocks(found) == whole, at


def test_after_a_corrupt_member_the_rest_of_the_file_is_one_failed_row() -> None:
    parts = [members(part) for part in THREE]
    damaged = parts[1][:40] + bytes(64) + parts[1][104:]
    found = read_records(parts[0] + damaged + parts[2])
    assert len(found) == 2 and len(blocks(found)) == 1
    [failure] = failures(found)
    assert failure.place == f"byte {len(parts[0])}"
    assert failure.input_bytes == len(damaged) + len(parts[2])
    assert "corrupt" in failure.error


def test_in_one_stream_the_records_before_the_fault_stay() -> None:
    many = [record(Random(seed).randbytes(30_000)) for seed in range(12)]
    data = members(b"".join(many))
    found = read_records(data[:-300] + bytes(8) + data[-292:])
    assert 8 <= len(blocks(found)) < 12  # the fault is noticed in the last 64 KiB that were read
    [failure] = failures(found)
    assert int(failure.place.removeprefix("byte ")) + failure.input_bytes == len(data)


@pytest.mark.parametrize(
    ("length", "error"),
    [
        (5000, "the record ends after 10 of its 5000 bytes"),
        (10**17, f"the record ends after 10 of its {10**17} bytes"),
        (4, "Content-Length 4 does not end where a record can end"),
    ],
)
def test_a_wrong_content_length_costs_its_own_member_only(length: int, error: str) -> None:
    block = b"0123456789"
    lying = record(block, length=length)[:-4]
    found = read_records(members(THREE[0], lying, THREE[2]))
    assert [type(each) for each in found] == [Record, Failure, Record]
    assert failures(found)[0].error == error


@pytest.mark.parametrize("value", ["", "-1", "1e3", "٣", "9" * 30, "0x10"])
def test_a_content_length_that_is_no_number_is_a_failed_row(value: str) -> None:
    broken = THREE[1].replace(b"Content-Length: 2007", b"Content-Length: " + value.encode())
    found = read_records(members(THREE[0], broken, THREE[2]))
    assert [type(each) for each in found] == [Record, Failure, Record]
    assert failures(found)[0].error.startswith("Content-Length is ")


@pytest.mark.parametrize(
    "data", [b"\x1f", b"{}\n" * 1000, members(b"filedesc://a.arc", b"more"), members(b"x" * 10**6)]
)
def test_a_file_that_is_no_warc_is_one_failed_row(data: bytes) -> None:
    [failure] = failures(read_records(data))
    assert (failure.place, failure.input_bytes) == ("byte 0", len(data))


@pytest.mark.parametrize("data", [b"", members(b""), b"\r\n"])
def test_an_empty_file_has_no_records(data: bytes) -> None:
    assert read_records(data) == []


def test_a_header_without_end_is_a_failed_row() -> None:
    endless = b"WARC/1.0\r\n" + b"A: b\r\n" * 20_000
    found = read_records(members(THREE[0], endless, THREE[2]))
    assert [type(each) for each in found] == [Record, Failure, Record]


@pytest.mark.parametrize("join", [members, lambda *parts: b"".join(parts), lambda *parts: members(b"".join(parts))])
def test_a_record_over_the_limit_shows_its_beginning_and_the_next_is_read(join: object) -> None:
    assert callable(join)
    first, large, third = read_records(join(THREE[0], record(bytes(10**7)), THREE[2]))
    assert isinstance(first, Record) and isinstance(large, Record) and isinstance(third, Record)
    assert large.oversized and large.length == 10**7 and len(large.block) == 1 << 16


def test_a_bomb_is_read_in_pieces() -> None:
    class Watched(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1) -> bytes:
            self.largest = max(self.largest, size or -1)
            return super().read(size)

    stream = Watched(members(record(bytes(10**8), kind="resource")))
    [found] = records(stream, file="bomb", max_bytes=MAX_BYTES)
    assert isinstance(found, Record) and found.length == 10**8 and not found.block
    assert stream.largest == 1 << 16


def test_a_gzip_trailer_is_checked_before_its_record_is_believed() -> None:
    data = members(THREE[0])
    wrong_crc = data[:-8] + zlib.crc32(b"other").to_bytes(4, "little") + data[-4:]
    [failure] = failures(read_records(wrong_crc))
    assert "incorrect data check" in failure.error
