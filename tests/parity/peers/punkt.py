"""Write goldens/punkt.json.gz: the sentences that NLTK's Punkt finds in made-up texts and in the sample's documents.

Runs in an environment of the peer's own:
    python tests/parity/peers/punkt.py sample.jsonl tests/parity/goldens/punkt.json.gz [MODEL]
MODEL is a folder as NLTK's `punkt_tab/english` is; without one it is tests/parity/punkt/english, which NLTK's trainer
learned from the sample:
    python tests/parity/peers/punkt.py --train sample.jsonl tests/parity/punkt/english
"""

import gzip
import hashlib
import importlib.metadata
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nltk.tabdata import PunktDecoder, TabEncoder
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer, PunktTrainer

MODEL = Path(__file__).parents[1] / "punkt" / "english"
TRAINING_CHARS = 3_000_000
RARE = 12  # words seen no more often are not kept: a small file is wanted
DIGEST = 16  # hexadecimal digits
COUNT, SEED = 3000, 1
PLAIN = tuple("the mill River I He Rust word well-known foo_bar a/b C++ O'Neil 漢字 ΟΔΟΣ".split())
NUMBERS = tuple("3 4. 1,000 3.14 -5. .5 1990s ٣. 5.5. 2-3. $5.".split())
INITIALS = tuple("J. k. Ω. ǅ. _. 漢. İ. e\u0301. Ⓐ. ². U.S. e.g. i.e P.S. a.m. İ.x.".split())
ENDS = (*'. ! ? ... .. ?! !!! .) ." ?” .’ .-- .]} ?. .,'.split(), ". . .", ". .", ".\u00a0.\u2003.")
MARKS = (*"\"'()[]{}‘’“”«»,;:-*#@&`…—–/", "--", "---", ",,", "),", "')", '")')
BLANKS = (*" " * 12, "\n", "\n\n", "\t", "\r\n", "\u00a0", "\u2028", "\x85", "\x0b", "\x1c", "\x1f", "\u3000", "  ")


def model_of(folder: Path) -> PunktParameters:
    decoder, found = PunktDecoder(), PunktParameters()
    with (folder / "abbrev_types.txt").open(encoding="utf-8") as lines:
        found.abbrev_types = decoder.txt2set(lines)
    with (folder / "sent_starters.txt").open(encoding="utf-8") as lines:
        found.sent_starters = decoder.txt2set(lines)
    with (folder / "collocations.tab").open(encoding="utf-8") as lines:
        found.collocations = set(decoder.tab2tups(lines))
    with (folder / "ortho_context.tab").open(encoding="utf-8") as lines:
        found.ortho_context = decoder.tab2intdict(lines)
    return found


def kinds_of_pieces(model: PunktParameters) -> list[tuple[int, Sequence[str]]]:
    """How often each kind of piece stands in a text."""
    words = sorted(model.ortho_context)
    abbreviations = [f"{word}." for word in sorted(model.abbrev_types)]
    pairs = [f"{first}. {second}" for first, second in sorted(model.collocations)]
    starters = [f" {word.capitalize()}" for word in sorted(model.sent_starters)]
    cased = [change(word) for word in abbreviations + words for change in (str.upper, str.capitalize)]
    named = [pair.replace("##number##", "7") for pair in pairs]
    return [
        (10, PLAIN), (10, words), (10, cased), (8, abbreviations), (5, named), (4, [pair.title() for pair in named]),
        (4, starters), (5, NUMBERS), (5, INITIALS), (14, ENDS), (7, MARKS), (34, BLANKS),
    ]  # fmt: skip


def made_up(model: PunktParameters) -> Iterator[str]:
    chance, pieces = random.Random(SEED), kinds_of_pieces(model)
    for _ in range(COUNT):
        kinds = chance.choices([kind for _, kind in pieces], [often for often, _ in pieces], k=chance.randrange(1, 22))
        yield "".join(map(chance.choice, kinds))


def sentences(text: str, model: PunktSentenceTokenizer) -> list[str]:
    """Without the blanks around them, which Punkt leaves in front of the first."""
    found = (text[start:stop].strip() for start, stop in model.span_tokenize(text))
    return [sentence for sentence in found if sentence]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def english(path: str) -> Iterator[str]:
    """The distinct texts of the sample's English documents."""
    with Path(path).open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    yield from dict.fromkeys(row["text"] for row in rows if row["language"] == "en")


def train(source: str, target: str) -> None:
    """A small model, in the format of punkt_tab, in the order of its words."""
    texts, chars = [], 0
    for text in english(source):
        texts.append(text)
        chars += len(text)
        if chars > TRAINING_CHARS:
            break
    trainer = PunktTrainer()
    trainer.INCLUDE_ALL_COLLOCS = True
    trainer.train("\n\n".join(texts), finalize=False)
    trainer.freq_threshold(ortho_thresh=RARE)
    trainer.finalize_training()
    model, encoder, folder = trainer.get_params(), TabEncoder(), Path(target)
    contents: dict[str, Iterable[str]] = {
        "abbrev_types.txt": sorted(model.abbrev_types),
        "sent_starters.txt": sorted(model.sent_starters),
        "collocations.tab": map(encoder.tup2tab, sorted(model.collocations)),
        "ortho_context.tab": (f"{word}\t{bits}" for word, bits in sorted(model.ortho_context.items())),
    }
    for name, lines in contents.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")


def main(source: str, target: str, folder: str = str(MODEL)) -> None:
    parameters = model_of(Path(folder))
    model = PunktSentenceTokenizer(parameters)
    documents = {}
    for text in english(source):
        found = sentences(text, model)
        documents[digest(text)] = [len(found), digest("\0".join(found))[:8]]
    content = {
        "versions": {"nltk": importlib.metadata.version("nltk")},
        "texts": {text: sentences(text, model) for text in made_up(parameters)},
        "documents": dict(sorted(documents.items())),
    }
    Path(target).write_bytes(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), mtime=0))
    print(f"{len(documents)} documents", file=sys.stderr)


if __name__ == "__main__":
    if sys.argv[1] == "--train":
        train(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
