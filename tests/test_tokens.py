"""Token counts: the package's own, whatever the text says; in English and code those of plain byte-pair encoding."""

import numpy as np
import pyarrow as pa
import pytest
import quicktok
import regex
from hypothesis import given
from hypothesis import strategies as st

from pipeline import tokens
from tests.strategies import batches

# Llama 3's own splitting pattern (llama3/tokenizer.py, Meta).
PATTERN = regex.compile(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
ENCODING = quicktok.get_encoding("llama3")
RANKS = {ENCODING.decode_single_token_bytes(rank): rank for rank in range(128_000)}  # token_byte_values() is sorted
COUNT = tokens.counter("llama3")


def merged(piece: bytes) -> int:
    """Byte-pair encoding as it is written down: join the neighbours of the lowest rank until none has one."""
    if piece in RANKS:
        return 1
    parts = [piece[i : i + 1] for i in range(len(piece))]
    while len(parts) > 1:
        ranked = [(RANKS.get(parts[i] + parts[i + 1], len(RANKS)), i) for i in range(len(parts) - 1)]
        rank, at = min(ranked)
        if rank == len(RANKS):
            break
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return len(parts)


def plain_count(text: str) -> int:
    return sum(merged(piece.encode()) for piece in PATTERN.findall(text))


@given(batches)
def test_counts_are_the_lengths_of_what_the_package_encodes(texts: list[str]) -> None:
    assert COUNT(pa.array(texts, pa.large_string())).tolist() == [len(ENCODING.encode_ordinary(text)) for text in texts]


@given(st.text(st.sampled_from("the and of\n\t 0129.,'s{}()=_ABC"), max_size=200))
def test_counts_of_english_and_code_are_those_of_plain_byte_pair_encoding(text: str) -> None:
    assert COUNT(pa.array([text])).tolist() == [plain_count(text)]


def test_the_package_joins_some_pieces_that_plain_merging_leaves_apart() -> None:
    """Why pipeline/tokens.py speaks of the package's counts: it reaches more of the ids above 100,000."""
    assert (COUNT(pa.array([" každú"])).tolist(), plain_count(" každú")) == ([2], 4)


@pytest.mark.parametrize(
    "text",
    ["<|begin_of_text|>hello", "<|eot_id|>", "<|reserved_special_token_0|> <|end_of_text|>", "a\0b", "\U0010ffff"],
)
def test_a_special_token_is_counted_as_the_text_it_is(text: str) -> None:
    assert COUNT(pa.array([text])).tolist() == [plain_count(text)]


def test_a_null_has_no_tokens_and_nothing_has_no_counts() -> None:
    assert COUNT(pa.array([None, "", "hello world"], pa.string())).tolist() == [0, 0, 2]
    assert COUNT(pa.array([], pa.large_string())).tolist() == []


def test_counts_do_not_depend_on_neighbours_or_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["one two three", "x" * 50, "", "four", "five six"] * 5
    whole = COUNT(pa.array(texts))
    monkeypatch.setattr(tokens, "SLICE", 20)
    assert np.array_equal(COUNT(pa.array(texts)), whole)
    assert np.array_equal([COUNT(pa.array([text]))[0] for text in texts], whole)


def test_an_unknown_tokenizer_names_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"llama4.*llama3"):
        tokens.counter("llama4")
