"""Tokens: the kernel against the plain Python beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.tokens import find_tokens, fnv32, scratch, split, word_keys
from tests.classifiers.examples import EDGES, PIECES

TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=9), max_size=30).map("".join)


def found(text: bytes) -> list[tuple[int, int]]:
    """What the kernel says: hash and key of each token."""
    data = np.frombuffer(b"before " + text + bytes(64), np.uint8)
    space = scratch(np.array([7]), np.array([7 + len(text)]))
    count = find_tokens(data, 7, 7 + len(text), space)
    return list(zip(space[2][:count].tolist(), space[3][:count].tolist(), strict=True))


def expected(text: bytes) -> list[tuple[int, int]]:
    tokens = split(text)
    return list(zip(map(fnv32, tokens), word_keys(tokens).tolist(), strict=True))


@given(TEXTS)
def test_tokens_and_their_hashes_are_those_of_plain_python(text: str) -> None:
    assert found(text.encode()) == expected(text.encode())


@pytest.mark.parametrize("text", EDGES)
def test_edge_cases_have_the_tokens_of_plain_python(text: str) -> None:
    assert found(text.encode()) == expected(text.encode())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (b"", [b"</s>"]),
        (b"a\0b\nc", [b"a", b"b", b"c", b"</s>"]),
        (b"a </s> b", [b"a", b"</s>"]),
        (b"__label__spam eggs", [b"eggs", b"</s>"]),
        ("a\u00a0b".encode(), ["a\u00a0b".encode(), b"</s>"]),
    ],
)
def test_a_document_is_split_as_fasttext_splits_it(text: bytes, tokens: list[bytes]) -> None:
    assert split(text) == tokens
