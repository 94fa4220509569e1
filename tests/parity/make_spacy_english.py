"""Write pipeline/text/data/spacy_english.txt: what spaCy's English tokeniser and sentencizer know, as ranges and words.

Run in an environment of the peer's own (python 3.11; pip install spacy==3.8.18), from the project's folder:
    python tests/parity/make_spacy_english.py > pipeline/text/data/spacy_english.txt
"""

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterator

import spacy
from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER, CONCAT_QUOTES, ICONS, PUNCT
from spacy.lang.en import English
from spacy.pipeline import Sentencizer
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer

HEADER = """\
What spaCy {version}'s English tokeniser and sentencizer know. Made by tests/parity/make_spacy_english.py.
Classes are code point ranges, FIRST or FIRST-LAST in hexadecimal (Unicode {unicode}). abbreviations are the tokeniser's
exceptions that can move a sentence end: a + stands where it would cut one that were no exception ("Mr." is one token,
"Mr" and "." are joined again), a | where an exception falls into two tokens ("Wed" is "we would").

Data from spaCy, (c) 2016-2024 ExplosionAI GmbH, 2016 spaCy GmbH, 2015 Matthew Honnibal; MIT licence:
"""

LICENCE = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice
and this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS
PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


def scalars() -> Iterator[str]:
    return (chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000)


def ranges(belongs: Callable[[str], object]) -> str:
    """The code points that belong, as hexadecimal ranges."""
    found: list[list[int]] = []
    for character in scalars():
        if belongs(character):
            if found and found[-1][1] == ord(character) - 1:
                found[-1][1] = ord(character)
            else:
                found.append([ord(character)] * 2)
    return " ".join(f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in found)


def one_of(characters: str) -> Callable[[str], object]:
    return re.compile(f"[{characters}]").match


def classes(tokenizer: Tokenizer) -> dict[str, Callable[[str], object]]:
    return {
        "sentence_end": set(Sentencizer.default_punct_chars).__contains__,
        "punctuation": lambda character: unicodedata.category(character)[0] == "P",
        "opener": lambda character: character != "+" and tokenizer.prefix_search(character),
        "closer": tokenizer.suffix_search,
        # the class in spaCy's own suffix rule for a full stop, its (?: ) taken literally as there
        "before_stop": one_of(f"0-9{ALPHA_LOWER}%²\\-\\+{PUNCT}(?:{CONCAT_QUOTES})"),
        "lower": one_of(ALPHA_LOWER),
        "upper": one_of(ALPHA_UPPER),
        "alpha": one_of(ALPHA),
        "quote": one_of(CONCAT_QUOTES),
        "icon": one_of(ICONS),
        "digit": re.compile(r"\d").match,
    }


def section(name: str, words: str) -> str:
    return f"[{name}]\n" + textwrap.fill(words, 118, break_long_words=False, break_on_hyphens=False)


def without_exceptions(tokenizer: Tokenizer) -> Tokenizer:
    return Tokenizer(
        tokenizer.vocab,
        rules={},
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        url_match=tokenizer.url_match,
    )


def abbreviations(tokenizer: Tokenizer) -> list[str]:
    """Each exception that can move a sentence end: one holds it, or shares a piece with one that does."""
    plain = without_exceptions(tokenizer)
    pieces = {text: [token.text for token in plain(text)] for text in tokenizer.rules}
    tokens = {text: [token[ORTH] for token in rule] for text, rule in tokenizer.rules.items()}
    ending = [text for text in pieces if any(character in Sentencizer.default_punct_chars for character in text)]
    stems = {pieces[text][0] for text in ending if len(pieces[text]) > 1}
    tails = {pieces[text][-1] for text in ending if len(pieces[text]) > 1}
    split = [text for text in pieces if text not in ending and len(tokens[text]) > 1 and tokens[text][-1] in stems]
    cut = [text for text in pieces if text not in ending and len(pieces[text]) > 1]
    overlapping = [text for text in cut if pieces[text][-1] in stems or pieces[text][0] in tails]
    assert not set(split) & set(overlapping)
    joined = ["+".join(pieces[text]) for text in sorted({*ending, *overlapping})]
    return joined + ["|".join(tokens[text]) for text in sorted(split)]


def main() -> None:
    tokenizer = English().tokenizer
    header = HEADER.format(version=spacy.__version__, unicode=unicodedata.unidata_version)
    print(textwrap.indent(header + LICENCE, "# ", lambda _: True))
    for name, belongs in classes(tokenizer).items():
        print(section(name, ranges(belongs)))
    print(section("abbreviations", " ".join(abbreviations(tokenizer))))


if __name__ == "__main__":
    main()
