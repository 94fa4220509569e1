"""`report`, `explain`, `sample`, `sweep` and `verify`: a finished run, looked at."""

from pathlib import Path
from typing import Any

import click

from pipeline.commands.output import print_json, print_table, print_text, print_tree

A_RUN = click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON value on standard output.")
CHANGED = 1
EXCERPT = 500  # characters of a document's text that people are shown
MOVED = ("documents", "text_bytes", "quality")  # of what comes back, and of what leaves
HEADINGS = ("id", "reasons", "keeper", "source", "path", "url", "language", "licence", "quality", "tokens")


@click.command()
@A_RUN
@AS_JSON
def report(run: Path, as_json: bool) -> None:
    """Write RUN/report.html and its card anew.

    --json tells what each step and reason took, and what the linter found.
    """
    from pipeline.report.card import write_card
    from pipeline.report.html import as_data, write_report

    write_card(run)
    written = write_report(run)
    print_json(as_data(run)) if as_json else print_text(str(written))


@click.command()
@A_RUN
@AS_JSON
def verify(run: Path, as_json: bool) -> None:
    """Read all of RUN and compare every part's SHA-256 with its manifest.

    Exit 1 where a part is missing or changed.
    """
    from pipeline.report.verify import verify as verified

    found = verified(run)
    print_json(found) if as_json else print_tree(found)
    if not found["whole"]:
        raise click.exceptions.Exit(CHANGED)


@click.command()
@A_RUN
@click.argument("document")
@AS_JSON
def explain(run: Path, document: str, as_json: bool) -> None:
    """Tell the story of the document with this id: every number, reason and decision."""
    from pipeline.report.explain import explain as explained
    from pipeline.report.story import story

    told = explained(run, document)
    print_json(told) if as_json else print_text(story(told))


@click.command()
@A_RUN
@click.option("--dropped", metavar="REASON", help="Documents dropped for this reason, or by this step.")
@click.option("--kept", is_flag=True, help="Published documents (the default).")
@click.option("--failed", is_flag=True, help="Records that became no document.")
@click.option("-n", "count", default=10, show_default=True, type=click.IntRange(min=1), help="How many.")
@AS_JSON
def sample(run: Path, dropped: str | None, kept: bool, failed: bool, count: int, as_json: bool) -> None:
    """Print some documents of RUN, each time the same ones."""
    from pipeline.report.sample import sample as sampled

    if kept + failed + (dropped is not None) > 1:
        raise click.UsageError("one of --dropped, --kept and --failed")
    found = sampled(run, "failed" if failed else "dropped" if dropped else "kept", dropped, count)
    if as_json:
        print_json(found)
        return
    for document in found:
        print_failure(document) if failed else print_document(document)


def print_document(document: dict[str, Any]) -> None:
    headings = {name: document[name] for name in HEADINGS if document.get(name) not in (None, [])}
    print_tree({**headings, **(document.get("metrics") or {})})
    print_text("\n" + excerpt(document["text"]) + "\n\n---")


def print_failure(failure: dict[str, Any]) -> None:
    print_text(f"{failure['file']}: {failure['place']}: {failure['error']}\n  {excerpt(failure['payload'])[:160]!r}")


def excerpt(text: str | None) -> str:
    return (text or "")[:EXCERPT] + (" …" if len(text or "") > EXCERPT else "")


@click.command()
@A_RUN
@click.argument("metric")
@click.option("--to", multiple=True, type=float, help="A threshold to try; may be given again. Default: a grid.")
@AS_JSON
def sweep(run: Path, metric: str, to: tuple[float, ...], as_json: bool) -> None:
    """Say what other thresholds of METRIC (gopher_quality.words) would have kept, without a rerun.

    METRIC may also be the reason of one bound (gopher_quality.too_few_words).
    """
    from pipeline.report.sweep import sweep as swept

    found = swept(run, metric, to)
    if as_json:
        print_json(found)
        return
    for bound in found["bounds"]:
        print_sentences(bound) if to else print_grid(found["metric"], bound)
    for note in found["notes"]:
        click.echo(note, err=True)


def print_sentences(bound: dict[str, Any]) -> None:
    for line in bound["thresholds"]:
        print_text(line["says"])


def print_grid(metric: str, bound: dict[str, Any]) -> None:
    whose = f" [{bound['language'] or 'other'}]" if "language" in bound else ""
    print_text(f"{bound['reason']}{whose}: kept where {metric} {bound['comparison']} the threshold; * the run's")
    header = ("threshold", "documents", "text_bytes", "come back", "bytes", "quality", "leave", "bytes", "quality", "")
    print_table([grid_row(line) for line in bound["thresholds"]], header)


def grid_row(line: dict[str, Any]) -> list[Any]:
    moved = [shown_quality(line[side][name]) for side in ("come_back", "leave") for name in MOVED]
    return [line["threshold"], spread(line["documents"]), spread(line["text_bytes"]), *moved, "*" * line["current"]]


def shown_quality(value: float | None) -> Any:
    return "-" if value is None else value


def spread(bounds: list[int]) -> Any:
    low, high = bounds
    return low if low == high else f"{low:,} to {high:,}"
