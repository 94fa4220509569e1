"""The rule `url_blocklist`: what blocks an address, and what does not."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules import REGISTRY, Verdict
from pipeline.safety.lists import shipped
from pipeline.safety.urls import url_blocklist
from tests.strategies import documents_of

LISTS = {
    "domains": ("bad.example", "sub.half.example", "HTTPS://Whole.example/Path/page?x=1", "xn--80ak6aa92e.com"),
    "words": ("Porn", "gratis"),
    "soft_words": ("sex", "nude", "cams"),
}


def reasons(url: str | None) -> set[str]:
    return {reason for reason, failed in judged([url]).failed.items() if failed[0]}


def judged(urls: Sequence[str | None]) -> Verdict:
    return url_blocklist(documents_of(["text"] * len(urls), url=urls), **LISTS)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (None, set()),
        ("", set()),
        ("https://good.example/a", set()),
        ("https://bad.example", {"domain"}),
        ("https://www.bad.example/page", {"domain"}),
        ("http://a.b.c.d.BAD.example:8080/?q", {"domain"}),
        ("http://user:secret@bad.example/", {"domain"}),
        ("//bad.example/x", {"domain"}),
        ("bad.example/x", {"domain"}),
        ("https://bad.example./x", {"domain"}),
        ("https://notbad.example/", set()),
        ("https://bad.example.org/", set()),
        ("https://good.example/bad.example", set()),
        ("https://good.example/?u=//bad.example/", set()),
        ("https://half.example/", set()),
        ("https://sub.half.example/", {"domain"}),
        ("http://x.sub.half.example/", {"domain"}),
        ("http://whole.example/path/page?x=1#top", {"domain"}),
        ("http://whole.example/path", set()),
        ("https://good.example/PORN/1", {"word"}),
        ("https://good.example/all-porn_gratis", {"word"}),
        ("https://good.example/pornography", set()),
        ("https://sussex.example/sex-education", set()),
        ("https://good.example/sex/sex", set()),
        ("https://nude.example/sex", {"soft_words"}),
        ("http://[2001:db8::1]/x", set()),
    ],
)
def test_an_address_is_blocked_by(url: str | None, expected: set[str]) -> None:
    assert reasons(url) == expected


URLS = st.lists(
    st.one_of(st.none(), st.text(max_size=40), st.sampled_from(["http://bad.example", "/porn/", "a.b/sex"]))
)


@given(URLS)
def test_a_verdict_does_not_depend_on_neighbours(urls: list[str | None]) -> None:
    together = judged(urls)
    for row, url in enumerate(urls):
        alone = judged([url])
        assert {name: values[row] for name, values in together.metrics.items()} == {
            name: values[0] for name, values in alone.metrics.items()
        }


def test_without_lists_the_shipped_ones_are_used() -> None:
    urls = ["https://de.pornhub.com/", "https://news.example/xxx", "https://news.example/sussex"]
    failed = url_blocklist(documents_of([""] * 3, url=urls)).failed
    assert failed["domain"].tolist() == [True, False, False]
    assert failed["word"].tolist() == [False, True, False]


def test_an_empty_list_blocks_nothing() -> None:
    nothing = url_blocklist(
        documents_of([""], url=["https://pornhub.com/porn/sex/nude"]), domains=(), words=(), soft_words=()
    )
    assert not any(failed.any() for failed in nothing.failed.values())


def test_the_rule_needs_no_file_and_says_which_it_can_take() -> None:
    assert REGISTRY["url_blocklist"].needs == []
    assert set(REGISTRY["url_blocklist"].resources) == {"domains", "words", "soft_words"}


def test_a_long_address_of_many_labels_is_read_once() -> None:
    hosts = ["http://" + "a." * 50_000 + "bad.example/", "http://" + "-" * 100_000]
    assert judged(hosts).failed["domain"].tolist() == [True, False]


def test_shipped_lists_are_lower_case_and_without_repeats() -> None:
    for name in ("url_domains", "url_words", "url_soft_words"):
        terms = shipped(name)
        assert terms
        assert list(terms) == [term.lower() for term in dict.fromkeys(terms)]
