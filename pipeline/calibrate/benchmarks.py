"""Evaluation examples read from the user's files: JSON lines (plain, gz, bz2, zst) or Parquet."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.filters.benchmarks import Benchmark, BenchmarkError, Benchmarks
from pipeline.storage import files
from pipeline.storage.inputs import FORMATS, bare_name
from pipeline.storage.limits import Limits
from pipeline.storage.streams import StreamFault, codec_of, decompressed_blocks


def load(addresses: Sequence[str]) -> Benchmarks:
    """All examples of these files. A file in which one line cannot be read is refused: it would hide an example."""
    names = [name_of(address) for address in addresses]
    if not names:
        raise BenchmarkError("no files of evaluation examples are named")
    twice = [address for address, name in zip(addresses, names, strict=True) if names.count(name) > 1]
    if twice:
        raise BenchmarkError(f"{twice[0]} and {twice[1]}: two benchmarks of one name")
    return Benchmarks(tuple(Benchmark(name, rows_of(one)) for name, one in zip(names, addresses, strict=True)))


def name_of(address: str) -> str:
    """gsm8k_test of data/gsm8k_test.jsonl.gz."""
    name = bare_name(address).rsplit("/", 1)[-1]
    return name.rpartition(".")[0] or name


def rows_of(address: str) -> list[Mapping[str, Any]]:
    kind = next((kind for ending, kind in FORMATS.items() if bare_name(address).endswith(ending)), None)
    if kind not in ("jsonl", "parquet"):
        raise BenchmarkError(f"{address}: evaluation examples are read from .jsonl or .parquet")
    try:
        rows = parquet_rows(address) if kind == "parquet" else json_rows(address)
    except (pa.ArrowException, StreamFault) as error:
        raise BenchmarkError(f"{address}: {error}") from error
    if not rows:
        raise BenchmarkError(f"{address}: no examples")
    return rows


def parquet_rows(address: str) -> list[Mapping[str, Any]]:
    with files.open_input(address) as file:
        rows: list[Mapping[str, Any]] = pq.read_table(file, page_checksum_verification=True).to_pylist()
    return rows


def json_rows(address: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for number, line in enumerate(content(address).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise BenchmarkError(f"{address}:{number}: no JSON: {error}") from error
        if not isinstance(row, dict):
            raise BenchmarkError(f"{address}:{number}: {type(row).__name__}, not an object")
        rows.append(row)
    return rows


def content(address: str) -> bytes:
    codec = codec_of(address)
    if codec is None:
        return files.read_bytes(address)
    with files.open_input(address) as file:
        return b"".join(block.data for block in decompressed_blocks(file, codec, Limits()))
