"""refinedweb_lines: which lines go, what is cut out of short ones, what is left, and that every byte is counted."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.filters.refinedweb import refinedweb_lines
from tests.filters.plain_refinedweb import plain_refinedweb
from tests.strategies import documents_of, texts

LINES = [
    "Plain prose of six small words.", "It goes on, with a few words more.", "ALL CAPITALS HERE", "Half CAPS", "ÀÉÎ ß",
    "123", " 456 ", "٣٤", "x² ³", "3 likes", "(1.2K  shares!)", "١,000k views", "7 li\u212aes", "7 liKes of it", "12 m",
    "5\u212a downloads\u3000…", "one", "", " ", "\u3000", "\t\r", "Two words",
    "12 items in cart", "12 ıtemſ in Cart now", "items in cart", "Items in cartitems in cart ITEMS IN CART",
    "System and temper, ten items in it.", "Please read more...", "Read moreabc", "read more...", "Read more… ",
    "To read more than ten words of this one is to read more...", "Sign-in", "ſıgn-in to us", " Sign-in to us",
    "Sign-in\u3000İtems in cart read more...", "read more... items in cart",
]  # fmt: skip
BREAKS = ["\n", "\n", "\n", "\n\n", "\n\n\n", " \n", "\r\n", "\u2028\n"]
pages = st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(BREAKS)), max_size=12).map(
    lambda lines: "".join(line + line_break for line, line_break in lines)
)
LONG = "There are so many plain words in this line of prose that what else goes is hardly more than one in twenty " * 3


ELEVEN_WORDS = "To read on for more than ten words is to read more..."


def judged(these: list[str], **options: Any) -> list[tuple[set[str], float, str]]:
    """Reasons, share of words removed and text of each document; fails unless the bytes add up."""
    docs = documents_of(these)
    verdict = refinedweb_lines(docs, **options)
    assert verdict.edit is not None
    edit = verdict.edit
    assert np.array_equal(docs.text.bytes[edit.rows], edit.text.bytes + edit.removed)
    assert not edit.added.any()
    left = dict(enumerate(these)) | dict(zip(edit.rows.tolist(), edit.text.to_arrow().to_pylist(), strict=True))
    reasons = [{reason for reason, failed in verdict.failed.items() if failed[i]} for i in range(len(these))]
    return [(reasons[i], verdict.metrics["removed_words"][i], left[i]) for i in range(len(these))]


def page(*lines: str) -> str:
    """Enough words to be kept, and these lines."""
    return "\n".join([LONG.strip(), *lines])


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["CAPITAL LETTERS"], []),
        (["CaPS it is"], ["CaPS it is"]),  # 3 of 10 characters, the blanks too
        (["AB c"], ["AB c"]),  # half of them is not more than half
        (["123"], []),
        (["1 2 3"], ["1 2 3"]),  # blanks are no digits
        (["3 likes"], []),
        (["* 1,234.5k followers *"], []),
        (["3 likes of it"], ["3 likes of it"]),
        (["a 3 likes"], ["a 3 likes"]),
        (["3likes or so"], ["3likes or so"]),
        (["12 li\u212aes"], []),  # str.lower makes the Kelvin sign a k
        (["word", "two words"], ["two words"]),
        (["12 Items in Cart"], ["12"]),  # the line was long enough before the cut
        (["items in cart"], []),
        (["Please Read More..."], ["Please"]),
        (["Please read more of"], ["Please"]),  # the pattern's dots are any three characters
        ([ELEVEN_WORDS], [ELEVEN_WORDS]),
        (["Sign-in to us"], ["to us"]),
        ([" Sign-in to us", "two words"], [" Sign-in to us", "two words"]),  # not where it starts
        (["two words", "", "", "", "two words"], ["two words", "", "two words"]),
        (["two words", "", "gone", "", "two words"], ["two words", "", "", "two words"]),  # runs go before lines
        (["two words", "", "", ""], ["two words"]),
    ],
)  # fmt: skip
def test_lines_that_refinedweb_keeps_drops_and_cuts(lines: list[str], left: list[str]) -> None:
    assert judged([page(*lines)])[0][2] == page(*left)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("", {"no_lines", "too_many_removed_words"}),
        ("Word", {"no_lines", "too_many_removed_words"}),
        ("(no word) begins: \u3000x", set()),
        ("... !!!", {"too_many_removed_words"}),  # nothing that counts as a word
        (page(), set()),
        (page("ONE TWO THREE"), set()),
        (page("ONE TWO THREE FOUR"), {"too_many_removed_words"}),  # 4 of 67
    ],
)
def test_every_reason_is_given(text: str, reasons: set[str]) -> None:
    assert judged([text])[0][0] == reasons


def test_a_dropped_document_keeps_its_text() -> None:
    assert judged(["TOO LOUD\nThree small words."])[0][2] == "TOO LOUD\nThree small words."


def test_an_untouched_document_is_no_edit() -> None:
    edit = refinedweb_lines(documents_of([page(), page("one")])).edit
    assert edit is not None
    assert edit.rows.tolist() == [1]
    assert edit.removed.tolist() == [4]


def test_the_lines_that_went_are_counted_by_cause() -> None:
    lines = ["LOUD LINE", "42", "3 likes", "one", " ", "Sign-in", "items in cart", "12 items in cart"]
    metrics = refinedweb_lines(documents_of([page(*lines)])).metrics
    assert {name: values[0] for name, values in metrics.items() if name.endswith("_lines")} == {
        "kept_lines": 2, "uppercase_lines": 1, "digit_lines": 1, "counter_lines": 1, "short_lines": 2, "cut_lines": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"max_uppercase": 1.0}, page("VERY LOUD LINE")),
        ({"max_digits": 1.0, "min_words_per_line": 1}, page("123")),
        ({"counters": False}, page("3 likes")),
        ({"min_words_per_line": 0}, page("one")),
        ({"max_words_of_cut_lines": 2}, page("12 items in cart")),
        ({"max_newlines": 3}, page("", "", "two words")),
        ({"max_removed_words": None}, "two words"),
    ],
)
def test_a_check_that_is_off_keeps_the_text(options: dict[str, Any], text: str) -> None:
    assert judged([text], **options)[0][2] == text


def test_words_of_uax29_are_counted_where_asked() -> None:
    docs = documents_of(["two\u3000things\nLOUD"])  # fastText parts words at ASCII white space only
    shares = [refinedweb_lines(docs, words=kind).metrics["removed_words"][0] for kind in ("fasttext", "uax29")]
    assert shares == [1 / 2, 1 / 3]


@given(batch=st.lists(st.one_of(pages, pages.map(lambda text: LONG + text + LONG), texts), min_size=1, max_size=3))
def test_it_is_the_plain_loop_over_whole_texts(batch: list[str]) -> None:
    expected = [plain_refinedweb(text) for text in batch]
    assert judged(batch) == [(one.reasons, one.removed_words, one.text) for one in expected]


@pytest.mark.parametrize("at", range(58, 67))
@pytest.mark.parametrize(
    "middle", ["\n", "\u3000", "\n123\u3000", "É", "\nB\u2028a\n", "\n12 items in cart\n", "\n\u0663\n"]
)
def test_lines_are_counted_alike_wherever_blocks_of_64_bytes_begin(at: int, middle: str) -> None:
    text = "a " * (at // 2) + "b" * (at % 2) + middle + "TWO words and then as many as it takes to fill another block"
    expected = plain_refinedweb(text)
    assert judged([text]) == [(expected.reasons, expected.removed_words, expected.text)]
