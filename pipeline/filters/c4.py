"""C4's line and page rules, with datatrove's formulas and defaults (C4QualityFilter)."""

import numpy as np

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
    JudgedLines,
    count_fates,
    judge_lines,
)
from pipeline.rules import Test, Verdict, rule
from pipeline.text.lines import Lines
from pipeline.text.measure import Measure
from pipeline.text.punkt import Punkt
from pipeline.text.ragged import totals
from pipeline.text.sentences import count_sentences
from pipeline.text.word_kinds import SentenceKind, sentence_finder

NO_LIMIT = np.iinfo(np.int64).max
LINE_METRICS = {
    "kept_lines": KEPT,
    "long_word_lines": LONG_WORD,
    "unended_lines": UNENDED,
    "short_lines": SHORT,
    "javascript_lines": JAVASCRIPT,
    "policy_lines": POLICY,
}


@rule(
    "c4_quality",
    cites="Raffel et al. 2020, section 2.2; formulas of datatrove 0.10.1",
    resources={"punkt": "punkt"},
)
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
    sentences: SentenceKind = "spacy",
    punkt: Punkt | None = None,
) -> Verdict:
    """Keep lines that end like sentences and speak of no cookies; drop pages of few sentences, code or filler.

    The texts of the documents that it keeps are their kept lines. `None` and `false` turn a check off.
    """
    checks = Checks(
        NO_LIMIT if max_word_length is None else max_word_length, terminal_punctuation, min_words_per_line or 0,
        remove_citations, lorem_ipsum, javascript, curly_bracket, policy,
    )  # fmt: skip
    return judged(docs, checks, min_sentences, sentences, punkt)


def judged(
    docs: Documents,
    checks: Checks,
    min_sentences: int | None,
    split: SentenceKind,
    punkt: Punkt | None,
    **tests: Test,
) -> Verdict:
    """C4's verdict and edit by these checks, and by further tests of whole documents; `split` finds the sentences."""
    lines = judge_lines(docs.text, checks)
    counts = count_fates(docs.lines.offsets, lines.fates)
    fillers = docs.lines.count((lines.marks & LOREM_IPSUM) > 0).named("lorem_ipsum_lines")
    brackets = docs.lines.count((lines.marks & CURLY_BRACKET) > 0).named("curly_bracket_lines")
    verdict = Verdict.all_of(
        *(Measure.of(counts[:, fate], name) for name, fate in LINE_METRICS.items()),
        too_few_sentences=(sentences_of(docs.lines, lines, split, punkt).named("sentences"), ">=", min_sentences),
        lorem_ipsum=(fillers, "<=", 0 if checks.lorem_ipsum else None),
        curly_bracket=(brackets, "<=", 0 if checks.curly_bracket else None),
        **tests,
    )
    kept = ~np.logical_or.reduce([np.zeros(len(docs), np.bool_), *verdict.failed.values()])
    return verdict.editing(join_kept_lines(docs.text, np.flatnonzero(kept), lines))


def sentences_of(lines: Lines, judged: JudgedLines, split: SentenceKind, punkt: Punkt | None) -> Measure:
    """The sentences of each document's kept lines."""
    counts, find = np.zeros(len(lines), np.int64), sentence_finder(split, punkt)
    for data, where in ((judged.source, ~judged.is_cut), (judged.cut, judged.is_cut)):
        kept = np.flatnonzero((judged.fates == KEPT) & where)
        spans = data, judged.start[kept], judged.stop[kept]
        counts[kept] = count_sentences(*spans) if split == "spacy" else np.diff(find(*spans)[0])
    return Measure.of(totals(lines.offsets, counts))
