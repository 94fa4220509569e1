"""What `make bench` prints and writes."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import table
from benchmarks.beside import FOUR, PEERS, beside_datatrove, pairs
from benchmarks.beside_fasttext import beside_fasttext
from benchmarks.corpus import Corpus
from benchmarks.extraction import extract_row, gold_folder, scores
from benchmarks.grouping import LARGEST, sign
from benchmarks.measure import Row, best_seconds
from benchmarks.parts import NOTES, each_rule, parts
from pipeline.registry import import_rules
from tests.strategies import documents_of


def test_what_is_measured_takes_turns_after_one_call_each() -> None:
    called: list[str] = []
    best = best_seconds({"a": lambda: called.append("a"), "b": lambda: called.append("b")}, rounds=2)
    assert called == ["a", "b"] * 3
    assert all(0 <= seconds < 1 for seconds in best.values())


def test_without_reference_texts_extract_is_left_out_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRISTMILL_DATA", raising=False)
    assert str(extract_row(100.0)).startswith("extract: left out (GRISTMILL_DATA")


@pytest.mark.parametrize("below", ["", "crawl"])
def test_reference_texts_are_found_in_the_data_or_its_crawl(below: str, tmp_path: Path) -> None:
    assert gold_folder(tmp_path) is None
    (tmp_path / below).mkdir(exist_ok=True)
    (tmp_path / below / "gold.parquet").touch()
    assert gold_folder(tmp_path) == tmp_path / below


def test_scores_are_those_of_each_kind_of_reference() -> None:
    assert scores({"human": 0.9451, "pages": 3.0, "mb_per_s": 60.0}) == "human 0.945"


def test_the_table_has_a_line_for_each_row_and_the_peer_where_there_is_one() -> None:
    rows = [Row("tokenise", 500.0, 3.1), Row("extract", 60.0, 0.4, "trafilatura", 6.5, "mean F1")]
    lines = table(160.0, rows).splitlines()
    assert lines[0].startswith("R = 160 MB/s")
    assert lines[-2].split() == ["tokenise", "500.0", "3.10"]
    assert lines[-1].split() == ["extract", "60.0", "0.40", "6.5", "x", "trafilatura", "mean", "F1"]


def test_a_round_finds_nothing_that_an_earlier_one_left() -> None:
    corpus = Corpus(documents_of(["a b a b", "c"]).batch)
    first, second = corpus.with_words(), corpus.with_words()
    _ = first.words.top_ngram_chars(2)
    assert first.words.offsets is second.words.offsets
    assert set(vars(second.words)) == {field.name for field in fields(second.words)}


def test_every_rule_that_needs_no_file_has_a_row() -> None:
    corpus = Corpus(documents_of(["a b a b", "c"]).batch)
    rows = {*parts(corpus), *each_rule(corpus), "dirty_words", "quality"}
    assert rows >= {key for key, rule in import_rules().items() if not rule.needs}


def test_without_a_peers_environment_no_row_has_a_peer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    corpus = Corpus(documents_of(["a b"]).batch)
    monkeypatch.delenv(PEERS, raising=False)
    assert beside_datatrove(corpus, tmp_path) == {}
    monkeypatch.setenv(PEERS, str(tmp_path))
    assert beside_datatrove(corpus, tmp_path) == {}


def test_the_fasttext_library_stands_beside_the_rows_of_its_name() -> None:
    corpus = Corpus(documents_of(["The mill stands by the river.", "Die Mühle steht am Fluß."]).batch)
    peers = beside_fasttext(corpus)
    assert peers.keys() <= parts(corpus).keys() & NOTES.keys()
    assert all(peer.peer_ratio > 0 for peer in peers.values())


def test_a_peers_filters_stand_beside_the_rules_of_their_name() -> None:
    assert {name for pair in pairs().values() for name in pair.theirs} == set(FOUR)
    assert set(pairs()) - {"rules"} <= set(import_rules())


def test_the_peer_is_given_every_so_many_th_document() -> None:
    assert Corpus(documents_of(["a", "b", "c", "d", "e"]).batch).every(2).texts == ["a", "c", "e"]


def test_documents_of_a_family_are_copies_or_share_nine_tenths_of_the_rows() -> None:
    """Every hundredth document is of the largest family."""
    signatures = np.empty((40_000, 112), np.uint32)
    sign(0, signatures)
    family = signatures[:: 10_000_000 // LARGEST]
    whole, times = np.unique(family, axis=0, return_counts=True)
    shared = (family == whole[times.argmax()]).mean(axis=1)
    assert 0.4 < (shared == 1).mean() < 0.6
    assert 0.88 < shared[shared < 1].mean() < 0.92
    assert len(np.unique(signatures[:, 0])) > 30_000
