"""The native text layer: bytes of a batch in, words, lines, sentences and their hashes out. Knows Arrow arrays only."""
