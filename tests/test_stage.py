"""`pipeline.stage`: the answers of steps and dedup steps, in order, as the passes would decide."""

import gzip
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pipeline
from pipeline.documents import Documents
from pipeline.isolate import StepFailed
from pipeline.registry import import_rules, rule_names
from pipeline.rules import Rule, Verdict
from pipeline.stage import answers, judge, load, names, one_step
from pipeline.stage_input import Given, documents, extracted, extractor_of, given
from pipeline.text.warm import runs_on_defaults
from pipeline.yaml_lines import ConfigError
from tests.strategies import documents_of

PROSE = "the mill stands by the river, and the miller has been grinding corn there with his sons for ages. " * 5
TEXTS = ["", "short", PROSE, "a b c d e f " * 40, "mail me at jane.roe@corp-mail.net now", "日本語の文章です。" * 30]
EVERY_RULE = sorted(key for key, rule in import_rules().items() if not rule.needs)
MAIN = f"<html><body><main><p>{PROSE}</p></main></body></html>"


def staged(name: str, batches: list[Documents], *sets: str) -> list[dict[str, Any]]:
    return list(answers(batches, load(one_step(name, sets))))


@pytest.mark.parametrize("name", [*EVERY_RULE, "url", "exact", "minhash"])
def test_every_step_answers_every_document_in_order(name: str) -> None:
    rule, _, formula = name.partition("@")
    found = staged(rule, [documents_of(TEXTS)], *([f"as={formula}"] if formula else []))
    assert [answer["id"] for answer in found] == [f"doc-{i}" for i in range(len(TEXTS))]
    for answer in found:
        assert answer["kept"] is (answer["reasons"] == [])
        assert all(math.isfinite(value) for value in answer["metrics"].values())
        json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize("name", sorted(name for name, rule in import_rules().items() if runs_on_defaults(rule)))
def test_rules_that_edit_are_known_as_such(name: str) -> None:
    texts = [
        PROSE + "jane.roe@corp-mail.net.",
        "A sentence that stands for itself, long. " * 9 + "\ncookie policy\n",
        "# Copyright 2020 the miller\n\nx = 1\n",
    ]
    rule = import_rules()[name]
    assert (rule.judge(documents_of(texts)).edit is None) == (rule.judge(documents_of([])).edit is None)


def test_an_editing_step_answers_with_the_text_changed_or_not() -> None:
    found = staged("pii", [documents_of(TEXTS)])
    assert [answer["text"] for answer in found[:4]] == TEXTS[:4]
    assert found[4]["text"] == "mail me at email@example.com now"
    assert found[4]["metrics"]["pii.emails"] == 1


def test_a_step_that_edits_nothing_does_not_repeat_the_text() -> None:
    assert all("text" not in answer for answer in staged("gopher_quality", [documents_of(TEXTS)]))


def test_what_a_step_did_not_measure_is_left_out() -> None:
    empty, english = staged("language", [documents_of(["", PROSE])])
    assert empty == {
        "id": "doc-0", "kept": True, "reasons": [], "metrics": {},
        "language": None, "script": None, "language_score": None,
    }  # fmt: skip
    assert (english["language"], english["script"]) == ("en", "Latn")
    assert english["metrics"]["language.score"] == pytest.approx(english["language_score"])


def test_quality_is_a_probability() -> None:
    assert all(0 <= answer["quality"] <= 1 for answer in staged("quality", [documents_of(TEXTS)]))


def test_settings_decide() -> None:
    short = [documents_of(["the mill and the river"])]
    assert "gopher_quality.too_few_words" in staged("gopher_quality", short)[0]["reasons"]
    assert "gopher_quality.too_few_words" not in staged("gopher_quality", short, "min_words=2")[0]["reasons"]


WRONG = [
    ("gopher_qualty", (), "did you mean gopher_quality"),
    ("extract", (), "no step is called extract"),
    ("pii", ("emials=true",), "emials: unknown key; did you mean emails"),
    ("gopher_quality", ("min_words=many",), "'many' where an integer is wanted"),
    ("gopher_quality", ("min_words",), "not of the form key=value"),
    ("url", ("keep=[newst]",), "newst"),
    ("minhash", ("preset=no",), "preset"),
    ("exact", ("scope=crawl",), "needs a run"),
    ("exact", ("preset=fineweb",), "preset: unknown key"),
]


@pytest.mark.parametrize(("name", "sets", "said"), WRONG)
def test_what_is_wrong_with_a_step_is_said(name: str, sets: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(one_step(name, sets))


def test_exact_duplicates_share_a_cluster_across_batches() -> None:
    first, second = documents_of(["a b", "c"], id=["z", "c"]), documents_of(["a  b\n", "d"], id=["a", "d"])
    found = {answer["id"]: answer for answer in staged("exact", [first, second])}
    gone, kept = (found["a"], found["z"]) if found["a"]["keeper"] else (found["z"], found["a"])
    assert (gone["kept"], gone["reasons"], gone["keeper"]) == (False, ["exact.duplicate"], kept["id"])
    assert (kept["kept"], kept["keeper"]) == (True, None)
    assert {gone["cluster"], kept["cluster"]} == {"a"}
    assert (found["c"]["cluster"], found["d"]["cluster"]) == ("c", "d")


def test_the_newest_of_a_url_is_kept() -> None:
    dates = ["2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", None]
    urls = ["http://www.example.com/a/", "https://example.com/a", "example.com/a?utm_source=x"]
    found = staged("url", [documents_of(["1", "2", "3"], url=urls, date=dates)])
    assert [answer["keeper"] for answer in found] == ["doc-1", None, "doc-1"]
    assert found[0]["reasons"] == ["url.older"]


def test_near_duplicates_are_found_and_the_longest_kept() -> None:
    words = [f"word{i}" for i in range(400)]
    texts = [" ".join(words), "something else altogether, of other words", " ".join([*words, "end"])]
    found = staged("minhash", [documents_of(texts)])
    assert [answer["keeper"] for answer in found] == ["doc-2", None, None]
    assert found[0]["reasons"] == ["minhash.duplicate"]


def test_dedup_sees_what_the_steps_above_left_and_follows_keepers() -> None:
    kept, same, dropped = judge(["b b", "b  b", "a"], [{"gopher_quality": {**OFF, "min_words": 2}}, "exact", "minhash"])
    assert dropped["reasons"] == ["gopher_quality.too_few_words"]
    assert dropped["keeper"] is None
    assert {kept["keeper"], same["keeper"]} & {None}
    assert sorted([kept["kept"], same["kept"]]) == [False, True]


OFF = {"min_mean_word_length": 0, "min_stop_words": 0, "min_alphabetic_words": 0}


def test_the_package_judges_texts() -> None:
    found = pipeline.judge(["call jane.roe@corp-mail.net", PROSE], ["pii", "gopher_repetition"])
    assert "email@example.com" in found[0]["text"]
    assert found[1]["metrics"].keys() >= {"pii.emails"}
    assert len({answer["id"] for answer in found}) == 2


def test_no_texts_are_no_error() -> None:
    assert judge([], ["gopher_quality", "exact"]) == []


def write_lines(path: Path, records: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(path)


def test_files_are_read_by_their_ending_in_the_order_given(tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "b.jsonl", [{"text": "one"}, {"text": "two", "id": "mine"}])
    packed = tmp_path / "c.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"id": "packed", "text": "three"}\n'))
    table = str(tmp_path / "a.parquet")
    pq.write_table(pa.table({"id": ["row"], "text": ["four"]}), table)
    read = list(documents([Given(p, p) for p in (lines, str(packed), table)], pytest.fail))
    ids = [name for docs in read for name in docs.column("id").to_pylist()]
    assert ids[1:] == ["mine", "packed", "row"]
    assert len(ids[0]) == 32


def test_standard_input_holds_json_lines() -> None:
    said: list[str] = []
    with given((), io.BytesIO(b'{"text": "one"}\nno json\n{"text": "two"}\n')) as inputs:
        read = [text for docs in documents(inputs, said.append) for text in docs.column("text").to_pylist()]
    assert read == ["one", "two"]
    assert len(said) == 1
    assert said[0].startswith("standard input: line at byte 16: no JSON")


def test_html_becomes_text(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "pages.jsonl", [{"id": "p", "html": MAIN}, {"id": "e", "html": "<p></p>"}])
    page, empty = extracted([Given(path, path)], pytest.fail, "resiliparse")
    assert page == {"id": "p", "kept": True, "reasons": [], "metrics": {}, "text": PROSE.strip()}
    assert (empty["kept"], empty["reasons"], empty["text"]) == (False, ["text.empty"], "")


def test_the_extractor_is_one_that_a_config_knows() -> None:
    assert (extractor_of(()), extractor_of(["extract=trafilatura"])) == ("resiliparse", "trafilatura")
    with pytest.raises(ConfigError, match="unknown 'boilerpipe'"):
        extractor_of(["extract=boilerpipe"])


def test_a_page_that_no_parser_survives_costs_itself_only(tmp_path: Path) -> None:
    pages = [{"html": "<div>" * 5000}, {"html": MAIN}]
    path, said = write_lines(tmp_path / "deep.jsonl", pages), list[str]()
    assert len(list(extracted([Given(path, path)], said.append, "resiliparse"))) == 1
    assert "TooDeep" in said[0]


def test_rules_see_an_input_s_own_columns_as_in_a_run(tmp_path: Path) -> None:
    """Without `path` a file has no name, and starcoder takes only names that it lists."""
    named = [{"text": "x = 1\ny = 2\n" * 40, "path": "src/a.py"}, {"text": "x = 1\ny = 2\n" * 40, "path": "src/a"}]
    lines, table = write_lines(tmp_path / "code.jsonl", named), str(tmp_path / "code.parquet")
    pq.write_table(pa.Table.from_pylist(named), table)
    ready = load(one_step("starcoder", ()))
    for path in (lines, table):
        found = list(answers(documents([Given(path, path)], pytest.fail), ready))
        assert ["starcoder.extension_not_listed" in answer["reasons"] for answer in found] == [False, True]


@pytest.mark.parametrize("dedup", [False, True])
def test_a_document_on_which_a_step_raises_costs_itself_only(dedup: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(import_rules(), "pii", Rule("pii", fragile, "nobody"))
    ready, said = (
        replace(load(one_step("pii", ())), dedup=load(one_step("exact", ())).dedup if dedup else ()),
        list[str](),
    )
    batches = [documents_of(["one", "poison", "two"], source=["a.jsonl"] * 3), documents_of(["one"], id=["last"])]
    found = list(answers(batches, ready, said.append))
    assert [answer["id"] for answer in found] == ["doc-0", "doc-2", "last"]
    assert said == ["a.jsonl: row 1: pii: ValueError: no taste for poison"]
    with pytest.raises(StepFailed, match="row 1: pii"):
        list(answers(batches, ready))


def fragile(docs: Documents) -> Verdict:
    if "poison" in docs.column("text").to_pylist():
        raise ValueError("no taste for poison")
    return Verdict()


def test_everything_that_can_be_staged_has_a_name() -> None:
    assert {"extract", "url", "exact", "minhash", "language", "quality", "pii", *rule_names()} <= set(names())
