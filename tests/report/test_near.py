"""The signatures that a run keeps, asked by us and by datasketch: the same candidates, the same estimates."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasketch import LeanMinHash, MinHashLSH

from pipeline.dedup.minhash import for_jaccard, preset, sign
from pipeline.dedup.stored import keys_in, signature_column, signatures_in
from pipeline.report.near import Signed, estimates, sharing
from pipeline.text.layer import Text

SCHEMES = {"fineweb": preset("fineweb"), "jaccard 0.5": for_jaccard(0.5, 64)}


def texts() -> list[str]:
    """Eight families of five texts, each member farther from the first, and a text without words."""
    chance = np.random.default_rng(8)
    made = []
    for _ in range(8):
        words = [f"w{number}" for number in chance.integers(0, 3000, 150)]
        for member in range(5):
            changed = set(range(0, 150, 40 // (member + 1)) if member else [])
            made.append(" ".join("other" if at in changed else word for at, word in enumerate(words)))
    return [*made, ""]


def column(tmp_path: Path, name: str) -> pa.ChunkedArray:
    """A `signature` column that has been a Parquet file."""
    scheme = SCHEMES[name]
    given = texts()
    signatures = signature_column(Text.from_strings(given), np.ones(len(given), np.bool_), scheme)
    ids = pa.array([f"d{i}" for i in range(len(given))])
    pq.write_table(pa.table({"id": ids, "signature": signatures}), tmp_path / "part.parquet")
    return pq.read_table(tmp_path / "part.parquet")["signature"]


@pytest.mark.parametrize("name", SCHEMES)
def test_datasketch_finds_the_same_candidates_in_the_stored_rows(tmp_path: Path, name: str) -> None:
    scheme, stored = SCHEMES[name], column(tmp_path, name)
    rows = {i: np.array(row, np.uint32) for i, row in enumerate(stored.to_pylist()) if row is not None}
    asked = {i: LeanMinHash(seed=scheme.seed, hashvalues=row, scheme="affine32") for i, row in rows.items()}
    index = MinHashLSH(num_perm=scheme.hashes, params=(scheme.bands, scheme.rows))
    for i, row in asked.items():
        index.insert(i, row)
    theirs = {(i, j) for i, row in asked.items() for j in index.query(row)}
    present, keys = keys_in(stored, scheme)
    ids = pa.array([f"d{i}" for i in np.flatnonzero(present)])
    held = Signed(ids, keys, signatures_in(stored, scheme)[1])
    pairs = sharing(held, held)
    assert {(int(i), int(j)) for i, j in pairs} == theirs
    assert 40 < len(theirs) < 40 * 5
    shares = estimates(held.take(pairs[:, 0]), held.take(pairs[:, 1]), scheme)
    assert shares.tolist() == [asked[int(i)].jaccard(asked[int(j)]) for i, j in pairs]


@pytest.mark.parametrize(("changed", "within"), [((0,), 0.05), ((70,), 0.05), ((0, 40, 80), 0.1)])
def test_of_band_keys_alone_the_jaccard_is_told_within_its_error(changed: tuple[int, ...], within: float) -> None:
    scheme, words = preset("dclm"), texts()[0].split()
    given = [" ".join(words), " ".join("other" if at in changed else word for at, word in enumerate(words))]
    stored = signature_column(Text.from_strings(given), np.ones(2, np.bool_), scheme)
    keys = keys_in(stored, scheme)[1]
    one, other = (Signed(pa.array(["a"]), keys[i : i + 1], None) for i in (0, 1))
    signatures = sign(Text.from_strings(given), scheme)
    share = float((signatures[0] == signatures[1]).mean())
    assert 0.8 < share < 1
    assert estimates(one, other, scheme)[0] == pytest.approx(share, abs=within)
