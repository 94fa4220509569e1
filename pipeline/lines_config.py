"""The config's `lines`: whose formula, how often a line may stand in how large a bucket, what never goes, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.dedup.lines import FORMULAS, Formula
from pipeline.step_config import absolute, read_when
from pipeline.yaml_lines import Node

LINE_KEYS = ("as", "more_than", "bucket", "min_words", "allow", "when")
DEFAULT_FORMULA = "llama3"


@dataclass(frozen=True)
class Lines:
    """`allow`: a file of lines that never go. `when`: column -> the values of documents that are looked at."""

    formula: str = DEFAULT_FORMULA
    more_than: int = FORMULAS[DEFAULT_FORMULA].more_than
    bucket: int | None = FORMULAS[DEFAULT_FORMULA].bucket
    min_words: int = 1
    allow: str | None = field(default=None, metadata={"file": True})
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def counted_as(self) -> Formula:
        return FORMULAS[self.formula]


def read_lines(given: Mapping[str, Node], folder: Path) -> Lines:
    """`as`, and what differs from its formula."""
    name = given["as"].choice(list(FORMULAS)) if "as" in given else DEFAULT_FORMULA
    formula = FORMULAS[name]
    bucket = formula.bucket
    if "bucket" in given:
        bucket = None if given["bucket"].value is None else given["bucket"].integer(1)
    return Lines(
        formula=name,
        more_than=given["more_than"].integer(1) if "more_than" in given else formula.more_than,
        bucket=bucket,
        min_words=given["min_words"].integer(1) if "min_words" in given else 1,
        allow=read_allow(given["allow"], folder) if "allow" in given else None,
        when=read_when(given["when"], ()) if "when" in given else {},
    )


def read_allow(node: Node, folder: Path) -> str:
    address = absolute(node.text(), folder)
    if not Path(address).is_file():
        raise node.error(f"no such file: {address} (a line of text for each line that never goes)")
    return address
