"""`Measure`: one number for each document of a batch, with the name it is stored under."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Measure:
    """`values` is float64[n], one for each document; `name` is the metric's name once it has one."""

    values: NDArray[np.float64]
    name: str = ""

    @classmethod
    def of(cls, values: ArrayLike, name: str = "") -> "Measure":
        return cls(np.asarray(values, dtype=np.float64), name)

    def named(self, name: str) -> "Measure":
        """The same numbers under the name that metrics, reasons and sweeps use."""
        return replace(self, name=name)

    def per(self, other: "Measure", *, empty: float = 0.0) -> "Measure":
        """This measure divided by `other`, document by document; `empty` where `other` is 0."""
        ratio = np.full(len(self.values), empty, dtype=np.float64)
        np.divide(self.values, other.values, out=ratio, where=other.values != 0)
        return Measure(ratio)

    def __add__(self, other: "Measure") -> "Measure":
        return Measure(self.values + other.values)

    def __sub__(self, other: "Measure") -> "Measure":
        return Measure(self.values - other.values)
