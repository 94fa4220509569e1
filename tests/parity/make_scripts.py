"""Makes pipeline/text/data/scripts.txt from the `regex` package: run it by hand after a new Unicode version.

A range goes on over code points that are no letter, so that there are some 240 ranges: only letters are looked up.
"""

import sys
import unicodedata
from collections.abc import Iterator

import regex

NOT_A_SCRIPT = {"Zyyy", "Zinh", "Zzzz", "Qaai", "Qaac", "Hrkt"}  # none, and old aliases


def codes() -> list[str]:
    """The ISO 15924 codes that the package knows: the four-letter names of the property Script's values."""
    values = regex._regex_core.PROPERTIES["SCRIPT"][1]
    return sorted({name.title() for name in values if len(name) == 4 and name.isalpha()} - NOT_A_SCRIPT)


def letters() -> Iterator[tuple[int, str]]:
    """Every letter with its script; "" for one that many scripts share."""
    everything = "".join(chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000)
    script = {ord(found): code for code in codes() for found in regex.findall(rf"\p{{Script={code}}}", everything)}
    for character in everything:
        if unicodedata.category(character)[0] == "L":
            yield ord(character), script.get(ord(character), "")


def ranges() -> Iterator[tuple[int, int, str]]:
    first = last = 0
    current = ""
    for point, code in letters():
        if code != current:
            if current:
                yield first, last, current
            first, current = point, code
        last = point
    yield first, last, current


if __name__ == "__main__":
    print(
        f"# Letters' scripts by ISO 15924: Unicode's Script property (Unicode-3.0) by way of regex {regex.__version__}"
    )
    for first, last, code in ranges():
        sys.stdout.write(f"{first:04X}..{last:04X} {code}\n")
