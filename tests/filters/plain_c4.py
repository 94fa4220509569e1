"""The plain-Python truth of c4_quality: datatrove's loop, going on where it stops at the first reason."""

import re
from dataclasses import dataclass, field

from tests.text.plain_sentences import plain_count

CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
END = (".", "?", "!", '"', "'")
POLICY = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")


@dataclass
class Judged:
    """What C4 says of a text; `text` is what it keeps of one that it does not drop."""

    text: str = ""
    sentences: int = 0
    reasons: set[str] = field(default_factory=set)


def fate(line: str, words: list[str], reasons: set[str]) -> str | None:
    """The line without its citations; None if it goes."""
    if any(len(word) > 1000 for word in words):
        return None
    line = CITATION.sub("", line)
    if not line.endswith(END) or line.endswith("...") or len(words) < 3:
        return None
    lower = line.lower()
    if "lorem ipsum" in lower:
        reasons.add("lorem_ipsum")
    if "javascript" in lower:
        return None
    if "{" in line:
        reasons.add("curly_bracket")
    return None if any(phrase in lower for phrase in POLICY) else line


def plain_c4(text: str) -> Judged:
    """c4_quality with its defaults."""
    judged = Judged()
    kept = []
    for line in text.splitlines():
        left = fate(line.strip(), line.split(), judged.reasons)
        if left is not None:
            judged.sentences += plain_count(left)
            kept.append(left)
    if judged.sentences < 5:
        judged.reasons.add("too_few_sentences")
    judged.text = text if judged.reasons else "\n".join(kept).strip()
    return judged
