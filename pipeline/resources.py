"""What stands behind an argument that is a file or a folder in the config: how it is found, loaded and pinned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers import lid, model
from pipeline.calibrate import benchmarks, distribution, language_presets, perplexity, punkt_model
from pipeline.filters.language_presets import INDEX, SHIPPED
from pipeline.filters.token_distribution import SAMPLE
from pipeline.storage import files


@dataclass(frozen=True)
class Kind:
    """`described` stands in the list of rules; a rule is given what `load` makes of the address.

    `decides`: the file, or files, whose SHA-256 stand for the address in a plan. `shipped`: addresses that are no path.
    `inside`: the files that must be in the folder, where the address is one. `many`: a list of addresses.
    `chosen_by`: the value of another argument that asks for it. `origin`: where it is to be had.
    """

    described: str
    load: Callable[[Any], Any]
    decides: Callable[[str], Path | tuple[Path, ...]] = Path
    shipped: tuple[str, ...] = ()
    inside: tuple[str, ...] = ("",)
    many: bool = False
    chosen_by: str = ""
    origin: str = ""


def read_lines(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The entries of the listed files: stripped lines that are neither empty nor a # comment."""
    lines = (line.strip() for path in paths for line in files.read_bytes(path).decode("utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


KINDS: Mapping[str, Kind] = {
    "lines": Kind("list of files", read_lines, many=True),
    "fasttext": Kind("file", lid.load, lid.model_file, shipped=(lid.LID_176,)),
    "classifier": Kind(
        "folder", model.load, model.description_file, shipped=(model.SAMPLE,), inside=(model.DESCRIPTION,)
    ),
    "language_presets": Kind(
        "folder", language_presets.load, language_presets.index_of, shipped=(SHIPPED,), inside=(INDEX,)
    ),
    "distribution": Kind("file", distribution.load, distribution.file_of, shipped=(SAMPLE,)),
    "benchmarks": Kind("list of files", benchmarks.load, many=True),
    "perplexity": Kind("file", perplexity.load),
    "sentencepiece": Kind("file", perplexity.SentencePiece),
    "punkt": Kind(
        "folder",
        punkt_model.load,
        punkt_model.files_of,
        inside=punkt_model.FILES,
        chosen_by="punkt",
        origin=punkt_model.WHERE,
    ),
}
