"""Write goldens of RefinedWeb's line rules: what DCLM's own modifiers keep of each document, and whether they keep it.

Runs in an environment of the peer's own, beside a checkout of mlfoundations/dclm, which no registry has:
    PEER/bin/pip install -r tests/parity/peers/dclm_lines.txt
    PYTHONPATH=DCLM PEER/bin/python tests/parity/peers/dclm_lines.py documents.jsonl goldens/dclm_lines.json.gz
The order and the arguments are those of baselines/baselines_configs/dclm_baseline_refinedweb.yaml.
"""

import gzip
import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dclm_packages  # noqa: F401  (makes DCLM's modules importable)
from baselines.mappers.enrichers.enrichers import word_counter_enricher
from baselines.mappers.filters.content_filters import word_removal_ratio_filter
from baselines.mappers.modifiers import (
    counter_line_modifier,
    line_length_modifier,
    newline_removal_modifier,
    numeric_ratio_line_modifier,
    substring_line_modifier,
    uppercase_ratio_line_modifier,
)

Page = dict[str, Any]
Step = Callable[[Page], list[Page]]
COMMIT = "15af3ce53ba1dd9464d38fd27803e56045bd085d"
COUNT = "previous_word_count"
DIGEST = 16  # hexadecimal digits


def line_steps() -> list[Step]:
    cut = partial(substring_line_modifier, max_length=10, remove_substring_only=True)
    return [
        newline_removal_modifier(max_consecutive=2),
        partial(word_counter_enricher, key=COUNT),  # fastText's words, split_words's default
        partial(uppercase_ratio_line_modifier, max_ratio=0.5),
        partial(numeric_ratio_line_modifier, max_ratio=0.999999),
        counter_line_modifier(),
        partial(line_length_modifier, min_length=2),
        cut(banlist="items in cart"),
        cut(banlist="Read more...", location="suffix"),
        cut(banlist="Sign-in", location="prefix"),
    ]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def judge(text: str, steps: list[Step]) -> dict[str, Any]:
    """The digest of the text that is left, null for none, and whether enough of its words are."""
    pages = [{"text": text}]
    for step in steps:
        pages = [left for page in pages for left in step(page)]
    kept = any(word_removal_ratio_filter(page, COUNT, max_removed_ratio=0.05) for page in pages)
    return {"text": digest(pages[0]["text"]) if pages else None, "kept": kept}


def texts(path: str) -> Iterator[str]:
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def main(source: str, target: str) -> None:
    steps = line_steps()
    goldens = {digest(text): judge(text, steps) for text in texts(source)}
    versions = {"dclm": COMMIT, "fasttext-numpy2-wheel": importlib.metadata.version("fasttext-numpy2-wheel")}
    content = json.dumps({"versions": versions, "documents": dict(sorted(goldens.items()))}, separators=(",", ":"))
    Path(target).write_bytes(gzip.compress(content.encode(), mtime=0))
    print(f"{len(goldens)} documents", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
