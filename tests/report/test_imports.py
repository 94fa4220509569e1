"""A report needs no engine: it opens on a machine where none is installed."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["html", "card", "explain", "story", "sample", "sweep"])
def test_no_reader_imports_an_engine(module: str) -> None:
    asked = (
        f"import sys, pipeline.report.{module}; print(sorted(n for n in sys.modules if n.startswith('apache_beam')))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
