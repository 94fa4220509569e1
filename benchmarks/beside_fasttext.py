"""The fastText library's predict beside the kernels', on the same documents, in the same process."""

from collections.abc import Mapping
from functools import partial

from benchmarks.beside import Peer
from benchmarks.corpus import Corpus
from benchmarks.measure import best_seconds
from classifiers import lid
from classifiers.fasttext_file import read_model
from pipeline.text.layer import Text

BYTES = 4_000_000  # of documents: the library takes 0.4 seconds for them
CHARACTERS = {"language": None, "language_2000": 2000}  # that are read, by the row's name


def cut(corpus: Corpus, characters: int | None) -> Text:
    return Text.from_strings([text[:characters] for text in corpus.texts])


def beside_fasttext(corpus: Corpus) -> Mapping[str, Peer]:
    """Row -> the library and our ratio to it: the prediction alone, of texts that are cut already."""
    some = corpus.every(max(1, round(corpus.megabytes * 1e6 / BYTES)))
    ours = lid.load()
    library = lid.Library(read_model(ours.path))
    found = {}
    for row, characters in CHARACTERS.items():
        text = cut(some, characters)
        seconds = best_seconds({"ours": partial(ours.predict, text), "library": partial(library.best, text)})
        found[row] = Peer("fasttext, predict", seconds["library"] / seconds["ours"])
    return found
