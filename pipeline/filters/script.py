"""The script that a text is written in: the one of most of its letters, as an ISO 15924 code."""

from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.text.bits import bytes_between, count_ones, first_bits, lowest
from pipeline.text.classes import ALPHA, DECODABLE, class_table
from pipeline.text.counting import FIRST_WIDE, LAST_BYTE
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data, decode

NONE = 0  # the number of no script: digits, punctuation, letters that many scripts share
KANA_SHARE = 0.05  # of Han and kana: less is a Chinese text that quotes Japanese
Counts = NDArray[np.int64]


@cache
def script_table() -> tuple[NDArray[np.uint8], list[str]]:
    """The number of each letter's script, and the scripts by number: pipeline/text/data/scripts.txt."""
    table, codes = np.zeros(DECODABLE, np.uint8), [""]
    for line in files("pipeline.text").joinpath("data", "scripts.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            points, code = line.split()
            first, _, last = points.partition("..")
            if code not in codes:
                codes.append(code)
            table[int(first, 16) : int(last, 16) + 1] = codes.index(code)
    table[class_table() & ALPHA == 0] = NONE
    table.flags.writeable = False
    return table, codes


@kernel
def count_scripts(data: Data, start: Counts, stop: Counts, table: NDArray[np.uint8], counts: Counts) -> None:
    """counts[d, s] = letters of script s in document d, for each that has a letter.

    ASCII is counted 64 bytes at a time, up to the next wider character: 5 ms of 22 MB of English, decoded all 33 ms.
    """
    latin = table[ord("a")]
    for document in range(len(start)):
        at, end = start[document], stop[document]
        while at < end:
            wide = bytes_between(data, at, FIRST_WIDE, LAST_BYTE - FIRST_WIDE, 0)
            ascii_bytes = min(lowest(wide), end - at)
            letters = bytes_between(data, at, ord("a"), 25, 32) & first_bits(ascii_bytes)
            counts[document, latin] += count_ones(letters)
            at += ascii_bytes
            while at < end and data[at] >= FIRST_WIDE:
                point, width = decode(data, at)
                counts[document, table[point]] += 1
                at += width


def scripts(text: Text) -> pa.Array:
    """The script of each document; null where no letter has one.

    Japanese writes Han and kana together (Jpan), Korean Han and Hangul (Kore): ISO 15924 has codes for the mixtures.
    """
    table, codes = script_table()
    counts = np.zeros((len(text), len(codes)), np.int64)
    count_scripts(text.data, text.start, text.stop, table, counts)
    counts[:, NONE] = 0
    names = mix_east_asian(counts, codes)
    best = np.asarray(names)[counts.argmax(axis=1)]
    return pa.array(best.tolist(), pa.string(), mask=counts.max(axis=1) == 0)


def mix_east_asian(counts: Counts, codes: list[str]) -> list[str]:
    """Add Han letters to kana or Hangul where these are; return the codes that the columns now stand for."""
    han, hangul, hiragana, katakana = (codes.index(code) for code in ("Hani", "Hang", "Hira", "Kana"))
    kana = counts[:, hiragana] + counts[:, katakana]
    japanese = kana > KANA_SHARE * (kana + counts[:, han])
    korean = ~japanese & (counts[:, hangul] > counts[:, han])
    counts[:, hiragana] = np.where(japanese, kana + counts[:, han], 0)
    counts[:, hangul] += np.where(korean, counts[:, han], 0)
    counts[:, han] = np.where(japanese | korean, 0, counts[:, han])
    counts[:, katakana] = 0
    renamed = {"Hira": "Jpan", "Hang": "Kore"}
    return [renamed.get(code, code) for code in codes]


def warm() -> None:
    """Compile the kernel at set-up."""
    scripts(Text.from_strings(["Буквы and 漢字", ""]))
