"""URL normal forms: a table of addresses that name one page, and of such that do not."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.url import TRACKING, normal_form, url_keys

ONE_PAGE = "https://example.com/a/b"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a/b",
        "https://www.example.com/a/b",
        "HTTPS://WWW.EXAMPLE.COM/a/b",
        "https://example.com:443/a/b",
        "http://example.com:80/a/b",
        "http://example.com:/a/b",
        "https://example.com./a/b",
        "https://example.com/a/b/",
        "https://example.com/a/b//",
        "https://example.com/a/b#part",
        "https://example.com/a/b?",
        "https://example.com/a/b?utm_source=x&utm_medium=y",
        "https://example.com/a/b/?fbclid=1#x",
        "https://example.com/a/b?GCLID=1&&hsa_cam=2",
        "https://example.com/%61/%62",
        "https://user:secret@example.com/a/b",
        "//example.com/a/b",
        "example.com/a/b",
        "  https://example.com/a/b\n",
    ],
)
def test_these_are_one_page(url: str) -> None:
    assert normal_form(url) == normal_form(ONE_PAGE) == "example.com/a/b"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/A/b",
        "https://example.com:8080/a/b",
        "https://m.example.com/a/b",
        "https://example.org/a/b",
        "https://example.com/a/b?page=2",
        "https://example.com/a/b?ref=1",
        "https://example.com/a%2Fb",
        "https://example.com/a/b#!page",
        "ftp://example.com/a/b",
        "https://example.com/a",
    ],
)
def test_these_are_others(url: str) -> None:
    assert normal_form(url) != normal_form(ONE_PAGE)


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("http://x.org/?b=2&a=1&utm_id=9", "x.org?a=1&b=2"),
        ("http://x.org/%c3%a9%7e", "x.org/%C3%A9~"),
        ("http://x.org/?to=http://y.org/#z", "x.org?to=http://y.org/"),
        ("x.org/?to=http://y.org", "x.org?to=http://y.org"),
        ("http://[::1]:8080/a", "[::1]:8080/a"),
        ("ftp://x.org/a/", "ftp://x.org/a"),
        ("https://", ""),
        ("", ""),
    ],
)
def test_the_normal_form_is(url: str, form: str) -> None:
    assert normal_form(url) == form


@pytest.mark.parametrize("name", sorted(TRACKING))
def test_every_listed_parameter_is_dropped(name: str) -> None:
    assert normal_form(f"https://example.com/a/b?{name.upper()}=1") == "example.com/a/b"


@given(st.text(max_size=40), st.sampled_from(["http://", "https://www.", "", "//"]))
def test_any_text_has_a_form(text: str, before: str) -> None:
    assert isinstance(normal_form(before + text), str)


def test_a_document_without_a_url_has_no_key() -> None:
    keys, valid = url_keys(pa.array(["http://x.org", None, "", "x.org/", "http://y.org", "https://#a"]))
    assert valid.tolist() == [True, False, False, True, True, False]
    assert keys[0].tolist() == keys[3].tolist() != keys[4].tolist()
