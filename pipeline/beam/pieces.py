"""What a part's footer says of pieces of text that went: how many, those seen most often, and some by their hashes."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.beam.edits import SHOWN
from pipeline.dedup.lines_counts import Counted

SHOWN_CHARS = 240


def said_of_pieces(
    rows: NDArray[np.int64],
    ties: NDArray[np.uint64],
    where: NDArray[np.int64],
    told: Counted,
    text_of: Callable[[int], bytes],
) -> dict[str, Any]:
    """Of the pieces at `rows`, of documents with these ties, whose keys are at where[row] in `told`.

    Each key as the document of smallest tie writes it, so that batches say the same together as the whole unit would.
    """
    order = np.argsort(ties, kind="stable")
    keys, first = np.unique(where[rows[order]], return_index=True)

    def shown(i: int) -> dict[str, Any]:
        at = order[first[i]]
        return {
            "key": f"{int(told.key[keys[i], 0]):016x}",
            "tie": f"{int(ties[at]):016x}",
            "count": int(told.count[keys[i]]),
            "text": text_of(int(rows[at])).decode("utf-8", "replace")[:SHOWN_CHARS],
        }

    often = np.argsort(-told.count[keys].astype(np.int64), kind="stable")[:SHOWN]
    return {
        "pieces": len(rows),
        "most": [shown(int(i)) for i in often],
        "some": [shown(i) for i in range(min(SHOWN, len(keys)))],
    }
