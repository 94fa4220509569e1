"""Whether a run folder is still as it was written: every part that a manifest names, byte by byte."""

from pathlib import Path
from typing import Any

from pipeline.report.run import PASSES, WHOLE, open_run
from pipeline.storage.manifest import ManifestError, check_parts


def verify(run: Path | str) -> dict[str, Any]:
    """Of each finished pass and of data/: how many parts and bytes were read, and the first that is not as written.

    `whole` says that all are. A run that goes on or is read checks each part's size and Parquet's page checksums; this
    reads all of it and compares SHA-256 sums.
    """
    opened = open_run(run, needs=())
    passes = {}
    for name in (name for name in (*PASSES, WHOLE) if name in opened.manifests):
        parts = opened.manifests[name]["parts"]
        told = {"parts": len(parts), "bytes": sum(part["bytes"] for part in parts), "fault": fault(opened.path / name)}
        passes["data" if name == WHOLE else name] = told
    return {"run": str(opened.path), "whole": not any(told["fault"] for told in passes.values()), "passes": passes}


def fault(folder: Path) -> str | None:
    """The first part that is missing or changed, or nothing."""
    try:
        check_parts(folder)
    except ManifestError as error:
        return str(error)
    return None
