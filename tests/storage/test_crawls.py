"""A file's crawl is named in its address, or it is an error."""

import pytest

from pipeline.storage.crawls import crawl_of
from pipeline.storage.inputs import InputError


@pytest.mark.parametrize(
    "address",
    [
        "s3://commoncrawl/crawl-data/CC-MAIN-2024-10/segments/1/warc/CC-MAIN-20240220211055-20240221001055-00000.warc.gz",
        "/data/fineweb/CC-MAIN-2024-10/000_00000.parquet",
        "old/CC-MAIN-2013-20/new/CC-MAIN-2024-10.jsonl",
    ],
)
def test_the_last_name_of_a_crawl_counts(address: str) -> None:
    assert crawl_of(address) == "CC-MAIN-2024-10"


def test_a_file_of_no_crawl_is_an_error_that_says_what_is_wanted() -> None:
    with pytest.raises(InputError, match=r"web/CC-MAIN-20240220211055-0.warc.gz: names no crawl .*CC-MAIN-YYYY-WW"):
        crawl_of("web/CC-MAIN-20240220211055-0.warc.gz")
