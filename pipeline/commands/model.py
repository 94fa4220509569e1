"""`train` and `evaluate`: quality classifiers."""

import click

from pipeline.commands.output import print_json, print_text


@click.command()
@click.argument("config", type=click.Path(exists=True, dir_okay=False))
def train(config: str) -> None:
    """Train the classifier that CONFIG describes; prints its folder."""
    from classifiers.train import train as trained

    print_text(str(trained(config)))


@click.command()
@click.argument("model")
@click.argument("labelled", type=click.Path(exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON value on standard output.")
def evaluate(model: str, labelled: str, as_json: bool) -> None:
    """Hold MODEL (a folder, or `sample`) against LABELLED documents, beside text length alone."""
    from classifiers.evaluate import evaluate as evaluated
    from classifiers.evaluate import table

    found = evaluated(model, labelled)
    if as_json:
        print_json(found)
    else:
        print_text(table(found))
