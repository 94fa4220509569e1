"""StarCoder's filter of code: line lengths and alphanumerics by file extension, XML, HTML text, size of data files."""

from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.code_files import extensions, in_languages
from pipeline.filters.code_lines import beginnings, line_lengths
from pipeline.filters.html_text import visible_chars
from pipeline.rules import BoundBy, Verdict, rule
from pipeline.text.characters import Characters

XML, XML_WITHIN = "<?xml version=", 100  # characters from the beginning
MEAN_LINE = 100.0  # the longest mean line, of files whose lines have a limit at all
DATA = ("json", "yaml", "yml")  # extensions of files that are mostly data
NO_MOST, NO_LEAST = np.inf, -np.inf
UNLISTED = [0.0, 0.25, 1000.0, NO_LEAST, 1.0]


@cache
def table() -> tuple[pa.Array, NDArray[np.float64]]:
    """The extensions, and for each: included, least alphanumerics, longest line, least letters, XML refused.

    The last row is of extensions that are not listed: not included, with The Stack's bounds for every file.
    """
    lines = files("pipeline.filters").joinpath("data", "starcoder.csv").read_text("utf-8").splitlines()
    cells = [line.split(",") for line in lines if not line.startswith("#")][1:]
    no_bound = ("0", str(NO_LEAST), str(NO_MOST), str(NO_LEAST), "0")
    rows = [[float(cell or other) for cell, other in zip(row[2:], no_bound, strict=True)] for row in cells]
    return pa.array([row[0] for row in cells], pa.string()), np.array([*rows, UNLISTED])


def rows_of(docs: Documents) -> tuple[pa.Array, NDArray[np.float64]]:
    """Each document's extension, and its columns of the table: float64[5, n]."""
    known, bounds = table()
    found = extensions(docs)
    return found, bounds[pc.fill_null(pc.index_in(found, value_set=known), len(known)).to_numpy(zero_copy_only=False)].T


@cache
def bounds_by_extension() -> dict[str, BoundBy]:
    """What the table demands of each extension, None where it demands nothing."""
    known, bounds = table()
    _, least_alphanumeric, longest_line, least_letters, _ = np.where(np.isfinite(bounds), bounds, np.nan).T
    mean_line = np.where(np.isnan(longest_line), np.nan, MEAN_LINE)
    return {
        reason: BoundBy(metric, comparison, "extension", dict(zip(known.to_pylist(), values, strict=False)), values[-1])
        for reason, metric, comparison, numbers in (
            ("line_too_long", "longest_line", "<=", longest_line),
            ("lines_too_long", "mean_line", "<=", mean_line),
            ("too_few_alphanumeric", "alphanumeric", ">=", least_alphanumeric),
            ("too_few_letters", "letters", ">=", least_letters),
        )
        for values in [[None if np.isnan(number) else float(number) for number in numbers]]
    }


@rule("starcoder", cites="Li et al. 2023, section 3; bigcode-project/bigcode-dataset preprocessing/filtering.py")
def starcoder(
    docs: Documents,
    *,
    refuse_unlisted: bool = True,
    min_visible_text: float = 0.2,
    min_visible_chars: int = 100,
    min_data_chars: int = 100,
    max_data_chars: int = 5000,
) -> Verdict:
    """Drop files whose extension is not listed or whose lines and letters are not that kind of file's.

    The bounds of lines, alphanumerics and letters stand by extension in data/starcoder.csv; a file that is not listed
    and not refused for that has The Stack's. Visible text is asked of HTML and is 0 of other files, the size in
    characters of JSON and YAML.
    """
    extension, (included, least_alphanumeric, longest_line, least_letters, refuse_xml) = rows_of(docs)
    lines, chars = line_lengths(docs.lines), docs.text.chars.named("chars")
    counts = Characters.of(docs.text.data, docs.text.start, docs.text.stop)
    longest, mean = lines.longest.named("longest_line"), lines.mean.named("mean_line")
    alphanumeric = counts.alphanumeric.per(chars).named("alphanumeric")
    letters = counts.letters.per(chars).named("letters")
    xml = beginnings(docs.text, chars=XML_WITHIN).count(XML).named("xml_header")
    html, data = in_languages(docs, "html"), np.isin(extension.to_numpy(zero_copy_only=False), DATA)
    visible = visible_chars(docs.text, html).named("visible_chars")
    share = visible.per(chars).named("visible_text")
    failed = {
        "extension_not_listed": (included == 0) & refuse_unlisted,
        "line_too_long": longest.values > longest_line,
        "lines_too_long": (mean.values > MEAN_LINE) & np.isfinite(longest_line),
        "too_few_alphanumeric": alphanumeric.values < least_alphanumeric,
        "too_few_letters": letters.values < least_letters,
        "xml": (xml.values > 0) & (refuse_xml > 0),
        "too_little_visible_text": html & (share.values <= min_visible_text),
        "too_few_visible_chars": html & (visible.values <= min_visible_chars),
        "data_too_small": data & (chars.values < min_data_chars),
        "data_too_large": data & (chars.values > max_data_chars),
    }
    measured = (longest, mean, alphanumeric, letters, xml, share, visible, chars)
    return Verdict({measure.name: measure.values for measure in measured}, failed, bounds_by=bounds_by_extension())
