"""The config's `steps`: a rule's name, its parameters checked against the rule's signature, where it applies."""

import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from inspect import Parameter
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pipeline.registry import import_rules, rule_names, variants_of
from pipeline.resources import KINDS
from pipeline.rules import Rule
from pipeline.yaml_lines import Node, nearest

BESIDE = ("when", "over", "name")  # keys that stand beside the rule's
WHEN = ("source", "language", "script", "category")
OVER = ("all", "survivors")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # a dot would not be told from the one in `step.reason`
# these stand before a dot in reasons already
TAKEN = ("text", "url", "exact", "minhash", "lines", "substrings", "semantic", "mixture")
FORMULA = "as"  # the key among a rule's parameters that says whose formula it is
READERS: Mapping[type, Callable[..., Any]] = {int: Node.integer, float: Node.number, bool: Node.flag, str: Node.text}


@dataclass(frozen=True)
class StepConfig:
    """One step. `parameters` are those given; files and models of `Rule.resources` are absolute addresses.

    `when`: column -> the values that it applies to. `line` is 0 where no file says it. `variant`: what `as` says.
    """

    name: str
    rule: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    over: str = "all"
    line: int = 0
    variant: str = ""

    @property
    def key(self) -> str:
        """The rule's in the registry."""
        return f"{self.rule}@{self.variant}" if self.variant else self.rule


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
        variant=rule.variant,
    )


def taken_apart(node: Node) -> tuple[Rule, Node, dict[str, Node]]:
    """The rule, the node of its parameters, the keys beside it."""
    rules = rule_names()
    if not isinstance(node.value, dict):
        return import_rules()[node.choice(rules)], Node({}, node.file, node.line, node.path), {}
    keys = node.mapping()
    named = [key for key in keys if key not in BESIDE]
    known = [key for key in named if key in rules]
    if not named:
        raise node.error(f"a step without a rule{nearest('', rules)}")
    if len(known) > 1:
        raise keys[known[1]].error(f"two rules in one step, {known[0]} and {known[1]} (each starts with its own dash)")
    strangers = [key for key in named if key not in rules]
    if strangers:
        allowed = BESIDE if known else rules
        raise keys[strangers[0]].error(f"unknown {'key' if known else 'rule'}{nearest(strangers[0], allowed)}")
    rule, given = by_formula(known[0], keys[known[0]])
    return rule, given, {key: keys[key] for key in BESIDE if key in keys}


def by_formula(name: str, given: Node) -> tuple[Rule, Node]:
    """The rule that `as` asks for, and the parameters without that key."""
    rules = import_rules()
    if not isinstance(given.value, dict) or FORMULA not in given.value:
        return rules[name], given
    formulas = variants_of(name)
    wanted = given.value[FORMULA]
    if not formulas:
        raise wanted.error(f"{name} has one formula only, nothing to choose with `{FORMULA}`")
    others = {key: node for key, node in given.value.items() if key != FORMULA}
    return formulas[wanted.choice(list(formulas))], Node(others, given.file, given.line, given.path)


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
    values = {name: read_parameter(rule, declared[name], entry, folder) for name, entry in given.items()}
    for argument, kind in rule.resources.items():
        check_choice(argument, kind, values, given.get(argument, node))
    return values


def check_choice(argument: str, kind: str, found: Mapping[str, Any], node: Node) -> None:
    """That a file which only one value of another argument asks for is given with that value, and not without."""
    known = KINDS[kind]
    asked = any(value == known.chosen_by for name, value in found.items() if name != argument)
    given = found.get(argument) is not None
    if known.chosen_by and asked and not given:
        raise node.error(f"{argument} is missing: {known.chosen_by} needs {known.origin}")
    if known.chosen_by and given and not asked:
        raise node.error(f"nothing asks for it (`{known.chosen_by}` is no argument's value)")


def read_parameter(rule: Rule, declared: Parameter, node: Node, folder: Path) -> Any:
    """The value, of the type and within the bounds of the annotation; ConfigError where it is not."""
    options = get_args(declared.annotation) if NoneType in get_args(declared.annotation) else (declared.annotation,)
    if node.value is None and NoneType in options:
        return None
    if declared.name in rule.resources:
        return read_address(rule.resources[declared.name], node, folder)
    wanted = next(option for option in options if option is not NoneType)
    if get_origin(wanted) is Annotated:
        kind, within = get_args(wanted)
        return READERS[kind](node, within.low, within.high)
    if get_origin(wanted) is Literal:
        return node.choice(get_args(wanted))
    return node.texts() if get_origin(wanted) is not None else READERS[wanted](node)


def read_address(kind: str, node: Node, folder: Path) -> Any:
    """The absolute addresses of files or models, those that come with gristmill as they are called."""
    known = KINDS[kind]
    if known.many:
        return tuple(found(entry, node, folder) for entry in node.texts())
    return node.value if node.value in known.shipped else found(node.text(), node, folder, known.inside)


def found(written: str, node: Node, folder: Path, inside: tuple[str, ...] = ("",)) -> str:
    """The absolute address of a list or model, if its file (for a folder those `inside`) is there."""
    address = absolute(written.removeprefix("file://"), folder)
    if "://" in address:
        raise node.error(f"{address}: lists and models are opened from local files only")
    for name in inside:
        if not Path(address, name).is_file():
            raise node.error(f"there is no file {Path(address, name)}")
    return address


def absolute(address: str, folder: Path) -> str:
    """A path relative to `folder`, made absolute; `scheme://` addresses as they are."""
    return address if "://" in address else os.path.normpath(folder.absolute() / address)
