"""A supervised fastText model, .bin or .ftz, as numpy arrays: read and checked without the library.

A file that this accepts can be given to the library too: what it takes on trust (sizes, places, types) is checked here.
Truth: FastText::loadModel, Dictionary::load and Args::load in facebookresearch/fastText, src/.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.fasttext_bytes import Floats, ModelBytes, ModelFileError, Places, read_entries, read_matrix
from classifiers.tokens import LABEL_PREFIX
from pipeline.text.hashing import hash_spans

__all__ = ["Arguments", "FastTextModel", "ModelFileError", "read_model"]

MAGIC = 793712314
VERSIONS = (11, 12)
SUPERVISED = 3
LOSSES = {1: "hs", 2: "ns", 3: "softmax", 4: "ova"}
MOST_CHARACTERS, MOST_WORDS, MOST_DIMENSIONS = 100, 100, 1 << 14  # of an n-gram, and of a row
MOST_BUCKETS = 1 << 28  # 2 million is usual
MOST_TOKENS = 10**15  # the library's "more than any count" when it builds the tree of labels
LABEL = LABEL_PREFIX.decode()


@dataclass(frozen=True)
class Arguments:
    """What of the training still matters: n-grams of `min_characters` to `max_characters` in `buckets`.

    `max_characters` 0: none. `word_ngrams` 1: words only. `loss`: hs, ns, softmax or ova.
    """

    dimensions: int
    word_ngrams: int
    loss: str
    buckets: int
    min_characters: int
    max_characters: int


@dataclass(frozen=True, eq=False)
class FastTextModel:
    """`rows` float32[words + kept buckets, dimensions]: word w's is rows[w], bucket b's rows[words + b].

    Where buckets were pruned (`kept` is not None), bucket kept[i], in rising order, has rows[words + i], others none.
    `word_keys`: the 64-bit hash of each word's bytes. `outputs` float32[labels or inner nodes, dimensions].
    `unusual`: what sets the file apart from all that training makes; the kernels do not take such a model.
    """

    path: Path
    arguments: Arguments
    word_keys: NDArray[np.uint64]
    labels: list[str]
    label_counts: Places
    kept: Places | None
    rows: Floats
    outputs: Floats
    unusual: str = ""


def read_model(path: Path) -> FastTextModel:
    """The model; ModelFileError, with file and byte, where anything in it does not fit."""
    file = ModelBytes.of(path)
    arguments = read_arguments(file)
    keys, labels, counts, pairs, unusual = read_dictionary(file, arguments)
    quantised = file.flag("whether rows are quantised")
    file.check(quantised or pairs is None, "buckets are pruned, and rows are not quantised")
    rows = read_matrix(file, quantised, "rows")
    outputs = read_matrix(file, file.flag("whether outputs are quantised") and quantised, "outputs")
    expected = (len(keys) + (arguments.buckets if pairs is None else len(pairs)), arguments.dimensions)
    file.check(rows.shape == expected, f"rows are {rows.shape}, not {expected}")
    expected = (len(labels), arguments.dimensions)
    file.check(outputs.shape == expected, f"outputs are {outputs.shape}, not {expected}")
    file.check(file.at == file.size, f"the model ends here, the file at {file.size:,}")
    kept = None
    if pairs is not None:
        by_bucket = np.argsort(pairs[:, 0])
        kept = pairs[by_bucket, 0]
        rows[len(keys) :] = rows[len(keys) + pairs[by_bucket, 1]]
    return FastTextModel(path, arguments, keys, labels, counts, kept, rows, outputs, unusual)


def read_arguments(file: ModelBytes) -> Arguments:
    """The first 64 bytes: magic number, version, twelve int32 and a double."""
    magic, version = file.array("<i4", 2, "magic number and version").tolist()
    file.check(magic == MAGIC and version in VERSIONS, f"not a fastText model (magic {magic}, version {version})")
    numbers = file.array("<i4", 12, "arguments").tolist()
    dimensions, _, _, _, _, word_ngrams, loss, kind, buckets, shortest, longest, _ = numbers
    file.array("<u8", 1, "sampling threshold")
    file.check(kind == SUPERVISED, f"not a supervised model (kind {kind})")
    file.check(loss in LOSSES, f"loss {loss} is none of {sorted(LOSSES)}")
    file.check(0 < dimensions <= MOST_DIMENSIONS, f"{dimensions:,} dimensions")
    file.check(word_ngrams <= MOST_WORDS, f"n-grams of {word_ngrams:,} words")
    file.check(longest <= MOST_CHARACTERS, f"n-grams of {longest:,} characters")
    if version == VERSIONS[0]:
        longest = 0  # the library's own correction: such models have none
    file.check((longest > 0 or word_ngrams > 1) <= buckets <= MOST_BUCKETS, f"{buckets:,} buckets for n-grams")
    return Arguments(dimensions, max(1, word_ngrams), LOSSES[loss], buckets, max(1, shortest), max(0, longest))


def read_dictionary(
    file: ModelBytes, arguments: Arguments
) -> tuple[NDArray[np.uint64], list[str], Places, Places | None, str]:
    """Word keys, labels and their counts, pairs (bucket, row) where buckets were pruned, and what is unusual."""
    size, words, count = file.array("<i4", 3, "sizes of the dictionary").tolist()
    file.number("<i8", "number of tokens")
    pruned = file.number("<i8", "number of buckets kept")
    file.check(
        words >= 0 and count > 0 and size == words + count, f"{size:,} entries: {words:,} words, {count:,} labels"
    )
    begins, ends = read_entries(file, size)
    kinds = file.data[ends + 9]
    file.check(bool((kinds[:words] == 0).all() and (kinds[words:] == 1).all()), "entries are not words, then labels")
    keys = hash_spans(file.data, begins[:words], ends[:words])
    file.check(len(np.unique(keys)) == words, "a word stands twice in the dictionary")
    labels = [label_of(file, begin, end) for begin, end in zip(begins[words:], ends[words:], strict=True)]
    counts = file.data[ends[words:, None] + np.arange(1, 9)].copy().view("<i8")[:, 0]
    file.check(bool((counts >= 0).all()) and sum(counts.tolist()) < MOST_TOKENS, "the counts of labels are no counts")
    unusual = unusual_names(file, begins[:words], labels)
    pairs = None if pruned < 0 else read_pruned(file, pruned, arguments.buckets)
    return keys, [label.removeprefix(LABEL) for label in labels], counts, pairs, unusual


def label_of(file: ModelBytes, begin: int, end: int) -> str:
    """The name of a label, with its prefix."""
    try:
        return file.data[begin:end].tobytes().decode()
    except UnicodeDecodeError as error:
        file.refuse(f"a label is not UTF-8: {error}")


def unusual_names(file: ModelBytes, begins: Places, labels: list[str]) -> str:
    """Why tokens cannot be told from labels by `__label__` alone; empty where they can."""
    if not all(label.startswith(LABEL) for label in labels):
        return f"a label that does not begin with {LABEL}"
    starts = file.data[begins[:, None] + np.arange(len(LABEL))]  # what is shorter has its NUL among these
    if (starts == np.frombuffer(LABEL_PREFIX, np.uint8)).all(axis=1).any():
        return f"a word that begins with {LABEL}"
    return ""


def read_pruned(file: ModelBytes, count: int, buckets: int) -> Places:
    """The buckets that are left and where each one's row is among those of buckets: int64[count, 2]."""
    pairs = file.array("<i4", 2 * count, "pruned buckets").reshape(-1, 2).astype(np.int64)
    inside = (pairs >= 0).all() and (pairs[:, 0] < buckets).all() and (pairs[:, 1] < count).all()
    file.check(bool(inside), f"a pruned bucket is not one of {buckets:,}, or its row not one of {count:,}")
    file.check(len(np.unique(pairs[:, 0])) == count, "a pruned bucket stands twice")
    return pairs
