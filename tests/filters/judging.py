"""A rule over a batch of texts, read document by document."""

from pipeline.rules import REGISTRY, Verdict
from tests.strategies import documents_of


def judge(name: str, texts: list[str], **parameters: object) -> Verdict:
    return REGISTRY[name].judge(documents_of(texts), **parameters)


def metrics_of(verdict: Verdict, document: int) -> dict[str, float]:
    return {name: float(values[document]) for name, values in verdict.metrics.items()}


def reasons_of(verdict: Verdict, document: int = 0) -> set[str]:
    return {reason for reason, failed in verdict.failed.items() if failed[document]}
