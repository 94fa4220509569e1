"""A Punkt model as NLTK stores it: the four files of a folder `punkt_tab/LANGUAGE`, read with suspicion."""

from pathlib import Path

from pipeline.storage.files import read_bytes
from pipeline.text.punkt import Punkt
from pipeline.text.punkt_tables import CONTEXTS, tables_of

ABBREVIATIONS, STARTERS, COLLOCATIONS = "abbrev_types.txt", "sent_starters.txt", "collocations.tab"
ORTHOGRAPHY = "ortho_context.tab"
FILES = (ABBREVIATIONS, STARTERS, COLLOCATIONS, ORTHOGRAPHY)
WHERE = "NLTK's folder punkt_tab/LANGUAGE: python -m nltk.downloader punkt_tab"


class PunktError(ValueError):
    """A folder that holds no Punkt model; the message names the file."""


def load(address: str) -> Punkt:
    """The model of this folder; PunktError where a line is not what NLTK writes."""
    lines = {name: lines_of(Path(address, name)) for name in FILES}
    collocations = [pair_of(line, Path(address, COLLOCATIONS)) for line in lines[COLLOCATIONS]]
    contexts = dict(context_of(line, Path(address, ORTHOGRAPHY)) for line in lines[ORTHOGRAPHY])
    return Punkt(tables_of(lines[ABBREVIATIONS], lines[STARTERS], collocations, contexts))


def files_of(address: str) -> tuple[Path, ...]:
    return tuple(Path(address, name) for name in FILES)


def lines_of(path: Path) -> list[str]:
    """The lines as they stand: one of English's abbreviations is `. . `, with a blank at its end."""
    try:
        text = read_bytes(str(path)).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PunktError(f"{path}: no part of a Punkt model ({WHERE}): {error}") from error
    return [line for line in text.replace("\r\n", "\n").split("\n") if line]


def pair_of(line: str, path: Path) -> tuple[str, str]:
    """The two words of a collocation."""
    first, tab, second = line.partition("\t")
    if not (first and tab and second) or "\t" in second:
        raise PunktError(f"{path}: {line!r} is no collocation (two words and a tab between them)")
    return first, second


def context_of(line: str, path: Path) -> tuple[str, int]:
    """A word, and the bits of where it was seen with a capital and where without."""
    word, tab, bits = line.partition("\t")
    if not (word and tab and bits.isascii() and bits.isdecimal() and int(bits) <= CONTEXTS):
        raise PunktError(f"{path}: {line!r} is no word with its contexts (a number up to {CONTEXTS})")
    return word, int(bits)
