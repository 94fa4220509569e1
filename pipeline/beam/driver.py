"""The driver of a pass: find what is done, do the rest, believe the parts alone, write the manifest last."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import apache_beam as beam

from pipeline.beam.alone import Shard
from pipeline.beam.components import Aside
from pipeline.beam.elements import units_of
from pipeline.beam.manifests import Manifest, entries, publish_manifest
from pipeline.beam.plan import Plan
from pipeline.beam.progress import Progress, Talk, found_done
from pipeline.beam.runners import execute, options_of
from pipeline.beam.whole import About, demand_whole, remove_unit, whole_units
from pipeline.storage.manifest import ManifestError, named_parts, read_manifest

Build: TypeAlias = Callable[[beam.PCollection], object]


@dataclass(frozen=True)
class Stage:
    """A pass, or the publication. `kinds`: its folders of parts; `build`: its graph, from the units' numbers.

    `sums` makes its manifest of what the parts say. A pass with a grouping needs every unit: it is done `at_once`.
    `around` gives another graph instead of `build`, once passes before it have made what it needs.
    """

    name: str
    folder: str
    kinds: Sequence[str]
    build: Build
    sums: Callable[[list[About]], Manifest]
    at_once: bool = False
    around: "Callable[[Driver], AbstractContextManager[Build]] | None" = None


@dataclass(frozen=True, eq=False)
class Driver:
    """What every pass of one run shares. `shard`: I of N, the share of the units that is done here."""

    plan: Plan
    beam_options: Sequence[str]
    talk: Talk
    shard: Shard = (1, 1)

    def carry_out(self, stage: Stage) -> Manifest:
        """The stage's manifest: the one that stands, or that of parts made now."""
        folder, began = self.plan.run / stage.folder, time.monotonic()
        manifest = self.finished(folder)
        if manifest is None:
            said = self.parts(stage)
            parts = entries(folder, stage.kinds, self.numbers)
            manifest = publish_manifest(self.plan, folder, stage.name, stage.sums(said), parts)
        documents, seconds = manifest["documents"], time.monotonic() - began
        self.talk(f"{stage.name}  {documents['kept']:,} of {documents['in']:,} documents kept, {seconds:.1f} s")
        return manifest

    @property
    def numbers(self) -> list[int]:
        part, parts = self.shard
        return [unit.unit for unit in self.plan.units if unit.unit % parts == part - 1]

    def finished(self, folder: Path) -> Manifest | None:
        """The manifest of a stage that was done under this plan, its parts all there."""
        try:
            manifest = read_manifest(folder)
            named_parts(folder)
        except ManifestError:
            return None
        return manifest if manifest["fingerprint"] == self.plan.fingerprint else None

    def parts(self, stage: Stage) -> list[About]:
        """Do the units that are not whole yet, then demand that all are; gives what the parts say."""
        where, numbers, fingerprint = (self.plan.run, stage.folder, stage.kinds), self.numbers, self.plan.fingerprint
        done = set() if stage.at_once else whole_units(*where, numbers, fingerprint)
        found_done(stage.name, sorted(done), numbers, self.talk)
        missing = [number for number in numbers if number not in done]
        for number in missing:
            remove_unit(*where, number)
        if missing:
            self.execute(stage, missing)
        return demand_whole(*where, numbers, fingerprint)

    def execute(self, stage: Stage, missing: Sequence[int]) -> None:
        """Run the stage's graph over the missing units; silence for `unit_seconds` ends it."""
        plan = self.plan
        weights = {number: plan.input_bytes(plan.units[number]) for number in missing}
        names = {number: f"{plan.units[number].source}/{plan.units[number].path}" for number in missing}
        with stage.around(self) if stage.around else nullcontext(stage.build) as build:
            folder = plan.run / stage.folder / stage.kinds[0]
            self.carry(build, missing, Progress(stage.name, folder, weights, self.talk, names))

    def carry(self, build: Build, given: Sequence[int], progress: Progress) -> None:
        """One graph over these numbers."""
        config = self.plan.config
        options = options_of(config.engine, self.beam_options)
        limit = config.limits.unit_seconds
        execute(lambda pipeline: build(units_of(pipeline, given)), options, progress, limit)

    def before(
        self, label: str, aside: Aside, kind: str, given: Sequence[int], made: Sequence[int], build: Build
    ) -> list[About]:
        """A pass that makes parts for the one that follows: it is run, and judged by its parts like any other."""
        folder = aside.path(kind, 0).parent
        self.carry(build, given, Progress(f"{aside.name}: {label}", folder, dict.fromkeys(made, 1), self.talk))
        return demand_whole(self.plan.run, aside.stage, [kind], made, aside.fingerprint)
