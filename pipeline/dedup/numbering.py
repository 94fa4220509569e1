"""The documents that edges name, numbered in the order of their addresses: a bit for each document of their units."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from pipeline.dedup.ranges import ORDINAL_BITS
from pipeline.text.bits import below, count_ones, lowest, without_lowest
from pipeline.text.kernel import inline, kernel

Addresses = NDArray[np.uint64]

WORD = 64
ORDINALS = uint64((1 << ORDINAL_BITS) - 1)
MOST_UNITS = 1 << 24  # a table of 8 bytes for each: units are files or ranges of files


@kernel
def fill_words(addresses: Addresses, words: NDArray[np.int64]) -> None:
    """words[u]: how many words of 64 documents unit u needs so far."""
    for address in addresses:
        unit = int64(address >> uint64(ORDINAL_BITS))
        words[unit] = max(words[unit], int64((address & ORDINALS) >> uint64(6)) + 1)


@inline
def word_of(address: np.uint64, first: NDArray[np.int64]) -> int:
    """The word that holds the document's bit."""
    return first[int64(address >> uint64(ORDINAL_BITS))] + int64((address & ORDINALS) >> uint64(6))


@kernel
def set_bits(addresses: Addresses, first: NDArray[np.int64], bits: NDArray[np.uint64]) -> None:
    for address in addresses:
        bits[word_of(address, first)] |= uint64(1) << (address & uint64(WORD - 1))


@kernel
def fill_before(bits: NDArray[np.uint64], before: NDArray[np.int64]) -> None:
    """before[w]: how many bits are set in front of word w; the last one is their sum."""
    before[0] = 0
    for word in range(len(bits)):
        before[word + 1] = before[word] + count_ones(bits[word])


@kernel
def fill_numbers(
    addresses: Addresses,
    first: NDArray[np.int64],
    bits: NDArray[np.uint64],
    before: NDArray[np.int64],
    numbers: NDArray[np.int64],
) -> None:
    for i in range(len(addresses)):
        word = word_of(addresses[i], first)
        numbers[i] = before[word] + count_ones(bits[word] & below(addresses[i] & uint64(WORD - 1)))


@inline
def last_not_above(ascending: NDArray[np.int64], value: int) -> int:
    """The last place whose number is not above `value`."""
    low, high = 0, len(ascending) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if ascending[middle] <= value:
            low = middle
        else:
            high = middle - 1
    return low


@kernel
def fill_addresses(
    numbers: NDArray[np.int64],
    first: NDArray[np.int64],
    bits: NDArray[np.uint64],
    before: NDArray[np.int64],
    addresses: Addresses,
) -> None:
    """The address of each number: its word, its unit and its bit, searched for; the next number is often near."""
    word = 0
    for i in range(len(numbers)):
        if not before[word] <= numbers[i] < before[word + 1]:
            word = last_not_above(before, numbers[i])
        left = bits[word]
        for _ in range(numbers[i] - before[word]):
            left = without_lowest(left)
        unit = last_not_above(first, word)
        ordinal = uint64(word - first[unit]) * uint64(WORD) + uint64(lowest(left))
        addresses[i] = uint64(unit) << uint64(ORDINAL_BITS) | ordinal


@dataclass(frozen=True, eq=False)
class Numbering:
    """The k-th smallest address has the number k. A quarter of a byte for each document of the units.

    `first[u]` is the first word of unit u, one more at the end; `before[w]` counts the documents in front of word w.
    """

    first: NDArray[np.int64]
    bits: NDArray[np.uint64]
    before: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.before[-1])

    def numbers(self, addresses: Addresses) -> NDArray[np.int64]:
        """Of addresses that are among those numbered."""
        numbers = np.empty(len(addresses), np.int64)
        fill_numbers(addresses, self.first, self.bits, self.before, numbers)
        return numbers

    def addresses(self, numbers: NDArray[np.int64]) -> Addresses:
        """The addresses of these numbers, in any order."""
        addresses = np.empty(len(numbers), np.uint64)
        fill_addresses(numbers, self.first, self.bits, self.before, addresses)
        return addresses

    def of_unit(self, unit: int) -> tuple[int, int]:
        """The numbers of the unit's documents: from, and up to."""
        return int(self.before[self.first[unit]]), int(self.before[self.first[unit + 1]])


def words_of(parts: Iterable[Addresses]) -> NDArray[np.int64] | None:
    """Words for the bits of each unit; None where unit numbers are too large for a table."""
    words = np.zeros(0, np.int64)
    for addresses in parts:
        units = int(addresses.max() >> np.uint64(ORDINAL_BITS)) + 1 if len(addresses) else 0
        if units > MOST_UNITS:
            return None
        words = np.concatenate([words, np.zeros(max(units - len(words), 0), np.int64)])
        fill_words(addresses, words)
    return words


def numbering(words: NDArray[np.int64], parts: Iterable[Addresses]) -> Numbering:
    """Number the addresses of all parts; `words` is what `words_of` said of the same parts."""
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(words)])
    bits, before = np.zeros(int(first[-1]), np.uint64), np.empty(int(first[-1]) + 1, np.int64)
    for addresses in parts:
        set_bits(addresses, first, bits)
    fill_before(bits, before)
    return Numbering(first, bits, before)
