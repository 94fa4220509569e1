"""Going on in a run folder: what stands is kept, what is lost comes back byte for byte, other decisions are refused."""

import shutil
from pathlib import Path

import pytest

from pipeline.beam.alone import LOCK, Occupied, alone
from pipeline.beam.plan import ResumeRefused
from pipeline.beam.whole import PassFailed
from tests.beam.small_chain import carry_out, digests, manifest

LOST = ("01-refine/kept/part-00001-0000.parquet", "01-refine/features/part-00002-0000.parquet")
MANIFESTS = ("01-refine/manifest.json", "manifest.json")


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "run"))


def stamps(run: Path) -> dict[str, int]:
    """When each part and manifest was written."""
    files = [path for path in run.rglob("*") if path.suffix == ".parquet" or path.name == "manifest.json"]
    return {str(path.relative_to(run)): path.stat().st_mtime_ns for path in files}


def test_a_second_run_writes_no_part_and_no_manifest(copy: Path, sources: Path) -> None:
    before = stamps(copy)
    assert carry_out(sources / "small.yaml", copy).exit_code == 0
    assert stamps(copy) == before


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_part_is_made_again_byte_for_byte(copy: Path, sources: Path, finished: Path, lost: str) -> None:
    before = stamps(copy)
    for name in (lost, *MANIFESTS):
        (copy / name).unlink()
    carry_out(sources / "small.yaml", copy)
    assert digests(copy, ".") == digests(finished, ".")
    unit = lost.split("part-")[1][:5]
    rewritten = {name for name, stamp in stamps(copy).items() if before[name] != stamp}
    parts = {f"01-refine/{kind}/part-{unit}-0000.parquet" for kind in ("kept", "dropped", "failed", "features")}
    assert rewritten == {*parts, *MANIFESTS}, "only the unit of the lost part is read again"


def test_a_lost_published_part_comes_back_with_its_manifest_still_there(copy: Path, sources: Path) -> None:
    before = digests(copy)
    (copy / "data/part-00000-0000.parquet").unlink()
    carry_out(sources / "small.yaml", copy)
    assert digests(copy) == before


@pytest.mark.parametrize("stage", ["02-dedup", "03-mixture"])
def test_a_pass_that_was_lost_is_decided_alike(copy: Path, sources: Path, finished: Path, stage: str) -> None:
    shutil.rmtree(copy / stage)
    (copy / "manifest.json").unlink()
    carry_out(sources / "small.yaml", copy)
    assert digests(copy, ".") == digests(finished, ".")
    assert manifest(copy / stage) == manifest(finished / stage)


REFUSED = [
    ("seed=7", "seed: 0 -> 7"),
    ("steps.0.gopher_quality.min_words=21", "min_words: 20 -> 21"),
    ("mixture.max_epochs=3", "max_epochs"),
    ("limits.document_bytes=1000", "document_bytes"),
]


@pytest.mark.parametrize(("change", "named"), REFUSED)
def test_another_decision_in_the_same_folder_is_refused_by_its_key(
    copy: Path, sources: Path, change: str, named: str
) -> None:
    before = stamps(copy)
    with pytest.raises(ResumeRefused, match=named):
        carry_out(sources / "small.yaml", copy, change)
    assert stamps(copy) == before


def test_another_input_in_the_same_folder_is_refused_by_its_name(copy: Path, sources: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(sources, tmp_path / "changed"))
    with (changed / "talks/t.jsonl").open("a") as shard:
        shard.write('{"id": "more", "text": "one more"}\n')
    with pytest.raises(ResumeRefused, match=r"talks/t\.jsonl"):
        carry_out(changed / "small.yaml", copy)


@pytest.mark.parametrize("change", ["engine.workers=2", "limits.unit_seconds=100", "limits.failed_fraction=0.5"])
def test_what_decides_nothing_may_change(copy: Path, sources: Path, change: str) -> None:
    before = stamps(copy)
    carry_out(sources / "small.yaml", copy, change)
    assert stamps(copy) == before


def test_inputs_may_move_without_a_date_or_place_in_the_output(finished: Path, sources: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(sources, tmp_path / "elsewhere", copy_function=shutil.copyfile))
    copy = Path(shutil.copytree(finished, tmp_path / "run"))
    before = stamps(copy)
    carry_out(moved / "small.yaml", copy)
    assert stamps(copy) == before


@pytest.mark.parametrize(
    ("folder", "again"), [("data", "manifest.json"), ("01-refine/dropped", "01-refine/manifest.json")]
)
def test_a_stranger_among_the_parts_is_an_error_that_names_it(
    copy: Path, sources: Path, folder: str, again: str
) -> None:
    stranger = copy / folder / "part-00009-0000.parquet"
    shutil.copy(copy / folder / "part-00000-0000.parquet", stranger)
    (copy / again).unlink()
    with pytest.raises(PassFailed, match=r"part-00009-0000\.parquet"):
        carry_out(sources / "small.yaml", copy)
    assert not (copy / again).exists()


def test_two_runs_in_one_folder_are_refused(copy: Path, sources: Path) -> None:
    with alone(copy), pytest.raises(Occupied, match=r"process \d+ is at work here"):
        carry_out(sources / "small.yaml", copy)
    assert (copy / LOCK).exists()
    assert carry_out(sources / "small.yaml", copy).exit_code == 0
