"""Duplicate lines: what goes is what plain Python says, in any split of the texts, and nothing else moves."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.dedup.cuts import without
from pipeline.dedup.keys import Keys
from pipeline.dedup.lines import FORMULAS, Formula, allowed_keys, compared, counted, cuts_of, doomed, groups
from pipeline.dedup.lines_counts import Counted, merged, places, too_often
from pipeline.dedup.lines_normal import NORMAL as FORMS
from pipeline.dedup.lines_normal import line_keys
from pipeline.text.layer import Text
from tests.dedup.plain_lines import NORMAL, plain_lines

ONE = Formula("lower", more_than=1, keeps_one=True, bucket=None, scope="global")


def removed(
    batches: Sequence[Sequence[tuple[int, str]]],
    formula: Formula,
    min_words: int = 1,
    allowed: Keys | None = None,
    scope: str = "",
) -> dict[int, str]:
    """Tie -> text after the step: each batch speaks for itself, as a unit does. All ties are one bucket."""
    told, spoken = [], []
    for batch in batches:
        text = Text.from_strings([words for _, words in batch])
        ties = np.array([tie for tie, _ in batch], np.uint64)
        group = np.array([len(scope)] * len(batch), np.uint64)
        found = compared(text, formula, min_words, allowed)
        told.append(counted(found, group, ties))
        spoken.append((text, found, group, ties))
    _, whole = too_often(Counted.together(told), formula.more_than)
    after: dict[int, str] = {}
    for text, found, group, ties in spoken:
        hit, _ = doomed(found, group, ties, merged(whole), formula.keeps_one)
        edit = without(text, cuts_of(found, hit))
        texts = text.replace(edit.rows, edit.text).to_arrow().to_pylist()
        assert (text.bytes[edit.rows] - edit.text.bytes == edit.removed).all()
        after |= dict(zip(ties.tolist(), texts, strict=True))
    return after


LINES = [
    "Home",
    "home ",
    "Read 12 more",
    "Read 99 more",
    "“Read” 12 more",
    "Σίσυφος",
    "ΣΊΣΥΦΟΣ",
    "",
    " ",
    "漢字\x7f",
    "漢字",
]
TEXT = st.lists(st.sampled_from(LINES), min_size=1, max_size=8).map("\n".join)


@given(st.lists(TEXT, min_size=1, max_size=12), st.integers(1, 5), st.sampled_from(sorted(NORMAL)), st.integers(0, 3))
def test_what_goes_is_what_plain_python_says(texts: list[str], more_than: int, name: str, cut: int) -> None:
    formula = Formula(FORMULAS[name].normal, more_than, FORMULAS[name].keeps_one, None, "global")
    numbered = list(enumerate(texts, 1))
    found = removed([numbered[:cut], numbered[cut:]], formula)
    assert found == plain_lines(dict(numbered), name, more_than)


def test_llama3_removes_every_occurrence_and_c4_all_but_one() -> None:
    page = "Cookie policy\nThe mill stood still."
    llama3 = removed([[(tie, page.replace("mill", f"mill {'x' * tie}")) for tie in range(1, 8)]], FORMULAS["llama3"])
    assert {text.split()[0] for text in llama3.values()} == {"The"}
    c4 = removed([[(tie, page) for tie in (5, 3, 9)]], FORMULAS["c4"])
    assert c4 == {3: page, 5: "", 9: ""}


@pytest.mark.parametrize(("copies", "stays"), [(6, True), (7, False)])
def test_more_than_six_times_is_seven(copies: int, stays: bool) -> None:
    after = removed([[(tie, f"Share this\nstory {'a' * tie}") for tie in range(copies)]], FORMULAS["llama3"])
    assert all(("Share" in text) == stays for text in after.values())


def test_no_gap_of_blank_lines_is_left_where_a_line_was() -> None:
    texts = ["a\n\nx\n\nb", "x\n\nc", "d\n\nx", "e\nx\n\nf", "g\n\nx\nh", "\n\nx\n\ni", "x"]
    after = removed([list(enumerate(texts))], Formula("lower", 6, False, None, "global"))
    assert list(after.values()) == ["a\n\nb", "c", "d\n", "e\n\nf", "g\n\nh", "\n\ni", ""]


SENTENCES = ("The mill stood still.", "Nobody came by.", "It rained all day.", "Then the miller woke.", "He sang.")


def test_of_a_span_of_three_sentences_the_first_stays() -> None:
    one, two, three, four, five = SENTENCES
    texts = {
        1: f"{one} {two} {three}",
        2: f"{four} {one}  {two}\n{three} {five}",
        3: f"{one} {two} {five}",
        4: f"{ONE.normal} said. {one.upper()} {two} {three.replace('.', '!')}",
        5: f"{two} {one} {two} {three}\n{four}",
    }
    after = removed([list(texts.items())], FORMULAS["sentences"])
    assert after == {**texts, 2: f"{four} {five}", 4: "lower said.", 5: f"{two}\n{four}"}


def test_allowed_lines_and_short_ones_stay() -> None:
    texts = [(tie, f"Amen.\nAll rights reserved.\n{'z' * tie}") for tie in range(1, 9)]
    formula = FORMULAS["llama3"]
    kept = removed([texts], formula, allowed=allowed_keys(["amen. ", "", "never seen"], formula))
    assert all("Amen." in text and "rights" not in text for text in kept.values())
    assert all("Amen." in text and "rights" not in text for text in removed([texts], formula, min_words=2).values())
    spans = [(tie, " ".join(SENTENCES[:3])) for tie in (1, 2)]
    sentences = FORMULAS["sentences"]
    assert removed([spans], sentences, allowed=allowed_keys(["nobody came by"], sentences)) == dict(spans)
    assert removed([spans], sentences)[2] == ""
    assert removed([spans], sentences, min_words=12) == dict(spans)


def test_lines_are_counted_within_their_group() -> None:
    ties = np.arange(1, 4001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    scope = np.array([7, 8], np.uint64).repeat(2000)
    of = groups(scope, ties, np.array([1, 4]).repeat(2000))
    assert len(np.unique(of[:2000])) == 1
    counts = np.unique(of[2000:], return_counts=True)[1]
    assert len(counts) == 4
    assert counts.min() > 400
    text = Text.from_strings(["Home"] * 4000)
    found = compared(text, FORMULAS["llama3"])
    assert len(counted(found, of, ties)) == 5


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 9), st.integers(0, 99)), max_size=30))
def test_counts_add_up_however_keys_collide(rows: list[tuple[int, int, int, int]]) -> None:
    columns = np.array(rows, np.uint64).reshape(-1, 4)
    given_ = Counted(np.ascontiguousarray(columns[:, :2]), columns[:, 2].astype(np.uint32), columns[:, 3])
    whole = merged(given_)
    expected = {
        (a, b): (sum(r[2] for r in rows if r[:2] == (a, b)), min(r[3] for r in rows if r[:2] == (a, b)))
        for a, b, _, _ in rows
    }
    keys = [tuple(key) for key in whole.key.tolist()]
    assert keys == sorted(expected)
    assert dict(zip(keys, zip(whole.count.tolist(), whole.tie.tolist(), strict=True), strict=True)) == expected
    often, told = too_often(given_, 5)
    assert sorted(often.tolist()) == [i for i, row in enumerate(rows) if expected[row[:2]][0] > 5]
    assert [tuple(key) for key in told.key.tolist()] == [rows[i][:2] for i in often]
    assert places(whole.key, given_.key).tolist() == [keys.index(row[:2]) for row in rows]


@pytest.mark.parametrize("name", ["ccnet", "lower"])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=12))
def test_lines_have_one_key_where_they_have_one_form(name: str, lines: list[str]) -> None:
    plain = NORMAL["llama3" if name == "ccnet" else "c4"]
    single = [line for line in lines if len(line.splitlines()) == 1 and line.splitlines(keepends=True)[0] == line]
    single += [line.upper() for line in single if len(line.upper().splitlines()) == 1]
    keys = [tuple(key) for key in line_keys(Text.from_strings(single).lines, name).tolist()]
    broken = [line.splitlines()[0] for line in single]
    assert len(keys) == len(single)
    for key, line in zip(keys, broken, strict=True):
        same = {plain(other) for k, other in zip(keys, broken, strict=True) if k == key}
        assert same == {plain(line)}
    forms = {plain(line) for line in broken}
    assert len(set(keys)) == len(forms)


def digest(keys: NDArray[np.uint64]) -> str:
    return hashlib.sha256(keys.tobytes()).hexdigest()[:16]


def test_keys_are_the_same_bits_everywhere() -> None:
    lines = Text.from_strings(["Read 12 more\n“Σίσυφος” 漢字 ٣\nA line that is rather longer than eight bytes."]).lines
    assert {name: digest(line_keys(lines, name)) for name in FORMS if name != "simple"} == {
        "ccnet": "4ab0fedad6071e1a",
        "lower": "9813a320b65f9638",
    }
