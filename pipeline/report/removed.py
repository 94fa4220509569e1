"""What 02-dedup cut out of texts: the lines seen most often, some of the others, and what one document lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.report.run import Address, Run, documents
from pipeline.report.visible import one_line
from pipeline.storage.run_folder import DEDUP, EDITS

LINE_CHARS = 160
MOST_CUTS = 20  # of a document that are named


def _shown(pieces: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"count": piece["count"], "text": one_line(piece["text"], LINE_CHARS)} for piece in pieces]


def removed(run: Run) -> list[dict[str, Any]]:
    """For each step that cuts: how much of how many documents, and pieces to look at, safe to show."""
    return [
        {
            "step": one_line(step),
            **{name: told[name] for name in ("documents", "pieces", "text_bytes")},
            "most": _shown(told["most"]),
            "some": _shown(told["some"]),
        }
        for step, told in run.manifests[DEDUP].get("edits", {}).items()
    ]


def cut_from(run: Run, address: Address, text: str) -> list[str]:
    """The pieces of a document's text, as kept/ holds it, that 02-dedup cut; none where it left the text alone."""
    if not run.manifests.get(DEDUP, {}).get("edits"):
        return []
    row = documents(run, (DEDUP, EDITS), [address], ["cuts"]).get(address)
    letters, ends = text.encode(), (row or {}).get("cuts") or []
    spans = list(zip(ends[0::2], ends[1::2], strict=True))[:MOST_CUTS]
    return [letters[start:stop].decode("utf-8", "replace") for start, stop in spans]
