"""What the text layer found, as Python strings."""

import pyarrow as pa

from pipeline.text.layer import Text
from pipeline.text.lines import Lines
from pipeline.text.words import Words


def pieces(text: Text, found: Words | Lines) -> list[list[str]]:
    """The words or lines of each document."""
    strings = [text.data[a:b].tobytes().decode() for a, b in zip(found.start, found.stop, strict=True)]
    return [strings[a:b] for a, b in zip(found.offsets[:-1], found.offsets[1:], strict=True)]


def forms(texts: list[str]) -> dict[str, pa.Array | pa.ChunkedArray]:
    """The same texts as Arrow may bring them."""
    middle = pa.array(["before  it", *texts, "after\nit"], pa.string())
    half = len(texts) // 2
    return {
        "string": pa.array(texts, pa.string()),
        "large_string": pa.array(texts, pa.large_string()),
        "slice": middle.slice(1, len(texts)),
        "chunks": pa.chunked_array([pa.array(texts[:half], pa.string()), pa.array(texts[half:], pa.string())]),
        "view": pa.array(texts, pa.string_view()),
    }
