"""The dedup pass as a graph: unit numbers in, keys through groupings, one decisions part for each unit out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import apache_beam as beam

from pipeline.beam.components import clusters, near_edges, spent_aside, stored_labels
from pipeline.beam.dedup_decisions import write_decisions
from pipeline.beam.dedup_groups import (
    drops,
    equal_ids,
    named_clusters,
    shuffled,
    similar_drops,
)
from pipeline.beam.dedup_job import KEPT, DedupJob
from pipeline.beam.dedup_keys import banded_keys, cluster_claims, id_keys, member_ids, whole_keys
from pipeline.beam.dedup_lines import cut_lines, line_counts, popular_lines
from pipeline.beam.dedup_semantic import (
    drops_of,
    embedded,
    is_evidence,
    is_member,
    named_neighbours,
    near_pairs,
    nearest_pairs,
    neighbour_ids,
)
from pipeline.beam.dedup_substrings import (
    cut_substrings,
    near_windows,
    repeated_fingerprints,
    repeated_windows,
    unit_fingerprints,
)
from pipeline.beam.earlier_parts import is_own, to_its_writer, write_earlier
from pipeline.beam.elements import marker, units_of
from pipeline.beam.keepers import drops_by_keeper, final_keepers, gone_by_address, one_link
from pipeline.dedup_config import EDITORS

__all__ = ["DedupJob", "decide"]

Units: TypeAlias = Any  # a PCollection of int: Beam's types say nothing to mypy
Elements: TypeAlias = Any  # a PCollection of Element
Groups: TypeAlias = Any  # a PCollection of (int, iterable of bytes)
Work: TypeAlias = Callable[..., Iterator[Any]]


class Each(beam.DoFn):
    """Does its work on one group. What a group brings is sorted first, so that no order of arrival shows."""

    def __init__(self, work: Work, *settings: Any) -> None:
        super().__init__()
        self.work = work
        self.settings = settings

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        key, values = group
        yield from self.work(int(key), sorted(values), *self.settings)


def together(label: str, elements: Sequence[Elements]) -> Groups:
    """One grouping of several collections."""
    whole = elements[0] if len(elements) == 1 else tuple(elements) | f"{label}: flatten" >> beam.Flatten()
    return whole | f"{label}: group" >> beam.GroupByKey()


class Graph:
    """The groupings of the pass as they are added, since the bytes that entered each of them are counted."""

    def __init__(self, job: DedupJob, units: Units) -> None:
        self.job = job
        self.markers = units | "units" >> beam.Map(marker).with_output_types(tuple[int, bytes])
        self.everyone = with_earlier(self.markers, job)  # and the units of earlier runs
        self.groups: dict[str, Groups] = {}
        self.dropped: list[Elements] = []  # each with its keeper
        self.shortened: list[Elements] = []  # by edits: nobody stays in their place
        self.notes: list[Elements] = []  # what steps found beside their drops

    def group(self, label: str, *elements: Elements) -> Groups:
        """A grouping, noted under its label."""
        self.groups[label] = together(label, elements)
        return self.groups[label]

    def each(self, label: str, groups: Groups, work: Work, *settings: Any) -> Elements:
        """Work on every group."""
        return groups | label >> beam.ParDo(Each(work, *settings)).with_output_types(tuple[int, bytes])

    def whole(self, name: str, number: int, alive: Groups) -> Elements:
        """url, exact: equal keys meet in a range, and all but the best are dropped."""
        keys = self.each(f"{name}: keys", alive, whole_keys, self.job, number)
        return self.each(f"{name}: keep", self.group(f"{name}: ranges", keys), drops, number)

    def members(self, name: str, number: int, alive: Groups) -> Groups:
        """minhash: by unit, the labels of documents in clusters; of a large graph they were found before this one."""
        if self.job.aside:
            return self.everyone | f"{name}: stored" >> beam.FlatMap(stored_labels, self.job)
        bands = self.each(f"{name}: keys", alive, banded_keys, self.job, number)
        edges = self.each(f"{name}: edges", self.group(f"{name}: ranges", bands), near_edges)
        labels = self.each(f"{name}: clusters", self.group(f"{name}: components", edges), clusters)
        return self.group(f"{name}: members", labels)

    def near(self, name: str, number: int, alive: Groups) -> Elements:
        """minhash: equal band keys are edges, exact components are clusters, whose members bring their claims."""
        members = self.members(name, number, alive)
        claims = self.each(f"{name}: claims", members, cluster_claims, self.job, number)
        near, how = self.group(f"{name}: labels", claims), self.job.steps[number].how
        if how.by_bands:
            return self.each(f"{name}: keep", near, drops, number)
        return self.each(f"{name}: keep", near, similar_drops, number, how)

    def lines(self, name: str, number: int, alive: Groups) -> Elements:
        """lines: units count, ranges add up, units cut what was seen too often and drop what that leaves too short."""
        counts = self.each(f"{name}: keys", self.own(name, alive), line_counts, self.job, number)
        ranges = self.group(f"{name}: ranges", counts)
        told = self.each(f"{name}: popular", ranges, popular_lines, self.job, number)
        units = self.group(f"{name}: units", self.markers, told, *self.gone)
        return self.each(f"{name}: cut", self.own(f"{name}: units", units), cut_lines, self.job, number)

    def substrings(self, name: str, number: int, alive: Groups) -> Elements:
        """substrings: fingerprints that stand twice, then the windows near them; units cut what stands twice."""
        sent = self.each(f"{name}: keys", self.own(name, alive), unit_fingerprints, self.job, number)
        hits = self.each(f"{name}: hits", self.group(f"{name}: fingerprints", sent), repeated_fingerprints)
        near = self.group(f"{name}: near", self.markers, hits, *self.gone)
        keys = self.each(f"{name}: windows", self.own(f"{name}: near", near), near_windows, self.job, number)
        told = self.each(f"{name}: repeated", self.group(f"{name}: ranges", keys), repeated_windows, self.job, number)
        units = self.group(f"{name}: units", self.markers, hits, told, *self.gone)
        return self.each(f"{name}: cut", self.own(f"{name}: units", units), cut_substrings, self.job, number)

    def semantic(self, name: str, number: int, alive: Groups) -> Elements:
        """semantic: a cluster's embeddings meet in a range; what is near is noted by ids, and dropped where asked."""
        step = self.job.steps[number]
        vectors = self.each(f"{name}: embed", self.own(name, alive), embedded, self.job, number)
        found = self.each(f"{name}: pairs", self.group(f"{name}: ranges", vectors), near_pairs, step.how)
        members, evidence = found | f"{name}: members" >> beam.Filter(is_member), found | beam.Filter(is_evidence)
        ids = self.each(f"{name}: ids", self.group(f"{name}: units", members), neighbour_ids, self.job)
        self.notes += [
            self.each(f"{name}: names", self.group(f"{name}: labels", ids), named_neighbours),
            self.each(f"{name}: nearest", self.group(f"{name}: evidence", evidence), nearest_pairs, step.how),
        ]
        losing = beam.FlatMap(drops_of, number, step.how.drop).with_output_types(tuple[int, bytes])
        return members | f"{name}: drop" >> losing

    @property
    def gone(self) -> list[Elements]:
        """What the steps so far dropped."""
        return [*self.dropped, *self.shortened]

    def alive(self, name: str, present: Groups) -> Groups:
        """Every unit, with what the steps so far dropped in it."""
        return self.group(f"{name}: alive", self.everyone, *self.gone) if self.gone else present

    def own(self, label: str, of: Elements) -> Elements:
        """Without what is for units of earlier runs."""
        return of | f"{label}: own" >> beam.Filter(is_own, self.job.earlier) if self.job.earlier else of

    def steps(self, present: Groups, before: int | None = None) -> None:
        """The drops of every step, or of those before one; each sees what the ones before left."""
        for number, step in enumerate(self.job.steps[:before]):
            found = WAYS[step.kind](self, step.kind, number, self.alive(step.kind, present))
            (self.shortened if step.kind in EDITORS else self.dropped).append(found)

    def keepers(self) -> Elements:
        """The final keeper of every drop, a link of the chain for each step after the first that drops."""
        units = self.group("drops", *self.dropped)
        drops = self.each("drops: keepers", units, drops_by_keeper, self.job)
        later = [n for n, step in enumerate(self.job.steps) if step.kind not in EDITORS][1:]
        gone = [self.each(f"drops: gone {number}", units, gone_by_address, self.job, number) for number in later]
        for link, facts in enumerate(gone[:-1]):
            drops = self.each(f"keepers: link {link}", self.group(f"keepers {link}", drops, facts), one_link, self.job)
        return self.each("keepers: final", self.group("keepers", drops, *gone[-1:]), final_keepers)

    def names(self) -> Elements:
        """Keepers followed to the end, and every member told the name, size and keeper of its cluster."""
        finals = self.keepers()
        ids = self.each("clusters: ids", self.group("clusters: units", finals), member_ids, self.job)
        return self.each("clusters: names", self.group("clusters: ranges", ids), named_clusters, self.job.earlier)

    def said_of_earlier(self, named: Sequence[Elements]) -> Units:
        """What is new of earlier runs' documents, written beside the decisions; the units whose part was written."""
        rekeyed = beam.FlatMap(to_its_writer, self.job.earlier).with_output_types(tuple[int, bytes])
        found = [each | "earlier: told" >> rekeyed for each in named]
        groups = self.group("earlier", self.markers, *found)
        return groups | "earlier: write" >> beam.ParDo(Each(write_earlier, self.job)).with_output_types(int)

    def shuffled(self) -> list[Elements]:
        """The bytes that entered every grouping so far, and those of passes before this one."""
        numbers = {step.kind: number for number, step in enumerate(self.job.steps)}
        here = [
            self.each(f"{label}: bytes", groups, shuffled, numbers.get(label.split(":")[0], KEPT))
            for label, groups in self.groups.items()
        ]
        spent = beam.FlatMap(spent_aside, self.job).with_output_types(tuple[int, bytes])
        return [*here, self.markers | "aside: bytes" >> spent] if self.job.aside else here


def with_earlier(markers: Elements, job: DedupJob) -> Elements:
    """Markers of all units that take part."""
    if not job.earlier:
        return markers
    others = units_of(markers.pipeline, job.earlier.units, "earlier: ")
    brought = others | "earlier: units" >> beam.Map(marker).with_output_types(tuple[int, bytes])
    return (markers, brought) | "earlier: all" >> beam.Flatten()


Way: TypeAlias = Callable[[Graph, str, int, Groups], Elements]

WAYS: dict[str, Way] = {  # how each kind is found
    "url": Graph.whole,
    "exact": Graph.whole,
    "minhash": Graph.near,
    "lines": Graph.lines,
    "substrings": Graph.substrings,
    "semantic": Graph.semantic,
}


def decide(units: Units, job: DedupJob) -> Units:
    """Judge the units' features and write 02-dedup/decisions; gives the numbers of the units written.

    `shuffled_bytes` of all parts add up to what entered the groupings: the last one's bytes are counted by its parts.
    """
    graph = Graph(job, units)
    present = graph.group("present", graph.everyone)
    keys = graph.each("ids: keys", present, id_keys, job)
    equal = graph.each("ids: equal", graph.group("ids: ranges", keys), equal_ids, job.earlier)
    graph.steps(present)
    named = [graph.names()] if graph.dropped else []
    earlier = [graph.said_of_earlier(named)] if job.earlier else []
    ours = [graph.own("clusters: names", each) for each in named]
    told = together("decisions", [graph.markers, equal, *ours, *graph.shortened, *graph.notes, *graph.shuffled()])
    written = told | "decisions: write" >> beam.ParDo(Each(write_decisions, job)).with_output_types(int)
    return (written, *earlier) | "written" >> beam.Flatten() if earlier else written  # one leaf: engines want no more
