"""WHATWG's decoders, made of Python's codecs and the differences between the two. Never raises: U+FFFD instead."""

import codecs
from collections.abc import Callable
from functools import cache

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

SINGLE_BYTE = {  # WHATWG's name: Python's
    "ibm866": "cp866",
    "iso-8859-8-i": "iso8859-8",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "windows-874": "cp874",
}
MULTI_BYTE = {"gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949"}
FALLBACK_ERRORS = {"gbk": "whatwg_gbk", "gb18030": "whatwg_gbk", "big5": "whatwg_big5"}

DIFFERENT_BYTES = {  # where WHATWG's table names another character than Python's
    "koi8-u": {0xAE: "\u045e", 0xBE: "\u040e"},
    "windows-1255": {0xCA: "\u05ba"},
}
JIS_PUNCTUATION = str.maketrans(  # WHATWG's jis0208 index is Microsoft's: full-width forms
    "\u301c\u2016\u2212\u00a2\u00a3\u00ac", "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2"
)


def decode(data: bytes, encoding: str) -> str:
    """The text of `data` as browsers decode `encoding` (a WHATWG name); a byte order mark is not taken off."""
    if encoding in ("utf-8", "utf-16le", "utf-16be"):
        return data.decode(encoding, "replace")
    if encoding in MULTI_BYTE:
        return data.decode(MULTI_BYTE[encoding], FALLBACK_ERRORS.get(encoding, "replace"))
    if encoding == "euc-jp":
        return data.decode("euc_jp", "whatwg_euc_jp").translate(JIS_PUNCTUATION)
    if encoding == "iso-2022-jp":
        return data.decode("iso2022_jp_ext", "replace").translate(JIS_PUNCTUATION)
    if encoding == "replacement":
        return REPLACEMENT if data else ""
    return codecs.charmap_decode(data, "replace", _table(encoding))[0]


@cache
def _table(encoding: str) -> str:
    """The 256 characters of a single-byte encoding."""
    if encoding == "x-user-defined":
        return "".join(chr(byte if byte < 0x80 else 0xF700 + byte) for byte in range(256))
    different = DIFFERENT_BYTES.get(encoding, {})
    return "".join(different.get(byte) or _character(byte, encoding) for byte in range(256))


def _character(byte: int, encoding: str) -> str:
    """What Python's codec says; bytes that it leaves out are C1 controls below 0xA0, errors above."""
    character = bytes([byte]).decode(SINGLE_BYTE.get(encoding, encoding), "replace")
    return chr(byte) if character == REPLACEMENT and byte < 0xA0 else character


Rescue = Callable[[bytes], tuple[str, int] | None]  # two bytes that a codec refused: their text, how many it took


def _error_handler(rescue: Rescue) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        rescued = rescue(error.object[error.start : error.start + 2])
        if rescued is None:
            return REPLACEMENT, error.end
        return rescued[0], error.start + rescued[1]

    return handle


def _gbk(pair: bytes) -> tuple[str, int] | None:
    """A lone 0x80 is the euro sign in WHATWG's gb18030."""
    return ("\N{EURO SIGN}", 1) if pair[:1] == b"\x80" else None


def _big5(pair: bytes) -> tuple[str, int] | None:
    """Microsoft's additions that are not in HKSCS."""
    text = pair.decode("cp950", "ignore")
    return (text, 2) if len(text) == 1 and pair[-1] > 0x7F else None


def _euc_jp(pair: bytes) -> tuple[str, int] | None:
    """NEC's and IBM's characters: the same cell of the jis0208 grid as in Shift_JIS."""
    if len(pair) < 2 or min(pair) < 0xA1:
        return None
    row, cell = divmod((pair[0] - 0xA1) * 94 + pair[1] - 0xA1, 188)
    lead = row + (0x81 if row < 0x1F else 0xC1)
    trail = cell + (0x40 if cell < 0x3F else 0x41)
    text = bytes([lead, trail]).decode("cp932", "ignore")
    return (text, 2) if len(text) == 1 else None


codecs.register_error("whatwg_gbk", _error_handler(_gbk))
codecs.register_error("whatwg_big5", _error_handler(_big5))
codecs.register_error("whatwg_euc_jp", _error_handler(_euc_jp))
