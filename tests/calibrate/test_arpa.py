"""ARPA files: KenLM's own scores of a model of SRILM's kind, shapes that occur, and what is refused."""

import gzip

import pytest

from pipeline.calibrate.arpa import ArpaError, read_arpa
from pipeline.text.layer import Text

MODEL = """
\\data\\
ngram 1=6
ngram 2=7
ngram 3=3

\\1-grams:
-1.2\t</s>
-99\t<s>\t-0.3
-2\t<unk>\t-0.7
-0.9\ta\t-0.25
-1.1\tb\t-0.5
-1.4\tc

\\2-grams:
-0.4\t<s> a\t-0.1
-0.6\ta b\t-0.2
-0.8\tb </s>
-0.35\t<unk> a\t-0.6
-0.45\tc c\t0.05
-0.7\tc a\t-0.15
-0.65\tc b

\\3-grams:
-0.15\t<s> a b
-0.05\ta b a
-0.25\tc c a

\\end\\
"""
# kenlm 0.3.0: Model(path).score(sentence). `a b a` has no `b a` below it: SRILM prunes so, and KenLM mends it.
KENLM = {
    "a": -1.9500000476837158,
    "a b": -1.5499999523162842,
    "a b a": -2.0500001907348633,
    "b a b a c": -6.300000190734863,
    "c c a": -4.0,
    "c c c a": -4.400000095367432,
    "zz a b": -4.849999904632568,
    "zz zz": -6.900000095367432,
    "a b b a b c": -7.649999618530273,
    "a  b ": -1.5499999523162842,
    "<unk> a": -4.699999809265137,
    "a\xa0b": -4.199999809265137,
    " b b a b b": -7.600000381469727,
}


def score(model: str, text: str) -> float:
    scores, _ = read_arpa(model.encode(), "test.arpa")[0].score(Text.from_strings([text]))
    return float(scores[0])


@pytest.mark.parametrize("sentence", KENLM)
def test_a_sentence_has_kenlms_score_to_the_last_bit(sentence: str) -> None:
    assert score(MODEL, sentence) == KENLM[sentence]


def test_lines_add_up_blank_ones_are_none_and_an_end_of_line_is_a_word() -> None:
    model, facts = read_arpa(MODEL.encode(), "test.arpa")
    scores, words = model.score(Text.from_strings(["a b\n\nc c a\n", "", "\n", "zz zz"]))
    assert scores.tolist() == [KENLM["a b"] + KENLM["c c a"], 0, 0, KENLM["zz zz"]]
    assert words.tolist() == [7, 0, 0, 3]
    assert facts == {}


def test_lines_of_comment_before_it_and_gzip_are_read() -> None:
    commented = "# made by hand\n" + MODEL.lstrip()
    assert score(commented, "a b") == KENLM["a b"]
    packed, _ = read_arpa(gzip.compress(MODEL.encode()), "test.arpa.gz")
    assert packed.score(Text.from_strings(["a b"]))[0].tolist() == [KENLM["a b"]]
    assert score(MODEL.replace("\n", "\r\n"), "a b") == KENLM["a b"]


def test_a_word_that_a_model_without_unk_does_not_know_scores_minus_a_hundred() -> None:
    without = MODEL.replace("-2\t<unk>\t-0.7\n", "").replace("1=6", "1=5").replace("-0.35\t<unk> a\t-0.6\n", "")
    assert score(without.replace("2=7", "2=6"), "zz") == pytest.approx(-100 - 0.3 - 1.2)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("\\data\\", "\\other\\", "no ARPA file"),
        ("\\data\\", "# gristmill {\n\\data\\", "no JSON object"),
        ("\\data\\", "# gristmill 7\n\\data\\", "no JSON object"),
        ("\\end\\", "", "no end"),
        ("ngram 3=3\n", "", "counts of n-grams (2)"),
        ("ngram 3=3", "ngrams 3=3", "counts of n-grams (3)"),
        ("\\2-grams:", "\\4-grams:", "sections do not fit"),
        ("ngram 2=7", "ngram 2=8", r"\2-grams: has 7 lines, \data\ says 8"),
        ("-0.6\ta b\t-0.2", "-0.6 a b", r"\2-grams: line 2 has 1 columns"),
        ("-0.6\ta b\t", "-0.6\ta\t", r"\2-grams: line 2 has 1 words"),
        ("-0.6\ta b", "x\ta b", r"\2-grams: "),
        ("-0.6\ta b", "nan\ta b", "no finite number"),
        ("-0.6\ta b", "-inf\ta b", "no finite number"),
    ],
)
def test_what_is_no_model_is_refused_and_named(before: str, after: str, said: str) -> None:
    with pytest.raises(ArpaError, match=r"^test\.arpa(:\d+)?: ") as refused:
        read_arpa(MODEL.replace(before, after, 1).encode(), "test.arpa")
    assert said in str(refused.value)


def test_a_gzip_that_is_cut_off_or_damaged_is_refused_and_named() -> None:
    packed = gzip.compress(MODEL.encode())
    for bad in (packed[:60], packed[:30] + b"\0" * 20 + packed[50:], packed[:-4] + b"\0\0\0\0"):
        with pytest.raises(ArpaError, match=r"^test\.arpa\.gz: damaged or cut off"):
            read_arpa(bad, "test.arpa.gz")


@pytest.mark.parametrize(
    ("kept", "line"), [("", 1), ("# by hand\n", 1), ("# by hand\n# again\n\\da", 3), ('# gristmill {"forma', 1)]
)
def test_a_file_that_ends_before_its_data_is_said_to_be_cut_off_with_its_line(kept: str, line: int) -> None:
    with pytest.raises(ArpaError, match=rf"^test\.arpa:{line}: the file ends before \\data\\: an ARPA file cut off"):
        read_arpa(kept.encode(), "test.arpa")


def test_a_section_may_be_empty() -> None:
    none = MODEL.replace("ngram 3=3", "ngram 3=0").replace("-0.15\t<s> a b\n-0.05\ta b a\n-0.25\tc c a\n", "")
    assert score(none, "a") == KENLM["a"]
