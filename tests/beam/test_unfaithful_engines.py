"""Law 5: an engine that loses, repeats or reorders work is caught by the parts, not trusted."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest

from pipeline.beam import driver, elements, runners
from pipeline.beam.progress import Progress
from pipeline.beam.whole import PassFailed
from tests.beam.small_chain import UNITS, carry_out, digests, rows

Order = Callable[[Sequence[int]], Sequence[int]]


def engine_that(order: Order) -> Callable[[beam.Pipeline, Sequence[int]], Any]:
    """Units as this engine hands them out."""
    return lambda pipeline, units: elements.units_of(pipeline, order(units))


def test_a_lost_unit_fails_the_pass_that_names_it(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(driver, "units_of", engine_that(lambda units: units[:-1]))
        with pytest.raises(PassFailed, match=rf"01-refine: 1 of {UNITS} units are not whole: {UNITS - 1} "):
            carry_out(sources / "small.yaml", tmp_path / "run")
    assert not (tmp_path / "run/01-refine/manifest.json").exists()
    assert carry_out(sources / "small.yaml", tmp_path / "run").exit_code == 0


@pytest.mark.parametrize("order", [lambda units: [*units, *units], lambda units: [*reversed(units)]])
def test_repeated_and_reordered_units_change_no_byte(
    finished: Path, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    monkeypatch.setattr(driver, "units_of", engine_that(order))
    carry_out(sources / "small.yaml", tmp_path / "run")
    assert digests(tmp_path / "run") == digests(finished)
    for stage in ("02-dedup", "03-mixture"):
        assert rows(tmp_path / "run" / stage / "decisions") == rows(finished / stage / "decisions")


@pytest.mark.parametrize("stage", ["02-dedup", "03-mixture", "."])
def test_a_part_lost_after_the_engine_said_done_fails_every_pass(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def losing(build: Any, options: Any, alive: Any, limit: float) -> None:
        faithful(build, options, alive, limit)
        for path in (tmp_path / "run" / stage).glob("d*/part-00002*.parquet"):
            path.unlink()

    faithful = runners.execute
    monkeypatch.setattr(driver, "execute", losing)
    with pytest.raises(PassFailed, match=r"1 of 4 units are not whole: 2 \(run again\)"):
        carry_out(sources / "small.yaml", tmp_path / "run")
    assert not (tmp_path / "run" / stage / "manifest.json").exists()


def test_an_engine_that_only_says_done_publishes_nothing(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "execute", lambda *_: None)
    with pytest.raises(PassFailed, match="4 of 4 units are not whole: 0, 1, 2, 3 "):
        carry_out(sources / "small.yaml", tmp_path / "run")
    assert not (tmp_path / "run/manifest.json").exists()


def test_an_engine_that_writes_nothing_for_too_long_is_ended(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Progress, "beat", lambda _self: 1000.0)
    with pytest.raises(PassFailed, match=r"no part was written for 60 s \(limits\.unit_seconds\)"):
        carry_out(sources / "small.yaml", tmp_path / "run", "limits.unit_seconds=60")
