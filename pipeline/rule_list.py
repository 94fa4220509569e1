"""The registered rules as data: names, parameters with their defaults and types, sources."""

import inspect
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pipeline.registry import import_rules, rule_names, variants_of
from pipeline.resources import KINDS
from pipeline.rules import Rule
from pipeline.yaml_lines import ConfigError, nearest


def described(name: str | None = None) -> list[dict[str, Any]]:
    """All rules by name, or the one called so."""
    names = rule_names()
    if name is not None and name not in names:
        raise ConfigError(f"no rule is called {name}{nearest(name, names)}")
    return [with_formulas(import_rules()[each]) for each in names if name in (None, each)]


def with_formulas(rule: Rule) -> dict[str, Any]:
    """The rule, and what each formula that `as` can ask for says of itself."""
    others = {variant: describe(other) for variant, other in variants_of(rule.name).items()}
    return {"name": rule.name, **describe(rule), "as": others}


def describe(rule: Rule) -> dict[str, Any]:
    return {
        "summary": (inspect.getdoc(rule.judge) or "").partition("\n")[0],
        "parameters": {name: parameter_of(rule, name, p) for name, p in rule.parameters.items()},
        "cites": rule.cites,
        "needs": list(rule.needs),
    }


def parameter_of(rule: Rule, name: str, parameter: inspect.Parameter) -> dict[str, Any]:
    default = None if parameter.default is inspect.Parameter.empty else parameter.default
    resource = rule.resources.get(name)
    shown = KINDS[resource].described if resource else type_name(parameter.annotation)
    return {"default": list(default) if isinstance(default, tuple) else default, "type": shown}


def type_name(annotation: Any) -> str:
    """`int`, `float or null`, `list of str`."""
    if annotation in (None, types.NoneType):
        return "null"
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(repr(one) for one in inner)
    if origin is Annotated:
        return type_name(inner[0])
    if origin in (Union, types.UnionType):
        return " or ".join(type_name(one) for one in inner)
    if origin is not None:
        return f"list of {type_name(inner[0])}" if inner else "list"
    return str(getattr(annotation, "__name__", annotation))
