"""ARPA files, the text form of n-gram models: what KenLM's lmplz, SRILM and `calibrate perplexity` write."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.filters.ngram_model import NgramModel, hash_ngrams
from pipeline.text.arrow import spans_from_arrow

DATA, END = b"\\data\\", b"\\end\\"
OURS = b"# gristmill "  # KenLM skips lines before \data\ that begin with #
COUNT = re.compile(rb"ngram\s+\d+\s*=\s*(\d+)\s*$")
GZIP = b"\x1f\x8b"
HEADER_BYTES = 1 << 20
NEWLINE = ord("\n")

Facts = dict[str, Any]


class ArpaError(ValueError):
    """A file that is no n-gram model; the message names it, and the line or section."""


@dataclass(frozen=True, eq=False)
class Ngrams:
    """The n-grams of one order as a file lists them: words between blanks, log10 probability, log10 back-off."""

    words: pa.LargeStringArray
    probabilities: NDArray[np.float32]
    backoffs: NDArray[np.float32]


def is_arpa(beginning: bytes) -> bool:
    """By the first HEADER_BYTES of a file; what is gzipped is taken to be one, and what is cut off before its data."""
    return DATA in beginning or beginning[:2] == GZIP or beginning.lstrip()[:1] in (b"", b"#", b"\\")


def read_arpa(data: bytes, name: str) -> tuple[NgramModel, Facts]:
    """The model, and what our own header line says of it (nothing in a file of others)."""
    if data[:2] == GZIP:
        data = unzipped(data, name)
    begin = data.find(DATA)
    check_beginning(data[: begin if begin >= 0 else len(data)].splitlines(), begin >= 0, name)
    ours = [line[len(OURS) :] for line in data[:begin].splitlines() if line.startswith(OURS)]
    try:
        facts = dict(json.loads(ours[0])) if ours else {}
    except (ValueError, TypeError) as error:
        raise ArpaError(f"{name}: {OURS.decode()}is followed by no JSON object") from error
    sections = list(section_spans(data, begin, name))
    parsed = [parse_section(data[start:stop], order, count, name) for order, count, start, stop in sections]
    return to_model(parsed, name), facts


def check_beginning(before: Sequence[bytes], found: bool, name: str) -> None:
    """`before`: the lines up to \\data\\, all where it is not `found`. ArpaError names the one that is wrong."""
    for number, line in enumerate(before, start=1):
        if line.strip() and not line.startswith(b"#") and not (number == len(before) and DATA.startswith(line)):
            begins = f"it begins with {DATA.decode()}, or lines of # before it"
            raise ArpaError(f"{name}:{number}: no ARPA file ({begins})")
    if not found:
        raise ArpaError(f"{name}:{max(len(before), 1)}: the file ends before {DATA.decode()}: an ARPA file cut off")


def unzipped(data: bytes, name: str) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise ArpaError(f"{name}: damaged or cut off: {error}") from error


def section_spans(data: bytes, begin: int, name: str) -> Iterator[tuple[int, int, int, int]]:
    """Order, number of n-grams, and where the lines of each section are."""
    first, end = data.find(b"\n\\1-grams:", begin), data.find(b"\n" + END, begin)
    said = [line for line in data[begin : max(first, begin)].splitlines()[1:] if line.strip()]
    counts = [int(count[1]) for count in map(COUNT.match, said) if count]
    starts = [data.find(b"\n\\%d-grams:" % order, begin) for order in range(1, len(counts) + 1)]
    further = data.find(b"\n\\%d-grams:" % (len(counts) + 1), begin)
    if end < 0 or not counts or len(said) != len(counts) or further >= 0 or sorted(starts) != starts or starts[0] < 0:
        raise ArpaError(f"{name}: its counts of n-grams ({len(said)}) and sections do not fit" + ", no end" * (end < 0))
    for order, (count, start, stop) in enumerate(zip(counts, starts, [*starts[1:], end], strict=True), start=1):
        yield order, count, data.index(b"\n", start + 1) + 1, stop + 1


def parse_section(lines: bytes, order: int, count: int, name: str) -> Ngrams:
    """`probability TAB words [TAB back-off]` in each line."""
    where = f"{name}: \\{order}-grams:"
    data = np.frombuffer(lines.rstrip() + b"\n" if count or lines.strip() else b"", np.uint8)
    offsets = np.concatenate([[0], np.flatnonzero(data == NEWLINE) + 1])
    if len(offsets) - 1 != count:
        raise ArpaError(f"{where} has {len(offsets) - 1:,} lines, {DATA.decode()} says {count:,}")
    buffers = [pa.py_buffer(offsets), pa.py_buffer(data)]
    rows = pc.utf8_rtrim(pa.LargeStringArray.from_buffers(count, *buffers), "\r\n")
    fields = pc.split_pattern(rows, "\t")
    sizes, first = np.diff(fields.offsets.to_numpy()), fields.offsets.to_numpy()[:-1]
    if not ((sizes == 2) | (sizes == 3)).all():
        bad = int(np.flatnonzero((sizes != 2) & (sizes != 3))[0])
        raise ArpaError(f"{where} line {bad + 1} has {sizes[bad]} columns, not 2 or 3 between tabs")
    values = fields.values
    backoffs = np.zeros(count, np.float32)
    with_backoff = np.flatnonzero(sizes == 3)
    try:
        probabilities = numbers(values, first)
        backoffs[with_backoff] = numbers(values, first[with_backoff] + 2)
    except pa.ArrowInvalid as error:
        raise ArpaError(f"{where} {error}") from error
    return Ngrams(values.take(pa.array(first + 1)), probabilities, backoffs)


def numbers(values: pa.Array, at: NDArray[np.int64]) -> NDArray[np.float32]:
    parsed: NDArray[np.float32] = pc.cast(values.take(pa.array(at)), pa.float32()).to_numpy(zero_copy_only=False)
    if not np.isfinite(parsed).all():
        raise pa.ArrowInvalid("holds something that is no finite number")
    return parsed


def to_model(parsed: Sequence[Ngrams], name: str) -> NgramModel:
    """The hash table of all orders."""
    hashes, shorter = [], []
    for order, ngrams in enumerate(parsed, start=1):
        spans = spans_from_arrow(ngrams.words)
        found = np.zeros((2, len(ngrams.words)), np.uint64)
        words = np.zeros(len(ngrams.words), np.int64)
        hash_ngrams(*spans, found[0], found[1], words)
        if not (words == order).all():
            bad = int(np.flatnonzero(words != order)[0])
            raise ArpaError(f"{name}: \\{order}-grams: line {bad + 1} has {words[bad]} words")
        hashes.append(found[0])
        shorter.append(found[1])
    return NgramModel.of(
        len(parsed),
        np.concatenate(hashes),
        np.concatenate(shorter),
        np.concatenate([each.probabilities for each in parsed]),
        np.concatenate([each.backoffs for each in parsed]),
    )


def write_arpa(parsed: Sequence[Ngrams], facts: Facts) -> bytes:
    """The file, our header line first. Numbers are the shortest that give the same single precision again."""
    header = [OURS + json.dumps(facts, sort_keys=True).encode(), DATA]
    header += [f"ngram {order}={len(ngrams.words)}".encode() for order, ngrams in enumerate(parsed, start=1)]
    parts = [b"\n".join(header) + b"\n"]
    for order, ngrams in enumerate(parsed, start=1):
        columns = [pa.array(ngrams.probabilities).cast(pa.large_string()), ngrams.words]
        if order < len(parsed):
            columns.append(pa.array(ngrams.backoffs).cast(pa.large_string()))
        lines = "\n".join(joined(columns, "\t").to_pylist())
        parts.append(f"\n\\{order}-grams:\n{lines}\n".encode())
    return b"".join([*parts, b"\n", END, b"\n"])


def joined(columns: Sequence[pa.Array], between: str) -> pa.LargeStringArray:
    """The columns' texts, row by row."""
    return pc.binary_join_element_wise(*columns, pa.scalar(between, pa.large_string()))
