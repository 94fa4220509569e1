"""Which records become documents, what the others are counted as, and what costs a page."""

import gzip
import zlib

import brotli
import pytest

from pipeline.extract.failure import Failure
from pipeline.extract.pages import Page, rfc3339
from tests.extract.archives import HTML, MAX_BYTES, TEXT, http, members, only_failure, only_page, read_pages, record

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
CHUNKED = b"10\r\n" + HTML[:16] + b"\r\n5;name=value\r\n" + HTML[16:21] + b"\r\n%X\r\n" % len(HTML[21:]) + HTML[21:]
BOMB = bytes(10 * MAX_BYTES)


def test_a_page_carries_its_row_address_date_and_text() -> None:
    data = members(record(b"", kind="warcinfo"), record(http(), WARC_Target_URI="<http://b.example/>"))
    found, skipped = read_pages(data)
    [page] = found
    assert page == Page(1, "http://b.example/", "2024-05-06T07:08:09Z", TEXT, len(HTML), page.input_bytes)
    assert skipped == {"warcinfo": 1}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (record(http(), kind="request"), "request"),
        (record(b"a: b", kind="metadata"), "metadata"),
        (record(PNG, kind="resource"), "resource"),
        (record(b"x", kind="revisit"), "revisit"),
        (record(b"some text", kind="conversion"), "conversion"),
        (record(b"x", kind="home-made"), "unknown"),
        (record(http(status="404 Not Found")), "status_404"),
        (record(http(status="301 Moved")), "status_301"),
        (record(http(b'{"a": 1}', Content_Type="application/json")), "not_html"),
        (record(http(PNG, Content_Type="image/png")), "not_html"),
        (record(http(bytes(10 * MAX_BYTES), Content_Type="video/mp4")), "not_html"),
        (record(http(PNG)), "not_text"),
        (record(http(b"%PDF-1.4 ...")), "not_text"),
        (record(http(bytes(200))), "not_text"),
        (record(b"20240506\na.example 127.0.0.1"), "not_http"),
    ],
)
def test_a_record_that_is_no_document_is_counted_by_kind(data: bytes, kind: str) -> None:
    found, skipped = read_pages(members(data))
    assert (found, skipped) == ([], {kind: 1})


@pytest.mark.parametrize(
    ("response", "text"),
    [
        pytest.param(http(), TEXT, id="html"),
        pytest.param(http(Content_Type="Application/XHTML+xml; charset=utf-8"), TEXT, id="xhtml"),
        pytest.param(http(Content_Type=""), TEXT, id="no type, sniffed as html"),
        pytest.param(http(b"just <b> text\0", Content_Type="text/plain"), "just <b> text", id="plain text"),
        pytest.param(http(b"just text", Content_Type=""), "just text", id="no type, sniffed as text"),
        pytest.param(http(b""), "", id="empty body"),
        pytest.param(http(HTML.decode().encode("utf-16")), TEXT, id="utf-16 with a mark"),
        pytest.param(
            http(HTML.decode().encode("utf-16-le"), Content_Type="text/html; charset=utf-16le"), TEXT, id="16le"
        ),
        pytest.param(http(HTML.replace(b"page", b"pa\0ge")), TEXT, id="NUL"),
        pytest.param(http(gzip.compress(HTML, mtime=0), Content_Encoding="gzip"), TEXT, id="gzip"),
        pytest.param(http(zlib.compress(HTML), Content_Encoding="deflate"), TEXT, id="deflate"),
        pytest.param(http(zlib.compress(HTML)[2:-4], Content_Encoding="deflate"), TEXT, id="raw deflate"),
        pytest.param(http(brotli.compress(HTML), Content_Encoding="br"), TEXT, id="br"),
        pytest.param(
            http(brotli.compress(gzip.compress(HTML, mtime=0)), Content_Encoding="gzip, br"), TEXT, id="two codings"
        ),
        pytest.param(http(HTML, Content_Encoding="gzip"), TEXT, id="gzip undone by the crawler"),
        pytest.param(http(HTML, Content_Encoding="br"), TEXT, id="br undone by the crawler"),
        pytest.param(http(CHUNKED + b"\r\n0\r\n\r\n", Transfer_Encoding="chunked"), TEXT, id="chunked"),
        pytest.param(http(HTML, Transfer_Encoding="chunked"), TEXT, id="chunks joined by the crawler"),
    ],
)
def test_a_body_becomes_text(response: bytes, text: str) -> None:
    assert only_page(members(record(response))).text == text


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (http(HTML * 2000), "a record of "),
        (http(gzip.compress(BOMB, mtime=0), Content_Encoding="gzip"), f"over the limit of {MAX_BYTES} bytes"),
        (http(zlib.compress(BOMB), Content_Encoding="deflate"), f"over the limit of {MAX_BYTES} bytes"),
        (http(brotli.compress(BOMB), Content_Encoding="br"), f"over the limit of {MAX_BYTES} bytes"),
        (http(gzip.compress(HTML, mtime=0)[:-9], Content_Encoding="gzip"), "cut off"),
        (http(gzip.compress(HTML, mtime=0)[:20] + bytes(9), Content_Encoding="gzip"), "the compressed body is"),
        (http(brotli.compress(HTML)[:-9], Content_Encoding="br"), "cut off"),
        (http(b"\x8b" * 90, Content_Encoding="br"), "the compressed body is"),
        (http(b"\x28\xb5", Content_Encoding="zstd"), "content coding 'zstd' is not known"),
        (http(CHUNKED, Transfer_Encoding="chunked"), "without its last chunk"),
        (http(CHUNKED + b"\r\nnonsense\r\n", Transfer_Encoding="chunked"), "no chunk size at byte"),
        (http(b"<p>" + b"\xff" * 90, Content_Type="text/html; charset=utf-8"), "not utf-8 (told by header"),
        (http(b"<meta charset=iso-2022-kr><p>text"), "not replacement (told by meta"),
        (http(b"<div>" * 15_000), "elements nest 15000 deep"),
    ],
)
def test_a_page_that_cannot_be_read_is_one_failed_row_and_the_next_is_read(response: bytes, error: str) -> None:
    before, broken, after = (members(record(each)) for each in (http(), response, http()))
    [first, failure, last], skipped = read_pages(before + broken + after)
    assert isinstance(first, Page) and isinstance(last, Page) and isinstance(failure, Failure)
    assert error in failure.error
    assert (failure.place, failure.input_bytes) == (f"byte {len(before)}", len(broken))
    assert 0 < len(failure.payload) <= 1024 and not skipped


@pytest.mark.parametrize(("bad", "fails"), [(1, False), (2, True)])
def test_one_replacement_character_in_a_hundred_is_the_limit(bad: int, fails: bool) -> None:
    body = b"x" * (100 - bad) + b"\xff" * bad
    [found], _ = read_pages(members(record(http(body, Content_Type="text/plain; charset=utf-8"))))
    assert isinstance(found, Failure) == fails


def test_a_declared_charset_is_believed_as_browsers_believe_it() -> None:
    korean = "<meta charset=euc-kr><p>똠방각하 펲시콜라</p>"
    assert only_page(members(record(http(korean.encode("cp949"))))).text == "똠방각하 펲시콜라"
    failure = only_failure(members(record(http(("<meta charset=big5><p>" + "繁體中文說明" * 9).encode()))))
    assert "not big5 (told by meta" in failure.error


@pytest.mark.parametrize(
    ("warc_date", "date"),
    [
        ("2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z"),
        ("2024-05-06T07:08:09.5Z", "2024-05-06T07:08:09.500000Z"),
        ("2024-05-06T07:08:09+02:00", "2024-05-06T05:08:09Z"),
        ("2008-10-294T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2024-05-06T07:08:09", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_rfc_3339_in_utc_or_null(warc_date: str | None, date: str | None) -> None:
    assert rfc3339(warc_date) == date


def test_a_missing_address_is_null() -> None:
    assert only_page(members(record(http(), WARC_Target_URI=""))).url is None
