"""What one input may cost, enforced while it is read; sizes that a file declares of itself are not believed."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20
JSON_ESCAPE_BYTES = 6  # one byte of text can take six in a JSON line: \u0001


@dataclass(frozen=True)
class Limits:
    """Limits of a reader. Only `document_bytes` decides the output, and stands in the config.

    `expansion`: how many times its input a stream or a row group may become, once it has given `expansion_free_bytes`.
    Natural text is 3 to 5 times its gzip or zstd, the worst logs 100 times; deflate can do 1,030, zstd and brotli
    10,000 and more.
    `page_bytes`: the largest decompressed Parquet page that is opened; writers aim at 1 MiB.
    """

    document_bytes: int = 20_000_000
    batch_bytes: int = 32 * MEBIBYTE
    expansion: int = 200
    expansion_free_bytes: int = 64 * MEBIBYTE
    page_bytes: int = 256 * MEBIBYTE

    @property
    def line_bytes(self) -> int:
        """The longest JSON line that is looked at: the largest text with every byte escaped, and a MiB of the rest."""
        return JSON_ESCAPE_BYTES * self.document_bytes + MEBIBYTE

    def expands_too_far(self, given: int, taken: int) -> bool:
        """Whether `given` decompressed bytes are too many for `taken` bytes of input."""
        return given > self.expansion_free_bytes and given > self.expansion * max(taken, 1)
