"""Features of a unit as edits of 02-dedup left them: what 01-refine said, with what edits/ says anew laid over it."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from pipeline.storage.run_folder import DEDUP, REFINE, read_unit

OVERLAID = ("text_bytes", "tokens", "exact_key", "signature")  # columns of features/ that edits/ says anew


def overlaid(features: pa.Table, edits: pa.Table | None) -> pa.Table:
    """Features of a whole unit with what the edits say anew in the place of what 01-refine said."""
    if edits is None or not len(edits):
        return features
    which = np.arange(len(features))
    which[edits["ordinal"].to_numpy()] = len(features) + np.arange(len(edits))
    for name in set(OVERLAID) & set(features.column_names) & set(edits.column_names):
        at, field = features.schema.get_field_index(name), features.schema.field(name)
        both_of = pa.chunked_array([*features[name].chunks, *edits[name].cast(field.type).chunks], field.type)
        features = features.set_column(at, field, both_of.take(pa.array(which)))
    return features


def read_edits(run: str, unit: int, kind: str | None, columns: Sequence[str]) -> pa.Table | None:
    """Columns of what the edits wrote of a unit, with `ordinal`; those that features/ may lack are left out."""
    if kind is None:
        return None
    return read_unit(run, DEDUP, kind, unit, list(dict.fromkeys(["ordinal", *columns])))


def features_of(run: str, unit: int, columns: Sequence[str], kind: str | None) -> pa.Table:
    """These columns of all judged documents of a unit, as the edits of one kind left them; None: as 01-refine did."""
    features = read_unit(run, REFINE, "features", unit, list(dict.fromkeys(columns)))
    return overlaid(features, read_edits(run, unit, kind, [name for name in columns if name in OVERLAID]))
