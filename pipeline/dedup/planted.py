"""Copies of documents, edited so that they are about as similar to them as is asked: what a dedup step is tried on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Draw = np.random.Generator
WORD = re.compile(r"\S+\s*")
SECTIONS = ("Home", "News", "About us", "Archive", "Contact", "Privacy and cookies", "Subscribe", "Terms of use")


@dataclass(frozen=True)
class Edit:
    """How a copy is made. `words`: the original's, each with the white space behind it. `others`: another document's.

    `size`: words of a shingle, by which an edit's size is computed from the Jaccard that is asked for; of shingles of
    characters about as many words. What comes out is measured, not trusted.
    """

    words: Sequence[str]
    others: Sequence[str]
    size: int
    jaccard: float
    draw: Draw

    @property
    def shingles(self) -> int:
        return max(len(self.words) - self.size + 1, 1)

    @property
    def added(self) -> int:
        """Words that, added in one piece, bring the Jaccard there: J = m / (m + b)."""
        return round(self.shingles * (1 / self.jaccard - 1))


def words_of(text: str) -> list[str]:
    return WORD.findall(text)


def replaced(edit: Edit) -> str:
    """Single words replaced, spread evenly: each takes `size` shingles and brings as many, J = (m - ks) / (m + ks)."""
    words = list(edit.words)
    count = round(edit.shingles * (1 - edit.jaccard) / (edit.size * (1 + edit.jaccard)))
    places = ((np.arange(count) + edit.draw.random()) * len(words) / max(count, 1)).astype(np.int64)
    for place, other in zip(places.tolist(), edit.draw.integers(len(edit.others), size=count).tolist(), strict=True):
        words[place] = apart(edit.others[other], words[place])
    return "".join(words)


def apart(word: str, instead_of: str) -> str:
    """The word, with the white space behind the one that it stands for; another where it is the same."""
    new = word.strip() if word.strip().lower() != instead_of.strip().lower() else word.strip() + "x"
    return new + instead_of[len(instead_of.rstrip()) :]


def deleted(edit: Edit) -> str:
    """One block less: b words take b + s - 1 shingles, and their seam brings s - 1."""
    count = round(edit.shingles - edit.size + 1 - edit.jaccard * (edit.shingles + edit.size - 1))
    count = min(max(count, 0), len(edit.words) - 1)
    start = int(edit.draw.integers(len(edit.words) - count + 1))
    return "".join([*edit.words[:start], *edit.words[start + count :]])


def appended(edit: Edit) -> str:
    """A block of another document behind it, as often as is needed."""
    block = np.resize(np.array(edit.others, object), edit.added).tolist()
    return "".join([*edit.words, "\n", *block])


def boilerplate(edit: Edit) -> str:
    """A site's menu above, its footer below. Each copy is on a site of its own: pairs with the same lines around
    them would be found, or not, together, and chance would allow more than it does of pairs apart."""
    lines = menu(f"Mill{int(edit.draw.integers(1 << 32)):08x}", edit.added)
    half = len(lines) // 2
    return "".join([*lines[:half], "\n", *edit.words, "\n", *lines[half:]])


def menu(site: str, words: int) -> list[str]:
    """So many words of the site's numbered entries, none of which comes twice."""
    entries = (f"{site} {at // len(SECTIONS) + 1}. {SECTIONS[at % len(SECTIONS)]}\n" for at in range(words))
    found: list[str] = []
    for entry in entries:
        if len(found) >= words:
            break
        found += words_of(entry)
    return found[:words]


def truncated(edit: Edit) -> str:
    """The beginning alone: J = m' / m."""
    return "".join(edit.words[: round(edit.jaccard * edit.shingles) + edit.size - 1])


def dressed(edit: Edit) -> str:
    """Other case and punctuation around words; the words stay, so to most schemes it is the same text."""
    styles = edit.draw.integers(6, size=len(edit.words)).tolist()
    return "".join(DRESSES[style](word) for style, word in zip(styles, edit.words, strict=True))


def wrapped(word: str, before: str, after: str) -> str:
    bare = word.rstrip()
    return before + bare + after + word[len(bare) :]


def upper(word: str) -> str:
    """In capitals where that can be taken back: ß is not SS."""
    return word.upper() if word.upper().lower() == word.lower() and len(word.upper()) == len(word) else word


DRESSES: Sequence[Callable[[str], str]] = (
    upper,
    lambda word: wrapped(word, '"', '"'),
    lambda word: wrapped(word, "", ","),
    lambda word: wrapped(word, "(", ")!"),
    str,
    str,
)
KINDS: Mapping[str, Callable[[Edit], str]] = {
    "words replaced": replaced,
    "block deleted": deleted,
    "block appended": appended,
    "header and footer": boilerplate,
    "truncated": truncated,
    "case and punctuation": dressed,
}
