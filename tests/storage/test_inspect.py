"""Inspection: what no run should start with, and the schema of the columns that travel on."""

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.storage.columns import other_name
from pipeline.storage.inputs import InputError
from pipeline.storage.inspect import infer_schema, inspect_inputs, others_from_json, others_to_json
from tests.storage.reading import documents, read_all, web, write_jsonl, write_parquet


def test_clashing_names_travel_under_another_name(tmp_path: Path) -> None:
    columns = {"id": ["a"], "text": ["b"], "source": ["c"], "unit": [1], "lang": ["pt-BR"], "origin": ["e"]}
    write_parquet(tmp_path / "a.parquet", columns)
    others = inspect_inputs([web(tmp_path / "a.parquet", columns={"language": "lang"})])
    assert others.names == ["input_source", "input_unit", "origin"]
    row = read_all(web(tmp_path / "a.parquet", columns={"language": "lang"})).rows[0]
    assert (row["input_source"], row["input_unit"], row["source"], row["language"]) == ("c", 1, "web", "pt")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("source", "input_source"), ("input_source", "input_input_source"), ("copies", "input_copies"), ("a", "a")],
)
def test_renaming_is_one_to_one(name: str, wanted: str) -> None:
    assert other_name(name) == wanted


def test_our_own_column_gives_way_to_the_mapped_one(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"text": ["x"], "language": ["Python"], "lang": ["en"]})
    row = read_all(web(tmp_path / "a.parquet", columns={"language": "lang"})).rows[0]
    assert (row["language"], row["input_language"]) == ("en", "Python")


def test_a_file_without_text_is_named_with_both_schemas(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"body": ["x"]})
    with pytest.raises(InputError, match=r"a\.parquet: no column text .*here: body: string; wanted: .*text: string"):
        inspect_inputs([web(tmp_path / "a.parquet")])
    write_jsonl(tmp_path / "b.jsonl", [{"body": "x", "n": 1}])
    with pytest.raises(InputError, match=r"b\.jsonl: no column text .*body: string, n: int64"):
        inspect_inputs([web(tmp_path / "b.jsonl")])


def test_one_name_with_two_types_is_an_error_with_both(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"text": ["x"], "score": [1.5]})
    write_jsonl(tmp_path / "b.jsonl", [{"text": "x", "score": "high"}])
    with pytest.raises(InputError, match=r"column score is string, in .*a\.parquet it is double"):
        inspect_inputs([web(tmp_path / "*")])


def test_a_number_for_an_id_is_an_error_with_both_schemas(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"text": ["x"], "id": ["a"]})
    write_parquet(tmp_path / "b.parquet", {"text": ["x"], "id": [1]})
    with pytest.raises(InputError, match=r"b\.parquet: column id is int64, ours is string.*id: int64; wanted: id: str"):
        inspect_inputs([web(tmp_path / "*.parquet")])


def test_a_mapped_column_that_no_file_has_is_an_error(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", documents(2))
    with pytest.raises(InputError, match=r"no column lnag for language in any of its files .there are: id: string"):
        inspect_inputs([web(tmp_path / "a.jsonl", columns={"language": "lnag"})])


def test_whole_numbers_widen_and_nulls_take_any_type(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"text": ["x"], "n": pa.array([1], pa.int32()), "m": pa.nulls(1)})
    write_parquet(tmp_path / "b.parquet", {"text": ["x"], "n": pa.array([2], pa.int64()), "m": [1.5]})
    everything = read_all(web(tmp_path / "*.parquet"))
    assert [(row["n"], row["m"]) for row in everything.rows] == [(1, None), (2, 1.5)]


def test_the_types_of_first_records(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [
        {"text": "x", "a": None, "b": 1, "c": {"d": 1}, "e": True},
        {"text": "y", "a": [1], "b": 2.5},
    ]
    found = infer_schema(records)
    assert {field.name: str(field.type) for field in found} == {
        "text": "string", "a": "string", "b": "double", "c": "string", "e": "bool",
    }  # fmt: skip


def test_the_schema_goes_through_json(tmp_path: Path) -> None:
    kinds = {"list": [["a"]], "when": [datetime.datetime(2024, 1, 1)], "map": [{"a": 1}]}  # noqa: DTZ001
    write_parquet(tmp_path / "a.parquet", {"text": ["x"], **kinds})
    write_jsonl(tmp_path / "b.jsonl", [{"text": "x", "meta": {"a": 1}}])
    others = inspect_inputs([web(tmp_path / "*")])
    assert others_from_json(others_to_json(others)).equals(others, check_metadata=True)
    assert others.names == ["list", "map", "meta", "when", "extra"]


def test_a_damaged_file_does_not_keep_the_others_from_being_inspected(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nothing PAR1")
    write_parquet(tmp_path / "b.parquet", {"text": ["x"], "n": [1]})
    assert inspect_inputs([web(tmp_path / "*.parquet")]).names == ["n"]
