"""Write goldens/sentence_dedup.json.gz: what datatrove's sentence deduplication leaves of made-up documents.

Runs in an environment of the peer's own (its requirements: sentence_dedup.txt):
    python tests/parity/peers/sentence_dedup.py - tests/parity/goldens/sentence_dedup.json.gz
datatrove keeps a span where it meets it first, in the order of the documents; the golden names that order.
"""

import gzip
import importlib.metadata
import json
import random
import sys
import tempfile
from pathlib import Path

from datatrove.data import Document
from datatrove.pipeline.dedup import SentenceDedupFilter, SentenceDedupSignature, SentenceFindDedups
from datatrove.pipeline.dedup.sentence_dedup import SentDedupConfig
from datatrove.utils.hashing import HashConfig

COUNT, SEED = 240, 5
SUBJECTS = ("The mill", "A  miller", "Dr. Roe", "Nobody", "Élise", "the river", "“He", "It")
VERBS = ("sold 3 sacks", "sold 12 sacks", "slept", "ran 1,5 km", "said: no", "saw U.S. ships", "went (home)")
ENDS = (". ", "! ", "?\n", ".\n\n", "... ", ".” ", ". \t")


def documents() -> list[tuple[str, str]]:
    """Sentences of a small world, so that spans of three come back, some in other dress: numbers, case, accents."""
    chance = random.Random(SEED)
    made, passages = [], []
    for number in range(COUNT):
        text = chance.choice(("", "", "\n", "  ")) if number % 7 == 0 else ""
        for _ in range(chance.randint(0, 9)):
            sentence = f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)}{chance.choice(ENDS)}"
            text += chance.choice((sentence, sentence, sentence.upper(), sentence.replace("É", "E\u0301")))
        if passages and chance.random() < 0.5:
            text += chance.choice(passages)
        passages.append(text)
        made.append((f"d{number}", text + chance.choice(("", "", "The end.", "\n"))))
    return made


def left(made: list[tuple[str, str]]) -> dict[str, str]:
    """Id -> what datatrove leaves; a document that it drops for being empty has nothing left."""
    config = SentDedupConfig(min_doc_words=-1, min_num_sentences=-1, hash_config=HashConfig(hash_fc="sha1"))

    def data():
        return (Document(text=text, id=name) for name, text in made)

    with tempfile.TemporaryDirectory() as folder:
        SentenceDedupSignature(f"{folder}/signatures", config=config)(data(), 0, 1)
        SentenceFindDedups(f"{folder}/signatures", f"{folder}/duplicates", config=config)(None, 0, 1)
        kept = SentenceDedupFilter(f"{folder}/duplicates", config=config)(data(), 0, 1)
        found = {document.id: document.text for document in kept}
    return {name: found.get(name, "") for name, _ in made}


if __name__ == "__main__":
    made = documents()
    versions = {name: importlib.metadata.version(name) for name in ("datatrove", "spacy")}
    golden = {"versions": versions, "documents": made, "left": left(made)}
    Path(sys.argv[2]).write_bytes(gzip.compress(json.dumps(golden, ensure_ascii=False).encode(), mtime=0))
