"""Sentences against spaCy's own counts (goldens) and against the plain-Python truth."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.layer import Text
from pipeline.text.sentences import count_sentences
from pipeline.text.spacy_english import character_classes
from pipeline.text.web_address import is_web_address
from tests.strategies import texts
from tests.text.plain_sentences import plain_count, plain_sentences
from tests.text.plain_spacy import ADDRESS
from tests.text.reading import pieces

GOLDENS = Path(__file__).parents[1] / "parity" / "sentences.json.gz"
PIECES = [
    *"aZm.!?.,:;'\"()-—–…5%$°CsS’+/@_é中ا😀©=<>{}#~\u00a0\u3000。！\t",
    *("..", "...", "'s", "’s", "e.g.", "Mr.", "a.m.", "www.", "http://", ".com", ".Com", "US$", "°C.", "Ph.D.", "St."),
    *("--", "---", "  ", " ", " ", "Wed", "Wed.", "5m.", "im.", "o.O", "(._.)", "U.S.", "N.Y.", "3.14", "end.Next"),
]
ADDRESS_PARTS = [
    *("www", ".", ":", "/", "//", "@", "a", "Com", "com", "é", "_", "-", "80", "?q", "8.8.8.8", "10.1.1", "1.0", "172"),
]
AHEAD = "a. b! " * 20
lines = st.lists(st.sampled_from(PIECES), max_size=16).map("".join)


def counted(these: list[str]) -> list[int]:
    """The same behind other text and at the beginning of a batch, where there is no room for a window of bitmaps."""
    first, later = Text.from_strings(these), Text.from_strings([AHEAD, *these])
    counts = [int(count) for count in count_sentences(first.data, first.start, first.stop)]
    assert counts == count_sentences(later.data, later.start[1:], later.stop[1:]).tolist()
    return counts


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("", 1),
        ("One.", 1),
        ("One. Two! Three?", 3),
        ("Mr. Smith saw Dr. Jones at 5 p.m. in St. Paul, e.g. here.", 1),
        ("Mr.Smith is one token and a name. A full stop glued.To a word ends one too.", 3),
        ("On Wed. we met.", 1),  # "Wed" is "we would", and "d." an abbreviation
        ("It weighs 5g. We run 5km. And so on.", 2),  # 5g. is 5 and "g."
        ("It is 20°C. Warm.", 2),
        ('He said "Stop." Then (quietly.) he left.', 3),
        ("Wait... what? No!!! Yes.", 3),  # dots in a row are one token, which ends nothing
        ("Pi is 3.14. U.S. troops left the U.S. It ended.", 2),
        ("See www.Example.com/a.Html now. Or foo.Bar then.", 3),
        ("One.  Two", 2),
        ("One. ! ? Two", 2),
        ("Ask the co-Mr. A. Or NASA. Or x-ä. Not K-z. Yet 3.5. Or 10p.m. Now", 3),
        ("One.\u00a0!", 2),  # white space other than one blank is a token
    ],
)
def test_sentences_are_counted_as_the_sentencizer_does(line: str, sentences: int) -> None:
    assert counted([line]) == [plain_count(line)] == [sentences]


def test_every_count_is_spacys_own() -> None:
    goldens = json.loads(gzip.decompress(GOLDENS.read_bytes()))["lines"]
    these, expected = [line for line, _ in goldens], [count for _, count in goldens]
    assert len(these) >= 3_000
    assert counted(these) == expected
    assert [plain_count(line) for line in these] == expected


@given(st.lists(st.one_of(lines, texts), max_size=6))
def test_the_kernel_counts_what_plain_python_counts(these: list[str]) -> None:
    these = [" ".join(line.splitlines()) for line in these]
    assert counted(these) == [plain_count(line) for line in these]


@given(st.lists(st.sampled_from(ADDRESS_PARTS), max_size=12))
def test_a_web_address_is_what_the_pattern_matches(pieces: list[str]) -> None:
    word = "".join(pieces)
    text = Text.from_strings([word])
    found = is_web_address(text.data, int(text.start[0]), int(text.stop[0]), character_classes())
    assert found == bool(ADDRESS.match(word))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n ", []),
        ("Mr. Smith left.\nShe stayed! (Why?) No end", ["Mr. Smith left.", "She stayed! (", "Why?)", "No end"]),
        ("One. ! ? Two", ["One. ! ?", "Two"]),
        ("One.  ! Two", ["One.", "!", "Two"]),
    ],
)
def test_sentences_stand_where_the_sentencizer_puts_them(text: str, sentences: list[str]) -> None:
    assert split([text]) == [plain_sentences(text)] == [sentences]


def split(these: list[str]) -> list[list[str]]:
    text = Text.from_strings(these)
    return pieces(text, text.sentences_by("spacy"))


@given(st.lists(st.one_of(lines, texts), max_size=6))
def test_the_kernel_splits_where_plain_python_does(these: list[str]) -> None:
    assert split(these) == [plain_sentences(text) for text in these]
