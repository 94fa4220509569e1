"""Decontamination: documents that hold evaluation examples, by the share of an example's words that they cover."""

from collections.abc import Sequence

from pipeline.documents import Documents
from pipeline.filters.bare_words import bare_words
from pipeline.filters.benchmarks import FIELDS, Benchmarks
from pipeline.filters.ngram_overlap import overlap
from pipeline.rules import Verdict, rule
from pipeline.text.measure import Measure

ORDER = 8  # Singh et al. 2024, section 5, and Grattafiori et al. 2024, section 5.1.4


@rule(
    "contamination",
    cites="Grattafiori et al. 2024 (Llama 3), section 5.1.4: token ratio in shared 8-grams",
    resources={"against": "benchmarks"},
)
def contamination(
    docs: Documents,
    *,
    against: Benchmarks,
    fields: Sequence[str] = FIELDS,
    ngram: int = ORDER,
    threshold: float = 0.5,
) -> Verdict:
    """Drop documents that cover `threshold` or more of the words of an evaluation example with n-grams they share.

    `coverage` is the largest share of one example's words that stand in an n-gram of the document. The paper asks it
    of an example and the whole corpus (`gristmill contamination`), and publishes no threshold: each benchmark has its
    own there, as it may have a step of its own here. Its tokens are not said; ours are `bare_words`.
    An example's text is that of its `fields`, as many as it has. Examples of fewer than 8 words are left out.
    """
    found = overlap(*bare_words(docs.text), against.grams(fields, ngram))
    return Verdict.all_of(
        Measure.of(found.grams, "ngrams"),
        Measure.of(found.examples, "examples"),
        contaminated=(Measure.of(found.coverage, "coverage"), "<", threshold),
    )
