"""`Benchmarks`: evaluation examples as their files hold them, and the n-grams of the fields that are asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.filters.bare_words import bare_words
from pipeline.filters.ngram_overlap import Grams, grams_of
from pipeline.text.layer import Text

FIELDS = ("question", "prompt", "text")
NAMES = ("id", "task_id")  # fields that call an example by a name
SHORTEST = 8  # words: shorter examples are left out (Brown et al. 2020, appendix C)


class BenchmarkError(ValueError):
    """Evaluation files that cannot be compared with; one line that names the file."""


@dataclass(frozen=True)
class Benchmark:
    """A file of examples. `name` is the file's."""

    name: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Examples:
    """Example e has the words (64-bit hashes) offsets[e] to offsets[e + 1]; its benchmark is number benchmark[e]."""

    benchmarks: tuple[str, ...]
    benchmark: NDArray[np.int64]
    names: Sequence[str]
    texts: Sequence[str]
    offsets: NDArray[np.int64]
    words: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def too_short(self) -> NDArray[np.bool_]:
        """Examples that nothing can be said of."""
        return np.asarray(np.diff(self.offsets) < SHORTEST)


@dataclass(frozen=True, eq=False)
class Benchmarks:
    """What stands behind `against`. Indexes are kept: a rule asks for the same one for every batch."""

    files: tuple[Benchmark, ...]
    _indexes: dict[Any, Grams] = field(default_factory=dict)

    def examples(self, fields: Sequence[str]) -> Examples:
        """The examples by the text of those `fields` that each has, joined by line breaks in that order."""
        texts = [text_of(one.name, row, fields) for one in self.files for row in one.rows]
        names = [name_of(row, at) for one in self.files for at, row in enumerate(one.rows)]
        number = np.repeat(np.arange(len(self.files)), [len(one.rows) for one in self.files])
        return Examples(
            tuple(one.name for one in self.files), number, names, texts, *bare_words(Text.from_strings(texts))
        )

    def grams(self, fields: Sequence[str], order: int, ignored: Sequence[str] = ()) -> Grams:
        """The n-grams of `order` words, but for those that stand in `ignored`, one a line."""
        asked = (tuple(fields), order, tuple(ignored))
        if asked not in self._indexes:
            examples = self.examples(fields)
            refuse_wordless(examples)
            self._indexes[asked] = grams_of(examples.offsets, examples.words, order, SHORTEST, hashed(ignored))
        return self._indexes[asked]


def refuse_wordless(examples: Examples) -> None:
    """A benchmark in a script without spaces would otherwise be said to be nowhere."""
    for number, name in enumerate(examples.benchmarks):
        own = examples.too_short[examples.benchmark == number]
        if own.all():
            raise BenchmarkError(
                f"{name}: none of its {len(own):,} examples has {SHORTEST} words between white space (other fields?)"
            )


def hashed(lines: Sequence[str]) -> list[NDArray[np.uint64]]:
    """The words of each line, as documents' words are hashed."""
    offsets, words = bare_words(Text.from_strings(lines))
    return [words[start:stop] for start, stop in pairwise(offsets.tolist())]


def text_of(benchmark: str, row: Mapping[str, Any], fields: Sequence[str]) -> str:
    found = [text for name in fields for text in strings(inner(row, name))]
    if not found:
        having = ", ".join(sorted(row))
        raise BenchmarkError(f"{benchmark}: an example has none of the fields {', '.join(fields)} (it has: {having})")
    return "\n".join(found)


def inner(row: Any, name: str) -> Any:
    """`choices.text` is the entry `text` of the entry `choices`."""
    for part in name.split("."):
        row = row.get(part) if isinstance(row, Mapping) else None
    return row


def strings(value: Any) -> Iterator[str]:
    """A string, or the strings of a list."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)


def name_of(row: Mapping[str, Any], at: int) -> str:
    """What the example calls itself, or its number in the file, from 0."""
    named = (row[key] for key in NAMES if isinstance(row.get(key), str | int))
    return str(next(named, at))
