"""Two megabytes of real code through a run with `substrings`: every span as a suffix array finds it."""

from pathlib import Path

import pyarrow as pa

from pipeline.dedup.keys import id_hash
from tests.beam.small_chain import carry_out, rows
from tests.dedup.plain_substrings import groups_by_suffix_array, spans_of, words_left

SAMPLE = Path(__file__).parents[2] / "sample"
CONFIG = """
inputs: [{{source: code, path: {sample}/code/*.parquet}}]
dedup: {{steps: [substrings]}}
"""


def test_a_suffix_array_of_a_megabyte_finds_the_spans_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "code.yaml").write_text(CONFIG.format(sample=SAMPLE))
    run = carry_out(tmp_path / "code.yaml", tmp_path / "run", "engine.workers=2").folder
    texts = {row["id"]: row["text"] for row in rows(run / "01-refine/kept")}
    assert sum(len(text.encode()) for text in texts.values()) > 1_000_000
    assert len({part.name.split("-")[1] for part in (run / "01-refine/kept").glob("*.parquet")}) > 1, "units"
    ties = dict(zip(id_hash(pa.array(list(texts))).tolist(), texts, strict=True))
    spans = spans_of(groups_by_suffix_array({tie: texts[id_] for tie, id_ in ties.items()}, 50), 50, keeps_one=True)
    assert len(spans) > 20
    edits = rows(run / "02-dedup/edits")
    assert {row["id"]: row["text"].split() for row in edits} == {
        ties[tie]: words_left(texts[ties[tie]], own) for tie, own in spans.items()
    }
    assert sum(len(row["cuts"]) // 2 for row in edits) == sum(map(len, spans.values()))
