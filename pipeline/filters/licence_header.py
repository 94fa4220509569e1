"""The edit `licence_header`: the comments at a file's beginning that state its licence are cut."""

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.licence_spans import COPYRIGHT, LICENCE, find_headers, find_redpajama
from pipeline.rules import Edit, Verdict, rule
from pipeline.text.arrow import PADDING
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.measure import Measure
from pipeline.text.ragged import offsets_of
from pipeline.text.utf8 import Data

Positions = NDArray[np.int64]


@rule("licence_header", cites="Touvron et al. 2023 (LLaMA), section 2.1: headers removed with regular expressions")
def licence_header(docs: Documents, *, cut: bool = True) -> Verdict:
    """Cut those of a file's first comments that speak of copyright or a licence; what #! and <? say stays."""
    text = docs.text
    first, last = find_headers(text.data, text.start, text.stop, LICENCE)
    return without(text, text.start, first, last, cut)


@rule(
    "licence_header",
    variant="redpajama",
    cites="togethercomputer/RedPajama-Data data_prep/github/github_clean_dedup_local.py",
)
def licence_header_redpajama(docs: Documents, *, cut: bool = True) -> Verdict:
    """Cut the first lines that are empty or begin with // # --, whatever they say, then a /* */ with a copyright.

    The first block comment of the next 100 lines is looked at. `#include` and #! at a file's beginning go too.
    """
    text = docs.text
    return without(text, *find_redpajama(text.data, text.start, text.stop, COPYRIGHT), cut)


def without(text: Text, begin: Positions, first: Positions, last: Positions, cut: bool) -> Verdict:
    """The texts from `begin` on, without what stands between `first` and `last`."""
    removed = begin - text.start + last - first
    verdict = Verdict.all_of(Measure.of(removed, "header_bytes"))
    rows = np.flatnonzero(removed)
    if not cut:
        return verdict
    offsets = offsets_of((text.bytes - removed)[rows])
    data = np.zeros(offsets[-1] + PADDING, np.uint8)
    copy_rest(text.data, begin[rows], first[rows], last[rows], text.stop[rows], offsets, data)
    kept = Text(data, offsets[:-1], offsets[1:])
    return verdict.editing(Edit(rows, kept, removed[rows], np.zeros(len(rows), np.int64)))


@kernel
def copy_rest(
    data: Data, begin: Positions, first: Positions, last: Positions, stop: Positions, offsets: Positions, kept: Data
) -> None:
    """Write data[begin:first] and data[last:stop] of each document."""
    for i in range(len(begin)):
        middle = offsets[i] + first[i] - begin[i]
        kept[offsets[i] : middle] = data[begin[i] : first[i]]
        kept[middle : offsets[i + 1]] = data[last[i] : stop[i]]
