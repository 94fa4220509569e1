"""What a judged batch becomes: kept, dropped and failed rows, features, and the counts that must balance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.attribution import attribute, by_step
from pipeline.dedup import exact, keys, url
from pipeline.dedup.minhash import Scheme
from pipeline.dedup.stored import column_type, signature_column
from pipeline.documents import Documents
from pipeline.extract.failure import Failure
from pipeline.steps import Judged
from pipeline.storage.tally import lengths, tally
from pipeline.tokens import Counter

FAILED = pa.schema(
    [
        pa.field("unit", pa.int32(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("place", pa.string(), nullable=False),
        pa.field("error", pa.string(), nullable=False),
        pa.field("payload", pa.binary()),
        pa.field("input_bytes", pa.int64(), nullable=False),
        pa.field("step", pa.string(), nullable=False),  # that raised on the document; empty where there was none yet
    ]
)
NARROW = ("id", "unit", "row", "source", "language", "script", "licence", "date", "tokens", "quality")


@dataclass(frozen=True, eq=False)
class Refined:
    """The four parts of a batch, and what the kept part says for all of them."""

    kept: pa.Table
    dropped: pa.Table
    failed: pa.Table
    features: pa.Table
    counts: Mapping[str, Any]


def count_tokens(judged: Judged, counter: Callable[[pa.Array], NDArray[np.int64]]) -> Documents:
    """The documents with the exact token counts of survivors; null elsewhere."""
    rows = np.flatnonzero(judged.survivors)
    counted = counter(judged.documents.column("text").take(pa.array(rows)))
    tokens = np.zeros(len(judged.documents), np.int64)
    tokens[rows] = counted
    return judged.documents.with_columns({"tokens": pa.array(tokens, mask=~judged.survivors)})


def split(judged: Judged, failures: Sequence[Failure], unit: int, scheme: Scheme | None, over: str) -> Refined:
    """Split once: survivors as edited, the others as extracted with every reason and number."""
    alive = judged.survivors
    kept = pa.Table.from_batches([judged.documents.batch]).filter(pa.array(alive))
    dropped = dropped_rows(judged, ~alive)
    failed = failed_rows(failures, unit)
    sizes = text_sizes(judged, alive)
    features = feature_rows(judged, alive, sizes, scheme, over)
    return Refined(kept, dropped, failed, features, counts(judged, alive, sizes, features, failures))


def text_sizes(judged: Judged, alive: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Bytes of the text that kept/ or dropped/ holds."""
    edited, original = lengths(judged.documents.column("text")), lengths(judged.original)
    return np.asarray(np.where(alive, edited, original), np.int64)


def dropped_rows(judged: Judged, gone: NDArray[np.bool_]) -> pa.Table:
    """Dropped documents with their text as extracted, `reasons` in the steps' order and every metric."""
    batch = judged.documents.batch
    at = batch.schema.get_field_index("text")
    table = pa.Table.from_batches([batch.set_column(at, batch.schema.field(at), judged.original)])
    table = table.filter(pa.array(gone))
    table = table.append_column(pa.field("reasons", pa.list_(pa.string())), reason_lists(judged, gone))
    return table.append_column(pa.field("metrics", pa.map_(pa.string(), pa.float64())), metric_maps(judged, gone))


def reason_lists(judged: Judged, rows: NDArray[np.bool_]) -> pa.Array:
    names = list(judged.reasons)
    table = np.stack([failed[rows] for failed in judged.reasons.values()], axis=1)
    offsets = np.concatenate([[0], np.cumsum(table.sum(axis=1))]).astype(np.int32)
    which = pa.array(np.nonzero(table)[1].astype(np.int32))
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(names, pa.string()).take(which))


def metric_maps(judged: Judged, rows: NDArray[np.bool_]) -> pa.Array:
    """step.metric -> number, for the steps that looked at the document."""
    names = list(judged.metrics)
    count = int(rows.sum())
    table = np.stack([m[rows] for m in judged.metrics.values()], axis=1) if names else np.zeros((count, 0))
    known = ~np.isnan(table)
    offsets = np.concatenate([[0], np.cumsum(known.sum(axis=1))]).astype(np.int32)
    which = pa.array(np.nonzero(known)[1].astype(np.int32))
    return pa.MapArray.from_arrays(pa.array(offsets), pa.array(names, pa.string()).take(which), pa.array(table[known]))


def failed_rows(failures: Sequence[Failure], unit: int) -> pa.Table:
    rows = [{"unit": unit, **{name: getattr(f, name) for name in FAILED.names[1:]}} for f in failures]
    return pa.Table.from_pylist(rows, schema=FAILED)


def feature_rows(
    judged: Judged, alive: NDArray[np.bool_], sizes: NDArray[np.int64], scheme: Scheme | None, over: str
) -> pa.Table:
    """One narrow row for each judged document: all that dedup, mixture, sweeps and reports need. No text."""
    documents = judged.documents
    narrow = pa.Table.from_batches([documents.batch.select(list(NARROW))])
    columns = {
        "kept": pa.array(alive),
        "text_bytes": pa.array(sizes),
        "edited_bytes": lengths(documents.column("text")),  # of a dropped document too: what a sweep would bring back
        "url_key": keys.to_arrow(*url.url_keys(documents.column("url"))),
        "exact_key": keys.to_arrow(exact.exact_keys(documents.text)),
        **{name: pa.array(values, from_pandas=True) for name, values in judged.metrics.items()},
        "signature": signatures(documents, alive | (over == "all"), scheme),
    }
    for name, values in columns.items():
        narrow = narrow.append_column(name, values)
    return narrow


def edited_rows(
    documents: Documents, ordinal: NDArray[np.int64], removed: NDArray[np.int64], short: NDArray[np.bool_],
    counter: Counter | None, scheme: Scheme | None,
) -> pa.Table:  # fmt: skip
    """What 02-dedup writes of documents that it edited: text, counts and keys anew. `ordinal`: places in features/.

    Those that it left too short are in the table too, uncounted and unsigned; `removed`: bytes cut by all its edits.
    """
    texts = documents.column("text")
    tokens = pa.nulls(len(documents), pa.int64())
    if counter is not None:
        counted = np.zeros(len(documents), np.int64)
        counted[~short] = counter(texts.filter(pa.array(~short)))
        tokens = pa.array(counted, mask=short)
    return pa.table(
        {
            **{name: documents.column(name) for name in ("id", "unit", "row")},
            "ordinal": pa.array(ordinal, pa.int64()),
            "text": texts,
            "text_bytes": lengths(texts),
            "tokens": tokens,
            "exact_key": keys.to_arrow(exact.exact_keys(documents.text)),
            "signature": signatures(documents, ~short, scheme),
            "removed": pa.array(removed, pa.int64()),
            "short": pa.array(short),
        }
    )


def signatures(documents: Documents, given: NDArray[np.bool_], scheme: Scheme | None) -> pa.Array:
    """The MinHash signature of each document that dedup is given; null elsewhere, and where there is no word."""
    if scheme is None:
        return pa.nulls(len(documents), column_type(scheme))
    return signature_column(documents.text, given, scheme)


def counts(
    judged: Judged,
    alive: NDArray[np.bool_],
    sizes: NDArray[np.int64],
    features: pa.Table,
    failures: Sequence[Failure],
) -> dict[str, Any]:
    """What the pass sums: everything is counted here, where it happens, nothing by subtraction later."""
    original = lengths(judged.original)
    extracted = features.select(["source", "language", "script", "tokens"]).append_column("text_bytes", original)
    return {
        "in": {
            "documents": len(alive) + len(failures),
            "text_bytes": int(original.to_numpy().sum()) + sum(f.text_bytes for f in failures),
        },
        "kept": {"documents": int(alive.sum()), "text_bytes": int(sizes[alive].sum())},
        "dropped": {"documents": int((~alive).sum()), "text_bytes": int(sizes[~alive].sum())},
        "failed": {
            "documents": len(failures),
            "text_bytes": sum(f.text_bytes for f in failures),
            "input_bytes": sum(f.input_bytes for f in failures),
            "by_steps": sum(bool(f.step) for f in failures),
        },
        "removed": int(judged.removed[alive].sum()),
        "added": int(judged.added[alive].sum()),
        "tokens": pc.sum(features.column("tokens")).as_py() or 0,  # null where dropped
        **reason_counts(judged, original.to_numpy()),
        "by": {
            "in": tally(extracted),
            "kept": tally(features.filter(pa.array(alive))),
            "dropped": tally(features.filter(pa.array(~alive))),
        },
    }


def reason_counts(judged: Judged, text_bytes: NDArray[np.int64]) -> dict[str, dict[str, Any]]:
    """What each reason, and each step as a whole, took of the documents; `text_bytes` are theirs as extracted."""
    names, failed = list(judged.reasons), np.stack(list(judged.reasons.values()), axis=1)
    steps, any_of = by_step(names, failed)
    return {"reasons": attribute(names, failed, text_bytes), "steps": attribute(steps, any_of, text_bytes)}
