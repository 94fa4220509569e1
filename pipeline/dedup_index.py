"""The index that a run's dedup pass leaves for runs after it: a header beside what its folder holds anyway.

Keys, signatures and what policies compare stand in 01-refine/features (02-dedup/edits where texts were changed), who
was dropped for whom in 02-dedup/decisions: nothing is stored twice. The header, 02-dedup/index.json, says of which
making they are, and which runs this one was itself held against.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.dedup import exact, url
from pipeline.dedup.minhash import Scheme, refuse_other
from pipeline.dedup_config import EDITORS, DedupConfig
from pipeline.storage import files
from pipeline.storage.manifest import MANIFEST, ManifestError, named_parts, read_manifest, write_json_atomically
from pipeline.storage.run_folder import DEDUP, EARLIER, REFINE

INDEX = "index.json"
VERSION = 1  # of the header, and of the columns of features/ and decisions/ that readers rely on
NORMALISATIONS: Mapping[str, str] = {"url": url.NORMALISATION, "exact": exact.NORMALISATION}


class IndexRefused(ValueError):
    """An index that cannot be read, is of another making, or is not what it was; one line."""


@dataclass(frozen=True)
class Index:
    """The index of a run. `digest`: of its header and of the manifests that name every part of it by SHA-256."""

    run: str
    digest: str
    header: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        return str(self.header["fingerprint"])

    @property
    def units(self) -> int:
        return int(self.header["units"])

    @property
    def earlier(self) -> Sequence[Mapping[str, Any]]:
        """The runs that it was held against, oldest first: path (from its folder), fingerprint, digest, units."""
        runs: Sequence[Mapping[str, Any]] = self.header["earlier"]
        return runs

    def as_decided(self) -> dict[str, str]:
        """What of it decides the output of a run that is held against it."""
        return {"fingerprint": self.fingerprint, "digest": self.digest}


def write_index(
    run: Path,
    manifests: Mapping[str, Mapping[str, Any]],
    dedup: DedupConfig,
    crawls: Sequence[str],
    of: Sequence[Index],
) -> None:
    """RUN/02-dedup/index.json. `of`: the runs that this one was held against, oldest first."""
    scheme = dedup.scheme
    earlier = [
        {"path": os.path.relpath(each.run, run), **each.as_decided(), "units": each.units}
        for each in of
    ]  # fmt: skip
    header = {
        "gristmill": __version__,
        "version": VERSION,
        "fingerprint": manifests[DEDUP]["fingerprint"],
        "units": manifests[DEDUP]["units"],
        "documents": manifests[REFINE]["documents"],
        "over": dedup.over,
        "steps": [step.kind for step in dedup.steps],
        "edits": any(step.kind in EDITORS for step in dedup.steps),
        "scheme": scheme.describe() if scheme else None,
        "normalisations": NORMALISATIONS,
        "crawls": list(crawls),
        "flip": dedup.flip,
        "earlier": earlier,
    }
    write_json_atomically(run / DEDUP / INDEX, header)


def read_header(path: Path) -> dict[str, Any]:
    try:
        header = json.loads(files.read_bytes(str(path)))
    except ValueError as error:
        raise IndexRefused(f"{path}: no JSON: {error}") from error
    return header if isinstance(header, dict) else {}


def open_index(run: Path | str) -> Index:
    """The index of the run in this folder, its parts all there with their sizes."""
    folder, path = Path(run), Path(run) / DEDUP / INDEX
    if not files.exists(str(path)):
        raise IndexRefused(f"{folder}: no {DEDUP}/{INDEX} (an index is the folder of a run whose {DEDUP} has finished)")
    header = read_header(path)
    if header.get("version") != VERSION:
        raise IndexRefused(f"{path}: version {header.get('version')!r} (this gristmill reads version {VERSION})")
    try:
        for stage, kinds in ((REFINE, ("features",)), (DEDUP, ("decisions", "edits", EARLIER))):
            if read_manifest(folder / stage)["fingerprint"] != header["fingerprint"]:
                raise IndexRefused(f"{path}: of another run than {stage}/{MANIFEST} (go on with that run first)")
            for kind in kinds:
                named_parts(folder / stage, kind)
    except ManifestError as error:
        raise IndexRefused(str(error)) from error
    digest = hashlib.sha256()
    for part in (path, folder / REFINE / MANIFEST, folder / DEDUP / MANIFEST):
        digest.update(hashlib.sha256(files.read_bytes(str(part))).digest())
    return Index(str(folder), digest.hexdigest()[:32], header)


def chain(runs: Sequence[str]) -> list[Index]:
    """These runs and all that they were themselves held against, oldest first.

    An earlier one is looked for where the run that names it says, unless it is among `runs`. Raises IndexRefused where
    one is missing, or has changed since it was read.
    """
    given = {index.fingerprint: index for index in map(open_index, runs)}
    whole: dict[str, Index] = {}
    for index in given.values():
        for entry in index.earlier:
            found = given.get(entry["fingerprint"]) or open_index(os.path.normpath(Path(index.run) / entry["path"]))
            if found.as_decided() != {name: entry[name] for name in ("fingerprint", "digest")}:
                raise IndexRefused(f"{found.run}: its index has changed since {index.run} read it")
            whole.setdefault(found.fingerprint, found)
        whole.setdefault(index.fingerprint, index)
    return list(whole.values())


def refuse_unlike(index: Index, dedup: DedupConfig) -> None:
    """Raise unless all that the steps compare stands in the index as they would make it."""
    header = index.header
    if dedup.over == "all" and header["over"] != "all":
        raise IndexRefused(f"{index.run}: made over survivors: of what 01-refine dropped it holds no signatures")
    for step in dedup.steps:
        if step.kind in NORMALISATIONS and header["normalisations"].get(step.kind) != NORMALISATIONS[step.kind]:
            raise IndexRefused(f"{index.run}: its keys of `{step.kind}` are of another normalisation")
        if step.scope == "crawl" and not header["crawls"]:
            raise IndexRefused(f"{index.run}: names no crawls, which `scope: crawl` of {step.kind} compares within")
    if dedup.scheme:
        refuse_scheme(index, dedup.scheme)


def refuse_scheme(index: Index, scheme: Scheme) -> None:
    if index.header["scheme"] is None:
        raise IndexRefused(f"{index.run}: holds no signatures (its config had no minhash step)")
    try:
        refuse_other(index.header["scheme"], scheme)
    except ValueError as error:
        raise IndexRefused(f"{index.run}: {error}") from error
