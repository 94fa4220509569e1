"""`python -m benchmarks`: a table on stdout, and bench.json."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.beside import beside_datatrove
from benchmarks.beside_fasttext import beside_fasttext
from benchmarks.corpus import Corpus, sample_corpus
from benchmarks.extraction import extract_row
from benchmarks.grouping import grouping_rows
from benchmarks.measure import Row, best_seconds
from benchmarks.parts import NOTES, each_rule, parts, split_words
from benchmarks.refining import first_passes

OUT = Path("bench.json")
REFINE = {
    "refine": "the sample's steps over all documents and MinHash, Parquet to Parquet, parts written",
    "refine_tokens": "the same with the survivors' exact token counts",
}


def measured(corpus: Corpus) -> tuple[float, list[Row]]:
    """R, and a row for everything that the documents go through."""
    with tempfile.TemporaryDirectory() as folder:
        named = {**parts(corpus), **first_passes(corpus, Path(folder)), **each_rule(corpus)}
        works = {"R": lambda: split_words(corpus), **named}
        seconds = best_seconds(works)
        peers = {**beside_datatrove(corpus, Path(folder)), **beside_fasttext(corpus)}
    speed = {name: corpus.megabytes / taken for name, taken in seconds.items()}
    notes = {**NOTES, **REFINE}
    rows = [Row(name, speed[name], speed[name] / speed["R"], note=notes.get(name, "")) for name in named]
    return speed["R"], [replace(row, **peers[row.name]._asdict()) if row.name in peers else row for row in rows]


def table(reference: float, rows: Sequence[Row]) -> str:
    lines = [f"R = {reference:.0f} MB/s: sum(len(text.split()) for text in texts)", ""]
    wide = max(len(row.name) for row in rows) + 2
    lines.append(f"{'row':<{wide}}{'MB/s':>8}{'R':>7}  {'peer':<44}note")
    for row in rows:
        peer = f"{row.peer_ratio:.1f} x {row.peer}" if row.peer and row.peer_ratio else ""
        lines.append(f"{row.name:<{wide}}{row.mb_per_s:>8.1f}{row.r:>7.2f}  {peer:<44}{row.note}".rstrip())
    return "\n".join(lines)


def main() -> None:
    corpus = sample_corpus()
    reference, rows = measured(corpus)
    rows += grouping_rows(reference)
    extract = extract_row(reference)
    if isinstance(extract, Row):
        rows.append(extract)
    print(table(reference, rows))
    if isinstance(extract, str):
        print(extract)
    rounded = [{k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(row).items()} for row in rows]
    OUT.write_text(json.dumps({"R": round(reference, 1), "rows": rounded}, indent=1) + "\n")


if __name__ == "__main__":
    main()
