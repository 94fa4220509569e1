"""The draw: documents of a group in the order of a hash, repeated or left out until the budget is met."""

import numpy as np
import pyarrow as pa
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.keys import id_hash
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import kernel


@kernel
def fill_ranks(seed: np.uint64, hashes: NDArray[np.uint64], ranks: NDArray[np.uint64]) -> None:
    """Each hash mixed with the seed: of two seeds one order says nothing about the other."""
    salt = mix((uint64(seed) + uint64(1)) * GOLDEN)
    for i in range(len(hashes)):
        ranks[i] = mix((hashes[i] ^ salt) * GOLDEN)


def rank(seed: int, ids: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """Each document's place in the draw, a hash of (seed, id). Other ids have other ranks, but for 2^-64."""
    hashes = id_hash(ids)
    ranks = np.empty(len(hashes), np.uint64)
    fill_ranks(np.uint64(seed), hashes, ranks)
    return ranks


def epochs(total: int, budget: int) -> tuple[int, int]:
    """How often all documents of a group are taken, and the tokens still to be drawn after that."""
    return divmod(budget, total) if total else (0, 0)


def take(ranks: NDArray[np.uint64], tokens: NDArray[np.int64], rest: int) -> NDArray[np.bool_]:
    """The documents of lowest rank whose tokens come closest to `rest`; of two as close, the fewer documents."""
    order = np.lexsort((tokens, ranks))
    sums = np.concatenate([[0], np.cumsum(tokens[order])])
    taken = np.zeros(len(tokens), np.bool_)
    taken[order[: np.argmin(np.abs(sums - rest))]] = True
    return taken


def draw(ranks: NDArray[np.uint64], tokens: NDArray[np.int64], budget: int) -> NDArray[np.int64]:
    """How often each document of a group goes in: their tokens meet the budget within half a document."""
    full, rest = epochs(int(tokens.sum()), budget)
    return full + take(ranks, tokens, rest).astype(np.int64)
