"""The shapes of e-mail addresses, public IP addresses and telephone numbers, and what tells them from look-alikes.

Every pattern is RE2 (linear time) over bytes, bounded, and never matches a line break. Shapes that RE2 cannot
tell apart without look-around (versions, serial numbers) are told apart by the bytes beside the match.

Read by hand on 14,362 real documents (84 MB; 640 with an e-mail address, 26 with an IP address, 63 with a number), up
to fifty of each shape. Wrong: names of algorithms (umac-64@openssh.com), message ids and bug addresses, the end of
ftp users in other alphabets; V8 versions of larger numbers in a list (6.5.254.43); numbers made up in exercises
(321-549-3327). Missed: addresses spelt (at), numbers with neither label nor country code nor hyphens.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

import re2

GAP = rb"(?: |\xc2\xa0|[.\-/]|\xe2\x80[\x90-\x93])"  # blank, no-break space, hyphens and dashes

# RFC 5321 allows more characters before the @ than people have there; ASCII only, so that an address inside a
# sentence without spaces (Chinese, Japanese) does not take the sentence with it.
EMAIL = rb"[A-Za-z0-9_][A-Za-z0-9._+\-]{0,63}@(?:[A-Za-z0-9][A-Za-z0-9\-]{0,62}\.){1,8}[A-Za-z]{2,24}"
IPV4 = rb"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
IPV6 = rb"[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,35}"  # 2000::/3 is all of the allocated unicast space (IANA)
INTERNATIONAL = rb"\+[1-9](?:" + GAP + rb"{0,3}\(?[0-9]\)?){7,14}"
GAPS = rb"[0-9 ().\-/\xc2\xa0\xe2\x80\x90-\x93]"  # every byte that a number with gaps can have
EXCHANGE = rb"[2-9][0-9]{2}" + GAP + rb"[0-9]{4}"
NORTH_AMERICAN = rb"(?:1[\-. ])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}" + GAP + rb")" + EXCHANGE
ANNOUNCED = rb"(?i: ?(?:number|no))?(?:[.:\-]|\xef\xbc\x9a){0,2} {0,2}[+(]?[0-9]"  # U+FF1A is the wide colon
LABEL = (
    "(?:(?i:phone|fon|fax|tel|mobile?|handy|cell|whatsapp|téléphone|teléfono|telefono|telefone)|тел|Тел|телефон|Телефон"
    "|电话|電話)"
).encode()
LABEL_END = "(?:(?i:one|fon|fax|tel|mobile?|handy|cell|app|fono)|ел|фон|话|話)".encode()
LABELLED = LABEL + ANNOUNCED + rb"(?:" + GAP + rb"{0,3}[()]?[0-9]){6,13}"

# Endings of file names, of systemd's units (modprobe@module.service), and of the names that RFC 2606 and 6761
# reserve: no mail goes there.
NOT_MAIL = frozenset(
    b"png jpg jpeg gif svg webp js css html json xml pdf service socket target timer mount"
    b" example test invalid local localhost".split()
)
NOBODY = re.compile(rb"(?i)^git@|@(?:.*\.)?example\.(?:com|net|org)$")  # a protocol's user; RFC 2606
VERSION_BEFORE = re.compile(
    rb"(?i)(?:\b(?:v|ver|versions?|releases?|rev|revision|build|firmware|section|sections|sec|chapter|clause|figure"
    rb"|fig|table|appendix|oid)\b[.:]?|\xc2\xa7|[=<>~!]=|~>?|\^|\b(?:up|down)(?:grad|dat)(?:e[sd]?|ing)\b.{0,12})\W{0,2}$"
)
ADDRESS_BEFORE = re.compile(rb"(?i)(?:\b(?:ip|ip4|ipv4|addr|address|adresse|ping)\W{1,3}|//|@)$")
BOOK_BEFORE = re.compile(rb"(?i)(?:isbn|issn|doi|arxiv|pmid|oclc)\W{0,3}(?:1[03])?\W{0,3}$")
DATE = re.compile(
    rb"(?:19|20)[0-9]{2}[./-][01]?[0-9][./-][0-3]?[0-9]|[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)?[0-9]{2}"
)
# E.164 country codes by their first digits (ITU-T list of assigned codes).
COUNTRY = re.compile(rb"1[2-9]|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[235689][0-9]{2}")
SMALL = 32
PHONE = b"555-0100"  # the North American plan keeps it for fiction
FEWEST_DIGITS = 7  # of a telephone number
CONTEXT = 24  # bytes before a match that may say what it is


def word_byte(text: bytes) -> bool:
    return text.isalnum() or text == b"_"


def inside_name(before: bytes, after: bytes) -> bool:
    """Whether the match is only a part of a longer number, identifier or file name."""
    if word_byte(before[-1:]) or word_byte(after[:1]):
        return True
    return joins(before[:-3:-1]) or joins(after)


def joins(beside: bytes) -> bool:
    """Whether a point and a letter or digit follow (lib-1.2.3.4.tar), or a hyphen and a letter."""
    return (beside[:1] == b"." and word_byte(beside[1:2])) or (beside[:1] == b"-" and beside[1:2].isalpha())


def is_email(found: bytes, _before: bytes, _after: bytes) -> bool:
    ending = found.rpartition(b".")[2].lower()
    return ending not in NOT_MAIL and not NOBODY.search(found)


def is_public_ipv4(found: bytes, before: bytes, after: bytes) -> bool:
    if inside_name(before, after):
        return False
    public = is_global(found)
    if ADDRESS_BEFORE.search(before):
        return public
    heading = not before.strip() and after[:1] == b"."
    return public and not (heading or VERSION_BEFORE.search(before) or like_version(found))


def like_version(found: bytes) -> bool:
    """Small numbers are a section or a version (V8 3.6.6.25), as most were in a sample of 204 documents with any.

    Below 32 in all four places are 1 in 4,096 addresses; those of two pairs are the resolvers 8.8.8.8, 8.8.4.4.
    """
    first, second, third, fourth = map(int, found.split(b"."))
    return max(first, second, third, fourth) < SMALL and not (first == second and third == fourth)


def is_public_ipv6(found: bytes, before: bytes, after: bytes) -> bool:
    return not inside_name(before, after) and before[-1:] != b":" and is_global(found)


@lru_cache(maxsize=4096)
def is_global(found: bytes) -> bool:
    """Whether this is an address that anyone could reach (IANA's registries, as Python knows them); 30 microseconds."""
    try:
        return ip_address(found.decode()).is_global
    except ValueError:
        return False


def digits(found: bytes) -> bytes:
    return bytes(byte for byte in found if 0x30 <= byte <= 0x39)


def is_phone(found: bytes, before: bytes, after: bytes) -> bool:
    """Not a part of a longer number, not a date, not a book's number."""
    if len(digits(found)) < FEWEST_DIGITS or found.startswith(PHONE) or inside_name(before, after):
        return False
    if before[-1:] in (b"#", b"/", b"=", b"-", b"+") or after[:1] in (b"=", b"%"):
        return False
    if after[:1] in (b"-", b"/", b".") and after[1:2].isdigit():
        return False
    return not BOOK_BEFORE.search(before) and not DATE.fullmatch(found)


def is_international(found: bytes, before: bytes, after: bytes) -> bool:
    number = digits(found)
    if not 8 <= len(number) <= 15 or not COUNTRY.match(number) or found.count(b"(") > 1:
        return False
    return (number[:1] != b"1" or len(number) == 11) and is_phone(found, before, after)


def is_north_american(found: bytes, before: bytes, after: bytes) -> bool:
    """Blanks alone between three groups of digits are a table's columns, not a number to call."""
    marked = found.startswith((b"(", b"1")) or not set(found) <= set(b"0123456789 \xc2\xa0")
    return marked and is_phone(found, before, after)


Check = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True)
class Shape:
    """One pattern of a kind: what it looks like, what must hold beside it, and what stands there afterwards.

    `hint` matches in every line in which `pattern` does. The patterns as one alternation ran at 63 MB/s (their
    states multiply), the hints as one at 429.
    """

    kind: str
    pattern: bytes
    hint: bytes
    check: Check
    replacement: bytes


# The replacements are reserved for documentation and fiction: RFC 2606, RFC 5737, RFC 3849, and the North American
# plan's 555-0100. None of them matches again, so that redacting twice changes nothing.
SHAPES = (
    Shape("emails", EMAIL, rb"[A-Za-z0-9._+\-]@[A-Za-z0-9]", is_email, b"email@example.com"),
    Shape("ips", IPV4, rb"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]", is_public_ipv4, b"192.0.2.1"),
    Shape("ips", IPV6, IPV6, is_public_ipv6, b"2001:db8::1"),
    Shape("phones", INTERNATIONAL, rb"\+[1-9]" + GAPS + rb"{7}", is_international, PHONE),
    Shape("phones", NORTH_AMERICAN, EXCHANGE, is_north_american, PHONE),
    Shape("phones", LABELLED, LABEL_END + ANNOUNCED, is_phone, PHONE),
)


def compiled(pattern: bytes, *, max_mem: int = 64 << 20) -> "re2._Regexp":
    """RE2 over bytes. With its own 8 MiB an alternation ran at 147 MB/s, with 64 MiB at 390."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.max_mem = max_mem
    return re2.compile(pattern, options)
