"""`near` and `compare`: documents beside a run, and a run beside another."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.look import A_RUN, AS_JSON
from pipeline.commands.output import print_json, print_table, print_text, print_tree

if TYPE_CHECKING:
    from pipeline.documents import Documents

TEXT_FILES = (".txt", ".text", ".md")


@click.command()
@A_RUN
@click.argument("file", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("-n", "most", default=10, show_default=True, type=click.IntRange(min=1), help="At most so many each.")
@AS_JSON
def near(run: Path, file: tuple[str, ...], most: int, as_json: bool) -> None:
    """Find the near duplicates of FILE's documents in RUN, and in the runs that it was held against.

    FILE is JSONL, Parquet, WARC or plain text (.txt), by its ending; - is JSONL from standard input. Without FILE:
    what minhash dropped in RUN beside what stayed, the least similar pairs first.
    """
    from pipeline.report.near import near as found
    from pipeline.report.near import own_pairs

    if not file:
        pairs = own_pairs(run, most)
        print_json(pairs) if as_json else print_pairs(pairs)
        return
    answers = list(found(run, documents(file), most))
    print_json(answers) if as_json else print_answers(answers)


def documents(paths: tuple[str, ...]) -> Iterator["Documents"]:
    """The documents of all files, in order; what cannot be read is told on standard error."""
    from pipeline import stage_input

    for path in paths:
        if path.lower().endswith(TEXT_FILES):
            yield plain_text(path)
            continue
        with stage_input.given([path] if path != "-" else [], sys.stdin.buffer) as inputs:
            yield from stage_input.documents(inputs, lambda line: click.echo(line, err=True))


def plain_text(path: str) -> "Documents":
    """A file of text as one document."""
    import pyarrow as pa

    from pipeline.documents import Documents

    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return Documents(
        pa.RecordBatch.from_arrays([pa.array([path]), pa.array([text], pa.large_string())], ["id", "text"])
    )


def print_answers(answers: list[dict[str, Any]]) -> None:
    rows = [answer_row(answer["id"], line) for answer in answers for line in answer["near"] or [{}]]
    print_table(rows, ("document", "near", "jaccard", "", "reason", "keeper"))


def answer_row(document: str, line: dict[str, Any]) -> list[Any]:
    if not line:
        return [document, "none", "-", "", "", ""]
    stands = "kept" if line["kept"] else "dropped"
    return [document, line["id"], line["jaccard"], stands, line["reason"] or "", line["keeper"] or ""]


def print_pairs(found: dict[str, Any]) -> None:
    print_text(
        f"{found['documents']:,} documents dropped as near duplicates, {found['compared']:,} held beside a keeper"
    )
    rows = [
        [pair["dropped"], pair["keeper"], pair["jaccard"], "" if pair["share_a_band"] else "over others"]
        for pair in found["pairs"]
    ]
    print_table(rows, ("dropped", "keeper", "jaccard", ""))


@click.command()
@A_RUN
@click.argument("other", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-n", "most", default=10, show_default=True, type=click.IntRange(min=1), help="At most so many examples.")
@AS_JSON
def compare(run: Path, other: Path, most: int, as_json: bool) -> None:
    """Hold RUN beside OTHER: counts, reasons, published ids, and what a new crawl displaced or joined."""
    from pipeline.report.compare import compare as compared

    found = compared(run, other, most)
    print_json(found) if as_json else print_beside(found)


def print_beside(found: dict[str, Any]) -> None:
    """A table of counts, one of reasons, then sentences."""
    names = [each["run"] for each in found["runs"]]
    sides = zip(
        *([*each["documents"].items(), ("tokens", each["tokens"]["kept"])] for each in found["runs"]), strict=True
    )
    print_table([[name, one, other] for (name, one), (_, other) in sides], ("", *names))
    print_text("")
    print_table([reason_row(each) for each in found["reasons"]], ("dropped for", names[0], "", names[1], ""))
    ids = found["published"]
    print_text(
        f"\npublished in both {ids['both']:,}, in the first only {ids['only_first']:,},"
        f" in the second only {ids['only_second']:,}"
    )
    if found["against"]:
        print_against(found["against"])


def reason_row(reason: dict[str, Any]) -> list[Any]:
    (one, other), shares = reason["documents"], [f"{share:.2%}" for share in reason["shares"]]
    return [reason["reason"], one, shares[0], other, shares[1]]


def print_against(said: dict[str, Any]) -> None:
    """What the later run found among the documents of the earlier one."""
    how = "the policy alone chose survivors" if said["flip"] else "earlier survivors stayed"
    print_text(f"\n{said['later']} was held against {said['earlier']}: {how}")
    if said["changed"]:
        print_text("  (that run is not any more what was read then)")
    print_text(f"  {said['new_dropped_for_earlier']:,} new documents dropped for documents of earlier runs")
    print_text(f"  {said['clusters_joined']:,} clusters of the earlier run are not what they were")
    print_text(f"  {said['displaced']:,} of its survivors displaced, {said['restored']:,} dropped documents back")
    print_text(f"  {said['joined_old']:,} clusters with two or more earlier survivors")
    for kind, lines in said["examples"].items():
        if lines:
            print_text(f"\n{kind}:")
            print_tree(lines, 1)
