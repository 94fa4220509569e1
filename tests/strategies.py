"""Hypothesis strategies shared by the rooms: valid texts of every kind, batches of them, and arrays that hold them."""

from collections.abc import Sequence

import pyarrow as pa
from hypothesis import strategies as st

from pipeline.documents import Documents, schema

ASCII_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f "
WIDE_SPACES = "\x85\xa0\u1680\u2000\u2003\u2028\u2029\u202f\u205f\u3000"  # of two and three bytes
NOT_SPACES = "\u180e\u200b\u2060\ufeff\u0084\u2027\u202a\u3001"  # their neighbours, which no predicate calls a space
LETTERS = "aZéßжα漢あกह\U00010400\U0001d7d8"
MARKS = "#.…-•!?\"'{}0९\u0301\u0e33😀\x00"
ADVERSARIAL = ASCII_SPACES + WIDE_SPACES + NOT_SPACES + LETTERS + MARKS
BLOCK = 64  # bytes that the bitmap kernels look at together

characters = st.characters(exclude_categories=["Cs"])
any_text = st.text(characters, max_size=300)
adversarial_text = st.text(st.sampled_from(ADVERSARIAL), max_size=300)
word = st.text(st.sampled_from("abcdeé漢1-."), min_size=1, max_size=12)
COMMON = (
    "the",
    "be",
    "to",
    "of",
    "and",
    "that",
    "have",
    "with",
    "a",
    "b",
    "c",
    "error",
    "42",
    "...",
    "…",
    "#",
    "-",
    "•",
    "x.",
)
common_word = st.sampled_from(COMMON)
space = st.sampled_from([" ", " ", " ", "\n", "\n\n", "\r\n", "\t", "\u3000", "\u2029", " \n"])


@st.composite
def border_text(draw: st.DrawFn) -> str:
    """A wide space or letter that crosses, or just misses, the border of a 64-byte block."""
    before = draw(st.integers(min_value=BLOCK - 5, max_value=BLOCK + 1)) + BLOCK * draw(st.integers(0, 2))
    crossing = draw(st.sampled_from(WIDE_SPACES + NOT_SPACES + LETTERS))
    return draw(st.sampled_from("a -")) * before + crossing + draw(st.text(st.sampled_from(ADVERSARIAL), max_size=80))


@st.composite
def text_of_words(draw: st.DrawFn) -> str:
    """Words that come again, between spaces of several kinds: n-grams and lines repeat."""
    words = draw(st.lists(st.one_of(common_word, word), max_size=60))
    return "".join(item + draw(space) for item in words)


texts = st.one_of(text_of_words(), adversarial_text, border_text(), any_text, st.just(""))
batches = st.lists(texts, max_size=8)


def documents_of(texts: Sequence[str | None], **columns: Sequence[object]) -> Documents:
    """A batch of these texts; the other columns are null or made up where not given."""
    count = len(texts)
    made_up: dict[str, Sequence[object]] = {
        "id": [f"doc-{i}" for i in range(count)],
        "text": texts,
        "source": ["web"] * count,
        "unit": [0] * count,
        "row": range(count),
    }
    given = {**made_up, **columns}
    arrays = [pa.array(given.get(field.name, [None] * count), field.type) for field in schema()]
    return Documents(pa.RecordBatch.from_arrays(arrays, schema=schema()))
