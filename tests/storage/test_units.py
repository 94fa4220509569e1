"""Units: every byte and row group once, in an order that no listing changes."""

import itertools
from pathlib import Path

import pytest

from pipeline.storage.inputs import Input, InputError
from pipeline.storage.units import Unit, all_files, list_units
from tests.storage.reading import documents, web, write_jsonl, write_parquet


def test_units_stand_in_the_order_of_source_path_and_start(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "b.jsonl", documents(20))
    write_jsonl(tmp_path / "a.jsonl.gz", documents(20))
    code = Input("code", (str(tmp_path / "b.jsonl"),))
    units = list_units([web(tmp_path / "*.jsonl*"), code], range_bytes=400)
    assert [unit.unit for unit in units] == list(range(len(units)))
    keys = [(unit.source, unit.path, unit.start or 0) for unit in units]
    assert keys == sorted(keys)
    assert Unit(units[-1].unit, "web", "b.jsonl", units[-1].start, (tmp_path / "b.jsonl").stat().st_size) == units[-1]
    assert [(unit.start, unit.stop) for unit in units if unit.path == "a.jsonl.gz"] == [(None, None)]


def test_the_ranges_of_a_plain_jsonl_cover_it_once(tmp_path: Path) -> None:
    size = write_jsonl(tmp_path / "a.jsonl", documents(50)).stat().st_size
    ranges = [(unit.start or 0, unit.stop or 0) for unit in list_units([web(tmp_path / "a.jsonl")], range_bytes=333)]
    assert ranges[0][0] == 0
    assert ranges[-1][1] == size
    assert all(before[1] == after[0] for before, after in itertools.pairwise(ranges))


def test_row_groups_are_gathered_up_to_the_size(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"text": [f"t{n}" for n in range(100)]}, row_group_size=10)
    alone = list_units([web(tmp_path / "a.parquet")], row_groups_bytes=1)
    assert [(unit.start, unit.stop) for unit in alone] == [(n, n + 1) for n in range(10)]
    assert [(unit.start, unit.stop) for unit in list_units([web(tmp_path / "a.parquet")])] == [(0, 10)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_an_empty_file_is_one_unit(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"")
    write_parquet(tmp_path / "a.parquet", {"text": []})
    assert len(list_units([web(tmp_path / name)])) == 1


def test_a_path_in_ids_is_below_the_folder_that_the_paths_share(tmp_path: Path) -> None:
    for name in ("x/1.jsonl", "x/y/2.jsonl", "z/3.jsonl"):
        write_jsonl(tmp_path / name, documents(1))

    def paths(*patterns: str) -> list[str]:
        return [unit.path for unit in list_units([web(*(tmp_path / pattern for pattern in patterns))])]

    assert paths("x/1.jsonl") == ["1.jsonl"]
    assert paths("x/**/*.jsonl") == ["1.jsonl", "y/2.jsonl"]
    assert paths("x/*.jsonl", "z/*.jsonl") == ["x/1.jsonl", "z/3.jsonl"]
    assert paths("z/*.jsonl", "x/*.jsonl", "x/1.jsonl") == ["x/1.jsonl", "z/3.jsonl"], (
        "a file listed twice is read once"
    )


def test_a_name_with_the_signs_of_a_glob_is_taken_as_it_is(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "[1]" / "a[2].jsonl", documents(1))
    assert [unit.path for unit in list_units([web(tmp_path / "[1]" / "a[2].jsonl")])] == ["a[2].jsonl"]


def test_a_glob_that_matches_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none-\*\.jsonl: no file of input web matches"):
        list_units([web(tmp_path / "none-*.jsonl")])


def test_an_ending_that_names_no_format_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("{}")
    with pytest.raises(InputError, match="names no format"):
        list_units([web(tmp_path / "a.txt")])
    assert len(list_units([web(tmp_path / "a.txt", format="jsonl")])) == 1


def test_two_files_of_one_name_in_ids_are_an_error(tmp_path: Path) -> None:
    for folder in ("x", "z"):
        write_jsonl(tmp_path / folder / "a.jsonl", documents(1))
    with pytest.raises(InputError, match=r"is web/a\.jsonl already"):
        all_files([web(tmp_path / "x/*.jsonl"), web(tmp_path / "z/*.jsonl")])


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"columns": {"txt": "text"}}, "columns: txt .allowed: id, text"),
        ({"ids": "other"}, "allowed: namespace"),
        ({"format": "csv"}, "allowed: parquet, jsonl, warc"),
        ({"extract": "regex"}, "allowed: resiliparse, trafilatura"),
    ],
)
def test_an_input_that_says_something_unknown_is_refused(described: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Input("web", ("a",), **described)  # type: ignore[arg-type]
