"""RedPajama-v2's own code has the signals that we store, to the last bit, on every English document of the sample."""

import gzip
import hashlib
import json
from pathlib import Path

import pipeline.filters.redpajama2  # noqa: F401  (registers the rule)
from pipeline.rules import REGISTRY
from tests.filters.judging import metrics_of
from tests.parity.corpora import english_texts
from tests.strategies import documents_of

GOLDENS = json.loads(gzip.decompress((Path(__file__).parent / "goldens" / "rpv2.json.gz").read_bytes()))
SIGNALS = 29
HOSTS = 5  # as tests/parity/peers/rpv2.py makes addresses up
BATCH = 500


def digest(text: str, digits: int = 16) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def address(text: str) -> str:
    return f"https://host{int(digest(text), 16) % HOSTS}.example/a/page?of=it"


def our_signals(texts: list[str]) -> dict[str, dict[str, float]]:
    """Of each text, under its digest."""
    found: dict[str, dict[str, float]] = {}
    ut1 = tuple(f"{domain} {category}" for domain, category in GOLDENS["ut1"].items())
    for first in range(0, len(texts), BATCH):
        batch = texts[first : first + BATCH]
        docs = documents_of(batch, url=[address(text) for text in batch], language=["en"] * len(batch))
        verdict = REGISTRY["redpajama2_signals"].judge(docs, ut1=ut1)
        found |= {digest(text): metrics_of(verdict, row) for row, text in enumerate(batch)}
    return found


def test_all_signals_of_every_english_document_of_the_sample_are_redpajamas() -> None:
    ours = our_signals(english_texts())
    assert {len(values) for values in ours.values()} == {SIGNALS}
    in_full = {key: values for key, values in GOLDENS["in_full"].items() if key in ours}
    assert len(in_full) > 40
    assert {key: ours[key] for key in in_full} == in_full
    digests = {key: digest(json.dumps(sorted(values.items())), 8) for key, values in ours.items()}
    assert digests == {key: GOLDENS["documents"][key] for key in ours}
