"""GPT-3's decontamination: shared 13-grams are cut out with their surroundings, documents cut too often dropped."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.bare_words import bare_hashes, bare_words
from pipeline.filters.benchmarks import FIELDS, Benchmark, Benchmarks
from pipeline.filters.ngram_overlap import Grams, overlap, shared_spans
from pipeline.rules import Edit, Verdict, rule
from pipeline.text.layer import Text
from pipeline.text.measure import Measure

ORDER = 13
JOIN = "\n\n"  # between pieces that the paper makes documents of their own


@rule(
    "contamination",
    variant="gpt3",
    cites="Brown et al. 2020, appendix C",
    resources={"against": "benchmarks", "ignored": "lines"},
)
def contamination_gpt3(
    docs: Documents,
    *,
    against: Benchmarks,
    fields: Sequence[str] = FIELDS,
    ignored: Sequence[str] = (),
    window: int = 200,
    min_piece: int = 200,
    max_pieces: int = 10,
) -> Verdict:
    """Cut each 13-gram shared with an evaluation example, and `window` characters on both sides of it.

    Pieces of fewer than `min_piece` characters go; a document that falls into more than `max_pieces` (before that) is
    dropped. Pieces stay one document here, a blank line between them. An example of 8 to 12 words is one n-gram.
    `ignored`: files of n-grams, one a line, that do not count: the paper leaves out those in more than 10 documents,
    which no document alone can tell; `gristmill contamination --frequent` writes them.
    """
    grams = against.grams(fields, ORDER, ignored)
    found = overlap(*bare_words(docs.text), grams)
    pieces = np.ones(len(docs))
    edited: dict[int, list[str]] = {}
    for row in np.flatnonzero(found.grams).tolist():  # few documents share any
        kept = pieces_of(docs.text.take(np.array([row])), grams, window)
        pieces[row] = len(kept)
        if len(kept) <= max_pieces:
            edited[row] = [piece for piece in kept if len(piece) >= min_piece]
    verdict = Verdict.all_of(
        Measure.of(found.grams, "ngrams"), too_many_pieces=(Measure.of(pieces, "pieces"), "<=", max_pieces)
    )
    return verdict.editing(edit_of(docs.text, edited))


def edit_of(before: Text, edited: dict[int, list[str]]) -> Edit:
    """The pieces of these rows joined; what joins them counts as added."""
    rows = np.array(sorted(edited), np.int64)
    texts = Text.from_strings([JOIN.join(edited[row]) for row in rows.tolist()])
    added = np.array([len(JOIN) * max(len(edited[row]) - 1, 0) for row in rows.tolist()], np.int64)
    return Edit(rows, texts, before.bytes[rows] - texts.bytes + added, added)


def pieces_of(text: Text, grams: Grams, window: int) -> list[str]:
    """What is left of one document around its shared n-grams, empty pieces left out."""
    whole = text.to_arrow()[0].as_py()
    hashes = bare_hashes(text)
    _, start, stop = text.word_spans
    words = np.flatnonzero(hashes)
    spans = shared_spans(hashes[words], grams)
    before = characters_before(text)
    first = before[start[words[spans[:, 0]]] - text.start[0]] - window
    last = before[stop[words[spans[:, 1] - 1]] - text.start[0]] + window
    pieces, free = [], 0
    for at in np.argsort(first, kind="stable").tolist():
        pieces.append(whole[free : max(int(first[at]), free)])
        free = max(free, int(last[at]))
    return [piece for piece in [*pieces, whole[free:]] if piece]


def characters_before(text: Text) -> NDArray[np.int64]:
    """How many characters begin before each byte of a text alone in its batch, and before its end."""
    begins = (text.data[text.start[0] : text.stop[0]] & 0xC0) != 0x80
    return np.concatenate([[0], np.cumsum(begins)])


def warm() -> None:
    """Compile what both rules run on: they need the user's files, so setting up cannot run them."""
    against = Benchmarks((Benchmark("warm", [{"text": "One two three four five six seven eight nine – zehn."}]),))
    docs = Text.from_strings(["Before it: one two three four five six seven eight nine zehn"])
    grams = against.grams(FIELDS, ORDER)
    overlap(*bare_words(docs), grams)
    pieces_of(docs, grams, 0)
