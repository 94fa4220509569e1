"""RedPajama-v2's quality signals of a document as metrics: those that need no model.

togethercomputer/RedPajama-Data:app/src/core/quality_signals (commit 855a8e0). Normalised words are those of the text
without ASCII punctuation, in lower case, decomposed; raw words are NLTK's WordPunctTokenizer's. Where RedPajama has no
value (a text without words) ours is 0. Lines: redpajama2_lines.py; lists: redpajama2_lists.py.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pipeline.documents import Documents
from pipeline.filters.redpajama2_lines import BULLETS, line_signals
from pipeline.filters.redpajama2_lists import bad_words as count_bad_words
from pipeline.filters.redpajama2_lists import stop_word_fraction, ut1_category
from pipeline.rules import Verdict, rule
from pipeline.text.entropy import distinct_and_entropy
from pipeline.text.layer import Text
from pipeline.text.lines import Lines
from pipeline.text.measure import Measure
from pipeline.text.ngram_counts import NgramCounts
from pipeline.text.normalised import normalised_text
from pipeline.text.split_lines import split_lines
from pipeline.text.word_punct import count_sentences, in_capitals, kinds, with_latin_letter, word_punct_words
from pipeline.text.words import Words

SYMBOLS = ("#", "...", "…")
ELLIPSES = ("...", "…")
DIGITS = 8  # of a signal, as PRECISION in core/constants.py


@dataclass(frozen=True, eq=False)
class Signals:
    """The document-level signals of a batch, rounded as RedPajama rounds them."""

    docs: Documents

    @cached_property
    def words(self) -> Words:
        """The normalised words."""
        return self.normal.words

    @cached_property
    def normal(self) -> Text:
        return normalised_text(self.docs.text)

    @cached_property
    def raw_words(self) -> Words:
        return word_punct_words(self.docs.text)

    @cached_property
    def lines(self) -> Lines:
        """Lines with or without a newline at their end: what follows the last newline is one if it is not empty."""
        lines = split_lines(self.docs.text)
        written = np.ones(len(lines), np.bool_)
        last = lines.offsets[1:] - 1
        written[last] = lines.start[last] < lines.stop[last]
        return lines.only(written)

    @cached_property
    def ngrams(self) -> NgramCounts:
        return NgramCounts.of(self.words)

    def top(self, order: int) -> Measure:
        return rounded(self.ngrams.top_chars(order, only_repeated=True).per(self.words.total_chars()))

    def covered(self, order: int) -> Measure:
        return rounded(self.ngrams.covered_chars(order).per(self.words.total_chars()))

    def mean_word_length(self) -> Measure:
        return rounded(self.words.total_chars().per(self.words.count()))

    def symbols_per_word(self) -> Measure:
        counts = [self.docs.text.count(symbol) for symbol in SYMBOLS]
        return rounded((counts[0] + counts[1] + counts[2]).per(self.raw_words.count()))

    def ellipsis_lines(self) -> Measure:
        lines = self.lines.stripped
        return rounded(lines.count(lines.ending_with(ELLIPSES)).per(lines.count()))

    def bullet_lines(self) -> Measure:
        lines = self.lines.stripped
        return lines.count(lines.starting_with(BULLETS)).per(lines.count())

    def words_without_letters(self) -> Measure:
        words = self.raw_words
        lettered = words.count(with_latin_letter(self.docs.text.data, words.start, words.stop, kinds())).per(
            words.count()
        )
        return rounded(Measure((1.0 - lettered.values) * (words.count().values > 0)))

    def capitals(self) -> Measure:
        words = self.raw_words
        return rounded(
            words.count(in_capitals(self.docs.text.data, words.start, words.stop, kinds())).per(words.count())
        )


def rounded(measure: Measure) -> Measure:
    return replace(measure, values=np.round(measure.values, DIGITS))


@rule(
    "redpajama2_signals",
    cites="togethercomputer/RedPajama-Data:app/src/core/quality_signals",
    resources={"bad_words": "lines", "ut1": "lines"},
)
def redpajama2_signals(
    docs: Documents, *, bad_words: tuple[str, ...] | None = None, ut1: tuple[str, ...] | None = None
) -> Verdict:
    """Judge nothing; store the signals under RedPajama's names. Those of lines are means over the document's lines.

    `bad_words` are terms for documents of any language; left out, LDNOOBW's of the document's own. `ut1` are lines of a
    domain and, after a blank, its category's number; with them `rps_doc_ut1_blacklist` is that number, or -1.
    """
    signals = Signals(docs)
    of_lists = {
        "stop_word_fraction": rounded(stop_word_fraction(docs, signals.raw_words)),
        "ldnoobw_words": count_bad_words(docs, signals.normal, bad_words),
        **({} if ut1 is None else {"ut1_blacklist": ut1_category(docs, ut1)}),
    }
    of_document = {f"rps_doc_{name}": measure for name, measure in {**document_signals(signals), **of_lists}.items()}
    of_lines = {f"rps_lines_{name}": mean for name, mean in line_signals(docs.text, signals.lines).items()}
    return Verdict.all_of(*(measure.named(name) for name, measure in {**of_document, **of_lines}.items()))


def document_signals(signals: Signals) -> dict[str, Measure]:
    """Those of the document's text alone, without `rps_doc_`."""
    text = signals.docs.text
    distinct, entropy = distinct_and_entropy(signals.words)
    lorem, braces = signals.normal.count("lorem ipsum"), text.count("{") + text.count("}")
    return {
        "curly_bracket": rounded(braces.per(text.chars)),
        "frac_all_caps_words": signals.capitals(),
        "frac_lines_end_with_ellipsis": signals.ellipsis_lines(),
        "frac_no_alph_words": signals.words_without_letters(),
        "frac_unique_words": rounded(distinct.per(signals.words.count())),
        "lorem_ipsum": rounded(lorem.per(signals.normal.chars)),
        "mean_word_length": signals.mean_word_length(),
        "num_sentences": count_sentences(text),
        "symbol_to_word_ratio": signals.symbols_per_word(),
        "unigram_entropy": rounded(entropy),
        "word_count": signals.words.count(),
        **{f"frac_chars_top_{n}gram": signals.top(n) for n in range(2, 5)},
        **{f"frac_chars_dupe_{n}grams": signals.covered(n) for n in range(5, 11)},
    }
