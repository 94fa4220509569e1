"""Small fastText models of every kind that the reader knows, trained in a second, and texts for them."""

import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fasttext

WORDS = {
    "en": "the mill stands by the river and the wheel turns with the water".split(),
    "de": "die Mühle steht am Fluß und das Rad dreht sich mit dem Wasser".split(),
    "ru": "мельница стоит у реки и колесо вертится вместе с водой".split(),
    "ja": "水車は 川の そばに 立って いて 水で 回る".split(),
    "emoji": "😀 😀😀 a😀b ß ßß é ñandú x".split(),
}
SUBWORDS: dict[str, Any] = {"dim": 10, "minn": 2, "maxn": 4, "bucket": 500, "wordNgrams": 1}
KINDS: dict[str, dict[str, Any]] = {
    "hs": {**SUBWORDS, "loss": "hs"},
    "softmax": {**SUBWORDS, "loss": "softmax", "dim": 20, "minn": 1, "maxn": 3},
    "words only": {**SUBWORDS, "loss": "softmax", "minn": 0, "maxn": 0, "bucket": 0},
    "hs, quantised": {**SUBWORDS, "loss": "hs", "quantised": {"qnorm": True, "cutoff": 300}},
    "softmax, quantised": {**SUBWORDS, "loss": "softmax", "quantised": {"dsub": 3}},
    "word pairs": {**SUBWORDS, "loss": "hs", "wordNgrams": 2},
    "one against all": {**SUBWORDS, "loss": "ova"},
}
KERNEL_KINDS = [kind for kind in KINDS if kind not in ("word pairs", "one against all")]


def texts(count: int) -> list[tuple[str, str]]:
    """A language each, and a few of its words in any order."""
    chance = random.Random(11)
    return [
        (language, " ".join(chance.choices(WORDS[language], k=chance.randint(1, 12))))
        for language in chance.choices(list(WORDS), weights=[9, 7, 5, 3, 1], k=count)
    ]


@cache
def model_bytes(kind: str) -> bytes:
    """The file of a model of this kind."""
    with TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.txt"
        rows.write_text("".join(f"__label__{language} {text}\n" for language, text in texts(600)), encoding="utf-8")
        asked = {**KINDS[kind]}
        quantised = asked.pop("quantised", None)
        model = fasttext.train_supervised(str(rows), epoch=3, lr=0.5, thread=1, verbose=0, **asked)
        if quantised is not None:
            model.quantize(str(rows), thread=1, **quantised)
        file = Path(folder) / "model"
        model.save_model(str(file))
        return file.read_bytes()


def write_model(folder: Path, kind: str) -> Path:
    path = folder / f"{kind.replace(' ', '_')}.bin"
    path.write_bytes(model_bytes(kind))
    return path


def library(path: Path) -> Any:
    model = fasttext.FastText._FastText()
    model.f.loadModel(str(path))
    return model
