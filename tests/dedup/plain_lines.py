"""What `lines` removes, in plain Python: the truth that the arrays are held against."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from pipeline.filters.ccnet_text import PUNCTUATION

DROPPED = re.compile("[" + "".join(map(chr, PUNCTUATION)) + "\x00-\x1f\x7f-\x9f]")


def ccnet(line: str) -> str:
    """cc_net/text_normalizer.py: normalize_for_dedup; a final sigma is a sigma."""
    return DROPPED.sub("", re.sub(r"\d", "0", line.strip().lower())).replace("ς", "σ")


def lower(line: str) -> str:
    """tensorflow_datasets, c4_utils.py: what is hashed of a line."""
    return line.strip().lower().replace("ς", "σ")


NORMAL: Mapping[str, Callable[[str], str]] = {"llama3": ccnet, "c4": lower}


def without_gaps(lines: Sequence[str], gone: Sequence[bool]) -> list[str]:
    """The lines that stay; blank ones behind a removed one only where none stands before it."""
    kept: list[str] = []
    after_gone = False
    for line, goes in zip(lines, gone, strict=True):
        if goes:
            after_gone = True
        elif line.strip() or not after_gone or (kept and kept[-1].strip()):
            kept.append(line)
            after_gone = False
    return kept


def plain_lines(texts: Mapping[int, str], formula: str, more_than: int) -> dict[int, str]:
    """Tie -> text without its duplicate lines; all texts are one bucket, their breaks newlines."""
    normal = NORMAL[formula]
    counts = Counter(normal(line) for text in texts.values() for line in text.splitlines() if line.strip())
    holder: dict[str, int] = defaultdict(lambda: -1)
    for tie in sorted(texts, reverse=True):
        holder |= {normal(line): tie for line in texts[tie].splitlines()}
    found = {}
    for tie, text in texts.items():
        seen: set[str] = set()
        gone = []
        for line in text.splitlines():
            form = normal(line)
            keeps = formula == "c4" and holder[form] == tie and form not in seen
            gone.append(bool(line.strip()) and counts[form] > more_than and not keeps)
            seen.add(form)
        kept = without_gaps(text.splitlines(), gone)
        found[tie] = "\n".join(kept) + "\n" * (text.endswith("\n") and len(kept) > 0)
    return found
