"""What of a config decides the output, as plain JSON; lists and models stand in it by their digests."""

import hashlib
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from pipeline.registry import import_rules
from pipeline.resources import KINDS
from pipeline.storage.files import read_bytes

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.dedup_config import DedupStep
    from pipeline.step_config import StepConfig


def decided_by(config: "Config") -> dict[str, Any]:
    """All but the inputs' files (the plan knows those) and the code: two runs that agree in it make the same corpus."""
    return {
        "seed": config.seed,
        "columns": {entry.source: dict(sorted(entry.columns.items())) for entry in config.inputs},
        "reading": {
            entry.source: {"format": entry.format, "extract": entry.extract, "ids": entry.ids}
            for entry in config.inputs
        },
        "steps": [step(one) for one in config.steps],
        "dedup": {"over": config.dedup.over, "steps": [dedup_step(one) for one in config.dedup.steps]},
        "mixture": mixture(config),
        "tokens": config.tokens,
        "limits": {"document_bytes": config.limits.document_bytes},
    }


def step(one: "StepConfig") -> dict[str, Any]:
    return {
        "name": one.name,
        "rule": one.rule,
        "as": one.variant or None,
        "parameters": parameters(one),
        "when": {key: list(values) for key, values in sorted(one.when.items())},
        "over": one.over,
    }


def parameters(one: "StepConfig") -> dict[str, Any]:
    """Every parameter of the rule, defaults included: a default that is written out changes nothing."""
    rule = import_rules()[one.key]
    values = {name: one.parameters.get(name, declared.default) for name, declared in rule.parameters.items()}
    return {name: digests(rule.resources.get(name), value) for name, value in sorted(values.items())}


def digests(kind: str | None, value: Any) -> Any:
    """The SHA-256 of each file that a parameter stands for; any other value as JSON holds it.

    Of a classifier it is that of model.json, which pins the weights' SHA-256; loading checks it.
    """
    if value is None or kind is None:
        return list(value) if isinstance(value, tuple | list) else value
    decides = KINDS[kind].decides
    if KINDS[kind].many:
        return [sha256(str(decides(address))) for address in value]
    one = decides(value)
    return [sha256(str(path)) for path in one] if isinstance(one, tuple) else sha256(str(one))


def sha256(address: str) -> str:
    return hashlib.sha256(read_bytes(address)).hexdigest()


def dedup_step(one: "DedupStep") -> dict[str, Any]:
    keep = [list(policy) if isinstance(policy, tuple) else policy for policy in one.keep]
    return {"kind": one.kind, "keep": keep, "scope": one.scope, "how": how_decides(one.how)}


def how_decides(how: Any) -> dict[str, Any] | None:
    """What a kind of duplicates needs; a field whose metadata hold `file` stands here by its file's digest."""
    if how is None:
        return None
    files = [field.name for field in fields(how) if "file" in field.metadata]
    digested = {name: sha256(getattr(how, name)) for name in files if getattr(how, name)}
    return asdict(how) | digested


def mixture(config: "Config") -> dict[str, Any] | None:
    chosen = config.mixture
    if chosen is None:
        return None
    groups = [
        {"name": group.name, "target": group.target, "when": {key: list(group.when[key]) for key in sorted(group.when)}}
        for group in chosen.groups
    ]
    sizes = {"tokens": chosen.tokens, "max_epochs": chosen.max_epochs, "on_short": chosen.on_short}
    return {"groups": groups, **sizes}
