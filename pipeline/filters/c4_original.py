"""C4's rules as its own code has them, and as its paper words them; datatrove's are in c4.py.

The code: tensorflow_datasets/text/c4_utils.py of 3.2.1, clean_page and is_valid_length, the one that C4 was made with.
"""

from pipeline.documents import Documents
from pipeline.filters.c4 import NO_LIMIT, judged
from pipeline.filters.c4_lines import Checks
from pipeline.rules import Verdict, rule
from pipeline.text.punkt import Punkt
from pipeline.text.word_kinds import SentenceKind


@rule(
    "c4_quality",
    variant="original",
    cites="Raffel et al. 2020, section 2.2; formulas of tensorflow-datasets 3.2.1",
    resources={"punkt": "punkt"},
)
def c4_original(
    docs: Documents,
    *,
    min_sentences: int | None = 3,
    min_words_per_line: int = 5,
    max_word_length: int | None = 1000,
    max_chars: int | None = 190_000,
    sentences: SentenceKind = "spacy",
    punkt: Punkt | None = None,
) -> Verdict:
    """Keep lines of five words that end in . ? ! or a quotation mark; drop pages of fewer than three sentences.

    Words are counted without citations. The code asks punkt for the sentences of each line, with NLTK's English model:
    `sentences: punkt, punkt: FOLDER` does where you have that. Its bad words are a rule of their own,
    `dirty_words: {as: c4}`, to stand below this one.
    """
    longest = NO_LIMIT if max_word_length is None else max_word_length
    checks = every_check(longest, min_words_per_line)
    chars = docs.text.chars.named("chars")
    return judged(docs, checks, min_sentences, sentences, punkt, too_many_chars=(chars, "<=", max_chars))


@rule("c4_quality", variant="paper", cites="Raffel et al. 2020, section 2.2", resources={"punkt": "punkt"})
def c4_paper(
    docs: Documents,
    *,
    min_sentences: int | None = 5,
    min_words_per_line: int = 3,
    sentences: SentenceKind = "spacy",
    punkt: Punkt | None = None,
) -> Verdict:
    """Lines of three words, pages of five sentences: what the paper says, and no limit that it does not name."""
    return judged(docs, every_check(NO_LIMIT, min_words_per_line), min_sentences, sentences, punkt)


def every_check(max_word_length: int, min_words: int) -> Checks:
    """All of C4's own: an apostrophe ends no line, and words are what is left when the citations are gone."""
    return Checks(
        max_word_length, terminal_punctuation=True, min_words=min_words, citations=True, lorem_ipsum=True,
        javascript=True, curly_bracket=True, policy=True, words_after_citations=True, apostrophe=False,
    )  # fmt: skip
