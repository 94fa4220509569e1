"""Near-dedup beside rensa, datasketch, text-dedup and datatrove, in seconds of the processor, with the recall of each.

    GRISTMILL_DATA=... GRISTMILL_PEERS=... python -m benchmarks.near_dedup [PEER...]

From a Parquet file of id and text to the survivors' ids, 14 x 8 over word 5-grams. `in process` is `gristmill stage`'s
arithmetic, as the packages are used from a script; `gristmill run` writes features, kept texts, decisions, the corpus
and a report besides. A pair of a Jaccard of 0.8 and more is missed where both of its documents survive: `truth` by the
file's Jaccards (white-space words in lower case: rensa's, datasketch's and text-dedup's shingles here), `both` where
ours, too, is 0.8 or more (outer punctuation does not count, each character of Chinese or Thai does).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.recall import Truth, jaccards, truth
from pipeline.beam.run import run
from pipeline.config import load
from pipeline.dedup.minhash import preset
from pipeline.dedup_config import DedupStep, Near
from pipeline.stage import documents_of
from pipeline.stage_dedup import Duplicates

SCRIPT = Path(__file__).parent / "peers" / "near_dedup.py"
ENVIRONMENT = "near_dedup"
NEAR = 0.8
STEP = DedupStep("minhash", ("longest",), how=Near(preset("fineweb")))
Survivors = Callable[[Path], set[str]]


def in_process(documents: Path) -> set[str]:
    """From the file to the survivors' ids, without a run."""
    table = pq.read_table(documents, columns=["id", "text"])
    duplicates = Duplicates([STEP])
    for batch in table.to_batches(max_chunksize=2048):
        duplicates.add(documents_of(batch["text"].to_pylist()))  # ids are made anew: only texts are compared
    decided = duplicates.decide(np.ones(len(table), np.bool_))
    return set(table["id"].filter(pa.array([reason is None for reason, _, _ in decided])).to_pylist())


def whole_run(documents: Path) -> set[str]:
    """A run of nothing but this step, one worker."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "near.yaml"
        config.write_text(
            f"inputs: [{{source: truth, path: {documents}}}]\n"
            "dedup: {steps: [minhash: {preset: fineweb, keep: [longest]}]}\n"
            "engine: {workers: 1}\n"
        )
        done = run(load(config), talk=lambda _line: None).folder
        return set(pq.read_table(done / "data", columns=["id"])["id"].to_pylist())


def timed(ours: Survivors, documents: Path) -> tuple[float, set[str]]:
    """The second of two runs: kernels are loaded in the first."""
    ours(documents)
    began = time.process_time()
    kept = ours(documents)
    return time.process_time() - began, kept


def their_kept(peer: str, documents: Path) -> tuple[str, float, set[str]]:
    python = Path(os.environ["GRISTMILL_PEERS"]) / ENVIRONMENT / "bin" / "python"
    answer = subprocess.run([python, SCRIPT, peer, documents], capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout.splitlines()[-1])
    return f"{peer} {found['version']}", found["seconds"], set(found["kept"])


def recalls(data: Path, given: Truth) -> Callable[[set[str]], str]:
    """The two shares of pairs of which one document went."""
    by_truth = np.array(pq.read_table(data / "dedup" / "truth_dedup_pairs.parquet")["jaccard_w5"]) >= NEAR
    pairs = given.pairs[by_truth]
    both = jaccards(given.text, STEP.how.scheme, pairs) >= NEAR

    def told(kept: set[str]) -> str:
        stays = np.array([name in kept for name in given.ids])
        found = ~(stays[pairs[:, 0]] & stays[pairs[:, 1]])
        return f"{found.mean():>9.4f}{found[both].mean():>9.4f}{len(kept):>9,}"

    return told


def main() -> None:
    data = Path(os.environ["GRISTMILL_DATA"])
    documents = data / "dedup" / "dedup.parquet"
    told = recalls(data, truth(data))
    seconds, kept = timed(in_process, documents)
    print(f"{'':<24}{'seconds':>9}{'ratio':>8}{'truth':>9}{'both':>9}{'kept':>9}")
    print(f"{'gristmill, in process':<24}{seconds:>9.2f}{'':>8}{told(kept)}")
    whole, kept = timed(whole_run, documents)
    print(f"{'gristmill run':<24}{whole:>9.2f}{whole / seconds:>8.1f}{told(kept)}", flush=True)
    for peer in sys.argv[1:] or ["rensa", "datasketch", "text-dedup", "datatrove"]:
        name, theirs, survived = their_kept(peer, documents)
        print(f"{name:<24}{theirs:>9.2f}{theirs / seconds:>8.1f}{told(survived)}", flush=True)


if __name__ == "__main__":
    main()
