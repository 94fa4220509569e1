"""A Punkt model as NLTK stores it: what is read, what is refused, what a config says of it."""

import shutil
from pathlib import Path

import pytest

from pipeline.calibrate.punkt_model import FILES, PunktError, files_of, load
from pipeline.decided import digests
from pipeline.text.layer import Text
from tests.text.reading import pieces

FOLDER = Path(__file__).parents[1] / "parity" / "punkt" / "english"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "english"))


def test_lines_are_read_as_they_stand_with_either_end(copy: Path) -> None:
    (copy / "abbrev_types.txt").write_bytes(b". . \r\nmill\r\n")
    text = Text.from_strings(["It is A\u2003mill. no."])
    assert pieces(text, text.sentences_by("punkt", load(str(copy)))) == [["It is A\u2003mill. no."]]
    (copy / "abbrev_types.txt").write_bytes(b"mil")
    assert pieces(text, text.sentences_by("punkt", load(str(copy)))) == [["It is A\u2003mill.", "no."]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ortho_context.tab", b"mill\t32\nriver", "ortho_context.tab: 'river' is no word with its contexts"),
        ("ortho_context.tab", b"mill\t-1", "'mill\\t-1' is no word with its contexts (a number up to 127)"),
        ("ortho_context.tab", b"mill\t128", "'mill\\t128' is no word"),
        ("ortho_context.tab", "mill\t٣".encode(), "is no word"),
        ("collocations.tab", b"a b", "collocations.tab: 'a b' is no collocation (two words and a tab between them)"),
        ("collocations.tab", b"a\tb\tc", "is no collocation"),
        ("collocations.tab", b"\tb", "is no collocation"),
        ("sent_starters.txt", b"\xff", "sent_starters.txt: no part of a Punkt model (NLTK's folder punkt_tab/LANGUAGE"),
    ],
)
def test_what_nltk_does_not_write_is_refused(copy: Path, name: str, content: bytes, said: str) -> None:
    (copy / name).write_bytes(content)
    with pytest.raises(PunktError) as refused:
        load(str(copy))
    assert said in str(refused.value)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "sent_starters.txt").unlink()
    with pytest.raises(PunktError, match=r"sent_starters\.txt: no part of a Punkt model"):
        load(str(copy))


def test_a_plan_knows_each_of_the_files(copy: Path) -> None:
    before = digests("punkt", str(copy))
    (copy / "sent_starters.txt").write_bytes(b"mill\n")
    after = digests("punkt", str(copy))
    assert [path.name for path in files_of(str(copy))] == list(FILES)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True, True]


def test_sentences_by_punkt_need_a_model() -> None:
    with pytest.raises(ValueError, match="need a model"):
        Text.from_strings(["A text."]).sentences_by("punkt")
