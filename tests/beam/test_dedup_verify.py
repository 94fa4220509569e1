"""Scopes and second looks in the graph: the same as in one process, and what candidates alone must send."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.dedup.minhash import preset
from pipeline.dedup.verify import BAND, VERIFY
from pipeline.dedup_config import DedupStep, Near
from pipeline.stage import documents_of
from pipeline.stage_dedup import Duplicates
from tests.beam.feature_parts import Decided, Doc, dedup, prose, varied


def near(verify: str, threshold: float, scope: str = "global") -> DedupStep:
    return DedupStep("minhash", ("longest",), scope, Near(preset("fineweb"), verify, threshold))


def families(seed: int = 5) -> list[Doc]:
    """Four texts with three near copies each, 3, 6 and 9 of 300 words exchanged: Jaccards of 0.9 to 0.7."""
    docs = []
    for family in range(4):
        words = prose(seed + family, 300)
        for copy in range(4):
            changed = np.random.default_rng(copy).permutation(300)[: 3 * copy]
            docs.append(Doc(f"{family} {copy}", varied(words, *changed)))
    return docs


def in_one_process(docs: list[Doc], step: DedupStep) -> set[int]:
    """The places of the dropped."""
    duplicates = Duplicates([step])
    duplicates.add(documents_of([doc.text for doc in docs]))
    return {i for i, (why, _, _) in enumerate(duplicates.decide(np.ones(len(docs), np.bool_))) if why}


def in_units(folder: Path, docs: list[Doc], step: DedupStep) -> Decided:
    return dedup(folder, [docs[i::3] for i in range(3)], step)


@pytest.mark.parametrize(("verify", "threshold"), [(BAND, 0.0), ("estimate", 0.7), ("exact", 0.7), ("exact", 0.5)])
def test_clusters_are_those_of_one_process(tmp_path: Path, verify: str, threshold: float) -> None:
    docs, step = families(), near(verify, threshold)
    found = in_units(tmp_path, docs, step)
    sizes = [found.documents[doc.id]["cluster_size"] for doc in docs]
    alone = in_one_process(docs, step)
    assert len(found.dropped) == len(alone) == sum((size - 1) / size for size in sizes)


def test_a_higher_threshold_drops_fewer(tmp_path: Path) -> None:
    docs = families()
    dropped = [len(in_units(tmp_path / f"{t}", docs, near("exact", t)).dropped) for t in (0.0, 0.85, 0.999)]
    assert dropped[0] > dropped[1] > dropped[2] == 0


def test_only_candidates_send_what_is_compared(tmp_path: Path) -> None:
    """A candidate sends a signature of 448 bytes, or about 296 shingles of 4, once; a stranger nothing."""
    docs = families() + [Doc(f"stranger {i}", " ".join(prose(100 + i, 300))) for i in range(4)]
    found = {verify: in_units(tmp_path / verify, docs, near(verify, 0.5)) for verify in VERIFY}
    sent = {verify: sum(about["shuffled_bytes"] for about in each.abouts) for verify, each in found.items()}
    candidates = sum(row["cluster_size"] > 1 for row in found["band"].documents.values())
    assert 8 <= candidates <= 16
    assert sent["estimate"] - sent["band"] == pytest.approx(candidates * 448, rel=0.1)
    assert sent["exact"] - sent["band"] == pytest.approx(candidates * 4 * 296, rel=0.1)


@pytest.mark.parametrize("step", [near("band", 0), near("exact", 0.5), DedupStep("exact", (), "language")])
def test_twins_of_two_languages_stay_where_a_language_is_the_scope(tmp_path: Path, step: DedupStep) -> None:
    text = " ".join(prose(1))
    docs = [Doc("en 1", text), Doc("en 2", text), Doc("de 1", text, language="de"), Doc("de 2", text, language="de")]
    within = DedupStep(step.kind, step.keep, "language", step.how)
    found = in_units(tmp_path, docs, within)
    assert sorted(id_[:2] for id_ in found.dropped) == ["de", "en"]
    assert {id_[:2] == keeper[:2] for id_, (_, keeper) in found.dropped.items()} == {True}


def test_an_excerpt_goes_and_the_whole_that_holds_it_stays(tmp_path: Path) -> None:
    words = prose(9, 400)
    docs = [
        Doc("excerpt", " ".join(words[:340])),
        Doc("whole", " ".join(words)),
        Doc("other", " ".join(prose(10, 400))),
    ]
    held = DedupStep("minhash", (), how=Near(preset("fineweb"), contained=0.95))
    assert in_units(tmp_path, docs, held).dropped == {"excerpt": ("minhash.duplicate", "whole")}
    assert in_one_process(docs, held) == {0}
