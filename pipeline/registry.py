"""All rules: `import_rules()` imports every module that registers one."""

from collections.abc import Mapping
from importlib import import_module

from pipeline.rules import REGISTRY, Rule

RULE_MODULES = (
    "pipeline.filters.c4",
    "pipeline.filters.fineweb",
    "pipeline.filters.gopher",
    "pipeline.filters.gopher_repetition",
    "pipeline.filters.language",
    "pipeline.safety.dirty_words",
    "pipeline.safety.pii",
    "pipeline.safety.urls",
    "classifiers.quality",
)


def import_rules() -> Mapping[str, Rule]:
    """Every rule by its name."""
    for module in RULE_MODULES:
        import_module(module)
    return REGISTRY
