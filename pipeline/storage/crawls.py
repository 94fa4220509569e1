"""The crawl that a file is of, by Common Crawl's name in its address: `scope: crawl` compares within one."""

import re

from pipeline.storage.inputs import InputError

CRAWL = re.compile(r"CC-MAIN-\d{4}-\d{2}(?!\d)")  # the files' own names carry 14 digits after CC-MAIN-


def crawl_of(address: str) -> str:
    """`CC-MAIN-2024-10` of an address that names it in a folder or file. Raises InputError where none does."""
    found = CRAWL.findall(address)
    if not found:
        raise InputError(f"{address}: names no crawl (`scope: crawl` wants a folder or file called CC-MAIN-YYYY-WW)")
    return str(found[-1])
