"""Contamination: metrics and cuts beside plain Python, GPT-3's own words, and what must always hold."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.calibrate.benchmarks import load
from pipeline.filters.bare_words import bare, bare_words
from pipeline.filters.benchmarks import SHORTEST, Benchmark, BenchmarkError, Benchmarks
from pipeline.filters.contamination import contamination
from pipeline.filters.contamination_gpt3 import contamination_gpt3
from pipeline.filters.ngram_overlap import grams_of, overlap
from pipeline.rules import Verdict
from pipeline.text.layer import Text
from tests.filters.judging import metrics_of, reasons_of
from tests.strategies import documents_of, texts

HERE = Path(__file__).parent
AGAINST = load([str(HERE / "made_up_examples.jsonl")])
QUESTIONS = [str(row.get("question") or row["prompt"]) for row in AGAINST.files[0].rows]
NOTHING = "The brook was frozen that winter, and nobody came up the hill with corn until the thaw set in."
few_words = st.lists(st.sampled_from("abc"), max_size=25)


def plain_words(text: str) -> list[str]:
    return [left for left in map(bare, text.split()) if left]


def plain_grams(words: list[str], order: int) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(words) - order + 1):
        found.setdefault(tuple(words[at : at + order]), []).append(at)
    return found


def plain_coverage(document: list[str], example: list[str], order: int, shortest: int) -> tuple[set[int], set[Any]]:
    """Which words of the example stand in an n-gram of the document, and which n-grams those are."""
    length = order if len(example) >= order else len(example)
    if len(example) < shortest:
        return set(), set()
    theirs = plain_grams(document, length)
    shared = {gram: places for gram, places in plain_grams(example, length).items() if gram in theirs}
    return {at + i for places in shared.values() for at in places for i in range(length)}, set(shared)


@given(st.lists(few_words, max_size=5), st.lists(few_words, min_size=1, max_size=5), st.integers(1, 6))
def test_coverage_is_the_share_of_an_examples_words_in_shared_ngrams(
    documents: list[list[str]], examples: list[list[str]], order: int
) -> None:
    shortest = max(order - 2, 1)
    grams = grams_of(*bare_words(Text.from_strings([" ".join(words) for words in examples])), order, shortest)
    found = overlap(*bare_words(Text.from_strings([" ".join(words) for words in documents])), grams)
    frequency = 0
    for at, document in enumerate(documents):
        each = [plain_coverage(document, example, order, shortest) for example in examples]
        shares = [len(covered) / len(words) for (covered, _), words in zip(each, examples, strict=True) if covered]
        assert found.coverage[at] == max(shares, default=0)
        assert found.grams[at] == len(set().union(*(shared for _, shared in each)))
        assert found.examples[at] == len(shares)
        mine = {int(example): int(words) for document_, example, words in found.pairs if document_ == at}
        assert mine == {number: len(covered) for number, (covered, _) in enumerate(each) if covered}
        frequency += int(found.grams[at])
    assert found.frequency.sum() == frequency


@given(texts)
def test_a_word_is_lower_case_without_punctuation(text: str) -> None:
    _, hashes = bare_words(Text.from_strings([text]))
    words = plain_words(text)
    assert len(hashes) == len(words)
    told_apart = dict(zip(words, hashes.tolist(), strict=True))
    assert [told_apart[word] for word in words] == hashes.tolist()
    assert len(set(told_apart.values())) == len(told_apart)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don't", "dont"),
        ("f(x_1,", "fx1"),
        ("«Über»", "über"),
        ("Don’t", "dont"),
        ("well-known", "wellknown"),
        ("a--b" * 5, "AB" * 5),
        ("(abcdefgh)", "ABCDEFGH"),
    ],
)
def test_words_that_are_the_same(one: str, other: str) -> None:
    assert bare_words(Text.from_strings([one]))[1].tolist() == bare_words(Text.from_strings([other]))[1].tolist()


def judged(text: str, **parameters: Any) -> Verdict:
    return contamination(documents_of([text]), against=AGAINST, **parameters)


@pytest.mark.parametrize("number", [0, 1, 2, 4])
@pytest.mark.parametrize("around", ["{}", "Before it stood this. {}", "{} and then that", NOTHING + "\n{}\n" + NOTHING])
def test_every_planted_example_is_found(number: int, around: str) -> None:
    for copy in (QUESTIONS[number], QUESTIONS[number].upper(), QUESTIONS[number].replace(" ", " \n ")):
        verdict = judged(around.format(copy))
        assert metrics_of(verdict, 0)["coverage"] == 1
        assert reasons_of(verdict) == {"contaminated"}


def test_half_an_example_covers_half_of_its_words() -> None:
    words = QUESTIONS[1].split()
    half = metrics_of(judged(" ".join(words[: len(words) // 2])), 0)
    assert half["coverage"] == (len(words) // 2) / len(words)
    assert half["ngrams"] == len(words) // 2 - 7
    assert reasons_of(judged(" ".join(words[:12]))) == set()


def test_an_example_of_fewer_than_eight_words_is_left_out() -> None:
    assert len(plain_words(QUESTIONS[3])) < SHORTEST
    assert metrics_of(judged(QUESTIONS[3]), 0)["ngrams"] == 0
    assert metrics_of(judged(NOTHING), 0) == {"coverage": 0, "ngrams": 0, "examples": 0}


def test_fields_say_what_an_examples_text_is() -> None:
    answer = str(AGAINST.files[0].rows[0]["answer"])
    both = {"fields": ["question", "answer", "prompt"]}
    assert reasons_of(judged(answer)) == set()
    assert metrics_of(judged(QUESTIONS[0] + "\n" + answer, **both), 0)["coverage"] == 1
    assert 0 < metrics_of(judged(answer, **both), 0)["coverage"] < 1
    with pytest.raises(BenchmarkError, match=r"none of the fields ask \(it has: "):
        judged(answer, fields=["ask"])


LONG = " ".join(f"word{i}" for i in range(90))  # 620 characters of what no example holds


def plain_pieces(text: str, window: int) -> list[str]:
    """The paper's sentence, character by character."""
    words = [(found[0], found.start(), found.end()) for found in re.finditer(r"\S+", text) if bare(found[0])]
    keep = [True] * len(text)
    for question in QUESTIONS:
        theirs = plain_words(question)
        order = min(13, len(theirs))
        for at in range(len(words) - order + 1) if order >= SHORTEST else []:
            if tuple(bare(word) for word, _, _ in words[at : at + order]) in plain_grams(theirs, order):
                for place in range(max(words[at][1] - window, 0), min(words[at + order - 1][2] + window, len(text))):
                    keep[place] = False
    marked = "".join(character if kept else "\0" for character, kept in zip(text, keep, strict=True))
    return [piece for piece in marked.split("\0") if piece]


CUTS: Mapping[str, str] = {
    "in the middle": f"{LONG} {QUESTIONS[0]} {LONG}",
    "at the beginning": f"{QUESTIONS[0]} {LONG}",
    "at the end, after wide characters": f"{'漢字 ü ' * 150}{QUESTIONS[4]}",
    "twice, one near the other": f"{LONG} {QUESTIONS[0]} {NOTHING} {QUESTIONS[1]} {LONG}",
    "twice, apart": f"{LONG} {QUESTIONS[0]} {LONG} {QUESTIONS[1]} {LONG}",
    "a whole example of eleven words": f"{LONG} {QUESTIONS[2]} {LONG}",
    "nothing but an example": QUESTIONS[0],
    "a piece of exactly 200 characters": f"{LONG[:399]} {QUESTIONS[0]}",
    "a piece of 199": f"{LONG[:398]} {QUESTIONS[0]}",
}


@pytest.mark.parametrize("case", CUTS)
def test_gpt3_cuts_the_ngrams_and_200_characters_around_them(case: str) -> None:
    verdict = contamination_gpt3(documents_of([CUTS[case], NOTHING]), against=AGAINST)
    pieces = plain_pieces(CUTS[case], 200)
    assert verdict.edit is not None
    assert verdict.edit.rows.tolist() == [0]
    left = [piece for piece in pieces if len(piece) >= 200]
    assert verdict.edit.text.to_arrow().to_pylist() == ["\n\n".join(left)]
    assert metrics_of(verdict, 0)["pieces"] == len(pieces)
    assert metrics_of(verdict, 1) == {"ngrams": 0, "pieces": 1}
    lost = len(CUTS[case].encode()) - sum(len(piece.encode()) for piece in left)
    assert (verdict.edit.removed.tolist(), verdict.edit.added.tolist()) == ([lost], [2 * max(len(left) - 1, 0)])


def test_gpt3_drops_a_document_of_more_than_ten_pieces() -> None:
    ten = f"{LONG} {QUESTIONS[0]} " * 9 + LONG
    kept = contamination_gpt3(documents_of([ten]), against=AGAINST)
    assert reasons_of(kept) == set()
    assert kept.edit is not None and len(kept.edit.rows) == 1
    eleven = contamination_gpt3(documents_of([f"{LONG} {QUESTIONS[0]} {ten}"]), against=AGAINST)
    assert reasons_of(eleven) == {"too_many_pieces"}
    assert eleven.edit is not None and len(eleven.edit.rows) == 0


def test_ignored_ngrams_do_not_count() -> None:
    words = plain_words(QUESTIONS[0])
    ignored = [" ".join(words[at : at + 13]) for at in range(len(words) - 12)]
    document = documents_of([f"{LONG} {QUESTIONS[0]} {LONG}"])
    assert metrics_of(contamination_gpt3(document, against=AGAINST), 0)["ngrams"] == len(ignored)
    assert metrics_of(contamination_gpt3(document, against=AGAINST, ignored=ignored[1:]), 0)["ngrams"] == 1
    assert metrics_of(contamination_gpt3(document, against=AGAINST, ignored=ignored), 0)["ngrams"] == 0


def test_a_benchmark_without_words_between_spaces_is_refused() -> None:
    rows = [{"text": "磨坊的水轮每分钟转十五次，一共有多少袋玉米？"}, {"text": "磨坊主是谁？"}]
    for judge in (contamination, contamination_gpt3):
        with pytest.raises(BenchmarkError, match="zh: none of its 2 examples has 8 words"):
            judge(documents_of([NOTHING]), against=Benchmarks((Benchmark("zh", rows),)))


def test_an_example_is_named_by_itself_or_by_its_number() -> None:
    rows: list[dict[str, Any]] = [{"id": "a", "q": {"text": ["one", ["two"]]}}, {"q": {"text": "three"}}]
    examples = Benchmarks((Benchmark("b", rows),)).examples(["q.text"])
    assert (examples.names, examples.texts) == (["a", "1"], ["one\ntwo", "three"])
    assert np.diff(examples.offsets).tolist() == [2, 1]
