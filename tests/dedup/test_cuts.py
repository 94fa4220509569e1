"""Cuts: what goes goes, everything else stays, and two cuttings are one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.cuts import Cuts, both, from_lists, no_cuts, to_lists, without
from pipeline.text.layer import Text

Spans = list[tuple[int, int]]


def spans_of(places: list[int], size: int) -> Spans:
    """Disjoint spans within `size` characters, none empty."""
    ends = sorted({place % (size + 1) for place in places})
    return list(zip(ends[0::2], ends[1::2], strict=False))


def as_cuts(spans: list[Spans]) -> Cuts:
    flat = np.array([span for each in spans for span in each], np.int64).reshape(-1, 2)
    return Cuts(np.cumsum([0, *map(len, spans)]), flat[:, 0].copy(), flat[:, 1].copy())


def plain(text: str, spans: Spans) -> str:
    kept = [letter for at, letter in enumerate(text) if not any(start <= at < stop for start, stop in spans)]
    return "".join(kept)


def cut(texts: list[str], cuts: Cuts) -> list[str]:
    text = Text.from_strings(texts)
    edit = without(text, cuts)
    assert edit.removed.tolist() == (text.bytes[edit.rows] - edit.text.bytes).tolist()
    after: list[str] = text.replace(edit.rows, edit.text).to_arrow().to_pylist()
    return after


PLACES = st.lists(st.integers(0, 99), max_size=8)
DOCUMENTS = st.lists(st.tuples(st.text("abcdefgh", max_size=20), PLACES, PLACES), max_size=5)


@given(DOCUMENTS)
def test_two_cuttings_are_one(documents: list[tuple[str, list[int], list[int]]]) -> None:
    texts = [text for text, _, _ in documents]
    first = [spans_of(places, len(text)) for text, places, _ in documents]
    once = [plain(text, spans) for text, spans in zip(texts, first, strict=True)]
    assert cut(texts, as_cuts(first)) == once
    second = [spans_of(places, len(text)) for text, (_, _, places) in zip(once, documents, strict=True)]
    twice = [plain(text, spans) for text, spans in zip(once, second, strict=True)]
    whole = both(as_cuts(first), as_cuts(second))
    assert cut(texts, whole) == twice
    for document in range(len(texts)):
        own = slice(whole.offsets[document], whole.offsets[document + 1])
        ends = np.stack([whole.start[own], whole.stop[own]], axis=1).reshape(-1)
        assert (np.diff(ends) > 0).all()  # ascending, apart, none empty


def test_cuts_travel_as_lists() -> None:
    cuts = as_cuts([[(1, 2), (4, 6)], [], [(0, 3)]])
    there = from_lists(to_lists(cuts))
    assert to_lists(there).to_pylist() == [[1, 2, 4, 6], [], [0, 3]]
    assert cut(["abcdefg", "ab", "xyz"], there) == ["acdg", "ab", ""]
    assert cut(["a", "b"], no_cuts(2)) == ["a", "b"]
