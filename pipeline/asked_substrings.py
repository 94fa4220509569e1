"""What `substrings` asks of a batch of documents: the fingerprints of those it looks at, and the windows near some."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.asked_lines import looked_at
from pipeline.dedup.cuts import Cuts
from pipeline.dedup.keys import id_hash, string_keys
from pipeline.dedup.lines_counts import Counted
from pipeline.dedup.substrings import Windows, counted, cuts_of, doomed, windows
from pipeline.dedup.winnow import Fingerprints, Hashes, Places, fingerprints, hits
from pipeline.documents import Documents
from pipeline.substrings_config import Substrings
from pipeline.text.layer import Text


@dataclass(frozen=True, eq=False)
class AskedSubstrings:
    """A batch as the step sees it. `group`: what documents must share to be compared; `ties`: hashes of their ids."""

    text: Text
    found: Fingerprints
    group: Hashes
    ties: Hashes
    how: Substrings

    def near(self, told: Hashes) -> Windows:
        """The windows whose fingerprint stands in the corpus more than once; `told` ascends."""
        return windows(self.text, hits(self.found, told), self.group, self.how.tokens)

    def counted(self, near: Windows) -> Counted:
        """What the batch says of these windows."""
        return counted(near, self.ties)

    def doomed(self, near: Windows, told: Counted) -> tuple[NDArray[np.bool_], Places]:
        """Which of them go, and where in `told` each stands."""
        return doomed(near, self.ties, told, self.how.keeps_one)

    def cuts(self, near: Windows, hit: NDArray[np.bool_]) -> Cuts:
        return cuts_of(self.text, near, hit)


def asked_substrings(
    documents: Documents, alive: NDArray[np.bool_], how: Substrings, within: pa.Array | None
) -> AskedSubstrings:
    """The batch without documents that are gone, or that the step does not look at."""
    text, asked = documents.text, alive & looked_at(documents, how.when)
    group = np.zeros(len(text), np.uint64) if within is None else np.ascontiguousarray(string_keys(within)[:, 0])
    found = fingerprints(text.words, asked, group, how.tokens, how.gram)
    return AskedSubstrings(text, found, group, id_hash(documents.column("id")), how)
