"""Documents that the report's tests share: kept, dropped for one or two reasons, duplicates, one not drawn."""

from collections.abc import Sequence
from typing import Any

from tests.report.small_run import LINES, RATIO, WORDS, Written

SHORT, STOP = "gopher_quality.too_few_words", "gopher_quality.no_stop_words"


def prose(words: int, name: str) -> str:
    return " ".join(f"{name}{number}" for number in range(words))


def judged(name: str, words: int, stop_words: float = 5, **more: Any) -> Written:
    """A document with the reasons that follow from the bounds of small_run."""
    reasons = [SHORT] * (words < 50) + [STOP] * (stop_words < 2)
    metrics = {WORDS: words, RATIO: stop_words, LINES: 0}
    return Written(name, prose(words, name), metrics=metrics, reasons=reasons, **more)


def examples() -> Sequence[Written]:
    return [
        judged("kept", 60, row=0),
        judged("twice", 80, row=1, copies=2),
        judged("copy", 70, row=2, duplicate_of="twice"),
        judged("short", 40, row=3),
        judged("shorter", 10, row=4),
        judged("both", 20, 0, row=5),
        judged("elsewhere", 55, unit=1, row=0, source="books", language="de", licence=None),
        judged("left-out", 90, unit=1, row=1, copies=0),
        Written("unasked", "no metric was asked for", unit=1, row=2, source="code", language=None),
        judged("no-prose", 300, 1, unit=1, row=3),
    ]


FAILED = [{"file": "web/0.jsonl", "place": "line 7", "error": "invalid UTF-8", "payload": b"\xff\xfe{"}]
