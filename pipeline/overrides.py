"""`--set steps.2.gopher_quality.min_words=40`: values put into the config's tree before it is checked."""

from collections.abc import Sequence

from pipeline.yaml_lines import ConfigError, Node, parse


def override(tree: Node, sets: Sequence[str]) -> Node:
    """The tree with each `key=value` in it, the later one last; the value is YAML. `tree` itself is changed."""
    for given in sets:
        key, equals, value = given.partition("=")
        option = f"--set {given}"
        if not equals or not all(key.split(".")):
            raise ConfigError(f"{option}: not of the form key=value (seed=2, steps.2.gopher_quality.min_words=40)")
        place(tree, key, parse(value, option, None, key))
    return tree


def place(tree: Node, key: str, value: Node) -> None:
    """Put `value` where the dotted `key` leads; mappings on the way are made where they are missing."""
    *way, last = key.split(".")
    parent = tree
    for step in way:
        parent = entered(parent, step, value)
    container = opened(parent, last, value)
    if isinstance(container, list):
        container[index(parent, last, value)] = value
    else:
        container[last] = value


def entered(parent: Node, step: str, value: Node) -> Node:
    container = opened(parent, step, value)
    if isinstance(container, list):
        return container[index(parent, step, value)]
    path = f"{parent.path}.{step}" if parent.path else step
    return container.setdefault(step, Node(None, value.file, None, path))


def opened(parent: Node, step: str, value: Node) -> dict[str, Node] | list[Node]:
    """The entries of `parent`; nothing becomes a mapping, and the step `- language` becomes `- language: {}`."""
    if parent.value is None:
        parent.value = {}
    elif parent.value == step:
        parent.value = {step: Node(None, parent.file, parent.line, f"{parent.path}.{step}")}
    if not isinstance(parent.value, dict | list):
        raise value.error(f"{parent.path} is {parent.described}, it has no {step}")
    return parent.value


def index(parent: Node, step: str, value: Node) -> int:
    count = len(parent.value)
    if not step.isdecimal() or int(step) >= count:
        allowed = f"0 to {count - 1}" if count else "it is empty"
        raise value.error(f"{parent.path} is a list and has no {step} ({allowed})")
    return int(step)
