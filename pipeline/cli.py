"""`gristmill`: the commands, and the one door at which an error becomes a line on stderr and an exit code."""

import os
import sys
import traceback
from collections.abc import Sequence

import click

from pipeline import __version__
from pipeline.commands.beside import compare, near
from pipeline.commands.calibrate import calibrate
from pipeline.commands.contamination import contamination
from pipeline.commands.corpus import mixture, plan, run
from pipeline.commands.dedup import dedup
from pipeline.commands.look import explain, report, sample, sweep, verify
from pipeline.commands.model import evaluate, train
from pipeline.commands.step import rules, stage
from pipeline.report.visible import visible

DONE, FAILED, MISUSED = 0, 1, 2
INTERRUPTED = 130  # as a shell says of SIGINT
TRACEBACK = "--traceback"
MISUSES = {  # by module and name: a command that fails for another reason need not import them
    "pipeline.yaml_lines.ConfigError",
    "pipeline.filters.benchmarks.BenchmarkError",
    "pipeline.filters.language_presets.PresetError",
    "pipeline.storage.inputs.InputError",
    "classifiers.config.ConfigError",
    "classifiers.labelled.LabelledError",
    "classifiers.model.ModelError",
    "pipeline.calibrate.arpa.ArpaError",
    "pipeline.calibrate.distribution.DistributionError",
    "pipeline.calibrate.perplexity.PerplexityError",
    "pipeline.calibrate.punkt_model.PunktError",
    "pipeline.beam.plan.ResumeRefused",
    "pipeline.dedup_index.IndexRefused",
}


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="gristmill")
@click.option(TRACEBACK, is_flag=True, help="Show where an error came from; goes with every command.")
def cli(traceback: bool) -> None:
    """Raw crawl and source shards in, a pretraining corpus and the story of every document out.

    \b
    Results go to standard output, talk to standard error.
    Exit: 0 done; 1 failed; 2 bad usage or config; 3 done, but more input was set aside than allowed.
    """


for command in (
    rules, stage, plan, run, report, explain, sample, sweep, verify, train, evaluate, calibrate, mixture, contamination,
    dedup, near, compare,
):  # fmt: skip
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """What the console script calls."""
    sys.exit(exit_code(list(sys.argv[1:] if arguments is None else arguments)))


def exit_code(arguments: list[str]) -> int:
    """Run a command; its exit code. Whatever it raises is said in one line."""
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    left = [word for word in own if word != TRACEBACK] + arguments[len(own) :]
    try:
        return int(cli.main(left, prog_name="gristmill", standalone_mode=False) or DONE)
    except click.ClickException as error:
        return say(usage_line(error), error.exit_code)
    except click.Abort:
        return say("interrupted", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has seen enough: nothing more can be written, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if TRACEBACK in own:
            traceback.print_exception(error)
        return say(error_line(error), MISUSED if is_misuse(error) else FAILED)


def say(line: str, code: int) -> int:
    click.echo(visible(line), err=True)
    return code


def usage_line(error: click.ClickException) -> str:
    """Click's message, with the command whose --help says more."""
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "gristmill"
    return f"{path}: {one_line(error.format_message())} (see {path} --help)"


def error_line(error: Exception) -> str:
    """What our own errors say stands for itself; a stranger's is named, and where to read more."""
    ours = type(error).__module__.split(".")[0] in ("pipeline", "classifiers")
    if ours or (isinstance(error, OSError) and error.filename):
        return one_line(said(error))
    return f"gristmill: {type(error).__name__}: {one_line(str(error))} (--traceback shows where)"


def said(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__


def one_line(text: str) -> str:
    return " ".join(text.split())


def is_misuse(error: Exception) -> bool:
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    return bool(names & MISUSES)
