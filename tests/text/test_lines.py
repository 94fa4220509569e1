"""Pieces of texts other than words, and what is counted in them; each against plain Python."""

import re

from hypothesis import given

from pipeline.text.classes import code_points
from pipeline.text.layer import Text
from tests.strategies import batches
from tests.text.reading import pieces

TERMINAL = tuple(chr(c) for c in code_points("terminal_punctuation"))


@given(batches)
def test_newline_lines_are_what_a_split_at_runs_of_newlines_finds(batch: list[str]) -> None:
    text = Text.from_strings(batch)
    assert pieces(text, text.newline_lines) == [re.split("\n+", t) for t in batch]


@given(batches)
def test_written_lines_are_those_between_newlines_that_are_not_blank(batch: list[str]) -> None:
    text = Text.from_strings(batch)
    assert pieces(text, text.written_lines) == [[line for line in t.split("\n") if line.strip()] for t in batch]


@given(batches)
def test_paragraphs_stand_between_empty_lines(batch: list[str]) -> None:
    text = Text.from_strings(batch)
    assert pieces(text, text.paragraphs) == [re.split("\n{2,}", t.strip()) for t in batch]


@given(batches)
def test_stripped_lines_are_what_strip_leaves(batch: list[str]) -> None:
    text, again = Text.from_strings(batch), Text.from_strings(batch)
    assert pieces(text, text.lines.stripped) == [[line.strip() for line in t.splitlines()] for t in batch]
    for lines in (text.lines, again.lines):  # stripped before, and not
        assert lines.blank.tolist() == [not line.strip() for t in batch for line in t.splitlines()]


@given(batches)
def test_a_line_is_ended_by_any_scripts_terminal_punctuation(batch: list[str]) -> None:
    lines = Text.from_strings(batch).lines
    assert lines.ended.tolist() == [line.endswith(TERMINAL) for t in batch for line in t.splitlines()]


@given(batches)
def test_a_line_is_repeated_from_its_second_occurrence_in_a_document(batch: list[str]) -> None:
    lines = Text.from_strings(batch).newline_lines
    split = [re.split("\n+", t) for t in batch]
    wanted = [line in found[:i] for found in split for i, line in enumerate(found)]
    assert lines.repeated.tolist() == wanted
    assert lines.count(lines.repeated).values.sum() == sum(wanted)


@given(batches)
def test_lines_begin_and_end_as_python_says(batch: list[str]) -> None:
    lines = Text.from_strings(batch).lines
    split = [line for t in batch for line in t.splitlines()]
    assert lines.starting_with(("•", "-")).tolist() == [line.startswith(("•", "-")) for line in split]
    assert lines.ending_with(("...", "…")).tolist() == [line.endswith(("...", "…")) for line in split]


@given(batches)
def test_a_string_is_counted_as_often_as_python_counts_it(batch: list[str]) -> None:
    text = Text.from_strings(batch)
    for string in ("#", "\n", "...", "…", "aa", " \n"):
        assert text.count(string).values.tolist() == [t.count(string) for t in batch]


def test_a_string_that_crosses_a_block_is_counted() -> None:
    batch = ["." * n for n in range(140)] + ["x" * n + "…" * 3 for n in range(60, 66)]
    text = Text.from_strings(batch)
    assert text.count("...").values.tolist() == [t.count("...") for t in batch]
    assert text.count("…").values.tolist() == [t.count("…") for t in batch]
