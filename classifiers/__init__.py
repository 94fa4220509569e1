"""Quality classifiers: train, evaluate, and one `score(documents) -> float32[n]` for both kinds."""
