"""What commands print: JSON for programs, tables for people, and nothing that a terminal would obey."""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
import orjson

from pipeline.report.visible import visible

# What a terminal obeys and JSON leaves as it is: DEL, C1, and what reorders the line (Boucher 2021).
ORDERS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def on_terminal() -> bool:
    return sys.stdout.isatty()


def print_json(value: Any) -> None:
    """One JSON value and a line break, the same value on a terminal and in a pipe."""
    written = orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    if on_terminal():
        written = ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
    click.echo(written)


def print_text(text: str) -> None:
    """Text for people; on a terminal without what it would obey."""
    click.echo(visible(text) if on_terminal() else text)


def print_table(rows: Iterable[Sequence[Any]], header: Sequence[str]) -> None:
    """Columns as wide as their longest cell, numbers to the right."""
    cells = [list(header), *([shown(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    for row in cells:
        aligned = [
            cell.rjust(width) if is_number(cell) else cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ]
        print_text("  ".join(aligned).rstrip())


def shown(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:,.4g}"
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)


def is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?[\d,]+(\.\d+)?(e[+-]\d+)?%?", cell))


def print_tree(value: Any, indent: int = 0) -> None:
    """A nested answer as indented lines `name: value`; an entry of plain values only takes one line."""
    margin = "  " * indent
    entries = value.items() if isinstance(value, dict) else (("-", item) for item in value)
    for name, item in entries:
        mark = name if name == "-" else f"{name}:"
        if is_deep(item):
            print_text(f"{margin}{mark}")
            print_tree(item, indent + 1)
        else:
            print_text(f"{margin}{mark} {flat(item)}")


def is_deep(item: Any) -> bool:
    """Whether an entry needs lines of its own."""
    if isinstance(item, list):
        return bool(item)
    return isinstance(item, dict) and any(isinstance(inner, dict | list) and inner for inner in item.values())


def flat(item: Any) -> str:
    if isinstance(item, dict) and item:
        return ", ".join(f"{name} {plain(inner)}" for name, inner in item.items() if inner not in (None, [], {}))
    return plain(item)


def plain(item: Any) -> str:
    return "none" if item is None or item in ([], {}) else shown(item)
