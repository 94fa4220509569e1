"""Clusters found before the pass, at once or in rounds: the decisions of one graph, scipy's components."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.beam.components import FOREST, LABELS, Aside
from pipeline.beam.dedup import DedupJob, decide
from pipeline.beam.elements import units_of
from pipeline.beam.labels_aside import Build, Engine, label_at_once, label_in_rounds, labelled, ranges_of
from pipeline.beam.whole import About, PassFailed, demand_whole
from pipeline.dedup.clusters import Edges
from pipeline.dedup.ranges import address_of
from tests.beam.feature_parts import EXACT, MINHASH, URL, decided, dedup, write_features
from tests.beam.test_dedup_graph import crowd

RANGES, UNITS = 4, 3
NODES = 1500


def engine(
    _label: str, aside: Aside, kind: str, given: Sequence[int], made: Sequence[int], build: Build
) -> list[About]:
    """Beam's own runner."""
    with beam.Pipeline(runner=FnApiRunner()) as graph:
        build(units_of(graph, given))
    return demand_whole(Path(aside.run), aside.stage, [kind], made, aside.fingerprint)


def losing(kind: str, number: int) -> Engine:
    """An engine that says well done, and has lost an edge of a part of this kind."""

    def lossy(
        label: str, aside: Aside, what: str, given: Sequence[int], made: Sequence[int], build: Build
    ) -> list[About]:
        said = engine(label, aside, what, given, made, build)
        if what == kind:
            aside.write_edges(kind, number, aside.read_edges(kind, number)[1:], moved=0, shuffled_bytes=0)
        return said

    return lossy


def shaped(shape: str) -> Edges:
    """The edges of NODES documents, numbers for addresses."""
    nodes = np.arange(NODES, dtype=np.uint64)
    mixed = np.random.default_rng(3).permutation(nodes)
    ends = {
        "chain": (nodes[:39], nodes[1:40]),
        "star": (mixed[:1].repeat(NODES - 1), mixed[1:]),
        "random": (np.random.default_rng(2).choice(nodes, NODES // 2), mixed[: NODES // 2]),
    }
    edges = np.stack(ends[shape], axis=1)
    return np.array(edges[edges[:, 0] != edges[:, 1]])


def on_disk(run: Path, edges: Edges) -> Aside:
    """Forests of the edges, whose documents stand in UNITS units."""
    aside = Aside(str(run), "02-dedup/.components-test", "f", RANGES)
    addresses = address_of(edges % np.uint64(UNITS), edges // np.uint64(UNITS))
    for number in range(RANGES):
        aside.write_edges(FOREST, number, addresses[number::RANGES])
    return aside


def labels_of(aside: Aside) -> dict[int, int]:
    """address -> label, as numbers again."""
    found: dict[int, int] = {}
    for unit in range(UNITS):
        part = aside.read(LABELS, unit)
        label = (part["label"] & np.uint64(0xFFFFFFFF)) * np.uint64(UNITS) + (part["label"] >> np.uint64(32))
        found |= dict(zip((part["ordinal"] * UNITS + unit).tolist(), label.tolist(), strict=True))
    return found


def scipys(edges: Edges) -> dict[int, int]:
    """Of each node the smallest address of its component: smallest by unit, then by place."""
    ends = edges.astype(np.int64).T
    _, number = connected_components(coo_array((np.ones(len(edges)), ends), shape=(NODES, NODES)), directed=False)
    smallest: dict[int, int] = {}
    for node in sorted(np.unique(edges).tolist(), key=lambda node: (node % UNITS, node)):
        smallest.setdefault(int(number[node]), node)
    return {node: smallest[int(number[node])] for node in np.unique(edges).tolist()}


def in_rounds(aside: Aside, edges: int, using: Engine = engine) -> list[str]:
    said: list[str] = []
    assert label_in_rounds(aside, range(UNITS), edges, using, said.append) > 0
    return said


@pytest.mark.parametrize(("shape", "rounds"), [("chain", 7), ("star", 2), ("random", 5)])
def test_rounds_of_passes_find_scipys_components(tmp_path: Path, shape: str, rounds: int) -> None:
    edges = shaped(shape)
    aside = on_disk(tmp_path, edges)
    said = in_rounds(aside, len(edges))
    assert labels_of(aside) == scipys(edges)
    assert len(said) <= rounds
    assert said[0].startswith("02-dedup  clusters: round 1: ")
    assert " 0 moved" in said[-1]


@pytest.mark.parametrize("shape", ["chain", "star", "random"])
def test_one_union_find_over_parts_finds_them_too(tmp_path: Path, shape: str) -> None:
    edges = shaped(shape)
    aside = on_disk(tmp_path, edges)
    label_at_once(aside, range(UNITS))
    assert labels_of(aside) == scipys(edges)


def test_an_edge_lost_in_a_round_is_found_by_the_proof(tmp_path: Path) -> None:
    edges = shaped("star")
    with pytest.raises(PassFailed, match=r"clusters: [\d,]+ labels are wrong, [\d,]+ of 1,499 edges seen"):
        in_rounds(on_disk(tmp_path, edges), len(edges), losing("round-001", 2))


def test_a_round_of_repeated_ranges_counts_once(tmp_path: Path) -> None:
    """The engine hands out every number twice."""

    def repeating(
        label: str, aside: Aside, kind: str, given: Sequence[int], made: Sequence[int], build: Build
    ) -> list[About]:
        return engine(label, aside, kind, [*given, *given], made, build)

    edges = shaped("random")
    aside = on_disk(tmp_path, edges)
    in_rounds(aside, len(edges), repeating)
    assert labels_of(aside) == scipys(edges)


@pytest.mark.parametrize(("memory", "how"), [(0, "in rounds"), (400, "one union-find")])
def test_decisions_are_those_of_one_graph(tmp_path: Path, memory: int, how: str) -> None:
    units = [crowd()[start::5] for start in range(5)]
    one = dedup(tmp_path / "one", units, URL, EXACT, MINHASH)
    run, said = tmp_path / "aside", list[str]()
    write_features(run, units, 3)
    job = DedupJob(str(run), "f", "survivors", (URL, EXACT, MINHASH), ranges=4, memory=memory)
    (run / "02-dedup/.components-killed").mkdir(parents=True)
    with labelled(job, range(5), 60, engine, said.append) as found:
        assert found.spent > 0
        with beam.Pipeline(runner=FnApiRunner()) as graph:
            decide(units_of(graph, range(5)), found)
        spent = found.spent
    other = decided(run)
    assert other.documents == one.documents
    assert said[0].endswith(how)
    assert [path.name for path in (run / "02-dedup").iterdir()] == ["decisions"]
    assert sum(about["shuffled_bytes"] for about in other.abouts) > spent


def test_what_fits_one_memory_stays_one_graph(tmp_path: Path) -> None:
    refusing: Callable[..., list[About]] = partial(pytest.fail, "no pass before")
    job = DedupJob(str(tmp_path), "f", "survivors", (URL, MINHASH), memory=8 * 60)
    with labelled(job, range(5), 60, refusing, print) as found:
        assert found == job
    with labelled(DedupJob(str(tmp_path), "f", "survivors", (URL,), memory=0), range(5), 60, refusing, print) as found:
        assert found.aside == ""


@pytest.mark.parametrize(("documents", "ranges"), [(10_000_000, 16), (1_000_000_000, 560), (10**12, 4096)])
def test_more_documents_make_more_ranges_not_larger_ones(documents: int, ranges: int) -> None:
    """14 keys of 40 bytes for each document, in a gigabyte."""
    assert ranges_of(DedupJob("", "f", "survivors", (URL, MINHASH)), 1, documents) == ranges
