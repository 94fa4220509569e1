"""The same input and config give the same bytes of data/, whoever works on it and in whatever order."""

from functools import partial
from pathlib import Path

import pytest

from pipeline.storage.limits import Limits
from tests.beam.small_chain import INPUTS, carry_out, digests, manifest, rows, write_config
from tests.faults.chain import command

SMALL_BATCH_BYTES = 3000  # a few documents


def in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units of many batches, some of them without a row in a folder that the report reads."""
    monkeypatch.setattr("pipeline.beam.refine.Limits", partial(Limits, batch_bytes=SMALL_BATCH_BYTES))


def test_inputs_listed_in_reverse_and_two_workers_give_the_same_bytes(
    finished: Path, sources: Path, tmp_path: Path
) -> None:
    pages = INPUTS[0].replace("pages/b.parquet, pages/a.parquet", "pages/a.parquet, pages/b.parquet")
    config = write_config(sources, "reversed.yaml", (*reversed(INPUTS[1:]), pages))
    carry_out(config, tmp_path / "run", "engine.workers=2")
    assert digests(tmp_path / "run", ".") == digests(finished, ".")


def test_one_worker_after_another_config_name_gives_the_same_bytes(
    finished: Path, sources: Path, tmp_path: Path
) -> None:
    config = write_config(sources, "renamed.yaml")
    carry_out(config, tmp_path / "run", "engine.workers=1")
    assert digests(tmp_path / "run") == digests(finished)


def test_another_hash_seed_time_zone_and_locale_give_the_same_bytes(
    finished: Path, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}.items():
        monkeypatch.setenv(name, value)
    code, _, said = command("run", sources / "small.yaml", "--output", tmp_path / "run")
    assert code == 0, said
    assert digests(tmp_path / "run", ".") == digests(finished, ".")


def test_ids_copies_and_texts_do_not_depend_on_the_batches(
    finished: Path, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_batches(monkeypatch)
    run = carry_out(sources / "small.yaml", tmp_path / "run").folder
    assert len(digests(run)) > len(digests(finished))
    assert rows(run / "data") == rows(finished / "data")
    for stage in ("01-refine", "02-dedup", "03-mixture"):
        ours, theirs = manifest(run / stage), manifest(finished / stage)
        assert {**ours, "parts": 0} == {**theirs, "parts": 0}


def test_every_batch_ends_as_one_part_in_each_folder(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_batches(monkeypatch)
    run = carry_out(sources / "small.yaml", tmp_path / "run").folder
    folders = [run / "data", *(run / "01-refine" / kind for kind in ("kept", "dropped", "failed", "features"))]
    names = [{path.name for path in folder.glob("*.parquet")} for folder in folders]
    assert all(each == names[0] for each in names)


def test_another_seed_draws_others(finished: Path, sources: Path, tmp_path: Path) -> None:
    run = carry_out(sources / "small.yaml", tmp_path / "run", "seed=1").folder
    assert digests(run, "02-dedup") != digests(finished, "02-dedup"), "the footers name another fingerprint"
    decided = [[row["keeper"] for row in rows(folder / "02-dedup/decisions")] for folder in (run, finished)]
    assert decided[0] == decided[1], "duplicates are no matter of the seed"
    copies = [{row["id"]: row["copies"] for row in rows(folder / "data")} for folder in (run, finished)]
    assert copies[0] != copies[1]
