"""Which words and sentences a rule may count: by white space, by spaCy's English tokeniser, by UAX #29, by ICU."""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.text.arrow import spans_from_arrow
from pipeline.text.classes import class_table
from pipeline.text.icu_words import icu_spans
from pipeline.text.punkt import Punkt
from pipeline.text.punkt_tables import tables_of
from pipeline.text.spacy_sentences import spacy_sentences
from pipeline.text.spacy_words import spacy_spans
from pipeline.text.uax29_sentences import uax29_sentences
from pipeline.text.uax29_words import uax29_spans
from pipeline.text.utf8 import Data
from pipeline.text.words import Spans, Words, measured

WordKind = Literal["whitespace", "spacy_en", "uax29", "icu"]
SentenceKind = Literal["spacy", "uax29", "punkt"]  # the last with a model of the user's
Finder = Callable[[Data, NDArray[np.int64], NDArray[np.int64]], Spans]


WORDS: dict[str, Finder] = {"spacy_en": spacy_spans, "uax29": uax29_spans, "icu": icu_spans}
SENTENCES: dict[str, Finder] = {"spacy": spacy_sentences, "uax29": uax29_sentences}


def sentence_finder(kind: SentenceKind, punkt: Punkt | None) -> Finder:
    """What finds sentences of this kind; ValueError for punkt without a model."""
    if kind != "punkt":
        return SENTENCES[kind]
    if punkt is None:
        raise ValueError("sentences by punkt need a model: the argument punkt")
    return punkt.sentences


def words_by(kind: WordKind, data: Data, start: NDArray[np.int64], stop: NDArray[np.int64]) -> Words:
    """The words of each data[start:stop], with hashes, characters and flags."""
    return measured(data, WORDS[kind](data, start, stop), class_table())


def warm() -> None:
    """Compile the finders."""
    text = "One. Two (e.g. x:)\u00a0“can't” see www.mill.org/a 5km.\n漢字。ไทย"
    data, start, stop = spans_from_arrow(pa.array([text], pa.large_string()))
    for kind in get_args(WordKind)[1:]:
        words_by(kind, data, start, stop)
    for find in (*SENTENCES.values(), Punkt(tables_of(["e.g"], [], [], {})).sentences):
        find(data, start, stop)
