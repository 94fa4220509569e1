"""The config's `steps`: a rule's name, its parameters checked against the rule's signature, where it applies."""

import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from inspect import Parameter
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

from classifiers.lid import LID_176
from classifiers.model import DESCRIPTION, SAMPLE
from pipeline.registry import import_rules
from pipeline.rules import Rule
from pipeline.yaml_lines import Node, nearest

BESIDE = ("when", "over", "name")  # keys that stand beside the rule's
WHEN = ("source", "language", "script", "category")
OVER = ("all", "survivors")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # a dot would not be told from the one in `step.reason`
TAKEN = ("text", "url", "exact", "minhash", "mixture")  # they stand before a dot in reasons already
SHIPPED = {"classifier": SAMPLE, "fasttext": LID_176}  # addresses that are no path
READERS: Mapping[type, Callable[[Node], Any]] = {int: Node.integer, float: Node.number, bool: Node.flag, str: Node.text}


@dataclass(frozen=True)
class StepConfig:
    """One step. `parameters` are those given; files and models of `Rule.resources` are absolute addresses.

    `when`: column -> the values that it applies to. `line` is 0 where no file says it.
    """

    name: str
    rule: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    over: str = "all"
    line: int = 0


def read_steps(node: Node, folder: Path) -> tuple[StepConfig, ...]:
    """The steps of a list, in its order; relative files are in `folder`."""
    steps: dict[str, StepConfig] = {}
    for entry in node.items():
        step = read_step(entry, folder, {step.rule for step in steps.values()})
        if step.name in steps:
            raise entry.error(
                f"{step.name} is used twice, first on line {steps[step.name].line} (give this one a `name` of its own)"
            )
        steps[step.name] = step
    return tuple(steps.values())


def read_step(node: Node, folder: Path, above: Collection[str] = ()) -> StepConfig:
    """A step written `NAME` or `{NAME: {...}, when: ..., over: ..., name: ...}`; `above` are the rules before it."""
    rule, given, beside = taken_apart(node)
    return StepConfig(
        name=step_name(beside["name"]) if "name" in beside else rule.name,
        rule=rule.name,
        parameters=read_parameters(rule, given, folder),
        when=read_when(beside["when"], above) if "when" in beside else {},
        over=beside["over"].choice(OVER) if "over" in beside else "all",
        line=node.line or 0,
    )


def taken_apart(node: Node) -> tuple[Rule, Node, dict[str, Node]]:
    """The rule, the node of its parameters, the keys beside it."""
    rules = import_rules()
    if not isinstance(node.value, dict):
        return rules[node.choice(sorted(rules))], Node({}, node.file, node.line, node.path), {}
    keys = node.mapping()
    named = [key for key in keys if key not in BESIDE]
    known = [key for key in named if key in rules]
    if not named:
        raise node.error(f"a step without a rule{nearest('', sorted(rules))}")
    if len(known) > 1:
        raise keys[known[1]].error(f"two rules in one step, {known[0]} and {known[1]} (each starts with its own dash)")
    strangers = [key for key in named if key not in rules]
    if strangers:
        allowed = BESIDE if known else sorted(rules)
        raise keys[strangers[0]].error(f"unknown {'key' if known else 'rule'}{nearest(strangers[0], allowed)}")
    return rules[known[0]], keys[known[0]], {key: keys[key] for key in BESIDE if key in keys}


def step_name(node: Node) -> str:
    name = node.text()
    if not NAME.fullmatch(name) or name in TAKEN:
        raise node.error(f"{name!r} names no step (letters, digits, _ and -; not {', '.join(TAKEN)})")
    return name


def read_when(node: Node, rules: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Column -> values. `category` needs a step of that rule among `rules`."""
    entries = node.mapping(WHEN)
    if "category" in entries and "category" not in rules:
        allowed = ", ".join(key for key in WHEN if key != "category")
        raise entries["category"].error(f"no step sets a category yet (allowed: {allowed})")
    return {key: entry.texts(at_least=1) for key, entry in entries.items()}


def read_parameters(rule: Rule, node: Node, folder: Path) -> dict[str, Any]:
    """The parameters given, each of the type that the rule's signature says."""
    declared = rule.parameters
    given = {} if node.value is None else node.mapping(declared)
    missing = [name for name in rule.needs if name not in given]
    if missing:
        raise node.error(f"{missing[0]} is missing ({rule.name} does not run without it)")
    return {name: read_parameter(rule, declared[name], entry, folder) for name, entry in given.items()}


def read_parameter(rule: Rule, declared: Parameter, node: Node, folder: Path) -> Any:
    options = get_args(declared.annotation) if NoneType in get_args(declared.annotation) else (declared.annotation,)
    if node.value is None and NoneType in options:
        return None
    kind = rule.resources.get(declared.name)
    if kind == "lines":
        return tuple(found(entry, node, folder) for entry in node.texts())
    if kind is not None and node.value == SHIPPED[kind]:
        return node.value
    if kind is not None:
        return found(node.text(), node, folder, DESCRIPTION if kind == "classifier" else "")
    wanted = next(option for option in options if option is not NoneType)
    return node.texts() if get_origin(wanted) is not None else READERS[wanted](node)


def found(written: str, node: Node, folder: Path, inside: str = "") -> str:
    """The absolute address of a list or model, if its file (for a folder the one `inside`) is there."""
    address = absolute(written.removeprefix("file://"), folder)
    if "://" in address:
        raise node.error(f"{address}: lists and models are opened from local files only")
    if not Path(address, inside).is_file():
        raise node.error(f"there is no file {Path(address, inside)}")
    return address


def absolute(address: str, folder: Path) -> str:
    """A path relative to `folder`, made absolute; `scheme://` addresses as they are."""
    return address if "://" in address else os.path.normpath(folder.absolute() / address)
