"""A run that is killed at any moment goes on where it stood and ends in the same bytes."""

import hashlib
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.beam.small_chain import digests, write_config, write_sources
from tests.faults.chain import carry_out, command, start_command

MOMENTS = 3


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    write_sources(folder)
    return write_config(folder)


def whole_run(config: Path, output: Path) -> list[str]:
    """Everything that a run puts into its folder, in the order in which it was put there."""
    carry_out(config, f"output={output}")
    files = [path for path in output.rglob("*") if path.suffix in (".parquet", ".json")]
    return [str(path.relative_to(output)) for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)]


def kill_when_there(config: Path, output: Path, name: str) -> None:
    """Start the command; kill it, with no chance to tidy up, as soon as `name` stands."""
    process = start_command("run", config, "--output", output)
    while process.poll() is None and not (output / name).exists():
        time.sleep(0.002)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_run_killed_at_some_moment_is_resumed_to_the_same_bytes(sources: Path, tmp_path: Path, moment: int) -> None:
    made = whole_run(sources, tmp_path / "whole")
    chosen = int.from_bytes(hashlib.sha256(f"moment {moment}".encode()).digest()[:4], "big") % len(made)
    killed = tmp_path / "killed"
    kill_when_there(sources, killed, made[chosen])
    assert (killed / made[chosen]).exists()
    carry_out(sources, f"output={killed}")
    assert digests(killed, ".") == digests(tmp_path / "whole", ".")
    assert [*killed.rglob(".part-*")] == [], "what the killed writer had not finished is gone"


def test_what_a_killed_writer_left_half_written_is_made_again(sources: Path, tmp_path: Path) -> None:
    whole_run(sources, tmp_path / "whole")
    torn = Path(shutil.copytree(tmp_path / "whole", tmp_path / "torn"))
    for name in ("data/part-00001-0000.parquet", "01-refine/kept/part-00002-0000.parquet"):
        (torn / name).write_bytes((torn / name).read_bytes()[:200])
    for stage in ("01-refine", "."):
        (torn / stage / "manifest.json").unlink()
    carry_out(sources, f"output={torn}")
    assert digests(torn, ".") == digests(tmp_path / "whole", ".")


def test_a_second_process_in_the_folder_is_refused_while_the_first_is_at_work(sources: Path, tmp_path: Path) -> None:
    first = start_command("run", sources, "--output", tmp_path / "run")
    while first.poll() is None and not (tmp_path / "run/plan.json").exists():
        time.sleep(0.002)
    assert first.poll() is None
    os.kill(first.pid, signal.SIGSTOP)
    try:
        code, _, err = command("run", sources, "--output", tmp_path / "run")
        assert (code, f"process {first.pid} is at work here" in err) == (1, True)
    finally:
        os.kill(first.pid, signal.SIGCONT)
    assert first.wait(timeout=120) == 0
    first.communicate()
