"""RedPajama-v2's signals and Gopher's rules `as: rpv2`: its formulas in plain Python, and the golden numbers."""

import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given

import pipeline.filters.gopher_rpv2
import pipeline.filters.redpajama2
from pipeline.safety.lists import shipped
from pipeline.text.normalised import normalised, normalised_text
from tests.filters.judging import judge, metrics_of, reasons_of
from tests.filters.peer_formulas import Metrics, covered, letters, ngrams_of, share
from tests.strategies import batches, documents_of

GOLDEN = json.loads((Path(__file__).parent / "golden_ngram.json").read_text(encoding="utf-8"))

STOP_WORDS = Path(pipeline.filters.redpajama2.__file__).parent / "data" / "stop_words"


def top(words: list[str], order: int) -> float:
    found = Counter(ngrams_of(words, order)).most_common(1)
    return share(letters(found[0][0]) * found[0][1], letters(words)) if found and found[0][1] > 1 else 0.0


def stop_words(language: str) -> set[str]:
    lines = (STOP_WORDS / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if not line.startswith("#")}


def mean(values: list[float]) -> float:
    """Of values rounded to eight digits, exactly."""
    return sum(round(value * 10**8) for value in values) / (len(values) * 10**8) if values else 0


def line_signals(text: str) -> Metrics:
    """lines.py, and the means."""
    raw = re.findall(r"[^\n]*\n|[^\n]+$", text)
    normal = [normalised(line) for line in raw]
    found = {
        "ending_with_terminal_punctution_mark": [x.rstrip().endswith((".", "!", "?", "”")) for x in raw],
        "javascript_counts": [x.split().count("javascript") for x in normal],
        "num_words": [len(x.split()) for x in normal],
        "numerical_chars_fraction": [round(share(sum(map(str.isnumeric, x)), len(x)), 8) for x in normal],
        "start_with_bulletpoint": [x.lstrip().startswith(tuple("•‣▶◀◦■□▪▫–")) for x in raw],
        "uppercase_letter_fraction": [round(sum(map(str.isupper, x)) / len(x), 8) for x in raw],
    }
    return {f"rps_lines_{name}": mean(values) for name, values in found.items()}


def dirty(words: list[str], terms: set[str]) -> int:
    lengths = {1 + term.count(" ") for term in terms}
    return sum(" ".join(words[i : i + n]) in terms for n in lengths for i in range(len(words) - n + 1))


def signals(text: str) -> Metrics:
    """app/src/core/quality_signals, typed again; 0 where it has None."""
    words, raw = normalised(text).split(), re.findall(r"\w+|[^\w\s]+", text)
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    entropy = sum(-count / len(words) * math.log(count / len(words)) for count in Counter(words).values())
    found = {
        "curly_bracket": share(text.count("{") + text.count("}"), len(text)),
        "frac_all_caps_words": share(sum(map(str.isupper, raw)), len(raw)),
        "frac_lines_end_with_ellipsis": share(sum(x.rstrip().endswith(("...", "…")) for x in lines), len(lines)),
        "frac_no_alph_words": 1 - sum(bool(re.search("[a-zA-Z]", word)) for word in raw) / len(raw) if raw else 0,
        "frac_unique_words": share(len(set(words)), len(words)),
        "lorem_ipsum": share(normalised(text).count("lorem ipsum"), len(normalised(text))),
        "mean_word_length": share(letters(words), len(words)),
        "num_sentences": len(re.findall(r"\b[^.!?]+[.!?]*", text)),
        "symbol_to_word_ratio": share(sum(map(text.count, ("#", "...", "…"))), len(raw)),
        "unigram_entropy": entropy,
        "word_count": len(words),
        "stop_word_fraction": share(sum(word in ENGLISH for word in raw), len(raw)),
        "ldnoobw_words": dirty(words, set(shipped("ldnoobw/en"))),
        **{f"frac_chars_top_{n}gram": top(words, n) for n in range(2, 5)},
        **{f"frac_chars_dupe_{n}grams": covered(words, n) for n in range(5, 11)},
    }
    return {f"rps_doc_{name}": round(value, 8) for name, value in found.items()} | line_signals(text)


ENGLISH = stop_words("en")


@given(batches)
def test_every_signal_is_redpajamas(batch: list[str]) -> None:
    verdict = judge("redpajama2_signals", batch)
    assert verdict.failed == {}
    assert [metrics_of(verdict, i) for i in range(len(batch))] == [signals(text) for text in batch]


@pytest.mark.parametrize(
    "text",
    ["ΟΔΟΣ ΣΙΣΥΦΟΣ", "a\u0301\u0323b", "q\u0323\u0301", "ΐ", "한국어", "İstanbul", "`\u1fef`", " a . b ", "\u212a", ""],
)
def test_a_text_is_normalised_as_by_python(text: str) -> None:
    batch = ["First.", text, "Last one!" * 20]
    found = normalised_text(documents_of(batch).text).to_arrow().to_pylist()
    assert found == [normalised(each) for each in batch]


@pytest.mark.parametrize("document", GOLDEN["docs"])
def test_n_grams_are_as_redpajama_counts_them(document: str) -> None:
    metrics = metrics_of(judge("gopher_repetition@rpv2", [GOLDEN["docs"][document]]), 0)
    for name, of_peer in GOLDEN["res"][document].items():
        ours = f"top_{name[3:]}_gram" if name.startswith("top") else f"duplicate_{name[3:]}_grams"
        assert metrics[ours] == round(of_peer["dclm_rpv2"], 8)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The mill and the river.", "too_few_words"),
        ("I be a " * 40, "words_too_short"),
        ("incomprehensibilities " * 40, "words_too_long"),
        ("the mill # ... " * 40, "too_many_symbols"),
        ("▶ one\n ■ two\n – three\n", "too_many_bullet_lines"),
        ("the mill...\n" * 20, "too_many_ellipsis_lines"),
    ],
)
def test_a_document_fails_for_its_reason(text: str, reason: str) -> None:
    assert reason in reasons_of(judge("gopher_quality@rpv2", [text]))


def test_punctuation_is_a_word_so_the_share_of_words_with_a_letter_is_bounded_only_if_asked() -> None:
    text = "1984, мельница. " * 40
    assert "too_few_alphabetic_words" not in reasons_of(judge("gopher_quality@rpv2", [text]))
    asked = judge("gopher_quality@rpv2", [text], min_alphabetic_words=0.8)
    assert "too_few_alphabetic_words" in reasons_of(asked)
