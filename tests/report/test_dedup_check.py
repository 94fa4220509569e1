"""`dedup check`: exact Jaccards, the curve, a verdict that a broken index does not pass, the command and its page."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import cli
from pipeline.commands.dedup import step_of
from pipeline.dedup.bands import band_keys
from pipeline.dedup.minhash import PRESETS, shingles
from pipeline.dedup.verify import distinct_shingles
from pipeline.report import dedup_check
from pipeline.report.chance import tail
from pipeline.report.dedup_check import EDGES, Originals, check, documents_of, jaccards, measured, s_curve, verdict
from pipeline.text.layer import Text
from tests.dedup.test_planted import text_of

TEXTS = [text_of(seed, 80 + 7 * seed) for seed in range(150)]


def originals(texts: list[str], count: int = 150, seed: int = 0) -> Originals:
    chosen = Originals(count, seed)
    for start in range(0, len(texts), 40):
        chosen.add(documents_of(texts[start : start + 40]))
    return chosen


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return check(originals(TEXTS), step_of(None, "fineweb"))


some_words = st.lists(st.sampled_from("abcd"), max_size=20).map(" ".join)


@settings(max_examples=50)
@given(st.lists(st.tuples(some_words, some_words), min_size=1, max_size=5))
def test_jaccard_is_that_of_the_sets_of_shingles(pairs: list[tuple[str, str]]) -> None:
    texts = [one for one, _ in pairs] + [other for _, other in pairs]
    offsets, hashes = shingles(Text.from_strings(texts), PRESETS["fineweb"])
    sets = [set(hashes[offsets[at] : offsets[at + 1]].tolist()) for at in range(len(texts))]
    both = zip(sets[: len(pairs)], sets[len(pairs) :], strict=True)
    assert jaccards(*distinct_shingles(offsets, hashes)).tolist() == [len(a & b) / max(len(a | b), 1) for a, b in both]


def test_the_curve_is_one_minus_all_bands_missed() -> None:
    assert s_curve(np.array([0.0, 0.75, 1.0]), 14, 8).tolist() == [0, 1 - (1 - 0.75**8) ** 14, 1]


def test_what_is_found_fits_the_curve(found: dict[str, Any]) -> None:
    assert found["fits"] is True
    assert found["says"].startswith("What is found fits the curve.")
    assert [kind["pairs"] for kind in found["kinds"]] == [150] * 6
    for kind in [*found["kinds"], {"bands": found["bands"]}]:
        for band in kind["bands"]:
            assert band["low"] <= band["recall"] <= band["high"]
            assert band["found"] <= band["joined"] <= band["pairs"]
            assert band["from"] <= band["jaccard"] <= band["to"]
    exact = found["bands"][-1]
    assert (exact["from"], exact["recall"], exact["curve"]) == (1.0, 1.0, 1.0)


def test_copies_stand_at_every_jaccard_from_one_half(found: dict[str, Any]) -> None:
    assert [band["from"] for band in found["bands"] if band["from"]] == list(EDGES)
    assert sum(band["pairs"] for band in found["bands"]) == 6 * 150


def test_half_of_the_bands_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dedup_check, "band_keys", lambda signatures, scheme: band_keys(signatures, scheme)[:, :7])
    broken = check(originals(TEXTS), step_of(None, "fineweb"))
    assert broken["fits"] is False
    assert "DOES NOT FIT" in broken["says"]


def test_one_exact_copy_that_is_missed_does_not_fit(found: dict[str, Any]) -> None:
    kinds = json.loads(json.dumps(found["kinds"]))
    assert verdict(kinds)["fits"]
    missed = kinds[-1]["bands"][-1]
    missed.update(found=missed["found"] - 1, p=tail(missed["found"] - 1, np.ones(missed["pairs"])))
    assert not verdict(kinds)["fits"]


def test_the_documents_copied_do_not_depend_on_the_order_of_reading() -> None:
    batch = documents_of(TEXTS)
    one, other = Originals(20, 3), Originals(20, 3)
    one.add(batch)
    for row in reversed(range(len(TEXTS))):
        other.add(batch.take(np.array([row])))
    assert one.chosen == other.chosen
    again = Originals(20, 4)
    again.add(batch)
    assert again.chosen != one.chosen


def test_short_documents_are_not_copied() -> None:
    chosen = Originals(5, 0)
    chosen.add(documents_of([text_of(1, 49), text_of(2, 50)]))
    assert [text for _, _, text in chosen.chosen] == [text_of(2, 50)]


def test_verification_parts_pairs_that_share_a_band() -> None:
    step = step_of(None, "fineweb")
    near = step.how.__class__(step.how.scheme, verify="exact", threshold=0.9)
    strict = measured(
        TEXTS, [text[: len(text) * 4 // 5] for text in TEXTS], step.__class__(step.kind, step.keep, how=near)
    )
    assert strict.banded.sum() > 50
    assert not strict.joined.any()


def said(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = cli.exit_code([str(word) for word in words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def home(tmp_path: Path) -> Path:
    lines = [json.dumps({"id": str(at), "text": text}) for at, text in enumerate(TEXTS[:40])]
    (tmp_path / "notes.jsonl").write_text("\n".join(lines))
    (tmp_path / "config.yaml").write_text(
        "output: out\ninputs:\n  - {source: notes, path: notes.jsonl}\n"
        "dedup: {steps: [minhash: {jaccard: 0.7, hashes: 64, verify: exact}]}\n"
    )
    return tmp_path


def test_the_command_prints_its_verdict_and_writes_a_page(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = ["dedup", "check", home / "notes.jsonl", "--documents", "20", "--html", home / "check.html"]
    code, out, _ = said(capsys, *asked)
    assert code == 0
    assert out.splitlines()[0].startswith("fineweb: 14 bands of 8 rows, verify band; 20 documents of 40 read")
    assert "case and punctuation" in out and out.splitlines()[-1].startswith("What is found fits the curve.")
    page = (home / "check.html").read_text()
    assert page.count("<svg ") == 7
    assert not re.search(r"<script|javascript:|https?://", page)
    assert said(capsys, *asked)[1] == out


def test_a_configs_own_scheme_is_checked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "dedup", "check", home / "config.yaml", "--documents", "10", "--json")
    assert code == 0
    answer = json.loads(out)
    assert (answer["scheme"]["preset"], answer["verify"]) == ("jaccard 0.7", "exact")
    assert answer["scheme"]["bands"] * answer["scheme"]["rows"] <= 64
    chosen = said(capsys, "dedup", "check", home / "config.yaml", "--documents", "10", "--preset", "nemo", "--json")[1]
    assert json.loads(chosen)["scheme"]["preset"] == "nemo"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["notes.jsonl", "--preset", "gopher"], "gopher (allowed: fineweb"),
        (["config.yaml", "notes.jsonl"], "one config"),
    ],
)
def test_misuse_is_said(home: Path, capsys: pytest.CaptureFixture[str], given: list[str], says: str) -> None:
    code, _, err = said(capsys, "dedup", "check", *[home / word if "." in word else word for word in given])
    assert code == 2
    assert says in err


def test_data_without_a_document_of_fifty_words_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "short.jsonl").write_text('{"text": "too short"}\n')
    code, _, err = said(capsys, "dedup", "check", tmp_path / "short.jsonl")
    assert (code, "no document of 50 to 20,000 words among the 1" in err) == (2, True)
