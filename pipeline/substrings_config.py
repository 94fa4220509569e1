"""The config's `substrings`: how many words in a row are too many to stand twice, and what is left of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.dedup.substrings import TOKENS, gram_of
from pipeline.step_config import read_when
from pipeline.yaml_lines import Node

SUBSTRING_KEYS = ("tokens", "keeps", "when")
FEWEST = 10  # words: fewer are phrases, and every text has phrases of others
KEEPS = ("one", "none")


@dataclass(frozen=True)
class Substrings:
    """`keeps`: the first occurrence stays, or none does, as Lee et al. did. `when`: documents that are looked at."""

    tokens: int = TOKENS
    keeps: str = KEEPS[0]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def gram(self) -> int:
        """Words of a fingerprint's gram."""
        return gram_of(self.tokens)

    @property
    def keeps_one(self) -> bool:
        return self.keeps == KEEPS[0]


def read_substrings(given: Mapping[str, Node], _folder: Path) -> Substrings:
    """`tokens`, `keeps`, `when`; what is left out is Lee et al.'s length, the first kept, all documents."""
    return Substrings(
        tokens=given["tokens"].integer(FEWEST, 10_000) if "tokens" in given else TOKENS,
        keeps=given["keeps"].choice(KEEPS) if "keeps" in given else KEEPS[0],
        when=read_when(given["when"], ()) if "when" in given else {},
    )
