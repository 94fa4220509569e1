"""The step `quality`: a classifier's probability for each document, and a cut at `min`."""

import pyarrow as pa

from classifiers.model import SAMPLE, Classifier
from pipeline.documents import Documents
from pipeline.rules import Verdict, rule
from pipeline.text.measure import Measure


@rule("quality", cites="Li et al. 2024 (DataComp-LM), section 4.4", resources={"model": "classifier"})
def quality(
    docs: Documents,
    *,
    model: Classifier = SAMPLE,  # type: ignore[assignment]  # the config holds an address, the rule is given a model
    min: float | None = None,  # noqa: A002  # the config's key
) -> Verdict:
    """Score documents by `model`, and drop those below `min` where it is set."""
    scores = model.score(docs)
    verdict = Verdict.all_of(low=(Measure.of(scores, "score"), ">=", min))
    return verdict.setting(quality=pa.array(scores, pa.float32()))
