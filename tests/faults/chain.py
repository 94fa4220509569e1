"""A whole run over shards made for a fault, and the command that a user would call."""

import os
import subprocess
import sys
from pathlib import Path

from pipeline.beam.run import RunResult, run
from pipeline.config import load

GOOD = "the be to of and that have with "
COMMAND = "import sys; from pipeline.cli import main; main(sys.argv[1:])"


def write_config(folder: Path, *inputs: str, more: str = "") -> Path:
    path = folder / "fault.yaml"
    listed = "".join(f"  - {{{each}}}\n" for each in inputs)
    path.write_text(f"output: run\ninputs:\n{listed}{more}")
    return path


def carry_out(config: Path, *sets: str) -> tuple[RunResult, list[str]]:
    """The result, and the lines said on the way."""
    said: list[str] = []
    return run(load(config, sets), talk=said.append), said


def start_command(*arguments: str | Path) -> "subprocess.Popen[str]":
    """The command in a process group of its own."""
    words = [sys.executable, "-c", COMMAND, *map(str, arguments)]
    whole = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=whole, start_new_session=True
    )


def command(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    process = start_command(*arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err
