"""Write goldens of Gopher's rules as DCLM has them: which of its filters drop each document.

Runs in an environment of the peer's own, beside a checkout of mlfoundations/dclm (it is in no registry):
    PEER/bin/pip install -r tests/parity/peers/dclm_gopher.txt
    PYTHONPATH=DCLM PEER/bin/python tests/parity/peers/dclm_gopher.py documents.jsonl goldens/dclm_gopher.json.gz
The filters and arguments are those of baselines/baselines_configs/dclm_baseline_refinedweb.yaml, and those that its
massive_web_repetition_filters asks for one after another; here each is asked alone.
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
from baselines.mappers.filters.content_filters import (
    alphabetic_word_ratio_filter,
    bullet_count_filter,
    ellipsis_count_filter,
    massive_web_repetition_filters,
    page_length_filter,
    repetition_filter,
    stop_word_filter,
    symbol_ratio_filter,
    word_length_filter,
)

Page = dict[str, Any]
Filter = Callable[[Page], list[Page]]
COMMIT = "c7ed275feacc8dc7c6244473b22aa86af109ef15"
DIGEST = 16  # hexadecimal digits
NGRAMS = {2: 0.2, 3: 0.18, 4: 0.16, 5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.1}

length = partial(page_length_filter, length_type="word", ignore_punctuation=True)
QUALITY: dict[str, Filter] = {
    "page_length <": partial(length, min_length=50),
    "page_length >": partial(length, max_length=100000),
    "word_length <": partial(word_length_filter, min_length=3),
    "word_length >": partial(word_length_filter, max_length=10),
    "symbol_ratio": partial(symbol_ratio_filter, max_symbol_to_word_ratio=0.1),
    "bullet_count": partial(bullet_count_filter, max_bullet_start_ratio=0.9),
    "ellipsis_count": partial(ellipsis_count_filter, max_ellipsis_end_ratio=0.3),
    "alphabetic_word_ratio": partial(alphabetic_word_ratio_filter, max_ratio=0.2),
    "stop_word": partial(stop_word_filter, count_unique=False, min_stop_word=2),
}
REPETITION: dict[str, Callable[..., list[Page]]] = {
    "line": partial(repetition_filter, granularity="line", max_fraction=0.3, count_characters=False),
    "paragraph": partial(repetition_filter, granularity="paragraph", max_fraction=0.3, count_characters=False),
    "line chars": partial(repetition_filter, granularity="line", max_fraction=0.2),
    "paragraph chars": partial(repetition_filter, granularity="paragraph", max_fraction=0.2),
    **{f"{n}-gram": partial(repetition_filter, granularity=n, max_fraction=most) for n, most in NGRAMS.items()},
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def judge(text: str) -> dict[str, list[str]]:
    """The filters of each rule that drop the text."""
    page, cache = {"text": text}, {}
    quality = [name for name, keeps in QUALITY.items() if not keeps(page)]
    repetition = [name for name, keeps in REPETITION.items() if not keeps(page, cache=cache)]
    assert bool(repetition) == (not massive_web_repetition_filters(page))
    return {"gopher_quality": quality, "gopher_repetition": repetition}


def texts(path: str) -> Iterator[str]:
    """The distinct English texts of a corpus: uniseg takes minutes for these."""
    with Path(path).open(encoding="utf-8") as lines:
        found = {row["text"]: None for row in map(json.loads, lines) if row.get("language", "en") == "en"}
    yield from found


def main(source: str, target: str) -> None:
    goldens = {digest(text): judge(text) for text in texts(source)}
    versions = {name: importlib.metadata.version(name) for name in ("fasttext-numpy2-wheel", "uniseg")}
    versions["dclm"] = COMMIT
    content = json.dumps({"versions": versions, "documents": dict(sorted(goldens.items()))}, separators=(",", ":"))
    Path(target).write_bytes(gzip.compress(content.encode(), mtime=0))
    print(f"{len(goldens)} documents", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
