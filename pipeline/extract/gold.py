"""How good and how fast an extractor is: mean F1 of the bag of words against reference texts, and MB of HTML a second.

A folder of reference texts holds WARC shards and one Parquet table with `url` and `text` (and `kind`, to tell hand-made
texts from a tool's reviewed output). Publishers' pages cannot be committed, so the folder is the user's.
"""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.extract.charset import decode_page
from pipeline.extract.html import EXTRACTORS, html_to_text
from pipeline.extract.http import decoded_body, parse_response
from pipeline.extract.warc import Record, records

WORD = re.compile(r"\w+")
TABLES = ("gold.parquet", "pages.parquet")  # the first that there is
MAX_PAGE_BYTES = 20_000_000


def mean_f1(folder: str | Path, extractor: str = "resiliparse") -> dict[str, float]:
    """Mean F1 for each kind of reference, then `pages` and `mb_per_s` (of HTML as UTF-8, CPU time)."""
    references = _references(Path(folder))
    html = {url: page for url, page in _html_pages(Path(folder)) if url in references}
    extract = EXTRACTORS[extractor]
    started = time.process_time()
    extracted = {url: html_to_text(page, extract) for url, page in html.items()}
    seconds = time.process_time() - started
    scores: dict[str, list[float]] = defaultdict(list)
    for url, text in extracted.items():
        kind, reference = references[url]
        scores[kind].append(f1(text, reference))
    megabytes = sum(len(page.encode()) for page in html.values()) / 1e6
    means = {kind: sum(values) / len(values) for kind, values in sorted(scores.items())}
    return means | {"pages": float(len(html)), "mb_per_s": megabytes / max(seconds, 1e-9)}


def f1(text: str, reference: str) -> float:
    """F1 of two bags of words, in lower case: 1 for equal bags, also for two empty ones."""
    ours, theirs = (Counter(WORD.findall(each.lower())) for each in (text, reference))
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0


def _references(folder: Path) -> dict[str, tuple[str, str]]:
    path = next(folder / name for name in TABLES if (folder / name).exists())
    rows = pq.read_table(path).to_pylist()
    return {row["url"]: (row.get("kind", "reference"), row["text"]) for row in rows if row["text"]}


def _html_pages(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in records(stream, file=path.name, max_bytes=MAX_PAGE_BYTES):
                response = parse_response(record.block) if isinstance(record, Record) else None
                if isinstance(record, Record) and response is not None:
                    body = decoded_body(response, MAX_PAGE_BYTES)
                    yield record.headers["warc-target-uri"], decode_page(body, response.content_type).text
