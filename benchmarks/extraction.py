"""The row `extract`: speed and mean F1 of our extractor beside trafilatura's, on the user's reference texts."""

import os
from pathlib import Path

from benchmarks.measure import Row
from pipeline.extract.gold import mean_f1

DATA = "GRISTMILL_DATA"
GOLD = "gold.parquet"
FIGURES = ("pages", "mb_per_s")


def extract_row(megabytes_of_r: float) -> Row | str:
    """The row, or why it is left out."""
    folder = gold_folder(Path(os.environ.get(DATA, "")))
    if DATA not in os.environ or folder is None:
        return f"extract: left out ({DATA} names no folder with {GOLD}: WARC shards beside their reference texts)"
    ours, peer = mean_f1(folder), mean_f1(folder, "trafilatura")
    ratio = ours["mb_per_s"] / peer["mb_per_s"]
    note = f"mean F1 {scores(ours)}; trafilatura {scores(peer)}; {ours['pages']:.0f} pages"
    return Row("extract", ours["mb_per_s"], ours["mb_per_s"] / megabytes_of_r, "trafilatura", ratio, note)


def gold_folder(data: Path) -> Path | None:
    """The data's folder of crawled pages, or the data itself."""
    return next((folder for folder in (data / "crawl", data) if (folder / GOLD).is_file()), None)


def scores(found: dict[str, float]) -> str:
    return ", ".join(f"{kind} {value:.3f}" for kind, value in found.items() if kind not in FIGURES)
