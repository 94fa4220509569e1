"""What a run refuses, and that it does so before publishing: equal ids, a mixture out of reach, unexpected shares."""

import shutil
from pathlib import Path

import pytest

from pipeline.beam.whole import PassFailed
from pipeline.mixture.budget import OutOfReach
from pipeline.storage.inputs import InputError
from tests.beam.small_chain import carry_out, manifest, prose, rows
from tests.storage.reading import write_jsonl

TWINS = "inputs: [{{source: a, path: a/*.jsonl{a}}}, {{source: b, path: b/*.jsonl{b}}}]\n"


def twins(folder: Path, **more: str) -> Path:
    """A config of two sources which hold a document of the same id each."""
    for source, row in (("a", 1), ("b", 2)):
        made = [{"id": f"{source}{k}" if k != row else "twin", "text": prose(f"{source}{k}")} for k in range(4)]
        write_jsonl(folder / source / "x.jsonl", made)
    path = folder / "twins.yaml"
    path.write_text(TWINS.format(**{"a": "", "b": "", **more}))
    return path


def line_start(path: Path, line: int) -> int:
    return sum(map(len, path.read_bytes().splitlines(keepends=True)[:line]))


def test_two_documents_of_one_id_are_an_error_that_names_both_addresses(tmp_path: Path) -> None:
    config = twins(tmp_path)
    with pytest.raises(PassFailed, match="two documents of one id: twin") as caught:
        carry_out(config, tmp_path / "run")
    assert f"a/x.jsonl row {line_start(tmp_path / 'a/x.jsonl', 1)}" in str(caught.value)
    assert f"b/x.jsonl row {line_start(tmp_path / 'b/x.jsonl', 2)}" in str(caught.value)
    assert not (tmp_path / "run/02-dedup/manifest.json").exists()
    assert not (tmp_path / "run/data").exists()
    with pytest.raises(PassFailed, match="two documents of one id: twin"):
        carry_out(config, tmp_path / "run")


def test_namespaced_ids_are_told_apart(tmp_path: Path) -> None:
    config = twins(tmp_path, a=", ids: namespace", b=", ids: namespace")
    carry_out(config, tmp_path / "run")
    ids = [row["id"] for row in rows(tmp_path / "run/data")]
    assert {"a/x.jsonl#twin", "b/x.jsonl#twin"} <= {*ids}


def test_equal_ids_in_one_file_stay_an_error_in_their_namespace(tmp_path: Path) -> None:
    config = twins(tmp_path, a=", ids: namespace", b=", ids: namespace")
    write_jsonl(tmp_path / "a/x.jsonl", [{"id": "same", "text": "one"}, {"id": "same", "text": "two"}])
    with pytest.raises(PassFailed, match=r"two documents of one id: a/x\.jsonl#same"):
        carry_out(config, tmp_path / "run")


def test_a_mixture_out_of_reach_is_an_error_before_anything_is_published(sources: Path, tmp_path: Path) -> None:
    with pytest.raises(OutOfReach, match=r"notes needs 200,000 tokens, .* are available"):
        carry_out(sources / "small.yaml", tmp_path / "run", "mixture.tokens=1000000")
    assert manifest(tmp_path / "run/02-dedup")["documents"]["kept"] > 0
    assert not (tmp_path / "run/data").exists()
    assert not (tmp_path / "run/manifest.json").exists()


def test_a_mixture_that_is_scaled_goes_as_far_as_the_caps_allow(sources: Path, tmp_path: Path) -> None:
    sets = "mixture.tokens=1000000", "mixture.on_short=scale", "mixture.max_epochs=2"
    run = carry_out(sources / "small.yaml", tmp_path / "run", *sets).folder
    assert {row["copies"] for row in rows(run / "data")} == {1, 2}
    assert max(group["epochs"] for group in manifest(run)["mixture"].values()) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("stage", ["01-refine", "02-dedup", "03-mixture"])
def test_a_share_outside_of_what_is_expected_fails_before_publishing(
    finished: Path, sources: Path, tmp_path: Path, stage: str
) -> None:
    run = Path(shutil.copytree(finished, tmp_path / "run"))
    shutil.rmtree(run / "data")
    (run / "manifest.json").unlink()
    with pytest.raises(PassFailed, match=rf"{stage} kept \d+\.\d% of its documents"):
        carry_out(sources / "small.yaml", run, f"expect_kept.{stage}=[0.0, 0.1]")
    assert not (run / "data").exists()
    assert not (run / "manifest.json").exists()


def test_an_input_without_files_is_an_error_before_the_folder_exists(sources: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file of input notes matches"):
        carry_out(sources / "small.yaml", tmp_path / "run", "inputs.1.path=nowhere/*.jsonl")
    assert not (tmp_path / "run").exists()
