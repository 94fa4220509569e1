"""MinHash signatures: the schemes, the shingles of a text, and datasketch's permutations over their hashes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numba import uint32, uint64
from numpy.typing import NDArray

from pipeline.dedup.characters import AS_IT_IS, CHARACTER_HASH, character_shingles
from pipeline.dedup.folding import NORMALISATION, folded_words
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.room import room

EMPTY = np.uint32(0xFFFFFFFF)  # datasketch's value of a set without elements
HALF = 1 << 31
SHINGLE_HASH = (
    "the words' 64-bit hashes as the digits of a number in base 0x9E3779B97F4A7C15, mixed, its upper 32 bits;"
    " a text of fewer words than a shingle is one shingle"
)


STEPS = 1000  # of the integral over a Jaccard of 0 to 1


@dataclass(frozen=True)
class Scheme:
    """All that decides a signature and its bands. Signatures of two schemes cannot be compared."""

    preset: str
    bands: int
    rows: int
    shingle_words: int = 0
    shingle_characters: int = 0  # of the text as it stands, instead of words
    seed: int = 1  # datasketch's default, and datatrove's
    normalisation: str = NORMALISATION
    shingle_hash: str = SHINGLE_HASH
    permutations: str = "datasketch affine32"

    @property
    def hashes(self) -> int:
        return self.bands * self.rows

    def describe(self) -> dict[str, Any]:
        """The scheme as plan.json holds it."""
        return asdict(self)


PRESETS = {
    "fineweb": Scheme("fineweb", bands=14, rows=8, shingle_words=5),  # Penedo et al. 2024, section 3.4
    "refinedweb": Scheme("refinedweb", bands=450, rows=20, shingle_words=5),  # Penedo et al. 2023, appendix G.3.1
    "dclm": Scheme("dclm", bands=93, rows=15, shingle_words=5),  # Li et al. 2024, appendix L
    # NeMo Curator's FuzzyDeduplicationWorkflow: num_bands, minhashes_per_band, char_ngrams
    "nemo": Scheme("nemo", 20, 13, shingle_characters=24, normalisation=AS_IT_IS, shingle_hash=CHARACTER_HASH),
}


def preset(name: str, seed: int = 1) -> Scheme:
    """The published scheme of this name, with permutations from `seed`."""
    if name not in PRESETS:
        raise ValueError(f"no MinHash preset is called {name} ({', '.join(PRESETS)})")
    return Scheme(**{**PRESETS[name].describe(), "seed": seed})


def for_jaccard(jaccard: float, hashes: int) -> Scheme:
    """Bands and rows of at most `hashes` hashes, with which least is found below and missed above this Jaccard.

    The two errors are areas under and over the S-curve, of equal weight (datasketch's MinHashLSH, _optimal_param).
    """
    shapes = [(bands, rows) for bands in range(1, hashes + 1) for rows in range(1, hashes // bands + 1)]
    at = (np.arange(STEPS) + 0.5) / STEPS
    curves = ((1 - (1 - at**rows) ** bands, bands, rows) for bands, rows in shapes)
    wrong = [(float(np.where(at < jaccard, curve, 1 - curve).sum()), bands, rows) for curve, bands, rows in curves]
    _, bands, rows = min(wrong)
    return Scheme(f"jaccard {jaccard:g}", bands, rows, shingle_words=5)


def refuse_other(described: Mapping[str, Any], scheme: Scheme) -> None:
    """Raise unless signatures described so (in a plan or an index) are of this scheme."""
    ours = scheme.describe()
    differing = [key for key in sorted({*described, *ours}) if described.get(key) != ours.get(key)]
    if differing:
        sides = ", ".join(f"{key}: {described.get(key)!r} there, {ours.get(key)!r} here" for key in differing)
        raise ValueError(f"these MinHash signatures are of another kind ({sides})")


def permutations(scheme: Scheme) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Factors and summands as datasketch 2.0 draws them for its default scheme, affine32, by numpy's old generator."""
    draw = np.random.RandomState(scheme.seed)
    factors = draw.randint(0, HALF, scheme.hashes, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    summands = draw.randint(0, HALF * 2, scheme.hashes, dtype=np.uint32)
    return factors, summands


@inline
def combined(words: NDArray[np.uint64], first: int, count: int) -> np.uint64:
    """The words as digits of a number to the base GOLDEN, their count in front of them."""
    value = uint64(count)
    for i in range(first, first + count):
        value = value * GOLDEN + words[i]
    return value


@inline
def shingle_hash(value: np.uint64) -> np.uint32:
    """The upper half: the lower bits of a product know only the lower bits of its factors."""
    return uint32(mix(value) >> uint64(32))


@inline
def power_of_golden(exponent: int) -> np.uint64:
    value = uint64(1)
    for _ in range(exponent):
        value *= GOLDEN
    return value


@kernel
def fill_shingles(
    offsets: NDArray[np.int64],
    words: NDArray[np.uint64],
    size: int,
    shingle_offsets: NDArray[np.int64],
    hashes: NDArray[np.uint32],
) -> int:
    """Fill the hashes of all shingles and the offsets of each document's; returns how many there are.

    The number rolls from a shingle to the next: one digit in, one out, the count back in front. Twice as fast as
    `combined` at every word, and the same number, since all is modulo 2^64.
    """
    front = uint64(size) * power_of_golden(size)
    above = power_of_golden(size)
    found = 0
    for document in range(len(offsets) - 1):
        shingle_offsets[document] = found
        first, count = offsets[document], offsets[document + 1] - offsets[document]
        if count == 0:
            continue
        value = combined(words, first, min(count, size))
        hashes[found] = shingle_hash(value)
        found += 1
        for i in range(first + size, first + count):
            value = value * GOLDEN + (words[i] - words[i - size] * above + front - front * GOLDEN)
            hashes[found] = shingle_hash(value)
            found += 1
    shingle_offsets[len(offsets) - 1] = found
    return found


def shingles(text: Text, scheme: Scheme) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Offsets of each document's shingles, and their 32-bit hashes; a document without words has none."""
    if scheme.shingle_characters:
        return character_shingles(text, scheme.shingle_characters)
    word_offsets, words = folded_words(text)
    offsets = np.empty(len(text) + 1, np.int64)
    hashes = room(len(words), np.uint32)
    found = fill_shingles(word_offsets, words, scheme.shingle_words, offsets, hashes)
    return offsets, hashes[:found]


@inline
def premix(value: np.uint32) -> np.uint32:
    """MurmurHash3's finaliser, which datasketch applies once before its permutations."""
    value = uint32(value ^ value >> uint32(16))
    value = uint32(value * uint32(0x85EBCA6B))
    value = uint32(value ^ value >> uint32(13))
    value = uint32(value * uint32(0xC2B2AE35))
    return uint32(value ^ value >> uint32(16))


@inline
def lower_four(
    signature: NDArray[np.uint32], factors: NDArray[np.uint32], summands: NDArray[np.uint32], four: NDArray[np.uint32]
) -> None:
    """Four shingles a pass over the permutations: the loop is bound by loads and stores of the signature."""
    one, two, three, last = four[0], four[1], four[2], four[3]
    for k in range(len(factors)):
        factor, summand = factors[k], summands[k]
        least = min(uint32(factor * one + summand), uint32(factor * two + summand))
        other = min(uint32(factor * three + summand), uint32(factor * last + summand))
        signature[k] = min(signature[k], min(least, other))


@kernel
def fill_signatures(
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint32],
    factors: NDArray[np.uint32],
    summands: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
) -> None:
    """Lower each signature to the least permuted hash of its document; the last shingles repeat to make four."""
    four = np.empty(4, np.uint32)
    for document in range(len(offsets) - 1):
        signature, last = signatures[document], offsets[document + 1] - 1
        for first in range(offsets[document], last + 1, 4):
            for i in range(4):
                four[i] = premix(hashes[min(first + i, last)])
            lower_four(signature, factors, summands, four)


def signatures_of(offsets: NDArray[np.int64], hashes: NDArray[np.uint32], scheme: Scheme) -> NDArray[np.uint32]:
    """The signature of each document's shingles, uint32[n, bands x rows]; EMPTY throughout where it has none."""
    signatures = np.full((len(offsets) - 1, scheme.hashes), EMPTY)
    fill_signatures(offsets, hashes, *permutations(scheme), signatures)
    return signatures


def sign(text: Text, scheme: Scheme) -> NDArray[np.uint32]:
    """The signature of each document; EMPTY throughout where it has no words."""
    return signatures_of(*shingles(text, scheme), scheme)


def signed(signatures: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which documents have a signature: one without words has none, and is nobody's duplicate."""
    return np.asarray((signatures != EMPTY).any(axis=1))
