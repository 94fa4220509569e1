"""The plain-Python truth of pipeline/text/sentences: spaCy's tokeniser and sentencizer, re-typed with `re`."""

import re
import unicodedata
from collections.abc import Iterator

from pipeline.text.spacy_english import sections


def characters(*names: str) -> str:
    """The inside of a regular expression's class for these classes of the data file."""
    spans = [span.partition("-") for name in names for span in sections()[name]]
    return "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in spans)


LETTER, LOWER, UPPER = characters("alpha"), characters("lower"), characters("upper")
QUOTE, SENTENCE_END = characters("quote"), re.compile(f"[{characters('sentence_end')}]")
OPENER = re.compile(rf"\.\.+|\+(?![0-9])|US\$|[AC]\$|[{characters('opener')}]")
CLOSER = re.compile(
    rf"(?:\.\.+|……|['’][sS]|(?<=[0-9])[gmt]|[{characters('closer')}]"
    rf"|(?<=[{characters('before_stop')}])\.|(?<=[{UPPER}][{UPPER}])\.|(?<=°[FfCcKk])\.)$"
)
INFIX = re.compile(
    rf"\.\.+|…|[{characters('icon')}]|(?<=[0-9])[+\-*^](?=[0-9-])|(?<=[{LOWER}{QUOTE}])\.(?=[{UPPER}{QUOTE}])"
    rf"|(?<=[{LETTER}]),(?=[{LETTER}])|(?<=[{LETTER}0-9])(?:-|–|—|--|---|——|~)(?=[{LETTER}])"
    rf"|(?<=[{LETTER}0-9])[:<>=/](?=[{LETTER}])"
)
HOST = "A-Za-z0-9\u00a1-\uffff"
ADDRESS = re.compile(
    rf"^(?:(?:[\w+\-.]{{2,}})://)?(?:\S+(?::\S*)?@)?(?:(?:[{HOST}][{HOST}_-]{{0,62}})?[{HOST}]\.)+"
    rf"(?:[{LOWER}]{{2,63}})(?::\d{{2,5}})?(?:[/?#]\S*)?$"
)
WORDS = sections()["abbreviations"]
TOKENS = {word.replace("|", "").replace("+", ""): word.replace("+", "").split("|") for word in WORDS}
TOKENS |= {word: [word[0], word[1], word[2]] for word in TOKENS if word[0] == "°"}
CUT = {tuple(word.split("+")): "".join(word.split("+")) for word in WORDS if "+" in word}


def width(match: re.Match[str] | None) -> int:
    return match.end() - match.start() if match else 0


def affixes(word: str) -> tuple[list[str], str, list[str]]:
    openers: list[str] = []
    closers: list[str] = []
    while word and word not in TOKENS:
        opener = width(OPENER.match(word))
        if word[opener:] in TOKENS and opener:
            return [*openers, word[:opener]], word[opener:], closers
        closer = width(CLOSER.search(word[opener:]))
        rest = word[: len(word) - closer]
        if closer and rest in TOKENS:
            return openers, rest, [word[len(rest) :], *closers]
        if opener == closer == 0:
            break
        openers += [word[:opener]] if opener else []
        closers[:0] = [word[len(rest) :]] if closer else []
        word = rest[opener:]
    return openers, word, closers


def middle(word: str) -> Iterator[str]:
    if word in TOKENS:
        yield from TOKENS[word]
    elif word:
        infixes = [match.span() for match in INFIX.finditer(word) if match.start() > 0]
        if ADDRESS.match(word):
            infixes = []
        at = 0
        for start, stop in infixes:
            yield from (piece for piece in (word[at:start], word[start:stop]) if piece)
            at = stop
        if word[at:]:
            yield word[at:]


def rejoined(pieces: list[str]) -> Iterator[str]:
    """Exceptions that were taken apart: the longest first, then the first; what overlaps one stays as it is."""
    found = [
        (first, first + size)
        for size in range(5, 1, -1)
        for first in range(len(pieces) - size + 1)
        if tuple(pieces[first : first + size]) in CUT
    ]
    seen: set[int] = set()
    joined = {}
    for first, last in found:
        if first not in seen and last - 1 not in seen:
            joined[first] = last
        seen.update(range(first, last))
    at = 0
    while at < len(pieces):
        stop = joined.get(at, at + 1)
        whole = "".join(pieces[at:stop])
        yield from TOKENS[whole] if at in joined else [whole]
        at = stop


def tokens(line: str) -> Iterator[str]:
    """The tokens of a line; white space is one unless it is a single blank behind a word."""
    for match in re.finditer(r"\S+|\s+", line):
        word = match.group()
        if not word.isspace():
            openers, inner, closers = affixes(word)
            yield from rejoined([*openers, *middle(inner), *closers])
        elif word != " ":
            yield word


def plain_count(line: str) -> int:
    """How many sentences spaCy's sentencizer finds; one for an empty line, as in datatrove."""
    sentences, ended = 1, False
    for token in tokens(line):
        if len(token) == 1 and SENTENCE_END.match(token):
            ended = True
        elif ended and not all(unicodedata.category(character)[0] == "P" for character in token):
            sentences, ended = sentences + 1, False
    return sentences
