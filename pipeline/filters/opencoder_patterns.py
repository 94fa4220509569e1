"""What OpenCoder's rules of C# and Java share: the pattern of functions, and counts over code without comments."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.code_content import Code
from pipeline.filters.code_files import in_languages
from pipeline.filters.code_spread import Spread
from pipeline.text.measure import Measure

NO_TYPES = ("public", "private", "protected", "if", "else")


def not_beginning(words: Sequence[str]) -> str:
    r"""A pattern of `(?!public|if)\w+` without a look-ahead, which RE2 has not: letter by letter."""
    first = sorted({word[0] for word in words})
    away = [rf"[^\W{''.join(first)}]\w*"]
    for letter in first:
        rests = [word[1:] for word in words if word[0] == letter]
        if "" not in rests:
            away.append(f"{letter}(?:{not_beginning(rests)})?")
    return "|".join(away)


TYPE_AND_NAME = rf"(?:<\w+>\s*\w+|\s*(?:{not_beginning(NO_TYPES)}))\s+\w+\s*\([^)]*\)"  # `T name(...)`: no `)` within


class Counted(NamedTuple):
    """The documents of one language: `table` has a row for each number that was counted, `lines` of code at least 1."""

    spread: Spread
    code: Code
    table: NDArray[np.float64]
    lines: NDArray[np.float64]

    def share(self, row: int, name: str) -> Measure:
        """A count for each line of code, as a metric of the whole batch."""
        return self.spread.of(self.table[row] / self.lines, name)

    def lines_with(self, string: str, name: str) -> Measure:
        return self.spread.lines(self.code, self.code.lines, string).named(name)


def counted(docs: Documents, language: str, counts: Callable[[str], tuple[int, ...]], numbers: int) -> Counted:
    """`counts`, a tuple of `numbers`, of each document in the language."""
    rows = np.flatnonzero(in_languages(docs, language))
    code = Code(docs.take(rows))
    table = np.array([counts(one) for one in code.parts.code.to_arrow().to_pylist()], float).reshape(-1, numbers).T
    return Counted(Spread(rows, len(docs)), code, table, np.maximum(code.lines.count().values, 1))
