"""`dedup check`: whether near-duplicate detection finds in the user's data what its arithmetic promises."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.output import print_json, print_table, print_text
from pipeline.report.visible import visible

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.dedup_config import DedupStep
    from pipeline.documents import Documents

CONFIGS = (".yaml", ".yml")
READ = 20  # documents that are read for each that copies are made of


@click.group()
def dedup() -> None:
    """Near-duplicate detection, tried before it is trusted."""


@dedup.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--preset", help="A published scheme: fineweb, refinedweb, dclm, nemo. Default: CONFIG's, or fineweb.")
@click.option("--documents", default=1000, show_default=True, type=click.IntRange(min=10), help="How many are copied.")
@click.option("--seed", default=0, show_default=True, help="Of which documents, and how they are edited.")
@click.option("--html", type=click.Path(dir_okay=False), help="Write a page with the curves to this file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on standard output.")
def check(
    data: tuple[str, ...], preset: str | None, documents: int, seed: int, html: str | None, as_json: bool
) -> None:
    """Plant edited copies of documents of DATA (a CONFIG's inputs, or files) and count which are found.

    Each copy's exact Jaccard is known, and so is the S-curve 1 - (1 - J^rows)^bands that its scheme promises. Exit 1
    where what is found does not fit it.
    """
    from pipeline.config import load
    from pipeline.report.dedup_check import Originals
    from pipeline.report.dedup_check import check as checked

    config = load(data[0]) if Path(data[0]).suffix in CONFIGS else None
    if config and len(data) > 1:
        raise click.UsageError(f"{data[1]}: one config, or files")
    step = step_of(config, preset)
    originals = Originals(documents, seed)
    for batch in batches(config, data, documents * READ):
        originals.add(batch)
    if not originals.chosen:
        raise click.UsageError(f"no document of 50 to 20,000 words among the {originals.read:,} that were read")
    found = checked(originals, step)
    if html:
        write_page(found, html)
    print_json(found) if as_json else show(found)
    if not found["fits"]:
        raise click.exceptions.Exit(1)


def step_of(config: "Config | None", preset: str | None) -> "DedupStep":
    """The config's minhash step; that of a preset alone, verified by bands."""
    from pipeline.dedup.keep import DEFAULTS
    from pipeline.dedup.minhash import PRESETS
    from pipeline.dedup.minhash import preset as scheme_of
    from pipeline.dedup_config import DEFAULT_PRESET, DedupStep, Near

    own = [step for step in config.dedup.steps if step.kind == "minhash"] if config else []
    if own and preset is None:
        return own[0]
    if preset not in (None, *PRESETS):
        raise click.BadParameter(f"{preset} (allowed: {', '.join(PRESETS)})", param_hint="--preset")
    return DedupStep("minhash", tuple(DEFAULTS["minhash"]), how=Near(scheme_of(preset or DEFAULT_PRESET)))


def batches(config: "Config | None", data: tuple[str, ...], most: int) -> "Iterator[Documents]":
    """The first documents of every input, or of every file: as many of each, `most` of all together."""
    from pipeline.stage_input import Given, documents

    def failed(line: str) -> None:
        click.echo(visible(line), err=True)

    inputs = [of_input(one) for one in config.inputs] if config else [documents([Given(f, f)], failed) for f in data]
    return chain.from_iterable(first(each, max(most // len(inputs), 1)) for each in inputs)


def first(found: "Iterator[Documents]", most: int) -> "Iterator[Documents]":
    """Batches until there are so many documents; what is over in the last one stays."""
    seen = 0
    for batch in found:
        yield batch
        seen += len(batch)
        if seen >= most:
            return


def of_input(described: Any) -> "Iterator[Documents]":
    """The documents of a config's input as a run reads them."""
    from pipeline.documents import Documents
    from pipeline.storage.inspect import inspect_inputs
    from pipeline.storage.limits import Limits
    from pipeline.storage.read import read_batches
    from pipeline.storage.units import all_files, list_units

    others, files = inspect_inputs([described]), all_files([described])
    for unit in list_units([described]):
        for batch in read_batches(unit, described, others, Limits(), files[unit.source, unit.path].address):
            yield Documents(batch.documents)


def write_page(found: dict[str, Any], path: str) -> None:
    from pipeline.report.dedup_page import page
    from pipeline.storage.files import atomic_write

    atomic_write(path, page(found).encode())


def show(found: dict[str, Any]) -> None:
    scheme = found["scheme"]
    print_text(
        f"{scheme['preset']}: {scheme['bands']} bands of {scheme['rows']} rows, verify {found['verify']};"
        f" {found['originals']:,} documents of {found['documents_read']:,} read, a copy of each kind of edit\n"
    )
    header = ("Jaccard", "pairs", "found", "recall", "chance allows", "curve", "z", "in one cluster")
    print_table([row(name_of(band), band) for band in found["bands"]], header)
    print_text("")
    print_table([row(kind["kind"], kind) for kind in found["kinds"]], ("edit", *header[1:]))
    print_text("")
    narrow = ("edit", *(name_of(band) for band in found["bands"]))
    print_table([kind_row(kind, found["bands"]) for kind in found["kinds"]], narrow)
    print_text("  found less what the curve says, in standard deviations (pairs)\n")
    print_text(found["says"])


def name_of(band: dict[str, Any]) -> str:
    return "1" if band["from"] == 1 else f"{band['from']:.2f}-{band['to']:.2f}"


def row(name: str, cell: dict[str, Any]) -> list[Any]:
    allowed = f"{cell['low']:.3f}-{cell['high']:.3f}"
    recall, curve = f"{cell['recall']:.3f}", f"{cell['curve']:.3f}"
    return [name, cell["pairs"], cell["found"], recall, allowed, curve, f"{cell['deviations']:+.1f}", cell["joined"]]


def kind_row(kind: dict[str, Any], every: list[dict[str, Any]]) -> list[str]:
    own = {band["from"]: f"{band['deviations']:+.1f} ({band['pairs']})" for band in kind["bands"]}
    return [kind["kind"], *(own.get(band["from"], "") for band in every)]
