"""The registered rules as data: names, parameters with their defaults and types, sources."""

import inspect
import types
from typing import Any, Union, get_args, get_origin

from pipeline.registry import import_rules
from pipeline.rules import Rule
from pipeline.yaml_lines import ConfigError, nearest

RESOURCE_TYPES = {"lines": "list of files", "fasttext": "file", "classifier": "folder"}  # what stands in the config


def described(name: str | None = None) -> list[dict[str, Any]]:
    """All rules by name, or the one called so."""
    registry = import_rules()
    if name is not None and name not in registry:
        raise ConfigError(f"no rule is called {name}{nearest(name, sorted(registry))}")
    return [describe(registry[each]) for each in sorted(registry) if name in (None, each)]


def describe(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "summary": (inspect.getdoc(rule.judge) or "").partition("\n")[0],
        "parameters": {name: parameter_of(rule, name, p) for name, p in rule.parameters.items()},
        "cites": rule.cites,
        "needs": list(rule.needs),
    }


def parameter_of(rule: Rule, name: str, parameter: inspect.Parameter) -> dict[str, Any]:
    default = None if parameter.default is inspect.Parameter.empty else parameter.default
    resource = rule.resources.get(name)
    shown = RESOURCE_TYPES[resource] if resource else type_name(parameter.annotation)
    return {"default": list(default) if isinstance(default, tuple) else default, "type": shown}


def type_name(annotation: Any) -> str:
    """`int`, `float or null`, `list of str`."""
    if annotation in (None, types.NoneType):
        return "null"
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(type_name(one) for one in inner)
    if origin is not None:
        return f"list of {type_name(inner[0])}" if inner else "list"
    return str(getattr(annotation, "__name__", annotation))
