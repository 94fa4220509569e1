"""Presets from files: read, measure, refuse what is too little, learn, write."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from classifiers import lid
from pipeline.calibrate.language_presets import write
from pipeline.calibrate.languages import CHOSEN, FEWEST_DOCUMENTS, FIXED, Corpus, calibrate
from pipeline.calibrate.measurements import FEWEST_WORDS, Measured, measure
from pipeline.calibrate.thresholds import Method
from pipeline.calibrate.untranslated import ENGLISH
from pipeline.storage.inputs import Input, InputError
from pipeline.storage.inspect import inspect_inputs
from pipeline.storage.limits import Limits
from pipeline.storage.read import read_batches
from pipeline.storage.units import all_files, list_units

Say = Callable[[str], None]
NO_OTHERS = pa.schema([])
FEWEST_STOP_WORDS = int(FIXED["gopher_quality"]["min_stop_words"])
SOURCE = "corpus"  # the name of the one input


@dataclass(frozen=True)
class Request:
    """What is asked for. `columns`: our column -> the files'. `methods`: rule -> method, where not FineWeb-2's."""

    languages: tuple[str, ...]
    inputs: tuple[str, ...]
    crawl: tuple[str, ...]
    columns: Mapping[str, str]
    methods: Mapping[str, Method]
    min_documents: int
    seed: int
    draws: int


def presets(request: Request, output: Path, say: Say) -> list[dict[str, Any]]:
    """Write the preset of each language that has documents enough; a line about each that has not."""
    curated = measured_files(request, request.inputs, say)
    crawl = measured_files(request, request.crawl, say) if request.crawl else curated
    english = min(count(curated, ENGLISH), count(crawl, ENGLISH))
    if english < request.min_documents:
        raise InputError(
            f"{english} of the documents are English of {FEWEST_WORDS} words or more, {request.min_documents} are"
            " needed: thresholds are learned beside English documents of the same kind (add some to --input, or say"
            " --min-documents)"
        )
    if request.min_documents < FEWEST_DOCUMENTS:
        say(f"--min-documents {request.min_documents}: what fewer than {FEWEST_DOCUMENTS} documents say is a guess")
    found = []
    for language in request.languages:
        fewest = min((curated, crawl), key=lambda pool: count(pool, language))
        if count(fewest, language) < request.min_documents:
            say(too_few(language, fewest.get(language), request.min_documents))
            continue
        prose = Corpus(curated[language], curated[ENGLISH], is_crawl=False)
        web = Corpus(crawl[language], crawl[ENGLISH], is_crawl=bool(request.crawl))
        preset = calibrate(prose, web, {**CHOSEN, **request.methods}, seed=request.seed, times=request.draws)
        if len(preset["stop_words"]) < FEWEST_STOP_WORDS:
            say(too_few_words(language, preset["stop_words"]))
            continue
        preset["sources"] = sources(request)
        write(output, preset)
        found.append(preset)
    return found


def count(pool: Mapping[str, Measured], language: str) -> int:
    return len(pool[language]) if language in pool else 0


def too_few(language: str, measured: Measured | None, needed: int) -> str:
    there = (
        f"{len(measured)} documents of {FEWEST_WORDS} words or more"
        f" ({measured.set_aside} more are mostly in another language)"
        if measured
        else "none"
    )
    return f"{language}: {there}; {needed} are needed (add documents, or say --min-documents)"


def too_few_words(language: str, words: Sequence[str]) -> str:
    """A preset of these would have gopher_quality drop every document of the language."""
    listed = f" ({', '.join(words)})" if words else ""
    return (
        f"{language}: stop words found: {len(words)}{listed}; gopher_quality demands {FEWEST_STOP_WORDS} of a document,"
        " so that none would pass: nothing written (add documents)"
    )


def sources(request: Request) -> list[str]:
    """The files' names, without their folders: those are another machine's."""
    return sorted({Path(address).name for address in (*request.inputs, *request.crawl)})


def measured_files(request: Request, addresses: Sequence[str], say: Say) -> dict[str, Measured]:
    """What is measured of the files' documents, English ones among them."""
    batches = read(addresses, request.columns, say)
    return measure(batches, [*request.languages, ENGLISH], lid.load(), request.seed)


def read(addresses: Sequence[str], columns: Mapping[str, str], say: Say) -> Iterator[pa.RecordBatch]:
    """The files' documents; what cannot be read is said, one line each."""
    described = Input(SOURCE, tuple(addresses), columns=columns)
    inspect_inputs([described])
    files = all_files([described])
    for unit in list_units([described]):
        address = files[unit.source, unit.path].address
        for batch in read_batches(unit, described, NO_OTHERS, Limits(), address):
            for failure in batch.failed:
                say(f"{address}: {failure.place}: {failure.error}")
            yield batch.documents
