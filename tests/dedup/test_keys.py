"""128-bit keys of strings, and their column."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.keys import from_arrow, id_hash, id_key, string_keys, to_arrow

ANY_TEXT = st.text(max_size=40)


@given(st.lists(ANY_TEXT, max_size=20))
def test_equal_strings_have_equal_keys_and_no_others(strings: list[str]) -> None:
    found = [tuple(key) for key in string_keys(pa.array(strings, pa.string())).tolist()]
    assert [found.index(key) for key in found] == [strings.index(text) for text in strings]


@given(st.lists(ANY_TEXT, min_size=1, max_size=20))
def test_a_key_depends_neither_on_slices_nor_on_chunks_nor_on_offset_width(strings: list[str]) -> None:
    whole = string_keys(pa.array(strings, pa.string())).tolist()
    assert string_keys(pa.array(["x", *strings], pa.large_string()).slice(1)).tolist() == whole
    assert string_keys(pa.chunked_array([pa.array(strings[:1]), pa.array(strings[1:], pa.string())])).tolist() == whole


def test_an_id_has_the_same_hash_for_ever() -> None:
    """Survivors, ranks and so every corpus hang on it."""
    assert id_key(pa.array(["", "a", "a document's id"])).tolist() == ID_KEYS
    assert id_hash(pa.array(["", "a", "a document's id"])).tolist() == [first for first, _ in ID_KEYS]


def test_keys_come_back_from_their_column() -> None:
    keys = string_keys(pa.array(["a", "b", "c"]))
    column = to_arrow(keys, keys[:, 0] != keys[1, 0])
    assert column.null_count == 1
    column.validate(full=True)
    again, valid = from_arrow(pa.chunked_array([column.slice(0, 1), column.slice(1)]))
    assert valid.tolist() == [True, False, True]
    assert again[valid].tolist() == keys[valid].tolist()
    assert from_arrow(column.slice(2))[0].tolist() == keys[2:].tolist()


ID_KEYS = [
    [18105171087852561801, 2875277153263972402],
    [7424118426992159066, 7712502906681085121],
    [4100252651598949108, 16595810685319641236],
]
