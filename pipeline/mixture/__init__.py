"""Mixture arithmetic: groups, budgets of tokens, and the draw. Pure: no Beam, no files, no clock, no chance."""

from pyarrow import array

from pipeline.mixture.draw import rank


def warm() -> None:
    """Compile the kernels of the draw."""
    rank(0, array(["a"]))
