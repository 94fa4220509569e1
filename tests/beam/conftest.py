"""One run of the small chain, made once for the tests that only look at it or start from a copy."""

from pathlib import Path

import pytest

from tests.beam.small_chain import carry_out, write_config, write_sources


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shards and of `small.yaml`."""
    folder = tmp_path_factory.mktemp("sources")
    write_sources(folder)
    write_config(folder)
    return folder


@pytest.fixture(scope="session")
def finished(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run folder: look, copy, never change."""
    output = tmp_path_factory.mktemp("finished") / "run"
    assert carry_out(sources / "small.yaml", output).exit_code == 0
    return output
