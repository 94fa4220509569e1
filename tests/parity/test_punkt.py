"""Sentences by a Punkt model are NLTK's own, of every English document of the sample: peers/punkt.py."""

import gzip
import hashlib
import json
from pathlib import Path

from pipeline.calibrate.punkt_model import load
from pipeline.text.layer import Text
from tests.parity.corpora import english_texts
from tests.text.reading import pieces

HERE = Path(__file__).parent
GOLDENS, FOLDER = HERE / "goldens" / "punkt.json.gz", HERE / "punkt" / "english"
DIGEST, SHORT = 16, 8  # hexadecimal digits


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def test_every_sentence_of_the_sample_is_nltks() -> None:
    """A document without a golden fails too: remake them as peers/punkt.py says."""
    goldens = json.loads(gzip.decompress(GOLDENS.read_bytes()))
    texts = english_texts()
    text = Text.from_strings(texts)
    found = pieces(text, text.sentences_by("punkt", load(str(FOLDER))))
    ours = {
        digest(one): (len(sentences), digest("\0".join(sentences))[:SHORT])
        for one, sentences in zip(texts, found, strict=True)
    }
    assert goldens["versions"]["nltk"] == "3.10.4"
    assert sum(count for count, _ in ours.values()) > 50_000
    assert ours == {key: tuple(goldens["documents"].get(key, ())) for key in ours}
