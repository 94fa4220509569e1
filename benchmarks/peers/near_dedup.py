"""Other tools' near-dedup over the same documents, each as shipped: `PYTHON near_dedup.py PEER documents.parquet`.

Runs in an environment of the peers' own (near_dedup.txt). Prints one JSON line: version, seconds of the processor from
the file to the survivors' ids, and these ids. All are told 112 hashes in 14 bands of 8 over word 5-grams.
"""

import json
import resource
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq

BANDS, ROWS, NGRAM = 14, 8, 5


def documents(path: str) -> tuple[list[str], list[str]]:
    table = pq.read_table(path, columns=["id", "text"])
    return table["id"].to_pylist(), table["text"].to_pylist()


def shingles(text: str) -> list[str]:
    """As both packages' examples make them: white-space words in lower case."""
    words = text.lower().split()
    return [" ".join(words[i : i + NGRAM]) for i in range(max(len(words) - NGRAM, 0) + 1)]


def first_of_each_cluster(edges: list[tuple[int, int]], count: int) -> list[int]:
    """The survivors where the first document of every component stays."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [node for node in range(count) if parent[node] == node]


def datasketch(path: str) -> list[str]:
    from datasketch import MinHash, MinHashLSH

    ids, texts = documents(path)
    index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    edges = []
    for number, text in enumerate(texts):
        signature = MinHash(num_perm=BANDS * ROWS)
        signature.update_batch([shingle.encode() for shingle in shingles(text)])
        edges += [(number, other) for other in index.query(signature)]
        index.insert(number, signature)
    return [ids[i] for i in first_of_each_cluster(edges, len(ids))]


def rensa(path: str) -> list[str]:
    from rensa import RMinHash, RMinHashLSH

    ids, texts = documents(path)
    index = RMinHashLSH(threshold=0.7, num_perm=BANDS * ROWS, num_bands=BANDS)
    edges = []
    for number, text in enumerate(texts):
        signature = RMinHash(num_perm=BANDS * ROWS, seed=42)
        signature.update(shingles(text))
        edges += [(number, other) for other in index.query(signature)]
        index.insert(number, signature)
    return [ids[i] for i in first_of_each_cluster(edges, len(ids))]


def text_dedup(path: str) -> list[str]:
    import subprocess

    import datasets

    with tempfile.TemporaryDirectory() as folder:
        told = ["--path", "parquet", "--data_files", path, "--split", "train", "--column", "text", "--num_proc", "1"]
        told += ["--cache_dir", f"{folder}/cache", "--output", f"{folder}/out", "--ngram", str(NGRAM)]
        told += ["--num_perm", str(BANDS * ROWS), "--b", str(BANDS), "--r", str(ROWS)]
        subprocess.run([sys.executable, "-m", "text_dedup.minhash", *told], check=True, capture_output=True)
        return list(datasets.load_from_disk(f"{folder}/out")["id"])


def datatrove(path: str) -> list[str]:
    from datatrove.executor.local import LocalPipelineExecutor
    from datatrove.pipeline.dedup.minhash import (
        MinhashConfig,
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import JsonlWriter

    config = MinhashConfig(num_buckets=BANDS, hashes_per_bucket=ROWS, n_grams=NGRAM)
    with tempfile.TemporaryDirectory() as folder:
        source = str(Path(path).parent)
        reader = ParquetReader(source, glob_pattern=Path(path).name)
        out = JsonlWriter(f"{folder}/out", compression=None)
        passes = [
            ([reader, MinhashDedupSignature(f"{folder}/signatures", config)], 1),
            ([MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config)], BANDS),
            ([MinhashDedupCluster(f"{folder}/buckets", f"{folder}/remove", config=config)], 1),
            ([reader, MinhashDedupFilter(f"{folder}/remove"), out], 1),
        ]
        for number, (steps, tasks) in enumerate(passes):
            LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=f"{folder}/logs{number}").run()
        written = sorted(Path(folder, "out").glob("*.jsonl"))
        return [json.loads(line)["id"] for file in written for line in file.open(encoding="utf-8")]


def processor_seconds() -> float:
    """Of this process and those that it started and that ended: another's work beside it does not count."""
    each = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in each)


PEERS: dict[str, Callable[[str], list[str]]] = {
    "datasketch": datasketch,
    "rensa": rensa,
    "text-dedup": text_dedup,
    "datatrove": datatrove,
}


def main() -> None:
    name, path = sys.argv[1:]
    began = processor_seconds()
    kept = PEERS[name](path)
    print(json.dumps({"version": version(name), "seconds": processor_seconds() - began, "kept": kept}))


if __name__ == "__main__":
    main()
