"""Rules that do nothing, everything, or what another does already; metrics that say nothing. Pure arithmetic.

The model is a released config whose three top-n-gram filters name an attribute that the tagger does not write
(most_common_2gram for most_common_2grams): they could never drop a document, and nobody was told.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from pipeline.attribution import step_of
from pipeline.report.evidence import Evidence, Range
from pipeline.report.numbers import short

FEWEST = 20  # documents below which nothing is said of a share
IMPLIED = 0.99
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
ORDER = ("unwritten", "not_a_number", "never_asked", "always", "constant", "implied", "never", "too_few")
QUIET = ("constant", "never", "not_a_number")  # kinds that say nothing of a check that is off

Bounds = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Finding:
    """`about` is a reason, a metric or a step; `numbers` are those that `says` tells; `do`: what to make of it."""

    kind: str
    about: str
    numbers: Mapping[str, float]
    says: str
    do: str


def lint(evidence: Evidence, bounds: Bounds, off: Collection[str] = ()) -> list[Finding]:
    """All findings, the gravest kind first. `bounds`: reason -> metric, comparison, value.

    `off`: metrics whose check the config turned off; that they find nothing is no finding.
    """
    found = [
        *asked_of_few(evidence),
        *unwritten(evidence, bounds),
        *mute_metrics(evidence, bounds),
        *always_or_never(evidence, bounds),
        *implied(evidence),
    ]
    found = [finding for finding in found if finding.kind not in QUIET or measured(finding.about, bounds) not in off]
    return sorted(found, key=lambda finding: (ORDER.index(finding.kind), finding.about))


def measured(about: str, bounds: Bounds) -> str:
    """The metric that a finding is about, where it is about a reason."""
    return str(bounds[about]["metric"]) if about in bounds else about


def as_json(evidence: Evidence, bounds: Bounds, off: Collection[str] = ()) -> dict[str, Any]:
    """What `--json` shows: over how many documents, and what was found."""
    return {"documents": evidence.documents, "findings": [asdict(finding) for finding in lint(evidence, bounds, off)]}


def asked_of_few(evidence: Evidence) -> Iterator[Finding]:
    """Steps that looked at nothing, or at too little to say more of them."""
    for step, asked in evidence.asked.items():
        numbers = {"asked": asked, "documents": evidence.documents}
        if not asked and evidence.documents:
            says = f"looked at none of {evidence.documents:,} documents"
            yield Finding("never_asked", step, numbers, says, "Compare its `when` with what the inputs hold.")
        elif 0 < asked < FEWEST:
            says = (
                f"looked at {asked} of {evidence.documents:,} documents, too few to say whether its rules do anything"
            )
            yield Finding("too_few", step, numbers, says, "Look again after a run over more.")


def unwritten(evidence: Evidence, bounds: Bounds) -> Iterator[Finding]:
    """Bounds on a metric that no step writes: they can never decide anything."""
    for reason, bound in bounds.items():
        if evidence.documents and bound["metric"] not in evidence.ranges:
            like = get_close_matches(bound["metric"], evidence.ranges, 1)
            numbers = {"documents": evidence.documents}
            says = f"rests on {bound['metric']}, which was written for none of {evidence.documents:,} documents"
            do = f"Did you mean {like[0]}?" if like else "Correct the metric's name."
            yield Finding("unwritten", reason, numbers, says, do)


def mute_metrics(evidence: Evidence, bounds: Bounds) -> Iterator[Finding]:
    """Metrics that are no number in any document that the step looked at, or the same in all."""
    for metric, found in evidence.ranges.items():
        asked = evidence.asked.get(step_of(metric), evidence.documents)
        if asked < FEWEST:
            continue
        resting = ", ".join(reason for reason, bound in bounds.items() if bound["metric"] == metric)
        if not found.count:
            says = f"is no number in any of the {asked:,} documents that its step looked at"
            do = f"{resting} can decide nothing: find out why nothing is measured." if resting else "Nothing reads it."
            yield Finding("not_a_number", metric, {"asked": asked}, says, do)
        elif found.low == found.high and found.count >= FEWEST:
            says = f"is {short(found.low)} in all {found.count:,} documents"
            do = f"To {resting} all documents are alike: leave it out, or look at other input." if resting else UNASKED
            yield Finding("constant", metric, {"asked": found.count, "value": found.low}, says, do)


UNASKED = "No bound rests on it: it found nothing here, or is off, or always finds the same."


def always_or_never(evidence: Evidence, bounds: Bounds) -> Iterator[Finding]:
    """Reasons that strike every document that their step looks at, or none; a mute metric has said the latter."""
    for reason, failed in evidence.failed.items():
        asked = evidence.asked.get(step_of(reason), evidence.documents)
        bound = bounds.get(reason)
        values = evidence.ranges.get(bound["metric"]) if bound else None
        mute = bound is not None and (values is None or not values.count or values.low == values.high)
        if asked < FEWEST or step_of(reason) not in evidence.asked:
            continue
        if failed == asked:
            says = f"strikes all {asked:,} documents that its step looked at{nearest(bound, values)}"
            yield Finding(
                "always", reason, {"asked": asked, "failed": failed}, says, "Is its bound the wrong way round?"
            )
        elif not failed and not mute:
            says = f"struck none of {asked:,} documents{nearest(bound, values)}"
            rare = f"It strikes fewer than 1 document in {max(asked // 3, 1):,} (95 % sure)"
            do = (
                f"{rare}; leave it out, or move its bound."
                if bound
                else f"{rare}; leave it out, or look at more input."
            )
            yield Finding("never", reason, {"asked": asked, "failed": 0}, says, do)


def nearest(bound: Mapping[str, Any] | None, values: Range | None) -> str:
    """How far the documents lie from the bound."""
    if bound is None or values is None or not values.count:
        return ""
    told = f"{short(values.low)} to {short(values.high)}"
    sign = SIGNS[bound["comparison"]]
    return f": {bound['metric']} is {told}, demanded {sign}\u202f{short(bound['value'])}"


def implied(evidence: Evidence) -> Iterator[Finding]:
    """Reasons of which nearly every document fails one and the same other reason too; the strongest is named."""
    best: dict[str, tuple[int, int, str]] = {}
    for (one, other), both in evidence.both.items():
        for reason, by in ((one, other), (other, one)):
            failed = evidence.failed[reason]
            if failed >= FEWEST and both / failed >= IMPLIED:
                best[reason] = max(best.get(reason, (0, 0, "")), (both, -evidence.failed[by], by))
    for reason, (both, _, by) in best.items():
        failed = evidence.failed[reason]
        mutual = best.get(by, (0, 0, ""))[2] == reason and evidence.failed[by] == failed
        if mutual and reason < by:
            continue  # two reasons of the same documents: said once
        says = f"is implied by {by}: {both:,} of its {failed:,} documents ({both / failed:.1%}) fail that as well"
        numbers = {"failed": failed, "both": both, "share": both / failed}
        yield Finding("implied", reason, numbers, says, "Without it hardly anything more would be kept.")
