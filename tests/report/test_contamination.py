"""The corpus against examples: coverage beside plain Python, planted copies, shuffled sets, the command."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import cli
from pipeline.filters.benchmarks import Benchmark, Benchmarks
from pipeline.filters.shuffled import phrases_in_disorder, with_shuffled, words_in_disorder
from pipeline.report.contamination import NAMED, Question, answer
from pipeline.text.layer import Text
from tests.filters.test_contamination import AGAINST, NOTHING, QUESTIONS, plain_coverage, plain_words

some_texts = st.lists(st.lists(st.sampled_from("abcd"), max_size=30).map(" ".join), max_size=4)


def batches(*together: list[str]) -> list[tuple[pa.Array, Text]]:
    """Documents called d0, d1, ... through all batches."""
    found, free = [], 0
    for texts in together:
        found.append((pa.array([f"d{free + at}" for at in range(len(texts))], pa.string()), Text.from_strings(texts)))
        free += len(texts)
    return found


def benchmark(*texts: str) -> Benchmarks:
    return Benchmarks((Benchmark("b", [{"text": text} for text in texts]),))


@given(
    st.lists(some_texts, max_size=3), st.lists(st.lists(st.sampled_from("abcd"), max_size=20), min_size=1, max_size=4)
)
def test_an_example_is_covered_by_all_documents_together(parts: list[list[str]], examples: list[list[str]]) -> None:
    against = benchmark(*(" ".join(words) for words in examples), NOTHING)
    found = answer(batches(*parts), against, Question(rounds=0))
    documents = [text.split() for texts in parts for text in texts]
    lines = {line["example"]: line for line in found["examples"]}
    for at, words in enumerate(examples):
        each = [plain_coverage(document, words, 8, 8)[0] for document in documents]
        together = set().union(*each)
        assert (str(at) in lines) == bool(together)
        if together:
            line = lines[str(at)]
            assert line["coverage"] == len(together) / len(words)
            marked = "".join(word if place in together else "." for place, word in enumerate(words))
            assert [stretch.replace(" ", "") for stretch in line["shared"]] == [
                each for each in marked.split(".") if each
            ]
            best = sorted((-len(own) / len(words), number) for number, own in enumerate(each) if own)[:NAMED]
            assert line["documents"] == [{"id": f"d{number}", "coverage": -share} for share, number in best]


def test_every_planted_example_is_whole() -> None:
    planted = [f"{NOTHING} {question} {NOTHING}" for question in QUESTIONS]
    found = answer(batches([NOTHING], planted), AGAINST, Question())
    assert {line["example"]: line["coverage"] for line in found["examples"]} == dict.fromkeys(
        ["mill/0", "mill/1", "mill/2", "mill/4"], 1.0
    )
    (of_file,) = found["benchmarks"]
    assert (of_file["examples"], of_file["too_short"]) == (5, 1)
    for line in of_file["thresholds"]:
        assert (line["contaminated"], line["of"]) == (4, 4)
        words, phrases = line["by_chance"]["words"], line["by_chance"]["phrases"]
        assert (words["contaminated"], words["of"], words["low"]) == (0, 20, 0)
        assert 0.1 < words["high"] < 0.2
        assert (phrases["contaminated"] <= 2, phrases["of"]) == (True, 20)  # a seam may bring the word that stood there


def test_two_halves_in_two_documents_make_a_whole_example() -> None:
    words = QUESTIONS[1].split()
    found = answer(batches([" ".join(words[:20])], [" ".join(words[13:])]), AGAINST, Question(rounds=0))
    assert found["examples"][0]["coverage"] == 1
    assert [each["id"] for each in found["examples"][0]["documents"]] == ["d1", "d0"]


def test_frequent_ngrams_do_not_count_and_are_told() -> None:
    documents = [QUESTIONS[2]] * 3 + [QUESTIONS[0]] * 2
    found = answer(batches(documents), AGAINST, Question(order=13, max_documents=2, rounds=0))
    assert [line["example"] for line in found["examples"]] == ["mill/0"]
    assert found["frequent"] == [{"ngram": " ".join(plain_words(QUESTIONS[2])), "documents": 3}]


def test_words_are_shuffled_inside_their_examples_and_phrases_inside_their_benchmark() -> None:
    rows = [[{"text": f"{letter}{number} " * 3 + "x y z"} for number in range(5)] for letter in "ab"]
    examples = Benchmarks(tuple(Benchmark(str(at), each) for at, each in enumerate(rows))).examples(["text"])
    words = words_in_disorder(examples, 8, np.random.default_rng(1))
    phrases = phrases_in_disorder(examples, 8, np.random.default_rng(1))
    half = int(examples.offsets[5])
    for begin, end in zip(examples.offsets[:-1], examples.offsets[1:], strict=True):
        assert sorted(words[begin:end]) == sorted(examples.words[begin:end])
    for part in (slice(0, half), slice(half, None)):
        assert Counter(phrases[part].tolist()) == Counter(examples.words[part].tolist())
    for shuffled in (words, phrases):
        assert (shuffled != examples.words).any()


def test_a_seed_gives_one_disorder() -> None:
    examples = AGAINST.examples(("question", "prompt"))
    one, again, other = (with_shuffled(examples, 8, 2, seed) for seed in (0, 0, 1))
    assert len(one[0]) - 1 == 5 * len(examples)
    assert one[1].tolist() == again[1].tolist() != other[1].tolist()


@given(st.lists(st.sampled_from("ab"), min_size=8, max_size=40))
def test_shuffled_sets_do_not_change_what_is_found(words: list[str]) -> None:
    against, corpus = benchmark(" ".join(words), NOTHING), batches([" ".join(words[3:] + words), NOTHING])
    without, beside = (answer(corpus, against, Question(rounds=rounds)) for rounds in (0, 3))
    assert without["examples"] == beside["examples"]


def said(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = cli.exit_code([str(word) for word in words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def files(tmp_path: Path) -> Path:
    documents = [{"id": "clean", "text": NOTHING}, {"id": "planted", "text": f"{NOTHING} {QUESTIONS[0]}"}]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)))
    (tmp_path / "made_up.jsonl").write_text("\n".join(json.dumps(dict(row)) for row in AGAINST.files[0].rows))
    return tmp_path


def test_the_command_names_the_example_and_the_document(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = ["contamination", files / "corpus.jsonl", "--against", files / "made_up.jsonl"]
    code, out, _ = said(capsys, *asked, "--json")
    assert code == 0
    assert json.loads(out)["examples"][0]["documents"][0] == {"id": "planted", "coverage": 1.0}
    table = said(capsys, *asked, "--threshold", "0.5")[1]
    assert "mill/0" in table and "planted 1.00" in table and ">= 0.5" in table
    assert "made_up: 1 examples left out, of fewer than 8 words" in table


def test_frequent_ngrams_are_written_for_the_rule(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps({"id": str(at), "text": QUESTIONS[2]}) for at in range(2)]
    (files / "corpus.jsonl").write_text("\n".join(lines))
    asked: list[Any] = ["contamination", files / "corpus.jsonl", "--against", files / "made_up.jsonl", "--ngram", "13"]
    assert said(capsys, *asked, "--frequent", files / "f.txt")[0] == 2
    for most, written in (("2", ""), ("1", " ".join(plain_words(QUESTIONS[2])) + "\n")):
        assert said(capsys, *asked, "--max-documents", most, "--frequent", files / "f.txt")[0] == 0
        assert (files / "f.txt").read_text() == written


def test_what_a_run_published_is_read(run: Path, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "contamination", run, "--against", files / "made_up.jsonl", "--json")
    assert code == 0
    published = json.loads((run / "manifest.json").read_text())
    assert json.loads(out)["documents"] == published["documents"]["kept"]
    assert json.loads(out)["text_bytes"] == published["text_bytes"]["kept"]


def test_a_field_that_no_example_has_is_a_misuse(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = ["contamination", files / "corpus.jsonl", "--against", files / "made_up.jsonl"]
    code, _, err = said(capsys, *asked, "--field", "nothing")
    assert code == 2
    assert "none of the fields nothing" in err
