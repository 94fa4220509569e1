"""The semantic step on Beam's runner: neighbours are those of all cosines, whatever the units, batches and workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from pipeline.beam.dedup import DedupJob
from pipeline.beam.semantic_fit import fit, folder_of
from pipeline.dedup.semantic import unit_vectors
from pipeline.dedup_config import DedupStep
from pipeline.semantic_config import Semantic
from pipeline.storage.inputs import InputError
from pipeline.storage.run_folder import part_name
from pipeline.storage.write import read_about, write_part
from tests.beam.feature_parts import EXACT, Decided, Doc, decided, features, run_dedup

THRESHOLD = 0.95
BY_COLUMN = Semantic(embedding="column", column="vector", clusters=1, threshold=THRESHOLD)
COUNT = 60


@dataclass(frozen=True)
class Placed:
    """A document with its vector, and the source it is of."""

    doc: Doc
    vector: Sequence[float] | None
    source: str = "web"


def crowd() -> list[Placed]:
    """Documents around a few directions; some have no vector, some are of another source, some were dropped."""
    chance = np.random.default_rng(11)
    directions = chance.normal(size=(COUNT // 4, 6))
    made = []
    for number in range(COUNT):
        vector = directions[number % len(directions)] + 0.25 * chance.normal(size=6)
        doc = Doc(f"d{number}", f"text {number}", quality=float(chance.integers(0, 5)), kept=number % 9 != 4)
        source = "books" if number % 7 < 3 else "web"
        made.append(Placed(doc, None if number % 11 == 5 else vector.tolist(), source))
    return made


def write_units(run: Path, units: Sequence[Sequence[Placed]], batch_rows: int) -> None:
    """features/ and kept/ as 01-refine leaves them."""
    for unit, placed in enumerate(units):
        batches = [placed[at : at + batch_rows] for at in range(0, max(len(placed), 1), batch_rows)]
        for batch, some in enumerate(batches):
            table = features(unit, [each.doc for each in some])
            sources = pa.array([each.source for each in some], pa.string())
            table = table.set_column(table.schema.get_field_index("source"), "source", sources)
            about = {"unit": unit, "batch": batch, "last": batch == len(batches) - 1}
            write_part(run / "01-refine" / "features" / part_name(unit, batch), table, about)
            texts = pa.array([each.doc.text for each in some], pa.large_string())
            vectors = pa.array([each.vector for each in some], pa.list_(pa.float32()))
            kept = table.append_column("text", texts).append_column("vector", vectors)
            write_part(run / "01-refine" / "kept" / part_name(unit, batch), kept.filter(table["kept"]), about)


@dataclass(frozen=True)
class Found:
    """The decisions, a row for each document with a neighbour, and what the first unit says of the pairs."""

    decided: Decided
    rows: dict[str, dict[str, Any]]
    about: dict[str, Any]

    @property
    def told(self) -> dict[str, tuple[Any, ...]]:
        """id -> what does not depend on where it stands."""
        names = ("group", "group_size", "nearest", "cosine", "keeper")
        return {id_: tuple(row[name] for name in names) for id_, row in self.rows.items()}

    @property
    def pairs(self) -> list[tuple[float, str, str]]:
        return [(p["cosine"], p["one"]["id"], p["other"]["id"]) for p in self.about["at_threshold"]]


def carry_out(
    run: Path,
    units: Sequence[Sequence[Placed]],
    how: Semantic,
    *before: DedupStep,
    keep: tuple[str, ...] = ("quality",),
    scope: str = "global",
    batch_rows: int = 7,
    workers: int = 1,
) -> Found:
    """Fit, run the pass, read what it wrote."""
    write_units(run, units, batch_rows)
    steps = (*before, DedupStep("semantic", keep, scope, how))
    digest = fit(str(run), range(len(units)), how, seed=3)
    run_dedup(run, len(units), DedupJob(str(run), "f", "survivors", steps, ranges=4, fitted=digest), workers)
    parts = sorted(folder_of(str(run)).glob("*.parquet"))
    rows = {row["id"]: row for part in parts for row in pq.read_table(part).to_pylist()}
    return Found(decided(run), rows, read_about(parts[0]) or {})


def cut(placed: Sequence[Placed], size: int) -> list[Sequence[Placed]]:
    return [placed[at : at + size] for at in range(0, len(placed), size)]


def cosines(placed: Sequence[Placed]) -> NDArray[np.float64]:
    """Of all pairs; -1 where one has no vector, was dropped before, or stands beside itself."""
    vectors = np.array([each.vector or [0.0] * 6 for each in placed], np.float32)
    units = unit_vectors(vectors).astype(np.float16).astype(np.float64)
    lengths = np.linalg.norm(units, axis=1)
    there = (lengths > 0) & np.array([each.doc.kept for each in placed])
    units /= np.where(lengths > 0, lengths, 1)[:, None]
    found = np.where(there[:, None] & there[None], units @ units.T, -1.0)
    np.fill_diagonal(found, -1.0)
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The crowd, annotated."""
    return carry_out(tmp_path_factory.mktemp("annotated"), cut(crowd(), 13), BY_COLUMN)


def test_neighbours_are_those_of_all_cosines_and_nothing_is_dropped(found: Found) -> None:
    placed = crowd()
    every = cosines(placed)
    near = np.flatnonzero((every >= THRESHOLD).any(axis=1))
    ids = [each.doc.id for each in placed]
    assert len(near) > 10
    assert set(found.rows) == {ids[row] for row in near}
    for row in near:
        told = found.rows[ids[row]]
        assert told["cosine"] == pytest.approx(every[row].max(), abs=1e-9)
        assert told["nearest"] == ids[int(every[row].argmax())]
        assert told["row"] == 10 * (row % 13 % 7)
    assert not found.decided.dropped
    assert found.about["pairs"] == (every >= THRESHOLD).sum() // 2


def test_what_is_dropped_has_its_keeper_near_itself_and_no_two_that_stay_are_near(tmp_path: Path) -> None:
    placed = crowd()
    how = Semantic(embedding="column", column="vector", clusters=1, threshold=THRESHOLD, drop=True)
    found = carry_out(tmp_path, cut(placed, 13), how)
    every = cosines(placed)
    row_of = {each.doc.id: row for row, each in enumerate(placed)}
    assert len(found.decided.dropped) > 5
    for id_, (reason, keeper) in found.decided.dropped.items():
        assert (reason, found.rows[id_]["keeper"]) == ("semantic.duplicate", keeper)
        assert every[row_of[id_], row_of[keeper]] >= THRESHOLD
        assert (placed[row_of[keeper]].doc.quality or 0) >= (placed[row_of[id_]].doc.quality or 0)
    staying = [row_of[id_] for id_, row in found.decided.documents.items() if row["keep"]]
    assert every[np.ix_(staying, staying)].max() < THRESHOLD


def test_the_pairs_at_the_threshold_are_told_nearest_first_on_both_sides(found: Found) -> None:
    every = cosines(crowd())[np.triu_indices(COUNT, 1)]
    above, below = np.sort(every[every >= THRESHOLD]), np.sort(every[(every < THRESHOLD) & (every > -1)])[::-1]
    told = [cosine for cosine, _, _ in found.pairs]
    assert told == pytest.approx([*above[:20], *below[:20]], abs=1e-9)


@pytest.mark.parametrize(("size", "batch_rows", "workers"), [(60, 60, 1), (7, 3, 2)])
def test_units_batches_workers_and_order_do_not_show(tmp_path: Path, size: int, batch_rows: int, workers: int) -> None:
    how = Semantic(dimensions=8, threshold=0.5, drop=True, sample=40)
    words = [f"word{number}" for number in range(12)]
    placed = []
    for number in range(COUNT):
        chosen = np.random.default_rng(number % 20).choice(words, 6)
        text = " ".join([*chosen, f"own{number % 5}", "the"])
        placed.append(Placed(Doc(f"d{number}", text, quality=float(number % 3)), None))
    whole = carry_out(tmp_path / "whole", cut(placed, 13), how)
    shuffled = [placed[row] for row in np.random.default_rng(1).permutation(COUNT)]
    other = carry_out(tmp_path / "other", cut(shuffled, size), how, batch_rows=batch_rows, workers=workers)
    assert len(whole.rows) > 10
    assert other.told == whole.told
    assert other.pairs == whole.pairs
    assert other.decided.dropped == whole.decided.dropped


def test_only_what_the_step_asks_for_is_compared(tmp_path: Path) -> None:
    placed = crowd()
    source = {each.doc.id: each.source for each in placed}
    how = Semantic(embedding="column", column="vector", threshold=0.8, when={"source": ("web",)})
    found = carry_out(tmp_path / "when", cut(placed, 20), how)
    assert {source[id_] for id_ in found.rows} == {"web"}
    scoped = Semantic(embedding="column", column="vector", threshold=0.8, clusters=1)
    within = carry_out(tmp_path / "scope", cut(placed, 20), scoped, scope="source")
    assert {source[id_] for id_ in within.rows} == {"web", "books"}
    assert all(source[id_] == source[row["nearest"]] for id_, row in within.rows.items())


def test_what_a_step_before_dropped_is_nobodys_neighbour(tmp_path: Path) -> None:
    placed = [Placed(Doc("a", "twin"), [1, 0]), Placed(Doc("b", "other"), [1, 1]), Placed(Doc("c", "twin"), [1, 2])]
    found = carry_out(tmp_path, [placed], Semantic(embedding="column", column="vector", threshold=0.0), EXACT, keep=())
    (gone,) = found.decided.dropped
    assert gone in ("a", "c")
    assert set(found.rows) == {"a", "b", "c"} - {gone}


def test_vectors_of_two_lengths_are_an_error_that_names_the_column(tmp_path: Path) -> None:
    placed = [Placed(Doc("a", "a"), [1.0, 2.0]), Placed(Doc("b", "b"), [1.0, 2.0, 3.0])]
    with pytest.raises(InputError, match="vector: vectors of 2 and of 3 numbers"):
        carry_out(tmp_path, [placed], BY_COLUMN)


@pytest.mark.parametrize("how", [Semantic(), BY_COLUMN])
def test_next_to_nothing_is_no_error(tmp_path: Path, how: Semantic) -> None:
    units = [[Placed(Doc("a", "", kept=False), None)], [], [Placed(Doc("b", ""), None)]]
    assert carry_out(tmp_path, units, how).rows == {}
