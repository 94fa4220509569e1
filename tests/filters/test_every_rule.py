"""Laws that hold for every registered rule and each of its formulas."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents import Documents
from pipeline.registry import import_rules
from pipeline.rules import COMPARISONS, Verdict
from pipeline.step_config import StepConfig
from pipeline.steps import Step, load_step
from tests.strategies import documents_of, texts

ARPA = str(Path(__file__).parents[1] / "calibrate" / "lmplz.arpa")
EXAMPLES = str(Path(__file__).parent / "made_up_examples.jsonl")
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "ccnet_perplexity": {"model": ARPA, "max_perplexity": 200.0},
    "contamination": {"against": (EXAMPLES,)},
    "contamination@gpt3": {"against": (EXAMPLES,)},
}
RULES = sorted(import_rules())
UNSURE = "language"  # a text without a word has no score, which is stored as null
some_texts = st.lists(texts, min_size=1, max_size=4)
each_rule = pytest.mark.parametrize("name", RULES)
few = settings(max_examples=30)


@cache
def loaded(name: str) -> Step:
    """The rule on its defaults, with the models and lists behind them; one that needs a file is given a small one."""
    rule = import_rules()[name]
    return load_step(StepConfig(rule.name, rule.name, NEEDED.get(name, {}), variant=rule.variant))


def judge(name: str, docs: Documents) -> Verdict:
    return loaded(name).judge(docs)


def answers(verdict: Verdict, count: int) -> list[dict[str, object]]:
    """What a verdict says of each document: metrics, reasons, and its new text if it has one."""
    edit = verdict.edit
    edited = dict(zip(edit.rows.tolist(), edit.text.to_arrow().to_pylist(), strict=True)) if edit else {}
    return [
        {
            **{name: None if np.isnan(values[i]) else float(values[i]) for name, values in verdict.metrics.items()},
            **{name: bool(failed[i]) for name, failed in verdict.failed.items()},
            "text": edited.get(i),
        }
        for i in range(count)
    ]


def test_the_published_rules_are_registered() -> None:
    assert {"gopher_quality", "gopher_repetition", "c4_quality", "fineweb_quality"} <= set(RULES)


@each_rule
@few
@given(batch=some_texts)
def test_metrics_are_finite_and_every_document_has_an_answer(name: str, batch: list[str]) -> None:
    verdict = judge(name, documents_of(batch))
    for values in verdict.metrics.values():
        assert values.shape == (len(batch),)
        assert values.dtype == np.float64
        assert np.isfinite(values[~np.isnan(values)] if name.startswith(UNSURE) else values).all()
    for failed in verdict.failed.values():
        assert failed.shape == (len(batch),)
        assert failed.dtype == np.bool_


@each_rule
@few
@given(batch=some_texts)
def test_a_reason_with_a_bound_is_the_metric_beyond_it(name: str, batch: list[str]) -> None:
    verdict = judge(name, documents_of(batch))
    for reason, bound in verdict.bounds.items():
        kept = COMPARISONS[bound.comparison](verdict.metrics[bound.metric], bound.value)
        assert verdict.failed[reason].tolist() == (~kept).tolist()


@each_rule
@few
@given(batch=some_texts)
def test_a_document_is_judged_alike_alone_and_in_a_batch(name: str, batch: list[str]) -> None:
    together = answers(judge(name, documents_of(batch)), len(batch))
    alone = [answers(judge(name, documents_of([text])), 1)[0] for text in batch]
    assert together == alone


@each_rule
@few
@given(batch=some_texts, data=st.data())
def test_taken_documents_are_judged_as_before(name: str, batch: list[str], data: st.DataObject) -> None:
    docs = documents_of(batch)
    before = answers(judge(name, docs), len(batch))
    rows = data.draw(st.permutations(range(len(batch))))
    assert answers(judge(name, docs.take(np.array(rows, np.int64))), len(batch)) == [before[row] for row in rows]


@each_rule
@few
@given(batch=some_texts)
def test_a_slice_of_a_larger_batch_is_judged_like_the_batch(name: str, batch: list[str]) -> None:
    larger = documents_of(["before it\n", *batch, "after it"]).batch.slice(1, len(batch))
    assert answers(judge(name, Documents(larger)), len(batch)) == answers(judge(name, documents_of(batch)), len(batch))


def with_texts(docs: Documents, column: pa.Array) -> Documents:
    """The same documents whose texts stand in an array of another kind."""
    at = docs.batch.schema.get_field_index("text")
    return Documents(docs.batch.set_column(at, pa.field("text", column.type), column))


@each_rule
@few
@given(batch=some_texts)
def test_offsets_of_32_and_64_bits_and_joined_chunks_say_the_same(name: str, batch: list[str]) -> None:
    docs = documents_of(batch)
    before = answers(judge(name, docs), len(batch))
    chunks = pa.chunked_array([pa.array(batch[:1], pa.large_string()), pa.array(batch[1:], pa.large_string())])
    for column in (pa.array(batch, pa.string()), chunks.combine_chunks()):
        assert answers(judge(name, with_texts(docs, column)), len(batch)) == before


@each_rule
def test_a_null_text_is_judged_like_an_empty_one(name: str) -> None:
    docs = documents_of(["a text", ""])
    nulled = with_texts(docs, pa.array(["a text", None], pa.large_string()))
    assert answers(judge(name, nulled), 2) == answers(judge(name, docs), 2)


@each_rule
def test_columns_of_nulls_are_no_error(name: str) -> None:
    docs = documents_of(["a text", ""])
    nullable = [field.name for field in docs.batch.schema if field.nullable]
    nothing = {column: pa.nulls(2) for column in nullable}
    assert len(answers(judge(name, docs.with_columns(nothing)), 2)) == 2


@each_rule
def test_no_documents_are_no_error(name: str) -> None:
    verdict = judge(name, documents_of([]))
    assert {len(values) for values in [*verdict.metrics.values(), *verdict.failed.values()]} <= {0}
