"""Duplicate lines: what is compared as whose formula says, and which lines or sentences go out of a text."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.cuts import Cuts, both, cut_pieces, no_cuts, without
from pipeline.dedup.keys import Keys, absorb, fill_keys, finish
from pipeline.dedup.lines_counts import NOWHERE, Counted, merged, places, too_often
from pipeline.dedup.lines_normal import line_keys, simplified
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.lines import Lines
from pipeline.text.repeats import mark_repeats

SPAN = 3  # sentences, in C4's paper and datatrove's SentDedupConfig


@dataclass(frozen=True)
class Formula:
    """Whose duplicates: lines in a normal form, or spans of sentences; how often one may stand in a bucket.

    `keeps_one`: of a line seen more often than that the first one stays, by the hash of its document's id.
    `bucket`: documents that are counted together; None: all. `scope`: within what, where the config does not say.
    """

    normal: str
    more_than: int
    keeps_one: bool
    bucket: int | None
    scope: str
    sentences: bool = False


FORMULAS: Mapping[str, Formula] = {
    # Llama 3 (2024), section 3.1.1: "similar to ccNet ... lines that appeared more than 6 times in each bucket of 30M
    # documents"; within a language, as it says of its multilingual data. cc_net/dedup.py: "even removing the first
    # occurrence. This is what is done in the paper, and in mine.py".
    "llama3": Formula("ccnet", more_than=6, keeps_one=False, bucket=30_000_000, scope="language"),
    # tensorflow_datasets, c4_utils.py, remove_duplicate_text: line.strip().lower(), the page of smallest hash keeps it
    "c4": Formula("lower", more_than=1, keeps_one=True, bucket=None, scope="global"),
    # Raffel et al. 2020, section 2.2: "all but one of any three-sentence span"; by datatrove's sentence_dedup.py
    "sentences": Formula("simple", more_than=1, keeps_one=True, bucket=None, scope="global", sentences=True),
}


@dataclass(frozen=True, eq=False)
class Compared:
    """The pieces of a batch's texts, lines or sentences, and what is compared of each: its key.

    `asked`: pieces whose key counts. The key of a sentence is that of the span of three that begins with it.
    """

    text: Text
    pieces: Lines
    key: Keys
    asked: NDArray[np.bool_]
    width: int  # pieces that a key stands for

    def documents(self) -> NDArray[np.int64]:
        """The document of each piece."""
        return np.repeat(np.arange(len(self.text)), np.diff(self.pieces.offsets))


def words_of(pieces: Lines, text: Text) -> NDArray[np.int64]:
    """Words of str.split in each piece."""
    starts = text.words.start
    order = np.argsort(starts) if (starts[1:] < starts[:-1]).any() else None
    begin, end = (np.searchsorted(starts, at, sorter=order) for at in (pieces.start, pieces.stop))
    return end - begin


def compared(text: Text, formula: Formula, min_words: int = 1, allowed: Keys | None = None) -> Compared:
    """What the formula compares: lines or spans of `min_words` words and more, without those that are allowed."""
    pieces = text.sentences_by("spacy") if formula.sentences else text.lines
    if formula.sentences:
        simple = simplified(pieces)
        key, asked = span_keys(pieces, simple)
        single = np.empty((len(pieces), 2), np.uint64)
        fill_keys(simple.data, simple.start, simple.stop, single)
    else:
        key = single = line_keys(pieces, formula.normal)
        asked = ~pieces.blank
    width = SPAN if formula.sentences else 1
    if min_words > 1:
        asked &= over_span(words_of(pieces, text), width) >= min_words
    if allowed is not None:
        asked &= over_span((places(allowed, single) != NOWHERE).astype(np.int64), width) == 0
    return Compared(text, pieces, key, asked, width)


def over_span(values: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """The sum over each piece and those behind it that its key stands for; past the end of all, of what is there."""
    sums = np.concatenate([[0], np.cumsum(values)])
    ends = np.minimum(np.arange(len(values)) + width, len(values))
    return sums[ends] - sums[:-1]


def span_keys(pieces: Lines, simple: Text) -> tuple[Keys, NDArray[np.bool_]]:
    """The key of each three sentences, one blank between two; spans that end behind their text, or say nothing, not."""
    last = np.minimum(np.arange(len(pieces)) + SPAN - 1, max(len(pieces) - 1, 0))
    key = np.empty((len(pieces), 2), np.uint64)
    fill_keys(simple.data, simple.start, simple.stop[last], key)
    ends = np.repeat(pieces.offsets[1:], np.diff(pieces.offsets))
    says = over_span(simple.bytes, SPAN) > 0
    return key, (np.arange(len(pieces)) + SPAN <= ends) & says


def allowed_keys(lines: list[str], formula: Formula) -> Keys:
    """The keys, in order, of lines or sentences that never go."""
    text = Text.from_strings([line for line in lines if line.strip()])
    pieces = Lines(text.data, np.arange(len(text) + 1), text.start, text.stop)
    keys = np.empty((len(text), 2), np.uint64)
    if formula.sentences:
        simple = simplified(pieces)
        fill_keys(simple.data, simple.start, simple.stop, keys)
    else:
        keys = line_keys(pieces, formula.normal)
    ones = np.ones(len(keys), np.uint32)
    return merged(Counted(keys, ones, ones.astype(np.uint64))).key


def groups(scope: NDArray[np.uint64], ties: NDArray[np.uint64], buckets: NDArray[np.int64]) -> NDArray[np.uint64]:
    """What a document's lines are counted within: its scope's hash, and its bucket by the hash of its id.

    `buckets`: into how many the documents of its scope fall.
    """
    spread = ties * np.uint64(GOLDEN)
    bucket = ((spread >> np.uint64(32)) * buckets.astype(np.uint64) >> np.uint64(32)) + np.uint64(1)
    return scope ^ bucket * np.uint64(GOLDEN)


@kernel
def fill_grouped(keys: Keys, group: NDArray[np.uint64], grouped: Keys) -> None:
    """Each key with its group in it, so that a line is counted in each group by itself."""
    for i in range(len(keys)):
        one, other = absorb(keys[i, 0], keys[i, 1], mix(group[i]))
        grouped[i, 0], grouped[i, 1] = finish(one, other)


def grouped(found: Compared, group: NDArray[np.uint64]) -> Keys:
    """The keys of all pieces within their documents' groups."""
    keys = np.empty_like(found.key)
    fill_grouped(found.key, group[found.documents()], keys)
    return keys


@kernel
def count_pieces(
    keys: Keys, asked: NDArray[np.bool_], offsets: NDArray[np.int64],
    group: NDArray[np.uint64], ties: NDArray[np.uint64], table: NDArray[np.int32],
    seen: Keys, count: NDArray[np.uint32], tie: NDArray[np.uint64],
) -> int:  # fmt: skip
    """Fill each grouped key in the order in which it is first seen; returns how many. table[slot]: its place + 1."""
    found, last = 0, uint64(len(table) - 1)
    for document in range(len(offsets) - 1):
        within, own = mix(group[document]), ties[document]
        for piece in range(offsets[document], offsets[document + 1]):
            if not asked[piece]:
                continue
            one, other = absorb(keys[piece, 0], keys[piece, 1], within)
            one, other = finish(one, other)
            slot = one & last
            place = table[slot] - 1
            while place >= 0 and (seen[place, 0] != one or seen[place, 1] != other):
                slot = (slot + uint64(1)) & last
                place = table[slot] - 1
            if place < 0:
                place = found
                seen[place, 0], seen[place, 1], count[place], tie[place] = one, other, 0, own
                found += 1
                table[slot] = found
            count[place] += 1
            tie[place] = min(tie[place], own)
    return found


def counted(found: Compared, group: NDArray[np.uint64], ties: NDArray[np.uint64]) -> Counted:
    """What a batch says: each key with how often it stands there, and the smallest tie of a document that has it.

    By a table of slots: 11 R where sorting the keys took 3 R.
    """
    pieces = int(found.asked.sum())
    seen, count, tie = np.empty((pieces, 2), np.uint64), np.empty(pieces, np.uint32), np.empty(pieces, np.uint64)
    table = np.zeros(1 << (2 * pieces).bit_length(), np.int32)
    offsets = found.pieces.offsets
    keys = count_pieces(found.key, found.asked, offsets, group, ties, table, seen, count, tie)
    return Counted(seen[:keys], count[:keys], tie[:keys])


def doomed(
    found: Compared, group: NDArray[np.uint64], ties: NDArray[np.uint64], told: Counted, keeps_one: bool
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which pieces go, and of each the place of its key in `told`: the keys seen too often, in order.

    A formula that keeps one keeps the first in the document whose tie is the smallest.
    """
    keys = grouped(found, group)
    where = places(told.key, keys)
    where[~found.asked] = NOWHERE
    hit = where != NOWHERE
    if keeps_one:
        of = found.documents()
        holder = np.zeros(len(hit), np.bool_)
        holder[hit] = told.tie[where[hit]] == ties[of[hit]]
        hit &= ~(holder & first_of_its_key(found.pieces.offsets, where))
    return hit, where


def first_of_its_key(offsets: NDArray[np.int64], where: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Pieces whose place no earlier piece of the document has; NOWHERE counts as a place."""
    return ~mark_repeats(offsets, (where + 2).astype(np.uint64))


def covered(hit: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    """The pieces that a doomed key stands for: itself, and with spans the two behind it."""
    gone = hit.copy()
    for behind in range(1, width):
        gone[behind:] |= hit[:-behind]
    return gone


def cuts_of(found: Compared, hit: NDArray[np.bool_]) -> Cuts:
    """The spans of bytes to cut. Blank lines behind a removed line go with it where a blank line stands before it."""
    gone = covered(hit, found.width)
    pieces = found.pieces
    if found.width == 1:
        gone = with_blanks(pieces.offsets, pieces.blank, gone)
    return cut_pieces(found.text, pieces.offsets, pieces.start, pieces.stop, gone)


@kernel
def with_blanks(offsets: NDArray[np.int64], blank: NDArray[np.bool_], gone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """`gone`, and the blank lines right behind where what is left before is blank too, or nothing: no gap widens."""
    wider = gone.copy()
    for document in range(len(offsets) - 1):
        after_gone, after_blank = False, True
        for line in range(offsets[document], offsets[document + 1]):
            if gone[line]:
                after_gone = True
            elif blank[line] and after_gone and after_blank:
                wider[line] = True
            else:
                after_gone, after_blank = False, blank[line]
    return wider


def warm() -> None:
    """Compile the kernels of every formula."""
    text = Text.from_strings(["Home\n\nOne. Two 2,5. Three ٣.\n", "“É”\n", "Home\nHome"])
    group, ties = np.zeros(len(text), np.uint64), np.arange(len(text), dtype=np.uint64)
    for formula in FORMULAS.values():
        found = compared(text, formula, 2, allowed_keys(["Amen."], formula))
        _, told = too_often(counted(found, group, ties), 0)
        cuts = cuts_of(found, doomed(found, group, ties, merged(told), formula.keeps_one)[0])
        without(text, both(cuts, no_cuts(len(text))))
