"""The `signature` column: hashes where a preset has few, band keys where it has many, and the same keys from both."""

import numpy as np
import pyarrow as pa
import pytest

from pipeline.dedup.bands import band_keys
from pipeline.dedup.minhash import PRESETS, preset, sign
from pipeline.dedup.stored import AT_ONCE, column_type, holds_keys, keys_in, signature_column, signatures_in
from pipeline.text.layer import Text

TEXTS = ["", "...", "one", "one two three four", "one two three four five", " ".join(map(str, range(300)))]
GIVEN = np.array([True, True, True, False, True, True])
SIGNED = [False, False, True, False, True, True]
BY_CHARACTERS = [False, True, True, False, True, True]  # "..." has no word, but three characters
each_preset = pytest.mark.parametrize("name", sorted(PRESETS))


@each_preset
def test_the_band_keys_in_the_column_are_those_of_the_signatures(name: str) -> None:
    scheme, text = preset(name), Text.from_strings(TEXTS)
    column = signature_column(text, GIVEN, scheme)
    column.validate(full=True)
    present, keys = keys_in(column, scheme)
    expected = BY_CHARACTERS if scheme.shingle_characters else SIGNED
    assert present.tolist() == expected
    assert np.array_equal(keys, band_keys(sign(text, scheme)[expected], scheme))


@each_preset
def test_a_sliced_and_a_chunked_column_say_the_same(name: str) -> None:
    scheme = preset(name)
    column = signature_column(Text.from_strings(TEXTS), GIVEN, scheme)
    present, keys = keys_in(pa.chunked_array([column.slice(1, 2), column.slice(3)]), scheme)
    assert present.tolist() == (BY_CHARACTERS if scheme.shingle_characters else SIGNED)[1:]
    assert np.array_equal(keys, keys_in(column, scheme)[1])


def test_a_short_signature_is_kept_whole() -> None:
    scheme, text = preset("fineweb"), Text.from_strings(TEXTS)
    assert column_type(scheme) == column_type(None) == pa.list_(pa.uint32())
    _, signatures = signatures_in(signature_column(text, GIVEN, scheme), scheme)
    assert np.array_equal(signatures, sign(text, scheme)[SIGNED])


def test_presets_of_more_than_512_hashes_are_kept_as_keys() -> None:
    assert {name for name in PRESETS if holds_keys(preset(name))} == {"refinedweb", "dclm"}


def test_more_documents_than_are_signed_at_once_are_all_signed() -> None:
    texts = Text.from_strings([f"page {i} of the long book of the mill" for i in range(AT_ONCE + 3)])
    scheme = preset("fineweb")
    present, keys = keys_in(signature_column(texts, np.ones(len(texts), np.bool_), scheme), scheme)
    assert present.all()
    assert np.array_equal(keys, band_keys(sign(texts, scheme), scheme))


def test_no_documents_have_no_keys() -> None:
    for scheme in map(preset, PRESETS):
        column = signature_column(Text.from_strings([]), np.zeros(0, np.bool_), scheme)
        assert keys_in(column, scheme)[1].shape == (0, scheme.bands)
