"""`gristmill verify`: a flipped bit, a missing part or another size in any folder of a run is found and named."""

import shutil
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.report.verify import verify


@pytest.fixture
def own(run: Path, tmp_path: Path) -> Path:
    shutil.copytree(run, tmp_path / "run")
    return tmp_path / "run"


def test_a_run_as_it_was_written_is_whole(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = verify(run)
    assert found["whole"] and list(found["passes"]) == ["01-refine", "02-dedup", "03-mixture", "data"]
    assert found["passes"]["data"]["parts"] == 2
    assert all(each["bytes"] > 0 and each["fault"] is None for each in found["passes"].values())
    assert cli.exit_code(["verify", str(run)]) == cli.DONE
    assert "01-refine" in capsys.readouterr().out


@pytest.mark.parametrize("folder", ["01-refine/features", "02-dedup/decisions", "03-mixture/decisions", "data"])
def test_one_flipped_bit_is_found_wherever_it_is(own: Path, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    part = sorted((own / folder).iterdir())[-1]
    held = bytearray(part.read_bytes())
    held[len(held) // 2] ^= 1
    part.write_bytes(held)
    assert cli.exit_code(["verify", str(own), "--json"]) == cli.FAILED
    assert f"{part.name}: its bytes are not those that the manifest names" in capsys.readouterr().out
    faults = [name for name, each in verify(own)["passes"].items() if each["fault"]]
    assert faults == [folder.split("/", maxsplit=1)[0]]


def test_a_missing_part_is_found(own: Path) -> None:
    next((own / "data").iterdir()).unlink()
    found = verify(own)
    assert not found["whole"] and "missing" in found["passes"]["data"]["fault"]


def test_of_a_run_that_has_not_finished_the_finished_passes_are_looked_at(own: Path) -> None:
    (own / "manifest.json").unlink()
    assert list(verify(own)["passes"]) == ["01-refine", "02-dedup", "03-mixture"]
