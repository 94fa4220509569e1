"""Write goldens of C4's own code: what tensorflow-datasets' clean_page leaves of each document, and if it is English.

Runs in an environment of the peer's own:
    PEER/bin/pip install -r tests/parity/peers/c4_original.txt
    PEER/bin/python tests/parity/peers/c4_original.py documents.jsonl BADWORDS goldens/c4_original.json.gz [PUNKT]
BADWORDS is LDNOOBW's `en` of commit 25e679f. Sentences are spaCy's, as datatrove counts them, or nltk's by the model in
PUNKT, a folder as `punkt_tab/english` is; C4 used nltk's own English model.
"""

import gzip
import hashlib
import importlib.metadata
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import langdetect
import punkt
import spacy

DIGEST = 16  # hexadecimal digits
Splitter = Callable[[str], list[str]]


def c4_utils(split: Splitter) -> ModuleType:
    """tensorflow_datasets/text/c4_utils.py alone: its two imports of TensorFlow give it as_text and lazy imports."""
    compat = ModuleType("tensorflow.compat.v2")
    compat.compat = SimpleNamespace(as_text=lambda text: text)
    api = ModuleType("tensorflow_datasets.public_api")
    api.core = SimpleNamespace(lazy_imports=SimpleNamespace(langdetect=langdetect))
    parents = ("tensorflow", "tensorflow.compat", "tensorflow_datasets", "absl")
    sys.modules.update({name: ModuleType(name) for name in parents})
    sys.modules["absl"].logging = SimpleNamespace(info=print)
    sys.modules["tensorflow.compat"].v2 = compat
    sys.modules["tensorflow_datasets"].public_api = api
    sys.modules |= {"tensorflow.compat.v2": compat, "tensorflow_datasets.public_api": api}
    files = importlib.metadata.files("tensorflow-datasets") or []
    (file,) = (file for file in files if str(file).endswith("text/c4_utils.py"))
    described = importlib.util.spec_from_file_location("c4_utils", str(file.locate()))
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    module.get_counter_inc_fn = lambda _: lambda *_: None
    module._get_sentences = split
    return module


def splitter(name: str) -> Splitter:
    if name != "spacy":
        return punkt.PunktSentenceTokenizer(punkt.model_of(Path(name))).tokenize
    english = spacy.blank("en")
    english.add_pipe("sentencizer")
    return lambda text: [sentence.text for sentence in english(text).sents]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def judge(text: str, c4: ModuleType, clean: Callable[..., Iterator[Any]]) -> dict[str, Any]:
    """The digest of what is left of a text of valid length, null for none; whether what is left is English."""
    page = ("", {"text": text})
    pages = list(clean(page)) if c4.is_valid_length(page) else []
    english = bool(pages) and c4.is_language(pages[0], "en")
    return {"text": digest(pages[0][1]["text"]) if pages else None, "english": english}


def texts(path: str) -> Iterator[str]:
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def main(source: str, badwords: str, target: str, sentences: str = "spacy") -> None:
    c4 = c4_utils(splitter(sentences))
    clean = c4.get_clean_page_fn(Path(badwords).read_text(encoding="utf-8").splitlines())
    goldens = {digest(text): judge(text, c4, clean) for text in texts(source)}
    versions = {name: importlib.metadata.version(name) for name in ("tensorflow-datasets", "spacy", "langdetect")}
    content = json.dumps({"versions": versions, "documents": dict(sorted(goldens.items()))}, separators=(",", ":"))
    Path(target).write_bytes(gzip.compress(content.encode(), mtime=0))
    print(f"{len(goldens)} documents", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
