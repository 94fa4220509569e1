"""One small finished run, made once for all tests that only read it."""

from pathlib import Path

import pytest

from tests.report.examples import FAILED, examples
from tests.report.small_run import small_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_run(tmp_path_factory.mktemp("report") / "run", examples(), FAILED)
