"""The sample is what its page says: small, free, and broken in exactly two places."""

import csv
import gzip
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import zstandard

SAMPLE = Path(__file__).parents[1] / "sample"
MAX_BYTES = 25_000_000
FREE = re.compile(r"MIT|Apache-2\.0|Artistic-2\.0|BSD-3-Clause|CC-BY-4\.0|CC0-1\.0|PSF-2\.0|PostgreSQL|public domain")
COPYLEFT = re.compile(r"CC-BY-SA|GPL|GFDL|MPL")
FREE_PAGES = re.compile(r"(Apache-2|BSD-3|LicenseRef-public-domain|MIT|NTP|PSF-2|PostgreSQL|Xfig|w3m)")


def parquet_licences(folder: Path) -> set[str]:
    return {
        licence
        for path in folder.glob("*/*.parquet")
        for licence in pq.read_table(path, columns=["licence"])["licence"].to_pylist()
    }


def lines_of(path: Path) -> list[bytes]:
    packed = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(packed).splitlines()
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().decompressobj().decompress(packed).splitlines()
    return packed.splitlines()


def rows_of(path: Path) -> list[dict[str, Any]]:
    rows = []
    for line in lines_of(path):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return rows


def ends_whole(path: Path) -> bool:
    """Whether the last gzip member of a file has its end."""
    rest, stream = path.read_bytes(), zlib.decompressobj(wbits=31)
    while rest:
        stream = zlib.decompressobj(wbits=31)
        stream.decompress(rest)
        rest = stream.unused_data
    return stream.eof


def test_it_stays_under_25_mb() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < MAX_BYTES


def test_every_row_outside_copyleft_is_under_a_permissive_licence() -> None:
    stem = {row["licence"] for path in (SAMPLE / "stem").iterdir() for row in rows_of(path)}
    assert [name for name in parquet_licences(SAMPLE) | stem if not FREE.match(name) or COPYLEFT.search(name)] == []


def test_every_row_under_copyleft_names_a_copyleft_licence() -> None:
    stem = {row["licence"] for path in (SAMPLE / "copyleft/stem").iterdir() for row in rows_of(path)}
    assert [name for name in parquet_licences(SAMPLE / "copyleft") | stem if not COPYLEFT.match(name)] == []


@pytest.mark.parametrize(("folder", "permissive"), [("web", True), ("copyleft/web", False)])
def test_every_page_has_its_licence_and_its_package_a_notice(folder: str, permissive: bool) -> None:
    with (SAMPLE / folder / "pages.csv").open(encoding="utf-8") as file:
        pages = list(csv.DictReader(file))
    assert [page["url"] for page in pages if bool(FREE_PAGES.match(page["licence"])) is not permissive] == []
    notices = (SAMPLE / folder / "NOTICES.txt").read_text(encoding="utf-8")
    assert {page["package"] for page in pages} == set(re.findall(r"^== (\S+) ", notices, re.MULTILINE))


def test_one_warc_is_cut_inside_a_member() -> None:
    cut = [path.relative_to(SAMPLE).as_posix() for path in sorted(SAMPLE.rglob("*.warc.gz")) if not ends_whole(path)]
    assert cut == ["web/crawl-00003.warc.gz"]


def test_one_json_line_is_cut() -> None:
    broken = {
        path.relative_to(SAMPLE).as_posix(): len(lines_of(path)) - len(rows_of(path))
        for path in sorted(SAMPLE.rglob("stem-*"))
    }
    assert {name: lines for name, lines in broken.items() if lines} == {"stem/stem-00001.jsonl": 1}
