"""HTML to the text of its main content, by resiliparse (the default) or trafilatura.

Mean F1 of the bag of words on 311 pages with reference texts (181 hand-made, 130 a tool's reviewed output), by which
the options were chosen, and on 132 news pages, by which they were not; MB of HTML a second on one busy core, all in
one run of `pipeline.extract.gold`:

                                     hand-made   reviewed output    news   MB/s
    resiliparse, its own defaults        0.898             0.914   0.865     75
    resiliparse, as here                 0.945             0.935   0.901     60
    trafilatura, as here                 0.964             0.921   0.946      9

One page that says GBK and is UTF-8 costs the second column 0.006: it is read as browsers read it.
Alternative texts of images are left out, though Llama 3 keeps them: with them the figures fall by 0.01 to 0.03,
since most name an icon or a teaser. Neither extractor keeps state between calls; resiliparse holds the GIL
for the whole page, so that threads do not make it faster.
"""

import re
from collections.abc import Callable

from resiliparse.extract.html2text import extract_plain_text

Extractor = Callable[[str], str]

MANY_TAGS = 4096  # so many nested `div` take resiliparse up to two seconds, four times that for twice as many
MAX_NESTING = 512  # browsers' own limit; 2,200 real pages reach 268. At 500 deep a megabyte takes three seconds
CONTAINER = re.compile(
    r"<(/?)(?:div|section|article|main|span|blockquote|center|details|address|aside|figure|form|fieldset|ul|ol|dl|"
    r"font|b|i|em|strong|table|[a-z]+-)",
    re.IGNORECASE,
)


class TooDeep(ValueError):
    """The page's elements nest deeper than any browser shows."""


def by_resiliparse(html: str) -> str:
    """Paragraphs are parted by an empty line; no link targets, list marks, comments or bylines."""
    _refuse_deep(html)
    return str(
        extract_plain_text(
            html,
            main_content=True,
            alt_texts=False,
            list_bullets=False,
            comments=False,
            post_meta=False,
            skip_elements=["header"],
        )
    )


def by_trafilatura(html: str) -> str:
    """Slower and nearer to hand-made text. Its import takes a second, so it waits until it is asked for."""
    import trafilatura

    return trafilatura.extract(html, fast=True, favor_recall=True, include_comments=False) or ""


EXTRACTORS: dict[str, Extractor] = {"resiliparse": by_resiliparse, "trafilatura": by_trafilatura}


def html_to_text(html: str, extract: Extractor = by_resiliparse) -> str:
    """The main text. Valid UTF-8 for any `str`; NUL, which no text needs and many tools end at, is taken out."""
    return _encodable(extract(_encodable(html))).replace("\0", "")


def nesting(html: str) -> int:
    """How deep the containers of a page nest, counted on its tags: an upper bound where end tags are left out."""
    depth = deepest = 0
    for is_end in CONTAINER.findall(html):
        depth = max(0, depth - 1) if is_end else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _refuse_deep(html: str) -> None:
    if html.count("<") > MANY_TAGS and (depth := nesting(html)) > MAX_NESTING:
        raise TooDeep(f"elements nest {depth} deep (at most {MAX_NESTING})")


def _encodable(text: str) -> str:
    """The same with U+FFFD for lone surrogates, which JSON and JavaScript can bring."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
