"""The page of `dedup check`: a small chart for each kind of edit, and its numbers; no script."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline import __version__
from pipeline.report.curve import Field, Point, recall_chart
from pipeline.report.dedup_check import THREE_SIGMA, s_curve
from pipeline.report.html import environment

FIELD = Field(0.45, 1.0, (0.5, 0.6, 0.7, 0.8, 0.9, 1.0))
STEPS = 111


def page(found: Mapping[str, Any]) -> str:
    """What `check` found, as HTML; the same numbers give the same bytes."""
    scheme = found["scheme"]
    x = np.linspace(FIELD.low, FIELD.high, STEPS)
    line = list(zip(x.tolist(), s_curve(x, scheme["bands"], scheme["rows"]).tolist(), strict=True))
    tables = [(kind["kind"], kind["bands"]) for kind in found["kinds"]]
    every = {"kind": "all kinds", "bands": found["bands"], **summed(found["bands"])}
    view = {
        **found,
        "version": __version__,
        "charts": [chart(kind, line, found["cells"]) for kind in [every, *found["kinds"]]],
        "tables": [{"name": name, "bands": shown(bands, found["cells"])} for name, bands in tables],
    }
    return environment().get_template("dedup_check.html").render(view)


def summed(bands: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Pairs, found and expected of all bands."""
    expected = sum(band["curve"] * band["pairs"] for band in bands)
    pairs = sum(band["pairs"] for band in bands)
    return {"pairs": pairs, "found": sum(band["found"] for band in bands), "curve": expected / pairs}


def chart(kind: Mapping[str, Any], line: Sequence[tuple[float, float]], cells: int) -> dict[str, Any]:
    points = [
        Point(band["jaccard"], band["recall"], band["low"], band["high"], "apart" if apart(band, cells) else "fits")
        for band in kind["bands"]
        if band["jaccard"] >= FIELD.low
    ]
    says = f"{kind['kind']}: recall by Jaccard beside the S-curve"
    return {
        "kind": kind["kind"],
        "picture": recall_chart(line, points, FIELD, "exact Jaccard", says),
        "pairs": kind["pairs"],
        "found": kind["found"],
        "expected": kind["curve"] * kind["pairs"],
    }


def apart(band: Mapping[str, Any], cells: int) -> bool:
    """Farther out than chance goes in any of so many cells."""
    return bool(band["p"] * cells < THREE_SIGMA)


def shown(bands: Sequence[Mapping[str, Any]], cells: int) -> list[dict[str, Any]]:
    return [
        {
            **band,
            "name": "1" if band["from"] == 1 else f"{band['from']:.2f}–{band['to']:.2f}",
            "apart": apart(band, cells),
        }
        for band in bands
    ]
