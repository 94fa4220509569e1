"""What `explain` found, as a person reads it on a terminal; foreign text cannot command the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.report.visible import excerpt, one_line

ABOUT = ("url", "language", "script", "licence", "date", "tokens", "quality")


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def _head(told: Mapping[str, Any]) -> Iterator[str]:
    where = told["where"]
    yield f"{one_line(told['id'])}: {told['outcome']}"
    yield f"  stood in {one_line(where['path'])}, row {where['row']} (source {one_line(where['source'])})"
    known = [f"{name} {one_line(str(told[name]))}" for name in ABOUT if told.get(name) is not None]
    yield "  " + ", ".join([*known, f"{told['text_bytes']:,} bytes of text"])
    if told["edit"]:
        yield "  edits: " + ", ".join(f"{value:,} bytes {name}" for name, value in told["edit"].items())
    for other in told.get("same_id", []):
        yield f"  the same id stands in {one_line(other['path'])}, row {other['row']}"


def _whose(bound: Mapping[str, Any]) -> str:
    """Of which language or extension the bound is, where others have another."""
    named = [f" for {key} {one_line(bound[key])}" for key in ("language", "extension") if key in bound]
    return "".join(named)


def _steps(told: Mapping[str, Any]) -> Iterator[str]:
    for step in told["steps"]:
        verdict = "fails: " + ", ".join(step["reasons"]) if step["reasons"] else "passes"
        yield f"  {one_line(step['step'])} {one_line(verdict)}"
        for metric in step["metrics"]:
            bounds = [
                f"{'' if b['passed'] else 'NOT '}{b['comparison']} {_number(b['value'])}{_whose(b)}"
                for b in metric["bounds"]
            ]
            name = one_line(metric["metric"].split(".", 1)[1])
            yield f"    {name} = {_number(metric['value'])}" + (f"  ({', '.join(bounds)})" if bounds else "")


def _dedup(told: Mapping[str, Any]) -> Iterator[str]:
    decision = told["dedup"]
    if decision is None:
        return
    if not decision["keep"]:
        yield f"  02-dedup drops it: {decision['reason']}; {one_line(decision['keeper'] or '?')} stays instead"
    elif not decision["members"]:
        yield "  02-dedup keeps it: nothing like it was found"
    else:
        yield f"  02-dedup keeps it, of {decision['cluster_size']} alike"
    for member in decision["members"]:
        fate = "stays" if member["keep"] else member["reason"]
        yield f"    {one_line(member['id'], 60)}: {fate} ({one_line(member['path'])}, row {member['row']})"


def _semantic(told: Mapping[str, Any]) -> Iterator[str]:
    near = told["semantic"]
    if near is not None:
        alike = f"one of {near['group_size']} alike by meaning"
        yield f"  semantic: {alike}; nearest {one_line(near['nearest'], 60)}, cosine {near['cosine']:.4f}"


def _cut(told: Mapping[str, Any]) -> Iterator[str]:
    if told["cut"]:
        yield "  02-dedup cuts out of it:"
    for piece in told["cut"]:
        yield f"    {one_line(piece, 120)}"


def _mixture(told: Mapping[str, Any]) -> Iterator[str]:
    decision = told["mixture"]
    if decision is None:
        return
    copies = decision["copies"]
    yield (
        f"  03-mixture takes it {copies} times"
        if decision["keep"]
        else f"  03-mixture leaves it out: {decision['reason']}"
    )


def story(told: Mapping[str, Any]) -> str:
    """The dictionary that `explain` made, as lines."""
    body = "\n".join("  | " + line for line in excerpt(told["text"]).splitlines())
    lines = [*_head(told), *_steps(told), *_dedup(told), *_cut(told), *_semantic(told), *_mixture(told)]
    return "\n".join([*lines, "  its text begins:", body]) + "\n"
