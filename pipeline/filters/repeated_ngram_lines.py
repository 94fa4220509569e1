"""Llama 3's rule against lines of repeated content: the duplicated n-gram coverage of each line."""

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.dropped_lines import without_lines
from pipeline.filters.repeated_lines import repeated_characters
from pipeline.rules import Order, Verdict, rule
from pipeline.text.lines import Lines
from pipeline.text.measure import Measure
from pipeline.text.ragged import totals


@rule("repeated_ngram_lines", cites="Grattafiori et al. 2024, section 3.1.1; ratio of Rae et al. 2021, section A.1.1")
def repeated_ngram_lines(
    docs: Documents,
    *,
    order: Order = 5,
    max_coverage: float = 0.8,
    min_words: int = 20,
    max_removed: float | None = 0.5,
) -> Verdict:
    """Remove lines that say the same n-grams again and again: logs, error messages, filler.

    Coverage: characters of a line's words that stand in an n-gram occurring twice or more in that line. No threshold is
    published. Of 908,605 real lines 16 go, in 10 documents (docs/llama3.md): two parallel sentences of a textbook reach
    0.75, and below 20 words tables, menus and arrays of numbers are repetitive by nature.
    A document that would lose more than `max_removed` of its words' characters is dropped; others lose those lines.
    """
    words, lines = docs.words, docs.lines
    characters, repeated = repeated_characters(words, lines, order, min_words)
    gone = repeated > max_coverage * characters
    every, of_gone = (Measure.of(totals(lines.offsets, chars)) for chars in (characters, characters * gone))
    removed = of_gone.per(every).named("removed_chars")
    verdict = Verdict.all_of(
        lines.count(gone).named("removed_lines"),
        highest(Measure.of(repeated).per(Measure.of(characters)).values, lines).named("coverage"),
        too_many_removed=(removed, "<=", max_removed),
    )
    kept = ~verdict.failed.get("too_many_removed", np.zeros(len(docs), np.bool_))
    return verdict.editing(without_lines(docs.text, lines, gone & np.repeat(kept, np.diff(lines.offsets))))


def highest(values: NDArray[np.float64], lines: Lines) -> Measure:
    """The highest value among the lines of each document, 0 without lines."""
    found = np.zeros(len(lines.offsets) - 1)
    np.maximum.at(found, np.repeat(np.arange(len(found)), np.diff(lines.offsets)), values)
    return Measure(found)
