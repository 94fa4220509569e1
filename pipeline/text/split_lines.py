r"""The pieces of str.split("\n") and str.split("\n\n"): every newline, or every two, is a border; some are empty."""

from pipeline.text.layer import Text
from pipeline.text.line_spans import piece_spans
from pipeline.text.lines import Lines


def split_lines(text: Text, newlines: int = 1) -> Lines:
    r"""str.split("\n" * newlines) of each document: one piece at least."""
    return Lines.edged(text.data, *piece_spans(text.data, text.start, text.stop, newlines, whole_runs=False))


def stripped_lines(text: Text, newlines: int = 1) -> Lines:
    """The pieces without the white space around them, and without those of white space alone."""
    pieces = split_lines(text, newlines)
    return pieces.stripped.only(~pieces.blank)
