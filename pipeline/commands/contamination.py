"""`contamination`: how much of evaluation examples stands in a corpus."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.output import print_json, print_table, print_text
from pipeline.report.visible import one_line, visible

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.text.layer import Text

SHOWN = 10  # examples in the table
DOCUMENTS = 2  # named for each of them
STRETCH = 60  # characters of its longest covered stretch
A_FILE = click.Path(exists=True, dir_okay=False)


@click.command()
@click.argument("corpus", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("--against", multiple=True, required=True, type=A_FILE, help="Evaluation examples, JSONL or Parquet.")
@click.option(
    "--field", "fields", multiple=True, help="A field of theirs that is text. Default: question, prompt, text."
)
@click.option("--ngram", default=8, show_default=True, type=click.IntRange(min=1), help="Words of an n-gram.")
@click.option(
    "--threshold",
    "thresholds",
    multiple=True,
    type=click.FloatRange(0, 1),
    help="A share of words to count at; 0 is one n-gram.",
)
@click.option("--max-documents", type=click.IntRange(min=1), help="N-grams in more documents than this do not count.")
@click.option("--frequent", type=click.Path(dir_okay=False), help="Write those n-grams to this file, one a line.")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(min=0), help="Shuffled sets of each kind.")
@click.option("--seed", default=0, show_default=True, help="Of the shuffling.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on standard output.")
def contamination(
    corpus: tuple[str, ...],
    against: tuple[str, ...],
    fields: tuple[str, ...],
    ngram: int,
    thresholds: tuple[float, ...],
    max_documents: int | None,
    frequent: str | None,
    rounds: int,
    seed: int,
    as_json: bool,
) -> None:
    """Say how much of each evaluation example CORPUS covers: what a RUN published, or documents in files.

    An example counts as contaminated where a share of its words stands in n-grams of the corpus (Llama 3). Beside it
    stands how many examples do whose words, or whose phrases (a word less than an n-gram), were shuffled: chance alone.
    """
    from pipeline.calibrate.benchmarks import load
    from pipeline.filters.benchmarks import FIELDS
    from pipeline.report.contamination import THRESHOLDS, Question, answer
    from pipeline.storage.files import atomic_write

    if frequent and not max_documents:
        raise click.UsageError("--frequent FILE goes with --max-documents N")
    question = Question(ngram, fields or FIELDS, thresholds or THRESHOLDS, max_documents, rounds, seed)
    found = answer(texts(corpus), load(against), question)
    if frequent:
        atomic_write(frequent, "".join(f"{line['ngram']}\n" for line in found["frequent"]).encode())
    print_json(found) if as_json else show(found)


def texts(corpus: tuple[str, ...]) -> "Iterator[tuple[pa.Array, Text]]":
    """Ids and texts of a run's published documents, or of the files' documents, batch by batch."""
    from pipeline.report.run import WHOLE, ReportError, open_run, tables
    from pipeline.stage_input import Given, documents
    from pipeline.text.layer import Text

    if Path(corpus[0]).is_dir():
        if len(corpus) > 1:
            raise ReportError(f"{corpus[1]}: one run folder at a time")
        for _, table in tables(open_run(corpus[0]), WHOLE, "data", ["id", "text"]):
            yield table["id"].combine_chunks(), Text.from_arrow(table["text"])
        return
    said = lambda line: click.echo(visible(line), err=True)  # noqa: E731
    for batch in documents([Given(path, path) for path in corpus], said):
        yield batch.column("id"), batch.text


def show(found: dict[str, Any]) -> None:
    print_text(
        f"{found['documents']:,} documents, {found['text_bytes']:,} bytes of text; {found['ngram']}-grams of words"
        " in lower case without punctuation\n"
    )
    print_table(
        list(threshold_rows(found)), ("benchmark", "examples", "covered", "contaminated", "share", *chances(found))
    )
    for each in found["benchmarks"]:
        if each["too_short"]:
            print_text(f"{each['benchmark']}: {each['too_short']:,} examples left out, of fewer than 8 words")
    if found["examples"]:
        print_text("")
        print_table(
            [example_row(line) for line in found["examples"][:SHOWN]],
            ("benchmark", "example", "words", "covered", "documents that cover most of it", "longest stretch"),
        )


def chances(found: dict[str, Any]) -> list[str]:
    return [f"shuffled {kind}" for kind in found["shuffled"]["kinds"]] if found["shuffled"]["rounds"] else []


def threshold_rows(found: dict[str, Any]) -> Iterator[list[Any]]:
    for each in found["benchmarks"]:
        name, examples = each["benchmark"], each["examples"]
        for line in each["thresholds"]:
            by_chance = [shown_chance(chance) for chance in line["by_chance"].values()]
            share = f"{line['contaminated'] / line['of']:.1%}" if line["of"] else "-"
            yield [
                name,
                examples,
                f">= {line['threshold']:g}" if line["threshold"] else "any",
                line["contaminated"],
                share,
                *by_chance,
            ]
            name, examples = "", ""


def shown_chance(chance: dict[str, Any]) -> str:
    return f"{chance['contaminated']:,} of {chance['of']:,} ({chance['low']:.2%} to {chance['high']:.2%})"


def example_row(line: dict[str, Any]) -> list[Any]:
    documents = ", ".join(f"{each['id']} {each['coverage']:.2f}" for each in line["documents"][:DOCUMENTS])
    longest = one_line(max(line["shared"], key=len), STRETCH)
    return [line["benchmark"], line["example"], line["words"], f"{line['coverage']:.2f}", visible(documents), longest]
