"""Whole runs against earlier ones: through the config, chained, refused where the index is not what it was."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.beam.plan import ResumeRefused
from pipeline.config import ConfigError
from pipeline.report.compare import compare
from pipeline.report.near import near, own_pairs
from tests.beam.feature_parts import varied
from tests.beam.small_chain import carry_out, manifest, prose, rows

PAGES = 48
CONFIG = """
inputs: [{{source: {name}, path: {name}.jsonl}}]
output: {name}
dedup:
  {against}
  steps: [url, exact, minhash: {{preset: {preset}}}]
"""


def page(number: int) -> dict[str, Any]:
    """A page near to one of nine texts; the last twelve texts stand twice, and every fourth page shares its URL."""
    words = prose(f"text {number % 9}", 150).split()
    words[10 * (number % 4)] = f"changed{number % 4}"
    address = f"http://x.org/{number % 6}" if number % 4 == 0 else f"http://y.org/{number}"
    date = f"2024-01-{1 + number % 28:02}T00:00:00Z"
    return {"id": f"page {number:02}", "text": " ".join(words), "url": address, "date": date}


def pages() -> list[dict[str, Any]]:
    made = [page(number) for number in range(PAGES)]
    Random(4).shuffle(made)
    return made


def config(folder: Path, name: str, docs: Sequence[dict[str, Any]], against: str = "", preset: str = "fineweb") -> Path:
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(doc) + "\n" for doc in docs))
    path = folder / f"{name}.yaml"
    path.write_text(CONFIG.format(name=name, against=against, preset=preset))
    return path


def made(folder: Path, name: str, docs: Sequence[dict[str, Any]], against: str = "") -> Path:
    output = folder / name
    assert carry_out(config(folder, name, docs, against), output).exit_code == 0
    return output


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All at once, and in three steps: the third names the second only, which knows the first."""
    folder = tmp_path_factory.mktemp("crawls")
    docs = pages()
    made(folder, "direct", docs)
    made(folder, "first", docs[:16])
    made(folder, "second", docs[16:32], "against: first\n  flip: true")
    made(folder, "third", docs[32:], "against: [second]\n  flip: true")
    return folder


def whole(folder: Path) -> dict[str, dict[str, Any]]:
    """Every document's decision as the last run that spoke of it left it."""
    found = {
        row["id"]: row for run in ("first", "second", "third") for row in rows(folder / run / "02-dedup/decisions")
    }
    for run in ("second", "third"):
        for row in rows(folder / run / "02-dedup/earlier"):
            found[row["id"]] = {**found[row["id"]], **row}
    return found


def test_three_runs_with_flips_are_decided_as_one(runs: Path) -> None:
    steps = whole(runs)
    direct = {row["id"]: row for row in rows(runs / "direct/02-dedup/decisions")}
    assert {row["reason"] for row in direct.values()} == {None, "url.older", "exact.duplicate", "minhash.duplicate"}
    for name in ("keep", "reason", "cluster", "cluster_size", "keeper"):
        assert {id_: row[name] for id_, row in steps.items()} == {id_: row[name] for id_, row in direct.items()}


def test_the_manifest_counts_what_is_new_of_earlier_documents(runs: Path) -> None:
    said = manifest(runs / "third/02-dedup")["against"]
    told = rows(runs / "third/02-dedup/earlier")
    assert [run["documents"] for run in said["runs"]] == [16, 16]
    assert said["said"] == len(told) > 0
    assert said["displaced"] == sum(row["was_kept"] and not row["keep"] for row in told) > 0
    earlier = {row["id"] for run in ("first", "second") for row in rows(runs / run / "02-dedup/decisions")}
    dropped = [row for row in rows(runs / "third/02-dedup/decisions") if row["keeper"] in earlier]
    assert said["dropped_for_earlier"] == len(dropped) > 0


def test_compare_names_who_was_displaced(runs: Path) -> None:
    found = compare(runs / "first", runs / "third", most=100)["against"]
    first = manifest(runs / "first/02-dedup")["fingerprint"]
    gone = [row for row in rows(runs / "third/02-dedup/earlier") if row["run"] == first and not row["keep"]]
    gone = [row for row in gone if row["was_kept"]]
    assert (found["displaced"], found["flip"], found["changed"]) == (len(gone), True, False)
    assert [line["id"] for line in found["examples"]["displaced"]] == sorted(row["id"] for row in gone)
    assert compare(runs / "first", runs / "direct")["against"] is None


def test_compare_names_survivors_that_a_new_document_joined(runs: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(runs, tmp_path / "copy"))
    words = prose("long", 400).split()
    ends = [varied(words, *range(0, 80, 5)), varied(words, *range(400, 800, 10))]
    between = varied(words, *range(400, 800, 20))
    made(folder, "old", [{"id": f"end {k}", "text": text} for k, text in enumerate(ends)])
    made(folder, "new", [{"id": "between", "text": between}], "against: old")
    found = compare(folder / "old", folder / "new")["against"]
    assert (found["joined_old"], found["displaced"], found["new_dropped_for_earlier"]) == (1, 0, 1)
    cluster = {"cluster": "between", "size": 3, "survivors": ["end 0", "end 1"]}
    assert found["examples"] == {"displaced": [], "restored": [], "joined": [cluster]}


def test_compare_counts_published_ids(runs: Path) -> None:
    sides = [{row["id"] for row in rows(runs / run / "data")} for run in ("direct", "first")]
    expected = [len(sides[0] & sides[1]), len(sides[0] - sides[1]), len(sides[1] - sides[0])]
    assert list(compare(runs / "direct", runs / "first")["published"].values()) == expected


def test_an_index_that_changed_is_refused(runs: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(runs, tmp_path / "copy"))
    docs = pages()
    header = folder / "first/02-dedup/index.json"
    header.write_text(header.read_text() + "\n")
    with pytest.raises(ConfigError, match=r"first: its index has changed since .*second read it"):
        carry_out(folder / "third.yaml", folder / "third")
    with pytest.raises(ResumeRefused, match=r"against\.runs\.0\.digest"):
        carry_out(folder / "second.yaml", folder / "second")
    with pytest.raises(ConfigError, match=r"dedup\.against: .*nowhere: no 02-dedup/index\.json"):
        carry_out(config(folder, "fourth", docs[:2], "against: nowhere"), folder / "fourth")


def test_an_index_of_another_scheme_is_refused(runs: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(runs, tmp_path / "copy"))
    other = config(folder, "fourth", [page(1)], "against: first", "dclm")
    with pytest.raises(ConfigError, match=r"another kind \(bands: 14 there, 93 here, preset: 'fineweb' there"):
        carry_out(other, folder / "fourth")


def test_an_id_of_an_earlier_run_fails_with_both_files(runs: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(runs, tmp_path / "copy"))
    twin = {"id": pages()[0]["id"], "text": "another text"}
    with pytest.raises(Exception, match=r"two documents of one id: page \d\d at fourth/.* and first/.*first"):
        carry_out(config(folder, "fourth", [twin], "against: first"), folder / "fourth")


def test_steps_that_change_texts_look_at_the_new_documents_only(runs: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(runs, tmp_path / "copy"))
    docs = [{"id": f"new {k}", "text": f"{prose(f'new {k}', 60)}\nThe same footer.\n{k % 3} more"} for k in range(9)]
    for steps in (
        "steps: [exact, lines: {more_than: 2}]",
        "steps: [exact, lines: {more_than: 2}, substrings, minhash]",
    ):
        path = config(folder, "fourth", docs, "against: third")
        path.write_text(path.read_text().replace("steps: [url, exact, minhash: {preset: fineweb}]", steps))
        carry_out(path, folder / f"out {len(steps)}")
        texts = [row["text"] for row in rows(folder / f"out {len(steps)}" / "data")]
        assert len(texts) == len(docs)
        assert not any("footer" in text for text in texts)
        assert manifest(folder / f"out {len(steps)}" / "02-dedup")["against"]["dropped_for_earlier"] == 0


def test_near_finds_a_copy_in_the_run_and_in_those_before_it(runs: Path) -> None:
    from pipeline.commands.beside import documents

    asked = runs / "asked.jsonl"
    own = pages()[3]
    asked.write_text(json.dumps({**own, "id": "copy"}) + "\n" + json.dumps({"id": "stranger", "text": prose("no", 90)}))
    copy, stranger = near(runs / "third", documents((str(asked),)), 5)
    decided = whole(runs)[own["id"]]
    line = next(line for line in copy["near"] if line["id"] == own["id"])
    assert (line["jaccard"], line["kept"], line["keeper"]) == (1.0, decided["keep"], decided["keeper"])
    assert line["run"] == str(runs / "first")
    assert stranger == {"id": "stranger", "near": [], "found": 0}


def test_near_without_a_file_shows_the_least_similar_pairs_first(runs: Path) -> None:
    found = own_pairs(runs / "direct", 5)
    decisions = [row for row in rows(runs / "direct/02-dedup/decisions") if row["reason"] == "minhash.duplicate"]
    assert found["documents"] == found["compared"] == len(decisions)
    assert {(pair["dropped"], pair["keeper"]) for pair in found["pairs"]} <= {(r["id"], r["keeper"]) for r in decisions}
    shares = [pair["jaccard"] for pair in found["pairs"]]
    assert shares == sorted(shares)
