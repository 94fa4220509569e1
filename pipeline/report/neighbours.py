"""What the semantic step of 02-dedup found near: how much, and the pairs on both sides of the threshold to look at."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow.compute as pc

from pipeline.report.run import Address, Run, documents, tables, unit_of
from pipeline.report.visible import excerpt, one_line
from pipeline.storage.write import read_about

SIDE = 5  # pairs on each side of the threshold
LETTERS = 700
KIND = "semantic"


def asked(run: Run) -> Mapping[str, Any] | None:
    """What the config says of the step; None where there is none."""
    steps: Sequence[Mapping[str, Any]] = (run.plan.get("dedup") or {}).get("steps") or []
    return next((step["how"] for step in steps if step["kind"] == KIND), None)


def found(run: Run) -> dict[str, Any] | None:
    """Counts, and the pairs nearest to the threshold: above it the least similar first, below it the next ones."""
    how = asked(run)
    if how is None or "02-dedup" not in run.manifests:
        return None
    members, groups, said = 0, 0, dict[str, Any]()
    for path, table in tables(run, "02-dedup", KIND, ["id", "group"]):
        members += len(table)
        groups += pc.sum(pc.equal(table["id"], table["group"])).as_py() or 0  # a group is called by one of its own
        said |= (read_about(path) or {}) if unit_of(path) == 0 else {}
    pairs = said.get("at_threshold", [])
    sides = [
        [pair for pair in pairs if (pair["cosine"] >= how["threshold"]) == above][:SIDE] for above in (True, False)
    ]
    texts = read_texts(run, [pair for side in sides for pair in side])
    return {
        "embedding": one_line(how["embedding"]),
        "threshold": how["threshold"],
        "drops": how["drop"],
        "documents": members,
        "groups": groups,
        "pairs": said.get("pairs", 0),
        "compared": said.get("compared", 0),
        "asked": said.get("asked", 0),
        "embedded": said.get("embedded", 0),
        "above": [shown(pair, texts) for pair in sides[0]],
        "below": [shown(pair, texts) for pair in sides[1]],
    }


def place(end: Mapping[str, Any]) -> Address:
    return int(end["unit"]), int(end["row"])


def read_texts(run: Run, pairs: Sequence[Mapping[str, Any]]) -> dict[Address, dict[str, Any]]:
    """The texts of both ends as 01-refine left them."""
    addresses = {place(pair[end]) for pair in pairs for end in ("one", "other")}
    return documents(run, ("01-refine", "kept"), addresses, ["id", "text"])


def shown(pair: Mapping[str, Any], texts: Mapping[Address, Mapping[str, Any]]) -> dict[str, Any]:
    """A pair as the page shows it."""
    ends = [
        {"id": one_line(pair[end]["id"], 80), "text": excerpt(texts[place(pair[end])]["text"], LETTERS)}
        for end in ("one", "other")
    ]
    return {"cosine": f"{pair['cosine']:.4f}", "ends": ends}
