"""Write goldens of NeMo Curator's table of English filters: what each filter measures, and which drop a document.

Runs in an environment of the peer's own; without its dependencies (Ray, Xenna, ...), which these filters do not need:
    PEER/bin/pip install --no-deps -r tests/parity/peers/nemo.txt
    PEER/bin/python tests/parity/peers/nemo.py documents.jsonl tests/parity/goldens/nemo.json.gz
The filters and bounds are those of nemo_curator/config/text/heuristic_filter_english_pipeline.yaml.

Of equally frequent n-grams NeMo takes the first of a set, that is whichever the hash seed puts there. Here the set
keeps the order of the text; with `any-order` as a third argument it is Python's own, to see what the seed decides.
"""

import gzip
import hashlib
import importlib.metadata
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

DIGEST = 16  # hexadecimal digits
FOUND = importlib.util.find_spec("nemo_curator")
assert FOUND is not None and FOUND.submodule_search_locations
ROOT = Path(FOUND.submodule_search_locations[0])


def package(name: str) -> ModuleType:
    """A package of NeMo's without what its __init__ imports."""
    module = sys.modules[name] = ModuleType(name)
    module.__path__ = [str(ROOT.joinpath(*name.split(".")[1:]))]
    return module


for folder in (
    "",
    ".stages",
    ".stages.text",
    ".stages.text.filters",
    ".stages.text.filters.heuristic",
    ".stages.text.utils",
):
    package(f"nemo_curator{folder}")
package("nemo_curator.stages.base")._camel_to_snake = lambda name: re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

from nemo_curator.stages.text.filters.heuristic import repetition, string  # noqa: E402
from nemo_curator.stages.text.filters.heuristic.repetition import repetition as repetition_module  # noqa: E402

FILTERS = {
    "NonAlphaNumericFilter": string.NonAlphaNumericFilter(0.25),
    "SymbolsToWordsFilter": string.SymbolsToWordsFilter(0.1),
    "NumbersFilter": string.NumbersFilter(0.15),
    "UrlsFilter": string.UrlsFilter(0.2),
    "WhiteSpaceFilter": string.WhiteSpaceFilter(0.25),
    "ParenthesesFilter": string.ParenthesesFilter(0.1),
    "BoilerPlateStringFilter": string.BoilerPlateStringFilter(True, 0.4),
    "RepeatedLinesFilter": repetition.RepeatedLinesFilter(0.7),
    "RepeatedParagraphsFilter": repetition.RepeatedParagraphsFilter(0.7),
    "RepeatedLinesByCharFilter": repetition.RepeatedLinesByCharFilter(0.8),
    "RepeatedParagraphsByCharFilter": repetition.RepeatedParagraphsByCharFilter(0.8),
    "WordCountFilter": string.WordCountFilter(50, 100000),
    "PunctuationFilter": string.PunctuationFilter(0.85),
    "WordsWithoutAlphabetsFilter": string.WordsWithoutAlphabetsFilter(0.8),
    "CommonEnglishWordsFilter": string.CommonEnglishWordsFilter(
        2, stop_at_false=False
    ),  # the same verdict, and a count
    "MeanWordLengthFilter": string.MeanWordLengthFilter(3, 10),
    "LongWordFilter": string.LongWordFilter(1000),
    "EllipsisFilter": string.EllipsisFilter(0.3),
    "RepeatingTopNGramsFilter 2": repetition.RepeatingTopNGramsFilter(2, 0.2),
    "RepeatingTopNGramsFilter 3": repetition.RepeatingTopNGramsFilter(3, 0.18),
    "RepeatingTopNGramsFilter 4": repetition.RepeatingTopNGramsFilter(4, 0.16),
    "RepeatingDuplicateNGramsFilter 5": repetition.RepeatingDuplicateNGramsFilter(5, 0.15),
    "RepeatingDuplicateNGramsFilter 6": repetition.RepeatingDuplicateNGramsFilter(6, 0.14),
    "RepeatingDuplicateNGramsFilter 7": repetition.RepeatingDuplicateNGramsFilter(7, 0.13),
    "RepeatingDuplicateNGramsFilter 8": repetition.RepeatingDuplicateNGramsFilter(8, 0.12),
    "RepeatingDuplicateNGramsFilter 9": repetition.RepeatingDuplicateNGramsFilter(9, 0.11),
    "RepeatingDuplicateNGramsFilter 10": repetition.RepeatingDuplicateNGramsFilter(10, 0.1),
    "BulletsFilter": string.BulletsFilter(0.9),
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def judge(text: str) -> dict[str, Any]:
    """The digest of every score, to the last bit, and the filters that drop the text."""
    scores = {name: float(each.score_document(text)) for name, each in FILTERS.items()}
    dropped = [name for name, each in FILTERS.items() if not each.keep_document(scores[name])]
    return {"scores": digest(json.dumps(scores, sort_keys=True)), "dropped": dropped}


def texts(path: str) -> Iterator[str]:
    """The English texts of a corpus; a wide document says no language."""
    with Path(path).open(encoding="utf-8") as lines:
        yield from (row["text"] for row in map(json.loads, lines) if row.get("language", "en") == "en")


def main(source: str, target: str, order: str = "") -> None:
    if order != "any-order":
        repetition_module.set = dict.fromkeys
    goldens = {digest(text): judge(text) for text in texts(source) if text.strip()}
    versions = {name: importlib.metadata.version(name) for name in ("nemo-curator", "regex")}
    content = json.dumps({"versions": versions, "documents": dict(sorted(goldens.items()))}, separators=(",", ":"))
    Path(target).write_bytes(gzip.compress(content.encode(), mtime=0))
    print(f"{len(goldens)} documents", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
