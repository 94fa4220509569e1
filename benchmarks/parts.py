"""The parts of a first pass, each by itself on fresh documents."""

from collections.abc import Mapping, Sequence

from benchmarks.corpus import Corpus
from benchmarks.measure import Work
from classifiers import lid, model
from classifiers.quality import quality
from pipeline.dedup.minhash import preset, sign
from pipeline.documents import Documents
from pipeline.filters.language import language
from pipeline.registry import import_rules
from pipeline.tokens import counter

ENGLISH = ("gopher_quality", "gopher_repetition", "c4_quality", "fineweb_quality")
NOTES = {
    "rules": "Gopher's quality and repetition, C4, FineWeb; with tokenising, once",
    "repetition": "Gopher's n-grams of 2 to 10 words; words found before",
    "gopher_repetition": "the whole rule: lines, paragraphs, n-grams; words found before",
    "blocklist": "dirty words",
    "minhash": "14 x 8 over word 5-grams, with tokenising",
    "language": "lid.176 over the whole text",
    "classifier": "the sample model",
    "token_count": "Llama 3, exact",
}


def split_words(corpus: Corpus) -> int:
    """R, the measure of all others."""
    return sum(len(text.split()) for text in corpus.texts)


def judge_by(names: Sequence[str], documents: Documents) -> None:
    for name in names:
        import_rules()[name].judge(documents)


def parts(corpus: Corpus) -> Mapping[str, Work]:
    """Name -> what is measured; models are loaded before."""
    languages, classifier = lid.load(), model.load(model.SAMPLE)
    tokens, scheme = counter("llama3"), preset("fineweb")
    return {
        "tokenise": lambda: corpus.fresh().words,
        "rules": lambda: judge_by(ENGLISH, corpus.fresh()),
        "repetition": lambda: corpus.with_words().words.top_ngram_chars(2),  # which counts those of all orders
        "gopher_repetition": lambda: judge_by(["gopher_repetition"], corpus.with_words()),
        "pii": lambda: judge_by(["pii"], corpus.fresh()),
        "blocklist": lambda: judge_by(["dirty_words"], corpus.fresh()),
        "minhash": lambda: sign(corpus.fresh().text, scheme),
        "language": lambda: language(corpus.fresh(), model=languages),
        "classifier": lambda: quality(corpus.fresh(), model=classifier),
        "token_count": lambda: tokens(corpus.batch.column("text")),
    }
