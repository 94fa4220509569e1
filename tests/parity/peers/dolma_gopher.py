"""Write goldens of Gopher's rules as dolma has them: what its tagger measures, and what its mixing config drops.

Runs in an environment of the peer's own:
    PEER/bin/pip install -r tests/parity/peers/dolma_gopher.txt
    PEER/bin/python tests/parity/peers/dolma_gopher.py documents.jsonl tests/parity/goldens/dolma_gopher.json.gz
The tagger is gopher_v1; the bounds are those of allenai/dolma:configs/dolma-v1_5/mixing/cc-head.yaml. A bound on a
name that the tagger does not write never drops, as in dolma.
"""

import gzip
import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dolma.taggers.gopher import get_attributes

BOUNDS = {
    "word_count": (50, 100000),
    "median_word_length": (3, 10),
    "symbol_to_word_ratio": (None, 0.1),
    "fraction_of_words_with_alpha_character": (0.8, None),
    "required_word_count": (2, None),
    "fraction_of_lines_starting_with_bullet_point": (None, 0.9),
    "fraction_of_lines_ending_with_ellipsis": (None, 0.3),
    "fraction_of_duplicate_lines": (None, 0.3),
    "fraction_of_characters_in_duplicate_lines": (None, 0.3),
    "fraction_of_characters_in_most_common_2gram": (None, 0.2),
    "fraction_of_characters_in_most_common_3gram": (None, 0.18),
    "fraction_of_characters_in_most_common_4gram": (None, 0.16),
    "fraction_of_characters_in_duplicate_5grams": (None, 0.15),
    "fraction_of_characters_in_duplicate_6grams": (None, 0.14),
    "fraction_of_characters_in_duplicate_7grams": (None, 0.13),
    "fraction_of_characters_in_duplicate_8grams": (None, 0.12),
    "fraction_of_characters_in_duplicate_9grams": (None, 0.11),
    "fraction_of_characters_in_duplicate_10grams": (None, 0.10),
}
DIGEST = 16  # hexadecimal digits


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def judge(text: str) -> dict[str, Any]:
    """The digest of everything measured, to the last bit, and each bound that drops the text: name, < or >."""
    measured = {span.type: float(span.score) for span in get_attributes(text).as_spans()}
    del measured["character_count"]
    dropped = []
    for name, (low, high) in BOUNDS.items():
        if name in measured and low is not None and measured[name] < low:
            dropped.append(f"{name} <")
        if name in measured and high is not None and measured[name] > high:
            dropped.append(f"{name} >")
    return {"metrics": digest(json.dumps(measured, sort_keys=True)), "dropped": dropped}


def texts(path: str) -> Iterator[str]:
    """The English texts of a corpus; a wide document says no language."""
    with Path(path).open(encoding="utf-8") as lines:
        yield from (row["text"] for row in map(json.loads, lines) if row.get("language", "en") == "en")


def main(source: str, target: str) -> None:
    goldens = {digest(text): judge(text) for text in texts(source)}
    versions = {"dolma": importlib.metadata.version("dolma")}
    content = json.dumps({"versions": versions, "documents": dict(sorted(goldens.items()))}, separators=(",", ":"))
    Path(target).write_bytes(gzip.compress(content.encode(), mtime=0))
    print(f"{len(goldens)} documents", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
