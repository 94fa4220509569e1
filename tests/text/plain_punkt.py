"""Punkt's sentences in plain Python, over the strings of a model: the truth beside the kernels."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.text.punkt_tables import WORD_SYMBOLS

BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # \s of the `regex` package
BLANK, SOLID = f"[{BLANKS}]", f"[^{BLANKS}]"
NOT_INSIDE = r"""[)";}\]*:@'({\[‘’“”«»?!]"""
RUN = rf"(?:-{{2,}}|\.{{2,}}|(?:\.{BLANK}){{2,}}\.)"
BORDER = rf"(?:{BLANK}|$|{NOT_INSIDE}|{RUN})"
TOKEN = re.compile(rf"""{RUN}|(?=[^("`{{\[:;&#*@)}}\]\-,]){SOLID}+?(?={BORDER}|,{BORDER})|{SOLID}""")
END = re.compile(rf"[.?!](?=(?P<behind>{NOT_INSIDE}|{BLANK}+(?P<next>{SOLID}+)))")
CLOSERS = re.compile(rf"""["')\]}}‘’“”«»]+(?:{BLANK}+|(?=--)|$)""")
NUMBER = re.compile(r"-?[.,]?\d[\d,.-]*")
EVER_UPPER, INSIDE_UPPER, BEGIN_LOWER, EVER_LOWER = 14, 4, 16, 112


@dataclass(frozen=True)
class PlainPunkt:
    """A model's four lists."""

    abbreviations: frozenset[str] = frozenset()
    starters: frozenset[str] = frozenset()
    collocations: frozenset[tuple[str, str]] = frozenset()
    contexts: Mapping[str, int] = field(default_factory=dict)

    def sentences(self, text: str) -> list[str]:
        return [stripped for a, b in moved(text, list(self.slices(text))) if (stripped := text[a:b].strip())]

    def slices(self, text: str) -> Iterator[tuple[int, int]]:
        begin = 0
        for end, context in contexts(text):
            if self.holds_end(context):
                yield begin, end.end()
                begin = end.start("next") if end["next"] else end.end()
        yield begin, len(text.rstrip())

    def holds_end(self, context: str) -> bool:
        lines = [line for line in context.split("\n") if line.strip()]
        tokens = [token for line in lines for token in TOKEN.findall(line)]
        return any(self.ends(one, after) for one, after in pairwise(tokens))

    def ends_alone(self, token: str) -> bool:
        """Whether the token alone, whatever comes next, ends a sentence."""
        if token in (".", "?", "!"):
            return True
        word = token[:-1].lower()
        abbreviation = word in self.abbreviations or word.split("-")[-1] in self.abbreviations
        return token[-1] == "." and token[-2:] != ".." and not abbreviation

    def ends(self, token: str, after: str) -> bool:
        alone = self.ends_alone(token)
        if token[-1] != ".":
            return alone
        word = without_stop(kind(token))
        following = without_stop(kind(after)) if self.ends_alone(after) else kind(after)
        if (word, following) in self.collocations:
            return False
        initial, seen = len(token) == 2 and is_letter(token[0]), self.contexts.get(following, 0)
        begins = self.begins(after, seen)
        starts = after[0].isupper() and following in self.starters
        if not alone and not initial and (begins or starts):
            return True
        if (initial or word == "##number##") and begins is False:
            return False
        return alone and not (initial and begins is None and after[0].isupper() and not seen & EVER_LOWER)

    def begins(self, token: str, seen: int) -> bool | None:
        """Whether a sentence begins with the token, by its first letter's case; None for unsure."""
        if token in tuple(";:,.!?"):
            return False
        if token[0].isupper() and seen & EVER_LOWER and not seen & INSIDE_UPPER:
            return True
        return False if token[0].islower() and (seen & EVER_UPPER or not seen & BEGIN_LOWER) else None


def is_letter(character: str) -> bool:
    """[^\\W\\d] of the `regex` package."""
    kind = unicodedata.category(character)
    return kind[0] in "LM" or kind in ("Nl", "Pc") or any(a <= ord(character) <= b for a, b in WORD_SYMBOLS)


def kind(token: str) -> str:
    return "##number##" if NUMBER.fullmatch(token.lower()) else token.lower()


def without_stop(word: str) -> str:
    return word[:-1] if len(word) > 1 and word[-1] == "." else word


def contexts(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each end that may be one, with the word before it and what is behind; of one word's ends the last."""
    waiting, word = None, 0
    for end in END.finditer(text):
        since = waiting.start() if waiting else 0
        blank = max(text.rfind(blank, since + 1, end.start()) for blank in " \t\n\r\v\f")
        begin = word if blank < 0 else blank + 1
        if waiting and waiting.start() <= begin:
            yield waiting, text[word : waiting.end()] + waiting["behind"]
        waiting, word = end, begin
    if waiting:
        yield waiting, text[word : waiting.end()] + waiting["behind"]


def moved(text: str, slices: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Closing marks at a slice's front belong to the one before."""
    taken = 0
    for (begin, end), after in zip(slices, [*slices[1:], None], strict=True):
        begin += taken
        closing = CLOSERS.match(text[slice(*after)]) if after else None
        taken = closing.end() if closing else 0
        yield begin, after[0] + len(closing[0].rstrip()) if after and closing else end
