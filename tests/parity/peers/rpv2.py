"""Write goldens of RedPajama-v2's signals: a digest of all of a document's, and of a few documents the numbers too.

Runs in an environment of the peer's own, beside a checkout of togethercomputer/RedPajama-Data, which no registry has:
    PEER/bin/pip install -r tests/parity/peers/rpv2.txt
    PYTHONPATH=RPV2/app/src PEER/bin/python tests/parity/peers/rpv2.py documents.jsonl goldens/rpv2.json.gz
Signals of lines become means of their values, a missing value 0 (UT1's -1). UT1's list and the addresses are made up:
the signal asks whether an address's domain is in a table.
"""

import gzip
import hashlib
import importlib.metadata
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.document import Document
from core.quality_signals.content import register_content_callables
from core.quality_signals.lines import register_lines_callables
from core.quality_signals.natural_language import register_natural_language_callables
from core.quality_signals.repetitions import register_repetitions_callables

Signal = Callable[[Document], list[tuple[int, int, float | None]]]
COMMIT = "855a8e02626e1f3a6768cbea4d71a24bbba17127"
BAD_WORDS = Path(__file__).parents[3] / "pipeline" / "safety" / "lists" / "ldnoobw"
UT1 = {"host0.example": 0, "host3.example": 7}
HOSTS = 5
DIGEST = 16  # hexadecimal digits
SHORT = 8
UNITS = 10**8  # RedPajama rounds to eight digits
IN_FULL = 40  # every so many documents


def digest(text: str, digits: int = DIGEST) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def domain(text: str) -> str:
    return f"host{int(digest(text), 16) % HOSTS}.example"


def all_signals() -> list[Any]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "domain_to_category_id.json").write_text(json.dumps(UT1))
        content = register_content_callables(language="en", bad_urls_dir=folder, bad_words_dir=str(BAD_WORDS))
    return [
        *content,
        *register_lines_callables(),
        *register_natural_language_callables(),
        *register_repetitions_callables(),
    ]


def value(name: str, scores: list[tuple[int, int, float | None]]) -> float:
    """The one value of a document, or the mean over its lines: exact, as whole numbers of eight digits."""
    values = [score for _, _, score in scores if score is not None]
    if name.startswith("rps_lines_"):
        return sum(round(score * UNITS) for score in values) / (len(values) * UNITS) if values else 0.0
    missing = -1 if name == "rps_doc_ut1_blacklist" else 0
    return float(values[0] if values else missing)


def judge(text: str, signals: list[Any]) -> dict[str, float]:
    document = Document(text, domain=domain(text), precompute_ngrams=True)
    return {signal.field_name: value(signal.field_name, signal(document)) for signal in signals}


def texts(path: str) -> Iterator[str]:
    """Distinct ones of English documents: the stop words and bad words asked are English."""
    with Path(path).open(encoding="utf-8") as lines:
        found = {row["text"]: None for row in map(json.loads, lines) if row.get("language", "en") == "en"}
    yield from found


def main(source: str, target: str) -> None:
    signals = all_signals()
    found = {digest(text): judge(text, signals) for text in texts(source)}
    in_full = dict(sorted(found.items())[::IN_FULL])
    documents = {key: digest(json.dumps(sorted(values.items())), SHORT) for key, values in sorted(found.items())}
    versions = {"RedPajama-Data": COMMIT, "nltk": importlib.metadata.version("nltk")}
    content = {"versions": versions, "ut1": UT1, "in_full": in_full, "documents": documents}
    Path(target).write_bytes(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), mtime=0))
    print(f"{len(documents)} documents, {len(signals)} signals", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
