"""Strict YAML: a tree in which every value knows its line, and nothing is silently read as something else.

Anchors, aliases, tags, equal keys, several documents and numbers that are not decimal are refused. Scalars are read as
YAML 1.1 says, so `no` is false; asked for a text, it is an error that says to quote it.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml

DEEPEST = 40  # the parser calls itself once a level
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
REAL = re.compile(r"[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)([eE][-+]?[0-9]+)?")  # YAML 1.1 takes 1e-3 for a text
TAG = "tag:yaml.org,2002:"
TRUE = ("yes", "true", "on")
QUOTE = "write the value itself, and quote a text that starts with *"


class ConfigError(ValueError):
    """A config that cannot be used; one line: `file:line: what is wrong (what is allowed)`."""


@dataclass
class Node:
    """A value with the place it was written at: a scalar, a list of nodes, or a mapping of nodes.

    `path` is how `--set` names it, `written` the scalar's own letters. `line` is None where `--set` wrote it; then
    `file` is that option.
    """

    value: Any
    file: str
    line: int | None
    path: str = ""
    written: str = ""

    def error(self, wrong: str) -> ConfigError:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        said = f"{place}: {self.path}: {wrong}" if self.path else f"{place}: {wrong}"
        return ConfigError("".join(c if c.isprintable() else ascii(c)[1:-1] for c in said))  # one line, no escapes

    def wants(self, wanted: str) -> ConfigError:
        return self.error(f"{self.described} where {wanted} is wanted")

    @property
    def described(self) -> str:
        if isinstance(self.value, Mapping):
            return "a mapping"
        if isinstance(self.value, list):
            return "a list"
        if self.value is None:
            return "nothing"
        return f"the text {self.value!r}" if isinstance(self.value, str) else f"`{self.written}`"

    def text(self) -> str:
        """A text that is not blank."""
        if isinstance(self.value, bool | int | float):
            meaning = f"{self.value}".lower() if isinstance(self.value, bool) else "a number"
            raise self.error(
                f'YAML reads {self.written} as {meaning} where a text is wanted (quote it: "{self.written}")'
            )
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wants("a text")
        return self.value

    def texts(self, at_least: int = 0) -> tuple[str, ...]:
        """A list of texts, or one text alone."""
        entries = self.value if isinstance(self.value, list) else [self]
        if len(entries) < at_least:
            raise self.error(f"empty (at least {at_least} is wanted)")
        return tuple(entry.text() for entry in entries)

    def choice(self, names: Collection[str]) -> str:
        """One of `names`."""
        if self.text() not in names:
            raise self.error(f"unknown {self.value!r}{nearest(self.value, names)}")
        return str(self.value)

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wants("true or false")
        return self.value

    def integer(self, low: int | None = None, high: int | None = None) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.wants("an integer")
        self._within(low, high)
        return self.value

    def number(self, low: float | None = None, high: float | None = None) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wants("a number")
        self._within(low, high)
        return float(self.value)

    def _within(self, low: float | None, high: float | None) -> None:
        if (low is not None and self.value < low) or (high is not None and self.value > high):
            bounds = f"{low:g} to {high:g}" if high is not None else f"at least {low:g}"
            raise self.error(f"{self.written} is out of range ({bounds})")

    def items(self) -> list["Node"]:
        if not isinstance(self.value, list):
            raise self.wants("a list")
        return list(self.value)

    def mapping(self, allowed: Collection[str] | None = None, needed: Sequence[str] = ()) -> dict[str, "Node"]:
        """The entries, if all keys are `allowed` and none that is `needed` is missing."""
        if not isinstance(self.value, dict):
            raise self.error(f"{self.described} where a mapping is wanted{nearest('', allowed) if allowed else ''}")
        for key, node in self.value.items():
            if allowed is not None and key not in allowed:
                raise node.error(f"unknown key{nearest(key, allowed)}")
        missing = [key for key in needed if key not in self.value]
        if missing:
            raise self.error(f"{missing[0]} is missing ({', '.join(allowed or needed)})")
        return dict(self.value)

    def plain(self) -> Any:
        """The value without its places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        return [node.plain() for node in self.value] if isinstance(self.value, list) else self.value


def nearest(name: str, names: Collection[str]) -> str:
    """The end of an error about an unknown name: what was probably meant, and all that is allowed."""
    close = get_close_matches(name, names, 1)
    return (f"; did you mean {close[0]}?" if close else "") + f" (allowed: {', '.join(names) or 'nothing'})"


def parse(text: str, file: str, line: int | None = 1, path: str = "") -> Node:
    """The tree of a YAML text. `line` None: the text is not of a file's lines, `file` alone is the place."""
    start = Node(None, file, line, path)
    try:
        refuse_indirection(text, start)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        alias = error.context == "while scanning an alias"
        wrong = f"an alias ({QUOTE})" if alias else f"not YAML: {error.problem}"
        raise at(start, error.problem_mark).error(wrong) from error
    except yaml.YAMLError as error:
        before = text[: getattr(error, "position", 0)].count("\n")
        raise moved(start, before).error(f"not YAML: {getattr(error, 'reason', error)}") from error
    return start if root is None else built(root, start)


def at(start: Node, mark: yaml.Mark | None, path: str | None = None) -> Node:
    """A node without a value where the parser stands."""
    return moved(start, mark.line if mark else 0, path)


def moved(start: Node, lines: int, path: str | None = None) -> Node:
    line = None if start.line is None else lines + 1
    return Node(None, start.file, line, start.path if path is None else path)


def refuse_indirection(text: str, start: Node) -> None:
    """Raise at the first anchor, alias, tag, second document or level too deep."""
    depth = documents = 0
    for event in events(text):
        place = at(start, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise place.error(f"the alias *{event.anchor} ({QUOTE})")
        if getattr(event, "anchor", None):
            raise place.error(f"the anchor &{event.anchor} (anchors are not read)")
        if getattr(event, "tag", None):
            raise place.error(f"the tag {event.tag} (tags are not read)")
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if documents > 1 or depth > DEEPEST:
            raise place.error("a second document" if documents > 1 else f"nested deeper than {DEEPEST} levels")


def events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=yaml.SafeLoader)


def built(node: yaml.Node, start: Node) -> Node:
    """The tree below a composed node, at the place that `start` has."""
    if isinstance(node, yaml.MappingNode):
        start.value = entries(node, start)
    elif isinstance(node, yaml.SequenceNode):
        start.value = [
            built(item, at(start, item.start_mark, below(start, str(i)))) for i, item in enumerate(node.value)
        ]
    elif isinstance(node, yaml.ScalarNode):
        start.written = node.value
        start.value = scalar(node, start)
    return start


def entries(node: yaml.MappingNode, start: Node) -> dict[str, Node]:
    """The entries of a mapping, each at the line of its key."""
    found: dict[str, Node] = {}
    for key, value in node.value:
        place = at(start, key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            raise place.error("a key that is not a text")
        name = built(key, place).text()
        if name in found:
            raise place.error(f"the key {name} twice (first on line {found[name].line})")
        found[name] = built(value, at(start, key.start_mark, below(start, name)))
    return found


def below(start: Node, key: str) -> str:
    return f"{start.path}.{key}" if start.path else key


def scalar(node: yaml.ScalarNode, place: Node) -> bool | int | float | str | None:
    """A plain scalar's value; other notations of numbers than decimal ones are refused."""
    kind, written = node.tag.removeprefix(TAG), node.value
    if kind == "null":
        return None
    if kind == "bool":
        return written.lower() in TRUE
    if node.style is not None or (kind not in ("int", "float") and not REAL.fullmatch(written)):
        return str(written)
    return decimal(written, place)


def decimal(written: str, place: Node) -> int | float:
    try:
        if DECIMAL.fullmatch(written):
            return int(written)
        real = REAL.fullmatch(written) and set(written) & {".", "e", "E"}  # without these it is octal, or 1:30
        value = float(written) if real else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise place.error(f"{written} is no finite decimal number (write it as one, or quote it as a text)")
    return value
