"""Sentences by a Punkt model against NLTK's own (goldens) and against the plain-Python truth; its lower case."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.calibrate.punkt_model import load
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.lower import LONGEST_GROWTH, LowerTable, lower, lower_table
from pipeline.text.punkt import Punkt
from pipeline.text.punkt_tables import tables_of
from pipeline.text.utf8 import Data
from tests.strategies import batches
from tests.text.plain_punkt import PlainPunkt
from tests.text.reading import pieces

PARITY = Path(__file__).parents[1] / "parity"
FOLDER, GOLDENS = PARITY / "punkt" / "english", PARITY / "goldens" / "punkt.json.gz"
PARTS = "aZé3.!?,:;'\"’”()-_…#/@\u0301\u00a0\u2028\x1c\x85。 \n\t"
OURS = (
    "Mr. Smith",
    "e.g.",
    "3.14",
    "7.",
    "J.",
    "...",
    ". . .",
    "U.S. and",
    "--",
    'end." ',
    "?! ",
    "Mill. The",
    "Ζ. ΟΔΟΣ.",
)
WORDS = (" the", " The", " mill", " Mill", " mr.", "x-mr. ", "οδος. ", " İ. a", " see", " 5. see")
parts = st.one_of(st.sampled_from(PARTS), st.sampled_from(OURS), st.sampled_from(WORDS))
some_texts = st.lists(st.lists(parts, max_size=20).map("".join), max_size=5)
MODEL = PlainPunkt(
    frozenset({"mr", "e.g", "u.s", ". . ", "οδος", "i\u0307", "v"}),
    frozenset({"the"}),
    frozenset({("##number##", "see"), ("mill", "the"), ("j", "smith")}),
    {"the": 34, "mill": 96, "smith": 4, "and": 32, "a": 16, "see": 112, "##number##": 2, "οδος": 8},
)


def ours(model: PlainPunkt) -> Punkt:
    return Punkt(tables_of(model.abbreviations, model.starters, model.collocations, model.contexts))


def sentences_of(these: list[str], model: Punkt) -> list[list[str]]:
    text = Text.from_strings(these)
    return pieces(text, text.sentences_by("punkt", model))


def plain_model() -> PlainPunkt:
    """The trained model, as strings."""
    lines = {path.name: path.read_text(encoding="utf-8").splitlines() for path in FOLDER.iterdir()}
    contexts = dict(line.split("\t") for line in lines["ortho_context.tab"])
    collocations = (line.split("\t") for line in lines["collocations.tab"])
    return PlainPunkt(
        frozenset(lines["abbrev_types.txt"]),
        frozenset(lines["sent_starters.txt"]),
        frozenset((first, second) for first, second in collocations),
        {word: int(bits) for word, bits in contexts.items()},
    )


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n\x1c", []),
        ("  No end", ["No end"]),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It is 3.14 in end.Next e.g. one. Yes", ["It is 3.14 in end.Next e.g. one.", "Yes"]),
        ('"Yes." He (Mr. Smith) left.) Gone.', ['"Yes."', "He (Mr. Smith) left.)", "Gone."]),
        ("Very bad!!! I said.--No. No.", ["Very bad!!!", "I said.--No.", "No."]),
        ("As 5. see. As 5. See. As 5. and", ["As 5. see.", "As 5. See.", "As 5. and"]),
        ("J. Smith of U.S. The end. J. And J. and x.", ["J. Smith of U.S.", "The end.", "J.", "And J. and x."]),
        ("So . . . The end ... Mill x-mr. mr", ["So .", ".", ".", "The end ...", "Mill x-mr. mr"]),
        ("ΟΔΟΣ. a ΟΔΟΣ. The İ. a", ["ΟΔΟΣ. a ΟΔΟΣ.", "The İ. a"]),
        (" ?! x", ["?!", "x"]),
        ("?! x", ["?", "!", "x"]),
        ("Yes.\u00a0No.\x1cNo.\u3000Yes", ["Yes.\u00a0No.\x1cNo.", "Yes"]),
    ],
)
def test_sentences_end_where_the_model_says(text: str, sentences: list[str]) -> None:
    """NLTK with this model says the same of each, of the odd ones too (spaced dots, `?!` at the front)."""
    assert sentences_of([text], ours(MODEL)) == [MODEL.sentences(text)] == [sentences]


def test_sentences_of_made_up_texts_are_nltks() -> None:
    texts: dict[str, list[str]] = json.loads(gzip.decompress(GOLDENS.read_bytes()))["texts"]
    plain = plain_model()
    assert len(texts) > 2_900
    assert dict(zip(texts, sentences_of(list(texts), load(str(FOLDER))), strict=True)) == texts
    assert {text: plain.sentences(text) for text in texts} == texts


@given(some_texts)
def test_sentences_are_the_plain_ones(these: list[str]) -> None:
    assert sentences_of(these, ours(MODEL)) == [MODEL.sentences(text) for text in these]


@given(batches)
def test_no_text_but_blanks_is_lost_and_a_model_of_nothing_will_do(these: list[str]) -> None:
    found = sentences_of(these, ours(PlainPunkt()))
    assert ["".join("".join(one).split()) for one in found] == ["".join(text.split()) for text in these]


@kernel
def lowered(data: Data, start: int, stop: int, table: LowerTable, target: Data) -> int:
    return lower(data, start, stop, table, target)


@given(
    st.lists(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ΣσςaA'. İȺK\u0301-·🅰"))).map("".join)
)
def test_lower_case_is_pythons(text: str) -> None:
    one = Text.from_strings([text])
    target = np.zeros(LONGEST_GROWTH * len(text.encode()) + 1, np.uint8)
    length = lowered(one.data, int(one.start[0]), int(one.stop[0]), lower_table(), target)
    assert target[:length].tobytes().decode() == text.lower()
