"""C4's line and page rules, with datatrove's formulas and defaults (C4QualityFilter)."""

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.c4_edit import join_kept_lines
from pipeline.filters.c4_lines import (
    CURLY_BRACKET,
    JAVASCRIPT,
    KEPT,
    LONG_WORD,
    LOREM_IPSUM,
    POLICY,
    SHORT,
    UNENDED,
    Checks,
    CleanLines,
    clean_lines,
    judge_lines,
)
from pipeline.rules import Verdict, rule
from pipeline.text.layer import Text
from pipeline.text.measure import Measure
from pipeline.text.sentences import count_sentences

NO_LIMIT = np.iinfo(np.int64).max
LINE_METRICS = {
    "kept_lines": KEPT,
    "long_word_lines": LONG_WORD,
    "unended_lines": UNENDED,
    "short_lines": SHORT,
    "javascript_lines": JAVASCRIPT,
    "policy_lines": POLICY,
}


@rule("c4_quality", cites="Raffel et al. 2020, section 2.2; formulas of datatrove 0.10.1")
def c4_quality(
    docs: Documents,
    *,
    min_sentences: int | None = 5,
    min_words_per_line: int | None = 3,
    max_word_length: int | None = 1000,
    terminal_punctuation: bool = True,
    remove_citations: bool = True,
    lorem_ipsum: bool = True,
    javascript: bool = True,
    curly_bracket: bool = True,
    policy: bool = True,
) -> Verdict:
    """Keep lines that end like sentences and speak of no cookies; drop pages of few sentences, code or filler.

    The texts of the documents that it keeps are their kept lines. `None` and `false` turn a check off.
    """
    lines = clean_lines(docs.text, citations=remove_citations, ended_only=terminal_punctuation)
    longest = NO_LIMIT if max_word_length is None else max_word_length
    checks = Checks(
        longest, terminal_punctuation, min_words_per_line or 0, lorem_ipsum, javascript, curly_bracket, policy
    )
    fates, marks = judge_lines(lines, checks)
    per_document = LineSums(docs.text)
    verdict = Verdict.all_of(
        *(per_document.of(fates == fate, name) for name, fate in LINE_METRICS.items()),
        too_few_sentences=(per_document.of(sentences(lines, fates), "sentences"), ">=", min_sentences),
        lorem_ipsum=(per_document.of(marks & LOREM_IPSUM > 0, "lorem_ipsum_lines"), "<=", 0 if lorem_ipsum else None),
        curly_bracket=(
            per_document.of(marks & CURLY_BRACKET > 0, "curly_bracket_lines"), "<=", 0 if curly_bracket else None,
        ),
    )  # fmt: skip
    kept = ~np.logical_or.reduce([np.zeros(len(docs), np.bool_), *verdict.failed.values()])
    return verdict.editing(join_kept_lines(docs.text, np.flatnonzero(kept), lines, fates))


def sentences(lines: CleanLines, fates: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The sentences of each line, 0 where it is dropped."""
    kept = np.flatnonzero(fates == KEPT)
    counts = np.zeros(len(fates), np.int64)
    counts[kept] = count_sentences(lines.data, lines.start[kept], lines.stop[kept])
    return counts


class LineSums:
    """Sums over the lines of each document."""

    def __init__(self, text: Text) -> None:
        self.documents = len(text)
        self.of_line = np.repeat(np.arange(len(text)), np.diff(text.lines.offsets))

    def of(self, values: NDArray[np.int64] | NDArray[np.bool_], name: str) -> Measure:
        return Measure.of(np.bincount(self.of_line, weights=values, minlength=self.documents), name)
