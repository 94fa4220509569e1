"""Band keys: equal where all rows of a band agree, and only in the same band."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.bands import band_keys
from pipeline.dedup.minhash import preset, sign
from pipeline.text.layer import Text

FINEWEB = preset("fineweb")


@given(st.lists(st.integers(0, 111), max_size=20))
def test_two_documents_share_the_keys_of_the_bands_whose_rows_agree(changed: list[int]) -> None:
    signatures = np.arange(224, dtype=np.uint32).reshape(2, 112) % 112
    signatures[1, changed] += 1000
    one, other = band_keys(signatures, FINEWEB)
    assert (one == other).tolist() == [not any(row // 8 == band for row in changed) for band in range(14)]


def test_the_key_of_a_band_knows_which_band_it_is() -> None:
    keys = band_keys(np.full((1, 112), 7, np.uint32), FINEWEB)
    assert len(np.unique(keys)) == 14


def test_the_order_of_rows_counts() -> None:
    signatures = np.zeros((2, 112), np.uint32)
    signatures[0, 0] = signatures[1, 1] = 1
    one, other = band_keys(signatures, FINEWEB)
    assert one[0] != other[0]
    assert (one[1:] == other[1:]).all()


def test_keys_spread_over_all_bits() -> None:
    texts = Text.from_strings([f"document {n} of a thousand and one" for n in range(2000)])
    keys = band_keys(sign(texts, FINEWEB), FINEWEB)[:, 3].copy()
    ones = np.unpackbits(keys.view(np.uint8)).reshape(-1, 64).mean(axis=0)
    assert ((ones > 0.44) & (ones < 0.56)).all()
