"""CCNet's buckets: how surprising a text is to a language model, among the texts of its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.ccnet_text import normal_documents, normal_lines
from pipeline.filters.ngram_model import Scorer
from pipeline.rules import Percentile, Verdict, rule
from pipeline.text.layer import Text
from pipeline.text.measure import Measure

ANY = ""  # the language whose cut-offs hold for every document
NOWHERE = -1.0  # of a document without text, or in a language without cut-offs: CCNet's bucket `all`


class Pieces(Protocol):
    """What cuts text into the units of a model: a SentencePiece model."""

    def encode(self, text: Text) -> Text:
        """The pieces of each document, between blanks."""
        ...


@dataclass(frozen=True, eq=False)
class Perplexity:
    """A language model, and the perplexities that 0, 1, 2, ... of a hundred texts of a language do not reach."""

    model: Scorer
    cutoffs: Mapping[str, NDArray[np.float64]]

    def of(self, text: Text, pieces: Pieces | None) -> NDArray[np.float64]:
        """10^(-log10 p / words) of each document, an end of line counted as a word; 0 where nothing is written."""
        scores, words = self.model.score(prepared(text, pieces))
        return np.where(words > 0, 10 ** (-scores / np.maximum(words, 1)), 0.0)


@rule(
    "ccnet_perplexity",
    cites="Wenzek et al. 2020 (CCNet), section 3.4; formulas of cc_net/perplexity.py",
    resources={"model": "perplexity", "sentencepiece": "sentencepiece"},
)
def ccnet_perplexity(
    docs: Documents,
    *,
    model: Perplexity,
    sentencepiece: Pieces | None = None,
    max_percentile: Percentile | None = 60,
    max_perplexity: float | None = None,
) -> Verdict:
    """Drop CCNet's bucket `tail`; below percentile 30 a text is of its `head`, below 60 of its `middle`.

    CCNet itself publishes all three; who trains on it takes head and middle. Percentiles are the model's own where
    `calibrate perplexity` made it, else CCNet's table, which holds for CCNet's models and their `sentencepiece` only.
    A model is of one language: use `when: {language: [en]}`. Texts without any text, or of a language without
    cut-offs, have percentile -1 and are kept.
    """
    perplexity = model.of(docs.text, sentencepiece)
    languages = docs.column("language").fill_null(ANY).to_pylist()
    place = Measure.of(percentiles(perplexity, languages, model.cutoffs), "percentile")
    return Verdict.all_of(
        tail=(place, "<", max_percentile),
        too_perplexing=(Measure.of(perplexity, "perplexity"), "<=", max_perplexity),
    )


def prepared(text: Text, pieces: Pieces | None) -> Text:
    """In CCNet's normal form: its lines, or as CCNet runs it the pieces of the whole text in one line."""
    return normal_lines(text) if pieces is None else pieces.encode(normal_documents(text))


def percentiles(
    perplexity: NDArray[np.float64], languages: list[str], cutoffs: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The highest percentile whose cut-off a document's perplexity, rounded as CCNet stores it, reaches."""
    found = np.full(len(perplexity), NOWHERE)
    of_document = np.array(languages, object)
    for language, limits in cutoffs.items():
        rows = np.flatnonzero((perplexity > 0) & ((language == ANY) | (of_document == language)))
        reached = np.searchsorted(limits, np.round(perplexity[rows], 1), side="right") - 1
        found[rows] = np.maximum(reached, 0)
    return found
