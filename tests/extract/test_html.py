"""Both extractors give valid text for any page, the same text in any thread, and the main content."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.gold import f1, mean_f1
from pipeline.extract.html import EXTRACTORS, MAX_NESTING, Extractor, html_to_text, nesting
from tests.extract.archives import http, members, record

STORY = "The river rose in the night, and by the morning the lower fields were under water. "
PAGE = f"""<html><head><title>Flood</title><script>var hidden = 1;</script></head><body>
<header>A masthead</header><nav><ul><li><a href="/">Home</a></li><li><a href="/x">Weather</a></li></ul></nav>
<article><h1>Flood</h1><p>{STORY * 3}</p><p>{STORY.upper() * 3}<img src="a.png" alt="A small icon"></p></article>
<footer>Imprint</footer></body></html>"""

each_extractor = pytest.mark.parametrize("extract", EXTRACTORS.values(), ids=EXTRACTORS.keys())


@each_extractor
def test_the_story_stays_and_the_chrome_goes(extract: Extractor) -> None:
    text = html_to_text(PAGE, extract)
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    assert (STORY * 3).strip() in paragraphs and (STORY.upper() * 3).strip() in paragraphs
    assert not any(chrome in text for chrome in ("hidden", "Weather", "Imprint", "masthead", "icon", "<"))


@each_extractor
@pytest.mark.parametrize("html", ["", " ", "\0", "<", "<p", "<!--", "<html></html>", "\ud800", "&#xD800;", "\ufeff"])
def test_odd_pages_give_valid_text(extract: Extractor, html: str) -> None:
    html_to_text(html, extract).encode()
    inside = html_to_text(PAGE.replace("river", f"river {html} "), extract)
    assert "\0" not in inside
    inside.encode()


@given(st.text(alphabet=st.sampled_from("<>/pdivbrul =\"'&#x;!-\0 \ud800é漢"), max_size=200))
def test_any_markup_gives_valid_text(html: str) -> None:
    assert "\0" not in html_to_text(html)


@each_extractor
def test_threads_and_order_change_nothing(extract: Extractor) -> None:
    variants = [PAGE.replace("river", f"river{number}") for number in range(40)]
    alone = [html_to_text(page, extract) for page in variants]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda page: html_to_text(page, extract), reversed(variants)))
    assert together[::-1] == alone


def test_nesting_is_counted_on_the_tags() -> None:
    assert nesting("<div><section><p></p></section></div><DIV></DIV>") == 2
    assert nesting("</div>" * 5 + "<div>") == 1


def test_a_page_nested_deeper_than_browsers_show_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=f"nest 100000 deep .at most {MAX_NESTING}."):
        html_to_text("<div>" * 100_000)


def test_many_tags_side_by_side_are_fine() -> None:
    assert html_to_text("<main>" + "<p>word</p>" * 20_000 + "</main>").count("word") == 20_000


@pytest.mark.parametrize(
    ("text", "reference", "score"),
    [("a b", "B a", 1.0), ("a a", "a", 2 / 3), ("a", "b", 0.0), ("", "", 1.0), ("", "a", 0.0)],
)
def test_f1_compares_bags_of_words(text: str, reference: str, score: float) -> None:
    assert f1(text, reference) == pytest.approx(score)


def test_mean_f1_reads_a_folder_of_shards_and_references(tmp_path: Path) -> None:
    (tmp_path / "shard.warc.gz").write_bytes(members(record(b"", kind="warcinfo"), record(http(PAGE.encode()))))
    rows = [{"url": "http://a.example/", "text": STORY * 3 + STORY.upper() * 3, "kind": "human"}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "gold.parquet")
    scores = mean_f1(tmp_path)
    assert scores["human"] > 0.95 and scores["pages"] == 1 and scores["mb_per_s"] > 0
