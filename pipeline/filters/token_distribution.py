"""Llama 3's rule against outlier tokens: a document's words against the distribution of a corpus's words."""

from pipeline.documents import Documents
from pipeline.filters.divergence import Distribution
from pipeline.rules import Percentile, Verdict, rule
from pipeline.text.measure import Measure

SAMPLE = "sample"  # the distribution that comes with gristmill: the English of its sample's free texts


@rule(
    "token_distribution",
    cites="Grattafiori et al. 2024, section 3.1.1",
    resources={"distribution": "distribution"},
)
def token_distribution(
    docs: Documents,
    *,
    distribution: Distribution = SAMPLE,  # type: ignore[assignment]  # the config holds an address
    max_percentile: Percentile | None = 99.0,
    max_divergence: float | None = None,
) -> Verdict:
    """Drop documents with too many words that are rare in a corpus: Kullback-Leibler divergence, in nats.

    Neither smoothing nor threshold is published. A document fails beyond what `max_percentile` of a hundred documents
    of the corpus itself reach (`calibrate distribution` measures it), or beyond `max_divergence` where that is set.
    A corpus is of one language: use `when: {language: [en]}` with the shipped one.
    """
    found = Measure.of(distribution.divergences(docs.words_by(distribution.kind)), "divergence")
    most = max_divergence
    if most is None and max_percentile is not None:
        most = distribution.at_percentile(max_percentile)
    return Verdict.all_of(too_far=(found, "<=", most))
