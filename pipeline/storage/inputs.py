"""What the user says of one source: where its files are, their format, whose column is whose."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.documents import FROM_INPUT

FORMATS = {".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl", ".warc": "warc"}
EXTRACTORS = ("resiliparse", "trafilatura")
COMPRESSED = (".gz", ".bz2", ".zst")


class InputError(Exception):
    """An input that cannot be read as the user says; one line, said before work starts."""


@dataclass(frozen=True)
class Input:
    """One entry of `inputs`. `columns` maps our column to the input's; `format` is the ending's where None."""

    source: str
    paths: tuple[str, ...]
    format: str | None = None
    extract: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    ids: str | None = None

    def __post_init__(self) -> None:
        strangers = sorted(set(self.columns) - set(FROM_INPUT))
        if strangers:
            raise InputError(f"input {self.source}: columns: {strangers[0]} (allowed: {', '.join(FROM_INPUT)})")
        if self.ids not in (None, "namespace"):
            raise InputError(f"input {self.source}: ids: {self.ids} (allowed: namespace)")
        if self.extract not in (None, *EXTRACTORS):
            raise InputError(f"input {self.source}: extract: {self.extract} (allowed: {', '.join(EXTRACTORS)})")
        if self.format not in (None, *FORMATS.values()):
            raise InputError(f"input {self.source}: format: {self.format} (allowed: parquet, jsonl, warc)")


def bare_name(path: str) -> str:
    """The file's name without the ending that says how it is compressed."""
    for ending in COMPRESSED:
        if path.endswith(ending):
            return path.removesuffix(ending)
    return path


def format_of(described: Input, path: str) -> str:
    """parquet, jsonl or warc: as the input says, else by the file's ending."""
    if described.format is not None:
        return described.format
    for ending, name in FORMATS.items():
        if bare_name(path).endswith(ending):
            return name
    raise InputError(f"{path}: its ending names no format (say `format`: parquet, jsonl or warc)")
