"""A chain small enough to run many times: three sources in three formats, documents of every fate."""

import gzip
import hashlib
import json
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.beam.run import RunResult, run
from pipeline.config import load

STOPS = ("the", "of", "and", "that")
CONFIG = """
inputs:
{inputs}
steps:
  - gopher_quality: {{min_words: 20}}
    when: {{source: [pages, notes]}}
  - pii
dedup:
  steps:
    - url: {{keep: [newest]}}
    - exact
    - minhash
mixture:
  groups:
    - {{name: pages, when: {{source: [pages]}}, target: 0.6}}
    - {{name: notes, when: {{source: [notes]}}, target: 0.2}}
    - {{name: others, target: 0.2}}
tokens: {{tokenizer: llama3}}
limits: {{failed_fraction: 0.1}}
"""
INPUTS = (
    "  - {source: pages, path: [pages/b.parquet, pages/a.parquet]}",
    "  - {source: notes, path: notes/*.jsonl.gz}",
    "  - {source: talks, path: talks/*.jsonl}",
)
UNITS = 4  # pages in two files
GIVEN = 24 + 12 + 12 + 1  # the broken line is given as well


def prose(seed: str, words: int = 40) -> str:
    """Words that no other seed gives in this order."""
    chance = Random(seed)
    made = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(words)]
    return " ".join(word for pair in zip(made, [*STOPS] * words, strict=False) for word in pair) + "."


def page(number: int) -> dict[str, Any]:
    address = f"https://example.org/{number}"
    date = f"2024-01-{number + 1:02}T00:00:00Z"
    return {"id": f"p{number}", "text": prose(f"page {number}"), "url": address, "date": date, "stars": number}


def pages() -> list[dict[str, Any]]:
    """Of the 24: one url twice, one text twice, two nearly the same, one too short, one empty, one with an address."""
    made = [page(number) for number in range(24)]
    made[1]["url"] = made[0]["url"]
    made[3]["text"] = made[2]["text"]
    made[5]["text"], made[4]["text"] = prose("long", 400) + " And no more.", prose("long", 400)
    made[6]["text"] = "too short"
    made[7]["text"] = " \n "
    made[8]["text"] += " Write to jane.roe@corp-mail.net today."
    return made


def write_sources(folder: Path) -> None:
    """The shards; notes bring no ids and one broken line."""
    for name in ("pages", "notes", "talks"):
        (folder / name).mkdir(parents=True)
    for name, rows in {"a": pages()[:12], "b": pages()[12:]}.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / "pages" / f"{name}.parquet")
    notes = [json.dumps({"text": prose(f"note {k}"), "topic": f"t{k % 3}"}) for k in range(12)]
    broken = "\n".join([*notes[:6], '{"text": "cut', *notes[6:]]) + "\n"
    (folder / "notes/n.jsonl.gz").write_bytes(gzip.compress(broken.encode(), mtime=0))
    talks = [json.dumps({"id": f"t{k}", "text": prose(f"talk {k}")}) for k in range(12)]
    (folder / "talks/t.jsonl").write_text("\n".join(talks) + "\n")


def write_config(folder: Path, name: str = "small.yaml", inputs: tuple[str, ...] = INPUTS) -> Path:
    path = folder / name
    path.write_text(CONFIG.format(inputs="\n".join(inputs)))
    return path


def quiet(_line: str) -> None:
    """What a run says of its progress is no matter of these tests."""


def carry_out(config: Path, output: Path, *sets: str) -> RunResult:
    return run(load(config, [f"output={output}", *sets]), talk=quiet)


def manifest(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return read


def rows(folder: Path) -> list[dict[str, Any]]:
    """The rows of all parts in a folder, parts in order."""
    parts = sorted(folder.glob("*.parquet"))
    return [row for part in parts for row in pq.read_table(part, page_checksum_verification=True).to_pylist()]


def digests(run_folder: Path, below: str = "data") -> dict[str, str]:
    """Each part's digest by its name."""
    parts = sorted((run_folder / below).rglob("*.parquet"))
    return {str(part.relative_to(run_folder)): hashlib.sha256(part.read_bytes()).hexdigest() for part in parts}
