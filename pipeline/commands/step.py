"""`rules` and `stage`: what can be judged by, and one step over documents."""

import sys
from collections.abc import Collection, Mapping
from typing import Any

import click

from pipeline.commands.output import print_json, print_table, print_text
from pipeline.report.visible import visible

QUARANTINED = 3


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def rules(name: str | None, as_json: bool) -> None:
    """List all rules, or say what NAME takes."""
    from pipeline.rule_list import described

    found = described(name)
    if as_json:
        print_json(found)
    elif name:
        print_rule(found[0])
    else:
        print_table(([rule["name"], rule["cites"]] for rule in found), ("rule", "cites"))


def print_rule(rule: dict[str, Any]) -> None:
    print_text(f"{rule['name']}: {rule['summary']}\n{rule['cites']}\n")
    print_parameters(rule["parameters"], rule["needs"])
    for formula, other in rule["as"].items():
        print_text(f"\nas: {formula}: {other['summary']}\n{other['cites']}\n")
        print_changed(rule["parameters"], other)


def print_parameters(parameters: Mapping[str, Any], needed: Collection[str]) -> None:
    rows = []
    for key, each in parameters.items():
        unset = "null" if each["default"] is None else each["default"]
        rows.append([key, each["type"], "needed" if key in needed else unset])
    print_table(rows, ("parameter", "type", "default"))


def print_changed(own: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    """The parameters of a formula that the rule's own has not, or with another default; those that only it has."""
    differing = {key: each for key, each in other["parameters"].items() if each != own.get(key)}
    left_out = [key for key in own if key not in other["parameters"]]
    if differing:
        print_parameters(differing, other["needs"])
    if left_out:
        print_text(f"without {', '.join(left_out)}")
    if not differing and not left_out:
        print_text("the same parameters")


@click.command()
@click.argument("name")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False))
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="A parameter of the step.")
def stage(name: str, files: tuple[str, ...], sets: tuple[str, ...]) -> None:
    """Apply one step to FILES (JSONL, Parquet, WARC) or to JSON lines on standard input.

    NAME is a rule's, or extract, url, exact, minhash. Prints one JSON object for each document.
    """
    from pipeline.stage import EXTRACT, answers, load, one_step
    from pipeline.stage_input import documents, extracted, extractor_of, given

    failures: list[str] = []

    def failed(line: str) -> None:
        failures.append(line)
        click.echo(visible(line), err=True)

    ready = None if name == EXTRACT else load(one_step(name, sets))  # what is wrong is said before input is awaited
    extractor = extractor_of(sets) if name == EXTRACT else ""
    with given(files, sys.stdin.buffer) as inputs:
        found = answers(documents(inputs, failed), ready, failed) if ready else extracted(inputs, failed, extractor)
        for answer in found:
            print_json(answer)
    if failures:
        click.echo(f"records set aside: {len(failures):,}", err=True)
        raise click.exceptions.Exit(QUARANTINED)
