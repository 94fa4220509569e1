"""Make the sample's shards out of a folder of free real text: `python sample/make_sample.py DATA`.

Which rows are taken is a rank by a hash of their id, so the same DATA gives the same documents. Only licences named
in FREE and COPYLEFT are taken; what is under copyleft goes into a folder of its own. Two shards are broken on purpose.
"""

import csv
import gzip
import hashlib
import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

Row = dict[str, Any]

HERE = Path(__file__).parent
COLUMNS = ("id", "text", "url", "lang", "licence", "origin")
MAX_CHARS = 40_000  # a handful of sources are book-length; the sample is to stay small

FREE = {
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-3-Clause",
    "CC-BY-4.0",
    "CC0-1.0 (text: US public domain)",
    "CC0-1.0 / US public domain",
    "MIT",
    "MIT OR Apache-2.0",
    "PSF-2.0",
    "PostgreSQL",
    "public domain",
}
COPYLEFT = {
    "CC-BY-SA-3.0",
    "CC-BY-SA-3.0 OR GPL-2.0+",
    "CC-BY-SA-4.0",
    "CC-BY-SA-4.0 OR CC-BY-NC-SA-4.0",  # the first is chosen
    "GFDL-1.2+ (no invariant sections)",
    "GFDL-1.2+",
    "GPL-2.0+",
    "MPL-2.0",
}
FREE_PAGES = {
    "Apache-2.0",
    "BSD-3-Clause",
    "LicenseRef-public-domain",
    "MIT OR Apache-2.0",
    "NTP",
    "PSF-2.0 AND 0BSD",
    "PostgreSQL",
    "Xfig",
    "w3m",
}

# How many documents of each origin; an origin that is not named is left out.
BLOGS = {"18f-blog": 170, "rust-blog": 110, "nodejs.org": 110, "govuk-docs": 110}
BOOKS = {
    "standardebooks/jane-austen_pride-and-prejudice": 61,
    "standardebooks/mary-shelley_frankenstein": 30,
    "standardebooks/arthur-conan-doyle_the-adventures-of-sherlock-holmes": 12,
}
CODE = {
    "capacitor-ios": 30, "golang-golang-x-text-dev": 40, "golang-github-gin-gonic-gin-dev": 12, "lodash": 15,
    "libmojolicious-perl": 30, "lua-penlight": 25, "networkx": 18, "php-doctrine-orm": 40, "php-twig": 20,
    "r-cran-dplyr": 30, "react-native": 150, "ruby-mail": 30, "ruby-rack": 20, "rxjs": 50, "sympy": 30,
    "three": 15, "typeorm": 20, "bash-completion": 40, "libeigen3-dev": 30,
}  # fmt: skip
STEM = {
    "HoTT/book": 20, "OpenLogicProject/OpenLogic": 190, "jirilebl/ra": 15,
    "postgres-doc": 40, "python-doc": 40, "rust-doc": 30,
}  # fmt: skip
MULTILINGUAL = {
    "DjangoGirls tutorial": 30, "debian-handbook": 60, "gimp-help": 20, "gnome-help": 480, "lo-help": 120,
    "nltk udhr2": 120, "opensource.guide": 60,
}  # fmt: skip
RECRAWLED = 12


@dataclass(frozen=True)
class Member:
    """One gzip member of a WARC as it stands in its file, and the address of its page (None: the file's warcinfo)."""

    compressed: bytes
    url: str | None

    @property
    def record(self) -> bytes:
        return gzip.decompress(self.compressed)


def rank(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def rows_of(data: Path, pattern: str) -> list[Row]:
    """All rows of the Parquet or zstd JSONL files that match, in the order of their names."""
    rows: list[Row] = []
    for path in sorted(data.glob(pattern)):
        if path.suffix == ".parquet":
            rows += pq.read_table(path).to_pylist()
        else:
            lines = zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
            rows += [json.loads(line) for line in lines.split(b"\n") if line]
    return rows


def texts_seen_twice(rows: Iterable[Row]) -> set[str]:
    seen = Counter(row["text"] for row in rows)
    return {text for text, times in seen.items() if times > 1}


def chosen(rows: list[Row], quota: dict[str, int], wanted_urls: Iterable[str] = ()) -> list[Row]:
    """The quota of each origin by rank; natural duplicates and pages that the crawl holds too come first.

    An address that one origin uses twice stands for pieces of one page, which are no duplicates: left out.
    """
    twice, wanted = texts_seen_twice(rows), set(wanted_urls)
    addresses = Counter((row["origin"], row["url"]) for row in rows)
    left = Counter(quota)
    taken = []
    for row in sorted(rows, key=lambda row: (row["text"] not in twice, row["url"] not in wanted, rank(row["id"]))):
        whole = addresses[row["origin"], row["url"]] == 1 and len(row["text"]) <= MAX_CHARS
        if whole and left[row["origin"]] > 0 and row["licence"] in FREE | COPYLEFT:
            left[row["origin"]] -= 1
            taken.append({name: row[name] for name in COLUMNS})
    return sorted(taken, key=lambda row: rank(row["id"]))


def split_by_licence(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    return [row for row in rows if row["licence"] in FREE], [row for row in rows if row["licence"] in COPYLEFT]


def write_parquet(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    pq.write_table(pa.Table.from_pylist(rows, schema), path, compression="zstd", row_group_size=200)


def json_lines(rows: Iterable[Row]) -> list[bytes]:
    return [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows]


def halves(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    return rows[: len(rows) // 2], rows[len(rows) // 2 :]


def members(path: Path) -> Iterator[Member]:
    """The gzip members of a WARC, each with its own bytes."""
    rest = path.read_bytes()
    while rest:
        stream = zlib.decompressobj(wbits=31)
        record = stream.decompress(rest)
        compressed, rest = rest[: len(rest) - len(stream.unused_data)], stream.unused_data
        head = record.split(b"\r\n\r\n", 1)[0].decode()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        yield Member(compressed, fields.get("WARC-Target-URI"))


def recrawled(member: Member) -> bytes:
    """The same page fetched a year later and found unchanged."""
    record = member.record.replace(b"WARC-Date: 2024-", b"WARC-Date: 2025-", 1)
    identity = UUID(hashlib.sha256(record).hexdigest()[:32], version=4)
    lines = record.split(b"\r\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(b"WARC-Record-ID:"))
    lines[at] = f"WARC-Record-ID: <{identity.urn}>".encode()
    return gzip.compress(b"\r\n".join(lines), mtime=0)


def write_warc(path: Path, pages: Iterable[bytes], cut: int = 0) -> None:
    """Members one after the other; `cut` takes so many bytes off the last one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = b"".join(pages)
    path.write_bytes(whole[: len(whole) - cut])


def write_notices(folder: Path, data: Path, pages: list[Row]) -> None:
    """The licence of each page, and the notices of the packages that these pages come from."""
    names = ("url", "package", "version", "licence", "language")
    with (folder / "pages.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, names, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(sorted(pages, key=lambda page: (page["package"], page["url"])))
    packages = {page["package"] for page in pages}
    intro, *parts = (data / "crawl-free/NOTICES.txt").read_text(encoding="utf-8").split("\n== ")
    kept = [part for part in parts if part.split(" ", 1)[0] in packages]
    (folder / "NOTICES.txt").write_text("\n== ".join([intro, *kept]).rstrip() + "\n", encoding="utf-8")


def make_web(data: Path) -> set[str]:
    """The whole free crawl, shard by shard; the addresses of its pages."""
    pages = {page["url"]: page for page in pq.read_table(data / "crawl-free/pages.parquet").to_pylist()}
    free = {url for url, page in pages.items() if page["licence"] in FREE_PAGES}
    for number, shard in enumerate(sorted((data / "crawl-free").glob("shard-*.warc.gz"))):
        every = list(members(shard))
        for folder, mine in (("web", free), ("copyleft/web", pages.keys() - free)):
            kept = [member.compressed for member in every if member.url is None or member.url in mine]
            broken = folder == "web" and number == 3
            write_warc(HERE / folder / f"crawl-{number:05}.warc.gz", kept, len(kept[-1]) // 3 if broken else 0)
    first = [member for member in members(data / "crawl-free/shard-00000.warc.gz") if member.url in free]
    write_warc(HERE / "web/recrawl-00000.warc.gz", map(recrawled, first[:RECRAWLED]))
    write_notices(HERE / "web", data, [page for url, page in pages.items() if url in free])
    write_notices(HERE / "copyleft/web", data, [page for url, page in pages.items() if url not in free])
    return set(pages)


def make_stem(data: Path, crawled: set[str]) -> None:
    """JSONL three times: zstd, plain with one line cut short by a writer that died, and gzip for copyleft."""
    free, copyleft = split_by_licence(chosen(rows_of(data, "sources/stem-*.jsonl.zst"), STEM, crawled))
    packed, plain = (json_lines(half) for half in halves(free))
    plain[len(plain) // 2] = plain[len(plain) // 2][:400] + b"\n"
    for folder in ("stem", "copyleft/stem"):
        (HERE / folder).mkdir(parents=True, exist_ok=True)
    (HERE / "stem/stem-00000.jsonl.zst").write_bytes(zstandard.ZstdCompressor(level=19).compress(b"".join(packed)))
    (HERE / "stem/stem-00001.jsonl").write_bytes(b"".join(plain))
    (HERE / "copyleft/stem/stem-00000.jsonl.gz").write_bytes(gzip.compress(b"".join(json_lines(copyleft)), mtime=0))


def make_parquet(data: Path) -> None:
    sources = (
        ("code", "sources/code-*.parquet", CODE),
        ("multilingual", "sources/multilingual-*.parquet", MULTILINGUAL),
        ("blogs", "sources/web-*.parquet", BLOGS),
        ("books", "sources-more/books-*.parquet", BOOKS),
    )
    for name, pattern, quota in sources:
        free, copyleft = split_by_licence(chosen(rows_of(data, pattern), quota))
        for number, half in enumerate(halves(free)):
            write_parquet(HERE / name / f"{name}-{number:05}.parquet", half)
        if copyleft:
            write_parquet(HERE / "copyleft" / name / f"{name}-00000.parquet", copyleft)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    make_stem(folder, make_web(folder))
    make_parquet(folder)
