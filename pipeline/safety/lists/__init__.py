"""The lists that rules of this room run on by default: terms one a line, origin and licence in comments above them."""

from functools import cache
from importlib.resources import files


@cache
def shipped(name: str) -> tuple[str, ...]:
    """The terms of `name`.txt of this folder, as the kind `lines` of a rule's resources would load them."""
    lines = files("pipeline.safety.lists").joinpath(*f"{name}.txt".split("/")).read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
