"""fastText's own tokens: where they stand in the bytes, and the two hashes that features are looked up by."""

import numpy as np
from numpy.typing import NDArray

from pipeline.text.kernel import inline, kernel

END_OF_TEXT = b"</s>"
LABEL_PREFIX = b"__label__"

HASH_START = np.uint32(2166136261)  # FNV-1a, 32 bits: the hash that fastText's buckets are made of
HASH_PRIME = np.uint32(16777619)
KEY_START = np.uint64(14695981039346656037)  # FNV-1a, 64 bits: a token's identity in our vocabulary
KEY_PRIME = np.uint64(1099511628211)
NGRAM_PRIME = np.uint64(116049371)  # fastText's Dictionary::addWordNgrams

# str.split knows 29 separators, fastText these seven (Dictionary::readWord): a bit for each byte up to 32.
SEPARATORS = np.uint64(sum(1 << byte for byte in b"\0\t\n\v\f\r "))
PREFIX = np.frombuffer(LABEL_PREFIX, np.uint8)

MASK32, MASK64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


def fnv32(token: bytes) -> int:
    """fastText's hash in plain Python: FNV-1a over SIGNED bytes, so that bytes from 0x80 flip the upper 24 bits too."""
    value = int(HASH_START)
    for byte in token:
        value = (value ^ (byte | 0xFFFFFF00 if byte > 127 else byte)) * int(HASH_PRIME) & MASK32
    return value


def fnv64(token: bytes) -> int:
    """A token's key in plain Python."""
    value = int(KEY_START)
    for byte in token:
        value = (value ^ byte) * int(KEY_PRIME) & MASK64
    return value


END_HASH = np.uint32(fnv32(END_OF_TEXT))
END_KEY = np.uint64(fnv64(END_OF_TEXT))


def split(text: bytes) -> list[bytes]:
    """The tokens that a document is made of, in plain Python: the truth `find_tokens` is tested against.

    A literal `</s>` ends the document, and every document ends with that token; `__label__...` is never a token.
    """
    table = bytes.maketrans(b"\0\t\n\v\f\r", b"      ")
    tokens = [token for token in text.translate(table).split(b" ") if token and not token.startswith(LABEL_PREFIX)]
    end = tokens.index(END_OF_TEXT) if END_OF_TEXT in tokens else len(tokens)
    return [*tokens[:end], END_OF_TEXT]


@inline
def separates(byte: int) -> bool:
    """True for fastText's seven separators."""
    return byte <= 32 and (SEPARATORS >> np.uint64(byte)) & np.uint64(1) == 1


@inline
def is_label(data: NDArray[np.uint8], start: int, stop: int) -> bool:
    """True if the token data[start:stop] begins with `__label__`."""
    if stop - start < 9 or data[start] != 95:
        return False
    for offset in range(9):
        if data[start + offset] != PREFIX[offset]:
            return False
    return True


@kernel
def find_tokens(
    data: NDArray[np.uint8], start: int, stop: int, hashes: NDArray[np.uint32], keys: NDArray[np.uint64]
) -> int:
    """Write the hash and the key of every token of data[start:stop], `</s>` last; return their number.

    `hashes` and `keys` hold `most_tokens(bytes)` numbers. numba widens products of uint32 to 64 bits: each is cut.
    """
    count = 0
    at = start
    while True:
        while at < stop and separates(data[at]):
            at += 1
        if at >= stop:
            break
        first, value, key = at, HASH_START, KEY_START
        while at < stop and not separates(data[at]):
            byte = data[at]
            value = np.uint32((value ^ np.uint32(np.int32(np.int8(byte)))) * HASH_PRIME)
            key = (key ^ np.uint64(byte)) * KEY_PRIME
            at += 1
        if key == END_KEY:
            break
        if not is_label(data, first, at):
            hashes[count], keys[count] = value, key
            count += 1
    hashes[count], keys[count] = END_HASH, END_KEY
    return count + 1


@inline
def most_tokens(length: int) -> int:
    """No text of `length` bytes has more tokens than this: one in two bytes, and the `</s>` at the end."""
    return length // 2 + 2


@kernel
def longest(start: NDArray[np.int64], stop: NDArray[np.int64]) -> int:
    """Bytes of the longest document."""
    most = 0
    for document in range(len(start)):
        most = max(most, stop[document] - start[document])
    return most


@inline
def signed(value: np.uint32) -> np.uint64:
    """A token's hash as fastText keeps it in an int32: sign-extended to 64 bits."""
    return np.uint64(np.int64(np.int32(value)))
