"""Write goldens/bigcode_filters.json.gz: what BigCode's own functions say of the sample's files of code.

Runs in an environment of the peer's own, beside a checkout of bigcode-project/bigcode-dataset (filtering.py of commit
014784c, text_extraction.py of 4747737); the table of endings is ours:
    python -m tests.parity.code_files > code.jsonl
    PYTHONPATH=CHECKOUT PEER/bin/python tests/parity/peers/bigcode_filters.py code.jsonl .../bigcode_filters.json.gz
A golden's key is the SHA-256 of the file's name, a newline and its text.
"""

import ast
import csv
import gzip
import hashlib
import importlib.metadata
import json
import logging
import runpy
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

TABLE = Path(__file__).parents[3] / "pipeline" / "filters" / "data" / "starcoder.csv"
COLUMNS = {
    "included": "Include",
    "alphanumeric": "Alphanum_threshold",
    "longest_line": "Long_line_threshold",
    "letters": "Alpha filter",
}
WITH_COMMENTS = ("python", "java", "javascript")
DIGEST = 16  # hexadecimal digits
CHECKOUT = next(Path(folder) for folder in sys.path if Path(folder, "preprocessing", "filtering.py").is_file())
DEFAULTS = SimpleNamespace(line_max=1000, line_mean=100, alpha_frac=0.25, min_size=100, max_size=5000)  # arguments.py


def functions() -> dict[str, Any]:
    """The functions of filtering.py alone: the module itself loads datasets, tokenizers and a model of languages."""
    source = (CHECKOUT / "preprocessing" / "filtering.py").read_text(encoding="utf-8")
    defined = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    found = {"np": np, "args": DEFAULTS, "LANG": "language", "logging": logging}
    exec(compile(ast.Module(defined, []), "filtering.py", "exec"), found)
    return found


PEER = functions()
COMMENTS = runpy.run_path(str(CHECKOUT / "preprocessing" / "utils" / "text_extraction.py"))


def table() -> dict[tuple[str, str], tuple[Any, ...]]:
    """Our table through the peer's own reading of a row."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    return {
        (row["language"], row["extension"]): PEER["get_filter_params"]({COLUMNS.get(k, k): v for k, v in row.items()})
        for row in rows
    }


def judge(document: dict[str, str], bounds: dict[tuple[str, str], tuple[Any, ...]]) -> dict[str, Any]:
    example: dict[str, Any] = {"content": document["text"], "path": document["name"]}
    example |= PEER["add_stats"](example)
    example["language"] = next((known for known, ending in bounds if ending == example["ext"]), "")
    language = document["lang"].lower()
    return {
        "mean": float(example["avg_line_length"]),
        "longest": example["max_line_length"],
        "alphanumeric": float(example["alphanum_fraction"]),
        "basic": PEER["basic_filters"](example),
        "by_extension": PEER["basic_filters_per_extension"](example, bounds),
        "no_xml": PEER["filter_xml"](example),
        "size": PEER["filter_large_and_small_files"](example),
        "comments": COMMENTS["get_nl_ratio"](document["text"], language) if language in WITH_COMMENTS else None,
    }


def key(document: dict[str, str]) -> str:
    return hashlib.sha256(f"{document['name']}\n{document['text']}".encode()).hexdigest()[:DIGEST]


def main() -> None:
    warnings.simplefilter("ignore")  # files that are no Python of this version
    bounds = table()
    with Path(sys.argv[1]).open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    goldens = {
        "versions": {name: importlib.metadata.version(name) for name in ("numpy", "Pygments")},
        "documents": {key(document): judge(document, bounds) for document in documents},
    }
    Path(sys.argv[2]).write_bytes(gzip.compress(json.dumps(goldens).encode(), mtime=0))


if __name__ == "__main__":
    main()
