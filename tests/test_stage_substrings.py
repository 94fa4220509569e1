"""`stage substrings`: the texts that are left, in input order, and what the steps behind it make of them."""

from typing import Any

import pipeline

NOTICE = " ".join(f"word{number}" for number in range(60))
PAGES = [f"A first page.\n\n{NOTICE}", f"A second text.\n\n{NOTICE}", NOTICE, "A second text.", "Nothing shared."]


def judged(*steps: Any) -> list[tuple[str, list[str]]]:
    return [(answer["text"], answer["reasons"]) for answer in pipeline.judge(PAGES, list(steps))]


def test_one_stays_and_what_is_left_empty_goes() -> None:
    found = judged("substrings")
    assert sum(NOTICE in text for text, _ in found) == 1
    assert {text.replace(NOTICE, "").strip() for text, _ in found} == {"A first page.", "A second text.", "", PAGES[4]}
    assert all((reasons == ["substrings.too_short"]) == (text == "") for text, reasons in found)


def test_none_stays_where_so_asked_and_steps_behind_see_what_is_left() -> None:
    found = judged({"substrings": {"keeps": "none"}}, "exact")
    assert [text for text, _ in found] == ["A first page.", "A second text.", "", "A second text.", PAGES[4]]
    assert sorted(reasons for text, reasons in found if text == "A second text.") == [[], ["exact.duplicate"]]


def test_longer_runs_than_are_shared_leave_all_as_it_is() -> None:
    assert judged({"substrings": {"tokens": 61}}) == [(page, []) for page in PAGES]
