"""The whole first pass in place, Parquet to Parquet, on one core: read, judge, edit, score, sign, split, write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.corpus import CONFIG, Corpus
from benchmarks.measure import Work
from pipeline.config import load
from pipeline.dedup.minhash import preset
from pipeline.documents import Documents
from pipeline.refined import count_tokens, split
from pipeline.steps import Judged, Step, apply, finish, load_step, start
from pipeline.storage.inputs import Input
from pipeline.storage.limits import Limits
from pipeline.storage.read import read_batches
from pipeline.storage.units import Unit
from pipeline.storage.write import write_part
from pipeline.tokens import Counter, counter

KINDS = ("kept", "dropped", "failed", "features")
GIVEN = ("id", "text", "url", "date")


@dataclass(frozen=True, eq=False)
class FirstPass:
    """The sample's steps, every one over all documents, and where to read and write."""

    folder: Path
    steps: tuple[Step, ...]
    count: Counter | None = None

    def run(self) -> None:
        unit, described = Unit(0, "bench", "in.parquet", None, None), Input("bench", (str(self.folder / "in.parquet"),))
        for number, batch in enumerate(read_batches(unit, described, pa.schema([]), Limits(), described.paths[0])):
            judged = self.judged(Documents(batch.documents))
            refined = split(judged, batch.failed, 0, preset("fineweb"), "survivors")
            for kind in KINDS:
                write_part(self.folder / kind / f"part-{number}.parquet", getattr(refined, kind), {})

    def judged(self, documents: Documents) -> Judged:
        judged = start(documents)
        for step in self.steps:
            judged = apply(judged, step)
        judged = finish(judged)
        return replace(judged, documents=count_tokens(judged, self.count)) if self.count else judged


def first_passes(corpus: Corpus, folder: Path) -> Mapping[str, Work]:
    """`refine`, and `refine_tokens` that counts the survivors' tokens too."""
    table = pa.Table.from_batches([corpus.batch.select(list(GIVEN))])
    numbered = pa.array([f"doc-{i}" for i in range(table.num_rows)])  # repeated documents need ids of their own
    pq.write_table(table.set_column(0, "id", numbered), folder / "in.parquet", compression="zstd")
    steps = tuple(load_step(replace(step, when={}, over="all")) for step in load(CONFIG).steps)
    plain, counting = FirstPass(folder, steps), FirstPass(folder, steps, counter("llama3"))
    works: dict[str, Callable[[], object]] = {"refine": plain.run, "refine_tokens": counting.run}
    return works
