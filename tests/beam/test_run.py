"""A whole run: what its folder holds, and that every document and byte is accounted for."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.beam.small_chain import GIVEN, UNITS, digests, manifest, rows

STAGES = ("01-refine", "02-dedup", "03-mixture", ".")
COLUMNS = (
    "id", "text", "url", "source", "language", "script", "language_score", "licence", "date", "tokens", "quality",
    "copies", "unit", "row",
)  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_documents_and_bytes_balance_at_every_pass(finished: Path, stage: str) -> None:
    told = manifest(finished / stage)
    documents, text = told["documents"], told["text_bytes"]
    assert documents["in"] == documents["kept"] + documents["dropped"] + documents["failed"]
    assert text["in"] + text["added"] == text["kept"] + text["dropped"] + text["removed"] + text["failed"]


def test_each_pass_is_given_what_the_one_before_kept(finished: Path) -> None:
    counts = [manifest(finished / stage)["documents"] for stage in STAGES]
    assert counts[0]["in"] == counts[3]["in"] == GIVEN
    assert [counts[1]["in"], counts[2]["in"]] == [counts[0]["kept"], counts[1]["kept"]]
    assert counts[3]["kept"] == counts[2]["kept"] == len(rows(finished / "data"))
    assert counts[3]["dropped"] == sum(each["dropped"] for each in counts[:3])


@pytest.mark.parametrize("kind", ["kept", "dropped", "failed"])
def test_the_parts_hold_what_the_manifest_counts(finished: Path, kind: str) -> None:
    told, held = manifest(finished / "01-refine"), rows(finished / "01-refine" / kind)
    assert len(held) == told["documents"][kind] > 0
    assert sum(len(row.get("text", "").encode()) for row in held) == told["text_bytes"][kind]


@pytest.mark.parametrize("stage", STAGES)
def test_a_manifest_names_every_part_with_its_digest(finished: Path, stage: str) -> None:
    folder, named = finished / stage, manifest(finished / stage)["parts"]
    kinds = ["data"] if stage == "." else [kind.name for kind in folder.iterdir() if kind.is_dir()]
    standing = {f"{kind}/{path.name}" for kind in kinds for path in (folder / kind).glob("*.parquet")}
    assert {part["path"] for part in named} == standing
    for part in named:
        data = (folder / part["path"]).read_bytes()
        assert (part["bytes"], part["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert part["rows"] == pq.read_metadata(folder / part["path"]).num_rows


def test_a_part_says_in_its_footer_what_it_is(finished: Path) -> None:
    fingerprint = json.loads((finished / "plan.json").read_bytes())["fingerprint"]
    for unit in range(UNITS):
        path = finished / "data" / f"part-{unit:05}-0000.parquet"
        about = json.loads(pq.read_metadata(path).metadata[b"gristmill"])
        assert (about["fingerprint"], about["unit"], about["batch"], about["last"]) == (fingerprint, unit, 0, True)
        assert about["documents"] == pq.read_metadata(path).num_rows
        assert about["text_bytes"] == sum(len(text.encode()) for text in pq.read_table(path)["text"].to_pylist())


def test_data_has_our_columns_and_then_the_inputs_in_one_schema(finished: Path) -> None:
    schemas = [pq.read_schema(path).remove_metadata() for path in sorted((finished / "data").glob("*"))]
    assert len(schemas) == UNITS
    assert all(schema == schemas[0] for schema in schemas)
    assert schemas[0].names[: len(COLUMNS)] == [*COLUMNS]
    assert {"stars", "topic"} <= {*schemas[0].names[len(COLUMNS) :]}
    assert schemas[0].field("copies").type == pa.int64()


def test_nothing_is_an_empty_string_and_every_document_is_whole(finished: Path) -> None:
    for row in rows(finished / "data"):
        assert row["text"].strip() and row["id"] and row["copies"] >= 1 and row["tokens"] > 0
        assert "" not in row.values()


def test_rows_stand_in_the_order_of_their_units(finished: Path) -> None:
    addresses = [(row["unit"], row["row"]) for row in rows(finished / "data")]
    assert addresses == sorted(addresses)


def test_every_fate_has_its_document(finished: Path) -> None:
    dropped = {row["id"]: row["reasons"] for row in rows(finished / "01-refine/dropped")}
    assert dropped["p6"][0] == "gopher_quality.too_few_words"
    assert dropped["p7"][0] == "text.empty"
    gone = {row["id"]: (row["reason"], row["keeper"]) for row in rows(finished / "02-dedup/decisions") if row["reason"]}
    assert {gone[name][0] for name in gone} == {"url.older", "exact.duplicate", "minhash.duplicate"}
    assert gone["p0"] == ("url.older", "p1")
    assert {*gone} <= {"p0", "p2", "p3", "p4", "p5"} and len(gone) == 3
    (failed,) = rows(finished / "01-refine/failed")
    assert failed["file"] == "notes/n.jsonl.gz"
    assert failed["payload"] == b'{"text": "cut'


def test_dropped_text_is_as_extracted_and_kept_text_as_edited(finished: Path) -> None:
    (kept,) = [row for row in rows(finished / "01-refine/kept") if row["id"] == "p8"]
    assert "jane.roe@corp-mail.net" not in kept["text"]
    assert manifest(finished / "01-refine")["text_bytes"]["removed"] == len("jane.roe@corp-mail.net")
    (dropped,) = [row for row in rows(finished / "01-refine/dropped") if row["id"] == "p7"]
    assert dropped["text"] == " \n "


def test_keepers_survive_and_no_dropped_document_is_published(finished: Path) -> None:
    decisions = rows(finished / "02-dedup/decisions")
    kept = {row["id"] for row in decisions if row["keep"]}
    assert {row["keeper"] for row in decisions if not row["keep"]} <= kept
    assert {row["id"] for row in rows(finished / "data")} <= kept


def test_copies_add_up_to_what_the_mixture_says(finished: Path) -> None:
    told, data = manifest(finished / "03-mixture")["mixture"], rows(finished / "data")
    drawn = {row["id"]: row["copies"] for row in rows(finished / "03-mixture/decisions") if row["keep"]}
    assert {row["id"]: row["copies"] for row in data} == drawn
    total = sum(row["tokens"] * row["copies"] for row in data)
    assert sum(group["tokens"] for group in told.values()) == total
    longest = max(row["tokens"] for row in data)
    for group in told.values():
        assert group["achieved"] == group["tokens"] / total
        assert abs(group["achieved"] - group["target"]) * total <= len(told) * longest


def test_dedup_gives_one_decision_for_each_document(finished: Path) -> None:
    decisions = [(row["unit"], row["row"]) for row in rows(finished / "02-dedup/decisions")]
    assert decisions == [(row["unit"], row["row"]) for row in rows(finished / "01-refine/kept")]


def test_features_hold_a_row_for_each_judged_document_and_no_text(finished: Path) -> None:
    features = rows(finished / "01-refine/features")
    assert "text" not in features[0]
    assert len(features) == len(rows(finished / "01-refine/kept")) + len(rows(finished / "01-refine/dropped"))
    assert all((row["signature"] is not None) == row["kept"] == (row["tokens"] is not None) for row in features)


def test_the_report_and_the_card_stand_and_no_temporary_file_is_left(finished: Path) -> None:
    assert (finished / "report.html").stat().st_size > 1000
    assert (finished / "README.md").stat().st_size > 100
    names = {path.name for path in finished.rglob("*") if path.is_file() and path.suffix != ".parquet"}
    assert names == {"plan.json", "manifest.json", "report.html", "README.md", ".lock", "index.json"}
    assert len(digests(finished, ".")) == 4 * UNITS + 2 * UNITS + UNITS
