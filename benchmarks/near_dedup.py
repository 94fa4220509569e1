"""Near-dedup end to end beside rensa, datasketch, text-dedup and datatrove, on one core, with the recall of each.

    GRISTMILL_DATA=... GRISTMILL_PEERS=... taskset -c 0 python -m benchmarks.near_dedup [PEER...]

Ours is a whole run: file to published Parquet with decisions and report, 14 x 8, one worker. A pair of the truth of
Jaccard 0.8 and more (white-space words in lower case) is missed where both of its documents survive.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.beam.run import run
from pipeline.config import load

SCRIPT = Path(__file__).parent / "peers" / "near_dedup.py"
ENVIRONMENTS = {"datatrove": "datatrove"}  # of the others: near_dedup
NEAR = 0.8


def our_kept(documents: Path) -> tuple[float, set[str]]:
    """Seconds of a run, and the ids of its survivors."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "near.yaml"
        config.write_text(
            f"inputs: [{{source: truth, path: {documents}}}]\n"
            "dedup: {steps: [minhash: {preset: fineweb}]}\n"
            "engine: {workers: 1}\n"
        )
        began = time.perf_counter()
        done = run(load(config), talk=lambda _line: None).folder
        return time.perf_counter() - began, set(pq.read_table(done / "data", columns=["id"])["id"].to_pylist())


def their_kept(peer: str, documents: Path) -> tuple[str, float, set[str]]:
    python = Path(os.environ["GRISTMILL_PEERS"]) / ENVIRONMENTS.get(peer, "near_dedup") / "bin" / "python"
    answer = subprocess.run([python, SCRIPT, peer, documents], capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout.splitlines()[-1])
    return f"{peer} {found['version']}", found["seconds"], set(found["kept"])


def recall(data: Path, kept: set[str]) -> float:
    table = pq.read_table(data / "dedup" / "truth_dedup_pairs.parquet").to_pylist()
    near = [(pair["id_a"], pair["id_b"]) for pair in table if pair["jaccard_w5"] >= NEAR]
    return sum(not {*pair} <= kept for pair in near) / len(near)


def main() -> None:
    data = Path(os.environ["GRISTMILL_DATA"])
    documents = data / "dedup" / "dedup.parquet"
    our_kept(documents)  # kernels loaded: a peer's imports are not timed either
    seconds, kept = our_kept(documents)
    print(f"{'':<20}{'seconds':>9}{'ratio':>8}{'recall':>9}{'kept':>9}")
    print(f"{'gristmill run':<20}{seconds:>9.1f}{'':>8}{recall(data, kept):>9.4f}{len(kept):>9,}")
    for peer in sys.argv[1:] or ["rensa", "datasketch", "text-dedup", "datatrove"]:
        name, theirs, survived = their_kept(peer, documents)
        told = f"{theirs:>9.1f}{theirs / seconds:>8.1f}{recall(data, survived):>9.4f}{len(survived):>9,}"
        print(f"{name:<20}{told}", flush=True)


if __name__ == "__main__":
    main()
