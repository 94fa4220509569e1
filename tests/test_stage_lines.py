"""`stage lines`: the texts that are left, in input order, and what the steps behind it make of them."""

from typing import Any

import pipeline

PAGES = ["Home\n\nA first text.", "home \n\nA second text.", "HOME", "A second text.", "Nothing shared."]


def judged(*steps: Any) -> list[tuple[str, list[str]]]:
    return [(answer["text"], answer["reasons"]) for answer in pipeline.judge(PAGES, list(steps))]


def test_all_of_a_line_seen_too_often_goes() -> None:
    assert judged({"lines": {"more_than": 2}}) == [
        ("A first text.", []),
        ("A second text.", []),
        ("", ["lines.too_short"]),
        ("A second text.", []),
        ("Nothing shared.", []),
    ]


def test_a_step_behind_it_sees_what_is_left() -> None:
    found = judged({"lines": {"more_than": 2}}, "exact")
    assert sorted(reasons for text, reasons in found if text == "A second text.") == [[], ["exact.duplicate"]]
    assert all(not reasons for text, reasons in judged("exact", {"lines": {"more_than": 9}}) if text != "HOME")


def test_c4_leaves_one_of_each() -> None:
    left = [text.lower() for text, _ in judged({"lines": {"as": "c4"}})]
    assert sum("home" in text for text in left) == sum("second" in text for text in left) == 1


def test_what_is_left_empty_has_no_keeper() -> None:
    answers = pipeline.judge(PAGES, [{"lines": {"more_than": 2}}])
    assert [answer["keeper"] for answer in answers] == [None] * len(PAGES)
