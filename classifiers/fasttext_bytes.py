"""A fastText model file as bytes that are never read past their end: numbers, entries of the dictionary, matrices.

Whatever does not fit is a `ModelFileError` with the file and the byte. The format has no specification but the
library's sources: facebookresearch/fastText, src/dictionary.cc, densematrix.cc, quantmatrix.cc, productquantizer.cc.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

import numpy as np
from numpy.typing import DTypeLike, NDArray

from pipeline.text.arrow import PADDING
from pipeline.text.kernel import kernel
from pipeline.text.utf8 import Data

CODES = 256  # centroids of each part of a product quantiser: one byte says which
MOST_IN_ONE_CODE = 64  # numbers that one byte may stand for (2 in lid.176): 1 MB of file is no more than 256 MB of rows
MOST_WEIGHT = 10**9  # sums of these over any text, and their products, are still float32
MOST_ROWS = 2**31  # rows and columns are int64 in the file, and int32 in what the library does with them

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


class ModelFileError(ValueError):
    """A fastText model that cannot be read; the message names the file and the byte."""


@dataclass
class ModelBytes:
    """The file's bytes, with PADDING behind them for kernels, and the place that is read next."""

    path: Path
    data: Data
    size: int
    at: int = 0

    @classmethod
    def of(cls, path: Path) -> "ModelBytes":
        size = path.stat().st_size
        data = np.zeros(size + PADDING, np.uint8)
        with path.open("rb") as file:
            read = file.readinto(data[:size].data)
        return cls(path, data, read)

    def refuse(self, why: str) -> Never:
        raise ModelFileError(f"{self.path}: at byte {self.at:,}: {why}")

    def check(self, holds: bool, why: str) -> None:
        if not holds:
            self.refuse(why)

    def array(self, dtype: DTypeLike, count: int, what: str) -> NDArray[Any]:
        """The next `count` numbers, copied to where they are aligned."""
        kind = np.dtype(dtype)
        left = self.size - self.at
        if not 0 <= count <= left // kind.itemsize:
            self.refuse(f"{what} needs {count:,} x {kind.itemsize} bytes, {left:,} are left")
        found = np.frombuffer(self.data, kind, count, self.at).copy()
        if kind.kind == "f":
            self.check_weights(found, what)
        self.at += found.nbytes
        return found

    def check_weights(self, weights: NDArray[Any], what: str) -> None:
        """No NaN (the least and the greatest of all, where there is one), and nothing whose sums could overflow."""
        sane = weights.size == 0 or (weights.min() >= -MOST_WEIGHT and weights.max() <= MOST_WEIGHT)
        self.check(bool(sane), f"{what}: a number is not finite, or above {MOST_WEIGHT:,}")

    def number(self, dtype: DTypeLike, what: str) -> int:
        return int(self.array(dtype, 1, what)[0])

    def flag(self, what: str) -> bool:
        value = self.number(np.uint8, what)
        self.check(value < 2, f"{what} is {value}, not 0 or 1")
        return value == 1


@kernel
def find_entries(data: Data, at: int, end: int, begins: Places, ends: Places) -> int:
    """Where the strings of the dictionary's entries begin and end; where the last entry ends, or -1 if it does not.

    An entry is the string, NUL, a count of 8 bytes and a type of 1 (0 a word, 1 a label).
    """
    for entry in range(len(begins)):
        begins[entry] = at
        while at < end and data[at] != 0:
            at += 1
        ends[entry] = at
        at += 10
        if at > end:
            return -1
    return at


def read_entries(file: ModelBytes, count: int) -> tuple[Places, Places]:
    """Where the strings of `count` entries stand; the file is at what follows them then."""
    file.check(0 <= count <= (file.size - file.at) // 10, f"{count:,} entries of the dictionary do not fit")
    begins, ends = np.empty(count, np.int64), np.empty(count, np.int64)
    after = find_entries(file.data, file.at, file.size, begins, ends)
    file.check(after >= 0, f"the file ends inside the dictionary of {count:,} entries")
    file.at = after
    return begins, ends


def read_matrix(file: ModelBytes, quantised: bool, what: str) -> Floats:
    """A matrix of float32[rows, columns]: as it stands there, or put together from its product quantiser."""
    return read_quantised(file, what) if quantised else read_dense(file, what)


def read_shape(file: ModelBytes, what: str) -> tuple[int, int]:
    rows, columns = file.number("<i8", what), file.number("<i8", what)
    file.check(0 < rows < MOST_ROWS and 0 < columns < MOST_ROWS, f"{what}: {rows:,} x {columns:,} numbers")
    return rows, columns


def read_dense(file: ModelBytes, what: str) -> Floats:
    rows, columns = read_shape(file, what)
    return file.array("<f4", rows * columns, what).reshape(rows, columns)


def read_quantised(file: ModelBytes, what: str) -> Floats:
    """Row r is the centroids that its codes say, one behind the other, times its norm where norms are kept."""
    with_norm = file.flag(f"{what}: whether it has norms")
    rows, columns = read_shape(file, what)
    size = file.number("<i4", f"{what}: number of codes")
    file.check(size >= rows and size % rows == 0, f"{what}: {size:,} codes for {rows:,} rows")
    codes = file.array(np.uint8, size, f"{what}: codes").reshape(rows, -1)
    parts = read_quantiser(file, columns, codes.shape[1], what)
    matrix = np.concatenate([part[codes[:, number]] for number, part in enumerate(parts)], axis=1)
    if with_norm:
        norms = file.array(np.uint8, rows, f"{what}: norms")
        matrix *= read_quantiser(file, 1, 1, f"{what}: norms")[0][norms]
        file.check_weights(matrix, what)
    return np.asarray(matrix, np.float32)


def read_quantiser(file: ModelBytes, columns: int, codes: int, what: str) -> list[Floats]:
    """The centroids float32[256, numbers] of each part of a row; only the last part may be narrower."""
    dimension, parts, width, last = file.array("<i4", 4, f"{what}: quantiser").tolist()
    fits = dimension == columns and parts == codes and 0 < last <= width <= MOST_IN_ONE_CODE
    file.check(
        fits and (parts - 1) * width + last == columns,
        f"{what}: a quantiser of {dimension:,} numbers in {parts:,} parts of {width:,}, the last {last:,}, "
        f"for {columns:,} columns and {codes:,} codes",
    )
    centroids = file.array("<f4", columns * CODES, f"{what}: centroids")
    return [part.reshape(CODES, -1) for part in np.split(centroids, np.arange(1, parts) * CODES * width)]
