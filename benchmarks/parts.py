"""The parts of a first pass, each by itself on fresh documents."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from benchmarks.corpus import Corpus
from benchmarks.measure import Work
from classifiers import lid, model
from classifiers.quality import quality
from pipeline.asked_lines import asked_lines
from pipeline.dedup.lines import counted
from pipeline.dedup.lines_counts import Counted
from pipeline.dedup.minhash import preset, sign
from pipeline.documents import Documents
from pipeline.filters.language import language
from pipeline.lines_config import Lines
from pipeline.registry import import_rules
from pipeline.step_config import StepConfig
from pipeline.steps import Step, load_step
from pipeline.tokens import counter

ENGLISH = ("gopher_quality", "gopher_repetition", "c4_quality", "fineweb_quality", "refinedweb_lines")
IN_ROWS_OF_THEIR_OWN = ("pii", "dirty_words", "language", "quality")  # `blocklist` and `classifier` among them
NOTES = {
    "rules": "Gopher's quality and repetition, C4, FineWeb, RefinedWeb's lines; with tokenising, once",
    "repetition": "Gopher's n-grams of 2 to 10 words; words found before",
    "blocklist": "dirty words",
    "minhash": "14 x 8 over word 5-grams, with tokenising",
    "lines": "Llama 3's: found, in cc_net's form, hashed, counted; what goes is cut once all are counted",
    "language": "lid.176 over the whole text, words of earlier rounds known; and the script",
    "language_2000": "lid.176 over the first 2,000 characters; and the script of the whole text",
    "classifier": "the sample model",
    "token_count": "Llama 3, exact",
}


def split_words(corpus: Corpus) -> int:
    """R, the measure of all others."""
    return sum(len(text.split()) for text in corpus.texts)


def judge_by(names: Sequence[str], documents: Documents) -> None:
    for name in names:
        import_rules()[name].judge(documents)


def count_lines(documents: Documents) -> Counted:
    """What a unit says of its lines to all others."""
    asked = asked_lines(documents, np.ones(len(documents), np.bool_), Lines(), documents.column("language"), {})
    return counted(asked.found, asked.group, asked.ties)


def each_rule(corpus: Corpus) -> Mapping[str, Work]:
    """Every registered rule and variant that needs no file of the user's, by itself, with the words that it finds.

    Rules of code and of other languages are measured on the same English documents as all others.
    """
    keys = [key for key, rule in import_rules().items() if not rule.needs and key not in IN_ROWS_OF_THEIR_OWN]
    steps = [load_step(StepConfig(key, rule=key.partition("@")[0], variant=key.partition("@")[2])) for key in keys]
    return {step.name: partial(judge_with, step, corpus) for step in steps}


def judge_with(step: Step, corpus: Corpus) -> None:
    step.judge(corpus.fresh())


def parts(corpus: Corpus) -> Mapping[str, Work]:
    """Name -> what is measured; models are loaded before."""
    languages, classifier = lid.load(), model.load(model.SAMPLE)
    tokens, scheme = counter("llama3"), preset("fineweb")
    return {
        "tokenise": lambda: corpus.fresh().words,
        "rules": lambda: judge_by(ENGLISH, corpus.fresh()),
        "repetition": lambda: corpus.with_words().words.top_ngram_chars(2),  # which counts those of all orders
        "pii": lambda: judge_by(["pii"], corpus.fresh()),
        "blocklist": lambda: judge_by(["dirty_words"], corpus.fresh()),
        "minhash": lambda: sign(corpus.fresh().text, scheme),
        "lines": lambda: count_lines(corpus.fresh()),
        "language": lambda: language(corpus.fresh(), model=languages),
        "language_2000": lambda: language(corpus.fresh(), model=languages, max_characters=2000),
        "classifier": lambda: quality(corpus.fresh(), model=classifier),
        "token_count": lambda: tokens(corpus.batch.column("text")),
    }
