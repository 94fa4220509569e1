"""RefinedWeb's line-wise corrections, by the formulas of DCLM: dclm_baseline_refinedweb.yaml and modifiers.py."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.refinedweb_cuts import cut_lines
from pipeline.filters.refinedweb_edit import join_lines
from pipeline.filters.refinedweb_lines import COUNTER, DIGITS, KEPT, SHORT, UPPERCASE, Checks, judge_lines
from pipeline.rules import Edit, Verdict, rule
from pipeline.text.fasttext_words import fasttext_words
from pipeline.text.layer import Text
from pipeline.text.measure import Measure
from pipeline.text.ragged import totals
from pipeline.text.word_characters import alphanumeric_starts, word_characters

FATES = {
    "kept_lines": KEPT,
    "uppercase_lines": UPPERCASE,
    "digit_lines": DIGITS,
    "counter_lines": COUNTER,
    "short_lines": SHORT,
}


@rule("refinedweb_lines", cites="Penedo et al. 2023 (RefinedWeb), section G.2; formulas of DCLM")
def refinedweb_lines(
    docs: Documents,
    *,
    max_uppercase: float = 0.5,
    max_digits: float = 0.999999,
    counters: bool = True,
    min_words_per_line: int = 2,
    max_words_of_cut_lines: int = 10,
    max_newlines: int = 2,
    max_removed_words: float | None = 0.05,
    words: Literal["fasttext", "uax29"] = "fasttext",
) -> Verdict:
    """Drop lines of capitals, digits, counters or one word, and cart, read-more and sign-in notices in short ones.

    A document of which more than `max_removed_words` of the words went is dropped: it was mostly such lines.
    """
    checks = Checks(max_uppercase, max_digits, counters, min_words_per_line)
    lines = judge_lines(docs.text.newline_lines, checks)
    cuts = cut_lines(lines, max_words_of_cut_lines)
    edit = join_lines(docs.text, lines, cuts, max_newlines)
    masks = {name: lines.fates == fate for name, fate in FATES.items()} | {"cut_lines": cuts.cut}
    counts = {name: Measure.of(totals(lines.source.offsets, mask), name) for name, mask in masks.items()}
    removed = Measure.of(removed_words(docs.text, edit, words), "removed_words")
    verdict = Verdict.all_of(
        *counts.values(),
        no_lines=(counts["kept_lines"], ">=", 1),
        too_many_removed_words=(removed, "<=", max_removed_words),
    )
    kept = ~np.logical_or.reduce([*verdict.failed.values()])[edit.rows]
    rows = np.flatnonzero(kept)
    return verdict.editing(Edit(edit.rows[rows], edit.text.take(rows), edit.removed[rows], edit.added[rows]))


def removed_words(text: Text, edit: Edit, words: str) -> NDArray[np.float64]:
    """The share of each text's words that its edit removes; 1 where a text has none, since DCLM drops those too."""
    before = counted_words(text, words)
    after = before.copy()
    after[edit.rows] = counted_words(edit.text, words)
    removed = np.ones(len(text))
    np.divide(before - after, before, out=removed, where=before > 0)
    return removed


def counted_words(text: Text, words: str) -> NDArray[np.int64]:
    """Words that begin with a letter or a digit: DCLM's split_words(ignore_punctuation=True)."""
    if words == "fasttext":
        return fasttext_words(text)
    found = text.words_by("uax29")
    return totals(found.offsets, alphanumeric_starts(text.data, found.start, word_characters()))
