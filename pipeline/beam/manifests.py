"""Manifests: what the parts of a pass say, summed, balanced and written last."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.attribution import step_of, sum_of
from pipeline.beam.edits import removed_together
from pipeline.beam.plan import Plan
from pipeline.beam.whole import About, PassFailed
from pipeline.storage.manifest import MANIFEST, write_json_atomically
from pipeline.storage.run_folder import MIXTURE, REFINE, unit_parts
from pipeline.storage.tally import sum_of as tally_of
from pipeline.storage.write import part_entry

Manifest = dict[str, Any]


def entries(folder: Path, kinds: Sequence[str], units: Iterable[int]) -> list[dict[str, Any]]:
    """The parts of a pass with their digests, and nothing else: a stranger in its folders is an error."""
    named = {kind: [path for unit in units for path in unit_parts(folder, ".", kind, unit)] for kind in kinds}
    for kind, paths in named.items():
        strangers = sorted({*(folder / kind).glob("*.parquet")} - {*paths})
        if strangers:
            raise PassFailed(f"{strangers[0]}: a part of no unit of this run (remove it, then run again)")
    return [vars(part_entry(path)) for paths in named.values() for path in paths]


def sum_counts(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    whole: Counter[str] = Counter()
    for one in counts:
        whole.update(one)
    return dict(sorted(whole.items()))


def refine_manifest(plan: Plan, said: Sequence[About]) -> Manifest:
    """01-refine: documents and bytes in, kept, dropped, failed; edits; reasons."""
    counts = [about["counts"] for about in said]
    sides = {side: sum_counts(each[side] for each in counts) for side in ("in", "kept", "dropped", "failed")}
    return {
        "documents": {side: sums.get("documents", 0) for side, sums in sides.items()},
        "skipped": sum_counts(about["skipped"] for about in said),
        "text_bytes": {
            **{side: sums.get("text_bytes", 0) for side, sums in sides.items()},
            "added": sum(each["added"] for each in counts),
            "removed": sum(each["removed"] for each in counts),
        },
        "tokens": {"kept": sum(each["tokens"] for each in counts)},
        "reasons": sum_of(each["reasons"] for each in counts),
        "steps": sum_of(each["steps"] for each in counts),
        "input_bytes": {
            "in": sum(plan.input_bytes(unit) for unit in plan.units),
            "failed": sides["failed"].get("input_bytes", 0),
        },
        "failed_by_steps": sides["failed"].get("by_steps", 0),
        "shuffled_bytes": 0,  # batches never cross a shuffle
        "by": {side: tally_of(each["by"][side] for each in counts) for side in ("in", "kept", "dropped")},
    }


def decisions_manifest(said: Sequence[About]) -> Manifest:
    """02-dedup and 03-mixture: one decision for each document that the pass was given."""
    return {
        "documents": {
            "in": sum(about["documents"] for about in said),
            "kept": sum(about["kept"] for about in said),
            "dropped": sum(about["dropped"] for about in said),
            "failed": 0,
        },
        "skipped": {},
        "text_bytes": {"added": 0, "failed": 0, **sum_counts(about["text_bytes"] for about in said)},
        "tokens": {"kept": sum(about["tokens"]["kept"] for about in said)},
        "reasons": sum_of(about["reasons"] for about in said),
        "steps": sum_of({step_of(name): t} for about in said for name, t in about["reasons"].items()),
        "shuffled_bytes": sum(about["shuffled_bytes"] for about in said),
        "by": {side: tally_of(about["by"][side] for about in said) for side in ("kept", "dropped")},
    }


def shuffled_of(said: Sequence[About]) -> dict[str, int]:
    """By step of 02-dedup: the bytes that entered its own groupings; the rest of `shuffled_bytes` serves all."""
    steps = list(said[0]["shuffled"]) if said else []
    return {step: sum(about["shuffled"][step] for about in said) for step in steps}


def edits_of(said: Sequence[About]) -> dict[str, Any]:
    """By step of 02-dedup that changes texts: what it removed, and some of it to look at."""
    steps = list(said[0]["edits"]) if said else []
    return {step: removed_together([about["edits"][step] for about in said]) for step in steps}


def mixture_of(plan: Plan, said: Sequence[About]) -> dict[str, Any]:
    """Each group against its target, copies counted; `achieved` unrounded."""
    if plan.config.mixture is None:
        return {}
    targets = {group.name: group.target for group in plan.config.mixture.groups}
    names = list(said[0]["mixture"]) if said else []
    sums = {name: sum_counts(about["mixture"][name] for about in said) for name in names}
    total = sum(each["tokens"] for each in sums.values())
    return {
        name: {
            "target": targets.get(name, 0.0),
            "achieved": each["tokens"] / total if total else 0.0,
            "documents": each["documents"],
            "tokens": each["tokens"],
            "epochs": each["tokens"] / each["available"] if each["available"] else 0.0,
        }
        for name, each in sums.items()
    }


def run_manifest(passes: Mapping[str, Manifest]) -> Manifest:
    """The run: what came in at the start, what stands in data/, everything dropped on the way."""
    first, last = passes[REFINE], passes[MIXTURE]
    dropped = sum(m["documents"]["dropped"] for m in passes.values())
    bytes_of = {side: sum(m["text_bytes"][side] for m in passes.values()) for side in ("dropped", "removed")}
    taken = {kind: {name: t for m in passes.values() for name, t in m[kind].items()} for kind in ("reasons", "steps")}
    return {
        "documents": {**first["documents"], "kept": last["documents"]["kept"], "dropped": dropped},
        "skipped": first["skipped"],
        "text_bytes": {**first["text_bytes"], "kept": last["text_bytes"]["kept"], **bytes_of},
        "tokens": last["tokens"],
        **taken,
        "mixture": last["mixture"],
        "input_bytes": first["input_bytes"],
        "shuffled_bytes": sum(m["shuffled_bytes"] for m in passes.values()),
        "by": {"in": first["by"]["in"], "kept": last["by"]["kept"]},
    }


def publish_manifest(plan: Plan, folder: Path, name: str, sums: Manifest, parts: list[dict[str, Any]]) -> Manifest:
    """Balance, then write `manifest.json`, the last file of its folder."""
    units = len(plan.units)
    whole = {"gristmill": __version__, "pass": name, "fingerprint": plan.fingerprint, "units": units, **sums}
    demand_balance(folder, whole)
    whole["parts"] = parts
    write_json_atomically(folder / MANIFEST, whole)
    return whole


def demand_balance(folder: Path, manifest: Manifest) -> None:
    """Nothing lost: documents and bytes in are those kept, dropped, removed and failed."""
    documents, text = manifest["documents"], manifest["text_bytes"]
    if documents["in"] != documents["kept"] + documents["dropped"] + documents["failed"]:
        raise PassFailed(f"{folder}: documents do not balance: {documents} (please report this)")
    if text["in"] + text["added"] != text["kept"] + text["dropped"] + text["removed"] + text["failed"]:
        raise PassFailed(f"{folder}: bytes of text do not balance: {text} (please report this)")
