"""Substrings: what goes is what plain Python and a suffix array say, in any split of the texts, at whole words."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.cuts import without
from pipeline.dedup.lines_counts import Counted, merged, too_often
from pipeline.dedup.substrings import Windows, counted, covered, cuts_of, doomed, gram_of, windows
from pipeline.dedup.winnow import Fingerprints, at_most_twice, fingerprints, hits, repeated
from pipeline.text.layer import Text
from tests.dedup.plain_substrings import Spans, groups_by_dict, groups_by_suffix_array, spans_of, words_left

SAMPLE = Path(__file__).parents[2] / "sample"


class Batch:
    """A unit's part: its fingerprints, then its windows near hits, then what goes."""

    def __init__(self, texts: Sequence[tuple[int, str]], tokens: int, gram: int, groups: Mapping[int, int]) -> None:
        self.text = Text.from_strings([text for _, text in texts])
        self.ties = np.array([tie for tie, _ in texts], np.uint64)
        self.group = np.array([groups.get(tie, 0) for tie, _ in texts], np.uint64)
        self.tokens = tokens
        every = np.ones(len(texts), np.bool_)
        self.found: Fingerprints = fingerprints(self.text.words, every, self.group, tokens, gram)

    def near(self, told: np.typing.NDArray[np.uint64]) -> Windows:
        return windows(self.text, hits(self.found, told), self.group, self.tokens)

    def gone(self, near: Windows, told: Counted, keeps_one: bool) -> Spans:
        """Tie -> the runs of words that go."""
        words = covered(near, doomed(near, self.ties, told, keeps_one)[0], len(self.text.words))
        spans: Spans = {}
        for tie, first, stop in zip(
            self.ties.tolist(), self.text.words.offsets, self.text.words.offsets[1:], strict=False
        ):
            edges = np.flatnonzero(np.diff(np.concatenate([[False], words[first:stop], [False]]).astype(np.int8)))
            spans |= {tie: list(zip(edges[0::2].tolist(), edges[1::2].tolist(), strict=True))} if len(edges) else {}
        return spans


def removed(
    batches: Sequence[Sequence[tuple[int, str]]],
    tokens: int,
    *,
    keeps_one: bool = True,
    gram: int | None = None,
    groups: Mapping[int, int] | None = None,
) -> tuple[Spans, dict[int, str]]:
    """Tie -> the runs of words that go, and the text that is left, each batch speaking for itself as a unit does."""
    each = [Batch(batch, tokens, gram or gram_of(tokens), groups or {}) for batch in batches]
    said = np.concatenate([at_most_twice(batch.found.hash) for batch in each])
    told = np.unique(said[repeated(said)])
    near = [batch.near(told) for batch in each]
    counts = Counted.together([counted(own, batch.ties) for own, batch in zip(near, each, strict=True)])
    whole = merged(too_often(counts, 1)[1])
    spans: Spans = {}
    left: dict[int, str] = {}
    for own, batch in zip(near, each, strict=True):
        spans |= batch.gone(own, whole, keeps_one)
        edit = without(batch.text, cuts_of(batch.text, own, doomed(own, batch.ties, whole, keeps_one)[0]))
        texts = batch.text.replace(edit.rows, edit.text).to_arrow().to_pylist()
        left |= dict(zip(batch.ties.tolist(), texts, strict=True))
    return spans, left


WORDS = st.lists(st.sampled_from("abcd"), max_size=40).map(" ".join)


@given(st.lists(WORDS, min_size=1, max_size=8), st.integers(1, 9), st.booleans(), st.integers(0, 5), st.data())
def test_what_goes_is_what_plain_python_says(
    texts: list[str], tokens: int, keeps_one: bool, cut: int, data: st.DataObject
) -> None:
    numbered = list(enumerate(texts, 1))
    expected = spans_of(groups_by_dict(dict(numbered), tokens), tokens, keeps_one)
    gram = data.draw(st.integers(1, tokens))
    spans, left = removed([numbered[:cut], numbered[cut:]], tokens, keeps_one=keeps_one, gram=gram)
    assert spans == expected
    assert {t: left[t].split() for t, _ in numbered} == {t: words_left(x, expected.get(t, [])) for t, x in numbered}


@pytest.mark.parametrize("source", ["code", "blogs"])
def test_a_suffix_array_of_a_megabyte_finds_the_same_spans(source: str) -> None:
    paths = sorted((SAMPLE / source).glob("*.parquet"))
    texts = [text for path in paths[-1:] for text in pq.read_table(path)["text"].to_pylist()]
    assert sum(len(text.encode()) for text in texts) > 1_000_000
    ties = np.random.default_rng(0).permutation(len(texts)).tolist()
    numbered = list(zip(ties, texts, strict=True))
    groups = groups_by_suffix_array(dict(numbered), 50)
    batches = [numbered[:100], numbered[100:101], numbered[101:]]
    for keeps_one in (True, False):
        spans, left = removed(batches, 50, keeps_one=keeps_one)
        assert spans == spans_of(groups, 50, keeps_one)
        assert {tie: left[tie].split() for tie in spans} == {
            tie: words_left(text, spans[tie]) for tie, text in numbered if tie in spans
        }
    assert len(spans) > 10


@given(st.lists(WORDS, min_size=1, max_size=5), st.integers(2, 9))
def test_the_two_truths_agree(texts: list[str], tokens: int) -> None:
    numbered = dict(enumerate(texts))
    one, other = (sorted(map(sorted, by(numbered, tokens))) for by in (groups_by_dict, groups_by_suffix_array))
    assert one == other


@given(st.lists(WORDS, min_size=1, max_size=6), st.integers(2, 9))
def test_every_word_that_goes_stands_somewhere_in_what_is_left(texts: list[str], tokens: int) -> None:
    numbered = list(enumerate(texts))
    _, left = removed([numbered], tokens)
    assert {word for text in texts for word in text.split()} == {w for text in left.values() for w in text.split()}


@given(st.lists(st.integers(0, 9), max_size=30))
def test_repeated_names_every_row_of_a_hash_that_stands_twice(values: list[int]) -> None:
    found = repeated(np.array(values, np.uint64))
    assert sorted(found.tolist()) == [row for row, value in enumerate(values) if values.count(value) > 1]


RUN = "one two three four five six"
GAPS = [  # (text with the run in it, what is left)
    (f"before {RUN} behind", "before behind"),
    (f"before\n\n{RUN} behind", "before\n\nbehind"),
    (f"before {RUN}\n\nbehind", "before\n\nbehind"),
    (f"before\n{RUN}\n\nbehind", "before\n\nbehind"),
    (f"before\n\n{RUN}\nbehind", "before\n\nbehind"),
    (f"before\n\n{RUN}\n", "before\n"),
    (f"  {RUN} behind", "behind"),
    (f"before\r\n\u3000{RUN.replace(' ', chr(0x3000))}\u00a0behind", "before\r\n\u00a0behind"),
    (f"über\n{RUN} größer", "über\ngrößer"),
    (RUN, ""),
]


@pytest.mark.parametrize(("text", "expected"), GAPS)
def test_the_gap_that_breaks_more_lines_stays(text: str, expected: str) -> None:
    _, left = removed([[(1, f"first {RUN} last"), (2, text)]], 6)
    assert left == {1: f"first {RUN} last", 2: expected}


def test_only_documents_of_one_group_are_compared() -> None:
    numbered = [(1, f"a {RUN} b"), (2, f"c {RUN} d"), (3, f"e {RUN} f")]
    assert removed([numbered], 6, groups={1: 5, 3: 5})[0] == {3: [(1, 7)]}


def test_words_are_compared_as_they_are_written() -> None:
    assert removed([[(1, RUN), (2, RUN.title()), (3, RUN.replace("six", "six."))]], 6)[0] == {}
