"""datatrove 0.10.1's formulas in plain Python over str.split(): what our rules' metrics must equal.

datatrove's reason names and ours, rule by rule:

gopher_short_doc too_few_words, gopher_long_doc too_many_words, gopher_below_avg_threshold words_too_short,
gopher_above_avg_threshold words_too_long, gopher_too_many_hashes too_many_hashes, gopher_too_many_ellipsis
too_many_ellipses, gopher_too_many_bullets too_many_bullet_lines, gopher_too_many_end_ellipsis
too_many_ellipsis_lines, gopher_below_alpha_threshold too_few_alphabetic_words, gopher_enough_stop_words
too_few_stop_words.

dup_line_frac too_many_duplicate_lines, dup_line_char_frac too_many_duplicate_line_chars, dup_para_frac
too_many_duplicate_paragraphs, dup_para_char_frac too_many_duplicate_paragraph_chars, top_N_gram
top_N_gram_too_frequent, duplicated_N_n_grams too_many_duplicate_N_grams.

empty no_lines, line_punct_ratio too_few_ended_lines, short_line_ratio too_many_short_lines, char_dup_ratio
too_many_duplicate_line_chars, list_ratio too_many_newlines.
"""

import re
from collections import Counter

from pipeline.text.classes import code_points

PUNCTUATION = {chr(c) for c in code_points("punctuation")}
TERMINAL = tuple(chr(c) for c in code_points("terminal_punctuation"))
STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
Metrics = dict[str, float]


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def gopher_quality(text: str) -> Metrics:
    words, lines = text.split(), text.splitlines()
    prose = [word for word in words if not set(word) <= PUNCTUATION]
    return {
        "words": len(prose),
        "mean_word_length": share(sum(map(len, prose)), len(prose)),
        "hashes_per_word": share(text.count("#"), len(words)),
        "ellipses_per_word": share(text.count("...") + text.count("…"), len(words)),
        "bullet_lines": share(sum(line.lstrip().startswith(("•", "-")) for line in lines), len(lines)),
        "ellipsis_lines": share(sum(line.rstrip().endswith(("...", "…")) for line in lines), len(lines)),
        "alphabetic_words": share(sum(any(map(str.isalpha, word)) for word in words), len(words)),
        "stop_words": len(STOP_WORDS & set(words)),
    }


def duplicates(pieces: list[str]) -> tuple[int, int]:
    """Pieces that occurred before, and their characters."""
    again = [piece for i, piece in enumerate(pieces) if piece in pieces[:i]]
    return len(again), sum(map(len, again))


def top_ngram_chars(words: list[str], order: int) -> int:
    ngrams = Counter(" ".join(words[i : i + order]) for i in range(len(words) - order + 1))
    return max(([len(ngram) * count for ngram, count in ngrams.most_common(1)]), default=0)


def duplicate_ngram_chars(words: list[str], order: int) -> int:
    """The one difference: datatrove joins the words before it compares them, so that `ab c` is `a bc`."""
    seen: set[tuple[str, ...]] = set()
    at = chars = 0
    while at < len(words) - order + 1:
        ngram = tuple(words[at : at + order])
        chars += sum(map(len, ngram)) if ngram in seen else 0
        at += order if ngram in seen else 1
        seen.add(ngram)
    return chars


def gopher_repetition(text: str) -> Metrics:
    words, lines, paragraphs = text.split(), re.split("\n+", text), re.split("\n{2,}", text.strip())
    top = {f"top_{n}_gram": share(top_ngram_chars(words, n), len(text)) for n in range(2, 5)}
    again = {f"duplicate_{n}_grams": share(duplicate_ngram_chars(words, n), len(text)) for n in range(5, 11)}
    return {
        "duplicate_lines": duplicates(lines)[0] / len(lines),
        "duplicate_line_chars": share(duplicates(lines)[1], len(text)),
        "duplicate_paragraphs": duplicates(paragraphs)[0] / len(paragraphs),
        "duplicate_paragraph_chars": share(duplicates(paragraphs)[1], len(text)),
        **top,
        **again,
    }


def fineweb_quality(text: str) -> Metrics:
    lines = [line for line in text.split("\n") if line.strip()]
    return {
        "lines": len(lines),
        "ended_lines": share(sum(line.endswith(TERMINAL) for line in lines), len(lines)),
        "short_lines": share(sum(len(line) <= 30 for line in lines), len(lines)),
        "duplicate_line_chars": share(duplicates(lines)[1], len(text.replace("\n", ""))),
        "newlines_per_word": share(text.count("\n"), len(text.split())),
    }
