"""WHATWG's rules: who tells the charset, what a label means, what a decoder makes of each byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.charset import decode_page, header_charset, meta_charset
from pipeline.extract.codecs import decode
from pipeline.extract.labels import ENCODING_OF_LABEL, ENCODINGS, encoding_of

KOREAN = "한국어 문서는 여러 사람이 함께 읽고 고칩니다. 똠방각하와 펲시콜라."
JAPANESE = "これは日本語の文章です。文字コードを調べるために書きました。"
RUSSIAN = "Это обычный русский текст, написанный для проверки кодировки страницы."


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("euc-kr", "euc-kr"),
        ("KS_C_5601-1987", "euc-kr"),
        (" ISO-8859-1\n", "windows-1252"),
        ("us-ascii", "windows-1252"),
        ("gb2312", "gbk"),
        ("x-sjis", "shift_jis"),
        ("iso-8859-9", "windows-1254"),
        ("tis-620", "windows-874"),
        ("hz-gb-2312", "replacement"),
        ("unicode", "utf-16le"),
        ("utf-7", None),
        ("", None),
    ],
)
def test_a_label_means_what_browsers_take_it_for(label: str, encoding: str | None) -> None:
    assert encoding_of(label) == encoding


def test_the_standards_table_is_whole() -> None:
    assert len(ENCODINGS) == 40
    assert len(ENCODING_OF_LABEL) == 228
    assert sum(len(labels.split()) for labels in ENCODINGS.values()) == 228


@pytest.mark.parametrize(
    ("data", "content_type", "encoding", "told_by"),
    [
        (b"\xef\xbb\xbfa", "text/html; charset=koi8-r", "utf-8", "bom"),
        (b"\xff\xfea\0", "", "utf-16le", "bom"),
        (b"<meta charset=big5>\xa4\xa4", "text/html; charset=koi8-r", "koi8-r", "header"),
        (b"<meta charset=big5>\xa4\xa4", "text/html; charset=nonsense", "big5", "meta"),
        (b"<meta charset=big5>\xa4\xa4", "text/html", "big5", "meta"),
        (b"<p>\xc3\xa9", "text/html", "utf-8", "detection"),
        (b"<p>plain", "text/html", "utf-8", "detection"),
    ],
)
def test_mark_goes_before_header_before_meta_before_detection(
    data: bytes, content_type: str, encoding: str, told_by: str
) -> None:
    decoded = decode_page(data, content_type)
    assert (decoded.encoding, decoded.told_by) == (encoding, told_by)
    assert "\ufeff" not in decoded.text


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"<meta charset='utf-8'>", "utf-8"),
        (b"<META CHARSET = Windows-1251 >", "windows-1251"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">', "euc-kr"),
        (b'<meta content="text/html; charset=euc-kr" http-equiv=content-type />', "euc-kr"),
        (b'<meta name="x" content="text/html; charset=euc-kr">', None),
        (b"<!-- <meta charset=koi8-r> --><meta charset=big5>", "big5"),
        (b"<!-- never closed <meta charset=koi8-r>", None),
        (b'<div title="<meta charset=koi8-r>"><meta charset=big5>', "big5"),
        (b"<metadata charset=koi8-r>", None),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<meta charset=x-user-defined>", "windows-1252"),
        (b"<meta charset=nonsense><meta charset=big5>", "big5"),
        (b"<?xml version='1.0' encoding='shift_jis'?><html>", "shift_jis"),
        (b"<?xml version='1.0' encoding='shift_jis'?><meta charset=big5>", "big5"),
        (b" " * 1024 + b"<meta charset=big5>", None),
        (b"<meta" * 200, None),
    ],
)
def test_the_prescan_finds_what_the_html_standard_finds(head: bytes, encoding: str | None) -> None:
    assert meta_charset(head) == encoding


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/html; charset=UTF-8", "utf-8"),
        ('text/html;charset="iso-8859-1"', "windows-1252"),
        ("text/html; CHARSET = 'gbk'; x=y", "gbk"),
        ("text/html; charset=", None),
        ("", None),
    ],
)
def test_the_header_names_a_charset(content_type: str, encoding: str | None) -> None:
    assert header_charset(content_type) == encoding


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("똠방각하".encode("cp949"), "euc-kr", "똠방각하"),
        (b"\x80\x81\x8d\x93\x9d", "windows-1252", "\u20ac\x81\x8d\u201c\x9d"),
        (b"\x81\xd2", "windows-1253", "\x81\ufffd"),
        (b"\xca", "windows-1255", "\u05ba"),
        (b"\xae\xbe", "koi8-u", "\u045e\u040e"),
        ("①㈱髙".encode("cp932"), "shift_jis", "①㈱髙"),
        (b"\xad\xa1\xa1\xc1\xfc\xe2", "euc-jp", "①\uff5e髙"),
        (b"\x1b$B4A;z\x1b(B \x1b(I12\x1b(B", "iso-2022-jp", "漢字 ｱｲ"),
        (b"\x80 \xb0\xa1\x81\x30\x81\x30", "gbk", "\u20ac 啊\x80"),
        (b"\xf9\xf9\xa4\xa4\x88\x62", "big5", "═中\u00ca\u0304"),
        (b"a\x80\xff", "x-user-defined", "a\uf780\uf7ff"),
        (b"anything", "replacement", "\ufffd"),
        (b"\xed\xa0\x80", "utf-8", "\ufffd\ufffd\ufffd"),
        (b"\x00\xd8a\x00", "utf-16le", "\ufffda"),
        (b"\x81<", "gbk", "\ufffd<"),
        (b"\x81<", "shift_jis", "\ufffd<"),
        (b"\xa1<", "euc-jp", "\ufffd<"),
        (b"\xff<", "big5", "\ufffd<"),
        (b"\x81<", "euc-kr", "\ufffd<"),
    ],
)
def test_a_decoder_is_whatwgs_and_not_pythons(data: bytes, encoding: str, text: str) -> None:
    assert decode(data, encoding) == text


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        (KOREAN, "cp949", "euc-kr"),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8_r", "koi8-r"),
        (RUSSIAN, "utf-8", "utf-8"),
    ],
)
def test_an_undeclared_charset_is_detected(text: str, codec: str, encoding: str) -> None:
    decoded = decode_page(("<html><body><p>" + text * 4).encode(codec))
    assert (decoded.encoding, decoded.told_by) == (encoding, "detection")
    assert text in decoded.text


def test_plain_text_has_no_meta() -> None:
    assert decode_page(b"<meta charset=big5>", is_html=False).told_by == "detection"


@given(st.binary(max_size=300), st.sampled_from(sorted(ENCODINGS)))
def test_any_bytes_decode_to_valid_text(data: bytes, encoding: str) -> None:
    decode(data, encoding).encode()


@given(st.binary(max_size=300))
def test_any_page_decodes_to_valid_text(data: bytes) -> None:
    decode_page(data).text.encode()


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_utf_8_without_a_declaration_is_kept_as_it_is(text: str) -> None:
    if not text.startswith("\ufeff") and "\x1b" not in text:
        assert decode_page(text.encode(), is_html=False).text == text
