"""Dedup against earlier runs on Beam's runner: in three steps as at once, and survivors that stay unless asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from pipeline.beam.dedup import DedupJob
from pipeline.beam.earlier_parts import counted
from pipeline.beam.labels_aside import labelled
from pipeline.dedup_config import DedupStep
from pipeline.earlier import EarlierRun, EarlierRuns, Later
from tests.beam.feature_parts import (
    EXACT,
    MINHASH,
    URL,
    Decided,
    Doc,
    decided,
    prose,
    run_dedup,
    varied,
    write_features,
)
from tests.beam.plain_dedup import bands, exact_key, url_key
from tests.beam.test_labels_aside import engine

STEPS = URL, EXACT, MINHASH
TWO_UNITS = 2


@dataclass(frozen=True)
class Crawls:
    """Runs that were made one after the other, each against all before it: their decisions, and what they said anew."""

    runs: tuple[EarlierRun, ...] = ()
    decided: tuple[Decided, ...] = ()
    anew: tuple[list[dict[str, Any]], ...] = ()

    @property
    def whole(self) -> dict[str, dict[str, Any]]:
        """The decision of every document, as the last run that spoke of it left it."""
        found = {id_: row for each in self.decided for id_, row in each.documents.items()}
        for rows in self.anew:
            found |= {row["id"]: {**found[row["id"]], **row} for row in rows}
        return found

    def column(self, name: str) -> dict[str, Any]:
        return {id_: row[name] for id_, row in self.whole.items()}

    @property
    def dropped_now(self) -> set[str]:
        return {id_ for id_, keep in self.column("keep").items() if not keep}


def crawl(
    folder: Path, before: Crawls, docs: Sequence[Doc], *steps: DedupStep, flip: bool = False, over: str = "survivors"
) -> Crawls:
    """One more run, in two units, against all those before it."""
    number = len(before.runs)
    run = folder / f"crawl {number}"
    write_features(run, [docs[::2], docs[1::2]], batch_rows=len(docs))  # `row` tells a unit's documents apart
    earlier = EarlierRuns(TWO_UNITS, before.runs, flip)
    run_dedup(run, TWO_UNITS, DedupJob(str(run), f"f{number}", over, steps, ranges=4, earlier=earlier))
    parts = sorted((run / "02-dedup" / "earlier").glob("part-*.parquet"))
    rows = [row for part in parts for row in pq.read_table(part).to_pylist()]
    runs = [
        replace(each, later=(*each.later, Later(str(run), TWO_UNITS, TWO_UNITS * (1 + place))))
        for place, each in enumerate(before.runs)
    ]
    own = EarlierRun(str(run), f"f{number}", TWO_UNITS, len(docs), False, (), ())
    return Crawls((*runs, own), (*before.decided, decided(run)), (*before.anew, rows))


def crawls(folder: Path, parts: Sequence[Sequence[Doc]], *steps: DedupStep, **how: Any) -> Crawls:
    """Runs over the parts, one after the other."""
    made = Crawls()
    for part in parts:
        made = crawl(folder, made, part, *steps, **how)
    return made


def crowd(seed: int, versions: bool) -> list[Doc]:
    """Documents that meet in every way. `versions`: other texts may stand under one URL; otherwise a page is a text."""
    chance = np.random.default_rng(seed)
    docs = []
    for i in range(72):
        family, member = chance.integers(0, 12), int(chance.integers(0, 4))
        page = chance.integers(0, 20) if versions else 4 * family + member
        docs.append(
            Doc(
                f"doc {i:02}",
                varied(prose(int(family), 200), *range(member)),
                f"http://x.org/{page}" if chance.random() < 0.4 else None,
                f"20{chance.integers(10, 20)}-01-01T00:00:00Z",
                float(chance.integers(0, 10)) / 10,
            )
        )
    return docs


@pytest.mark.parametrize(("seed", "over"), [(1, "survivors"), (2, "all")])
def test_with_flips_three_crawls_are_decided_as_one(tmp_path: Path, seed: int, over: str) -> None:
    """Of every five documents 01-refine dropped one."""
    docs = [replace(doc, kept=place % 5 > 0) for place, doc in enumerate(crowd(seed, versions=True))]
    direct = crawls(tmp_path / "direct", [docs], *STEPS, over=over)
    steps = crawls(tmp_path / "steps", [docs[start::3] for start in range(3)], *STEPS, flip=True, over=over)
    for name in ("keep", "reason", "cluster", "cluster_size", "keeper"):
        assert steps.column(name) == direct.column(name)
    displaced = [row for rows in steps.anew for row in rows if row["was_kept"] and not row["keep"]]
    assert displaced
    assert {row["reason"] for row in displaced} <= {"url.older", "exact.duplicate", "minhash.duplicate"}


def test_without_flips_the_clusters_are_the_same_and_no_survivor_goes(tmp_path: Path) -> None:
    docs = crowd(1, versions=False)
    direct = crawls(tmp_path / "direct", [docs], *STEPS)
    steps = crawls(tmp_path / "steps", [docs[start::3] for start in range(3)], *STEPS)
    for name in ("cluster", "cluster_size"):
        assert steps.column(name) == direct.column(name)
    assert direct.column("keep") != steps.column("keep")
    for made in steps.decided:
        kept = [id_ for id_, keep in made.column("keep").items() if keep]
        assert all(steps.column("keep")[id_] for id_ in kept)
    survivors = {id_ for id_, keep in steps.column("keep").items() if keep}
    assert {keeper for keeper in steps.column("keeper").values() if keeper} <= survivors


def keys(doc: Doc) -> set[Any]:
    return {*url_key(doc), *exact_key(doc), *bands(doc)}


def test_without_flips_nothing_new_stays_beside_an_earlier_survivor_of_its_kind(tmp_path: Path) -> None:
    docs = crowd(4, versions=True)
    parts = [docs[::2], docs[1::2]]
    steps, taken = crawls(tmp_path, parts, *STEPS), set[Any]()
    for part, made in zip(parts, steps.decided, strict=True):
        found = [doc for doc in part if made.documents[doc.id]["keep"]]
        assert all(steps.column("keep")[doc.id] for doc in found)
        assert not any(keys(doc) & taken for doc in found)
        taken |= {key for doc in found for key in keys(doc)}


def bridge() -> tuple[list[Doc], Doc]:
    """Two documents too far apart to share a band, and one between them that shares a band with both."""
    words = prose(5, 400)
    ends = [
        Doc("left", varied(words, *range(0, 40, 10)), quality=0.2),
        Doc("right", varied(words, *range(200, 400, 5))),
    ]
    return ends, Doc("between", varied(words, *range(200, 400, 10)), quality=0.9)


def counts(made: Crawls) -> dict[str, Any]:
    """What the manifest of the last run says."""
    return counted(DedupJob(made.runs[-1].run, "f", "survivors", ()), range(TWO_UNITS))


def test_two_survivors_that_a_new_document_joins_both_stay(tmp_path: Path) -> None:
    ends, between = bridge()
    first = crawls(tmp_path, [ends], MINHASH)
    assert first.column("cluster") == {"left": "left", "right": "right"}
    joined = crawl(tmp_path, first, [between, Doc("stranger", "alone")], MINHASH)
    assert joined.column("keep") == {"left": True, "right": True, "between": False, "stranger": True}
    assert joined.column("keeper")["between"] == "left"
    assert [joined.column("cluster")[id_] for id_ in ("left", "right", "between")] == ["between"] * 3
    assert {row["id"]: (row["was_kept"], row["keep"], row["cluster_size"]) for row in joined.anew[1]} == {
        "left": (True, True, 3),
        "right": (True, True, 3),
    }
    assert counts(joined) == {"said": 2, "displaced": 0, "restored": 0, "joined_old": 1}
    flipped = crawl(tmp_path, first, [between, Doc("stranger", "alone")], MINHASH, flip=True)
    assert flipped.column("keep") == {"left": False, "right": False, "between": True, "stranger": True}
    assert counts(flipped) == {"said": 2, "displaced": 2, "restored": 0, "joined_old": 1}


def test_what_an_earlier_run_dropped_still_connects_and_never_comes_back(tmp_path: Path) -> None:
    words = prose(7, 400)
    chain = [Doc(f"link {i}", varied(words, *range(0, 60 * i, 6)), quality=1 - i / 10) for i in range(3)]
    first = crawls(tmp_path, [chain[:2]], MINHASH)
    assert first.dropped_now == {"link 1"}
    met = {doc.id for doc in (chain[0], chain[2])} - crawls(
        tmp_path / "apart", [[chain[0], chain[2]]], MINHASH
    ).dropped_now
    assert met == {"link 0", "link 2"}  # these two share no band
    later = crawl(tmp_path, first, [replace(chain[2], quality=2.0)], MINHASH)
    assert later.column("keep") == {"link 0": True, "link 1": False, "link 2": False}
    assert later.column("keeper") == {"link 0": None, "link 1": "link 0", "link 2": "link 0"}


def test_an_id_of_an_earlier_run_is_an_error_with_both_addresses(tmp_path: Path) -> None:
    made = crawls(tmp_path, [[Doc("x", "a"), Doc("y", "b")], [Doc("z", "c"), Doc("v", "d"), Doc("x", "e")]], EXACT)
    assert [about["duplicate_ids"] for about in made.decided[1].abouts] == [
        [{"id": "x", "addresses": [[0, 10], [2, 0]]}],
        [],
    ]


@pytest.mark.parametrize("memory", [0, 400])
def test_labels_found_before_the_pass_take_earlier_runs_along(tmp_path: Path, memory: int) -> None:
    docs, said = crowd(3, versions=False), list[str]()
    first = crawls(tmp_path, [docs[::2]], *STEPS)
    at_once = crawl(tmp_path, first, docs[1::2], *STEPS)
    run = tmp_path / "aside"
    write_features(run, [docs[1::4], docs[3::4]], batch_rows=len(docs))
    earlier = EarlierRuns(TWO_UNITS, first.runs, False)
    job = DedupJob(str(run), "f", "survivors", STEPS, ranges=4, memory=memory, earlier=earlier)
    with labelled(job, range(TWO_UNITS), len(docs), engine, said.append) as found:
        run_dedup(run, TWO_UNITS, found)
    assert said[0].endswith("one union-find" if memory else "in rounds")
    assert decided(run).documents == at_once.decided[1].documents
