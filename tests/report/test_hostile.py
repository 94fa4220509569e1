"""Whatever a document, an id, a url, a source or an error contains: nothing of it acts."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from pipeline.report.card import write_card
from pipeline.report.explain import explain
from pipeline.report.html import write_report
from pipeline.report.story import story
from pipeline.report.visible import UNSAFE, excerpt, markdown, one_line, visible
from pipeline.storage.manifest import write_json_atomically
from tests.report.payloads import PAYLOADS
from tests.report.small_run import WORDS, Written, read_json, small_run

TAGS = frozenset(
    (
        "html head meta title style body header p h1 h2 h3 b i code nav a main section div figure figcaption svg rect"
        " text line table thead tbody tr th td article span pre dl dt dd footer"
    ).split()
)


class Page(HTMLParser):
    """The tags and attributes that a browser would see, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile(number: int, payload: str) -> Written:
    """A document that has the payload in every field; every third is dropped, every fifth a duplicate."""
    kept = number % 3 > 0
    return Written(
        f"{number} {payload}",
        payload * 2,
        row=number,
        metrics={WORDS: 60 if kept else 3},
        reasons=() if kept else ["gopher_quality.too_few_words", payload],
        duplicate_of=f"1 {PAYLOADS[1]}" if kept and number % 5 == 0 else None,
        source=payload,
        language=payload,
        licence=payload,
        url=payload,
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty hostile documents, failed rows, unit paths, and a hostile name of the whole."""
    failed = [{"file": text, "place": text, "error": text, "payload": text.encode()} for text in PAYLOADS]
    documents = [hostile(number, payload) for number, payload in enumerate(PAYLOADS)]
    path = small_run(tmp_path_factory.mktemp("hostile") / "run", documents, failed, name="".join(PAYLOADS))
    plan = read_json(path / "plan.json")
    plan["units"][0]["path"] = plan["steps"][0]["name"] = "".join(PAYLOADS)
    write_json_atomically(path / "plan.json", plan)
    manifest = read_json(path / "01-refine" / "manifest.json")
    write_json_atomically(path / "01-refine" / "manifest.json", manifest | {"skipped": dict.fromkeys(PAYLOADS, 1)})
    return path


def test_there_are_fifty_different_payloads() -> None:
    assert len(set(PAYLOADS)) == 50


def test_the_report_has_our_tags_and_no_others(run: Path) -> None:
    page = Page(write_report(run).read_text())
    assert page.tags <= TAGS
    assert not {name for name in page.attributes if name.startswith("on") or name in ("src", "action", "srcdoc")}


def test_the_report_shows_the_payloads_as_text(run: Path) -> None:
    page = Page(write_report(run).read_text())
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text


@pytest.mark.parametrize("made", [write_report, write_card])
def test_no_control_or_hidden_character_is_written(run: Path, made: object) -> None:
    assert callable(made)
    text = made(run).read_text().replace("\n", "").replace("\t", "")
    assert not UNSAFE.search(text)


def test_the_cards_front_matter_is_ours_alone(run: Path) -> None:
    text = write_card(run).read_text()
    front = text.split("---\n")[1]
    values = yaml.safe_load(front)
    assert front.isascii()
    assert set(values) == {"pretty_name", "configs", "task_categories", "size_categories", "tags"}
    assert values["configs"][0]["data_files"][0]["path"] == "data/*.parquet"


def test_the_cards_body_has_our_blocks_and_no_others(run: Path) -> None:
    body = write_card(run).read_text().split("---\n", 2)[2]
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    inline = {child.type for token in tokens for child in token.children or []}
    assert inline <= {"text", "softbreak", "code_inline", "text_special"}
    assert {token.type.removesuffix("_open") for token in tokens if token.nesting == 1} <= {
        *("heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item")
    }
    assert not re.search(r"^(html_block|fence)$", "\n".join(token.type for token in tokens), re.MULTILINE)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_table_cell_stays_one_cell(payload: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(f"| a | b |\n|---|---|\n| {markdown(payload)} | 1 |\n")
    cells = [token for token in tokens if token.type == "inline"]
    assert len(cells) == 4
    assert cells[2].content == "" or {child.type for child in cells[2].children or []} <= {"text", "text_special"}


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_a_story_cannot_command_the_terminal(run: Path, number: int) -> None:
    told = story(explain(run, f"{number} {PAYLOADS[number]}"))
    assert not UNSAFE.search(told.replace("\n", "").replace("\t", ""))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_shown_of_plain_text_is_the_text(payload: str) -> None:
    if not UNSAFE.search(payload.replace("\n", "")):
        assert visible(payload) == excerpt(payload) == payload
    assert "\n" not in one_line(payload)
