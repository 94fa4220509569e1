"""What README says can be done: its commands, links, config and rule, as they stand there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import cli
from pipeline.config import load
from pipeline.rules import REGISTRY
from tests.strategies import documents_of

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture
def rule_of_readme() -> Iterator[dict[str, Any]]:
    """What its first Python block defines, registered while a test runs."""
    names: dict[str, Any] = {"__name__": "readme"}
    exec(compile(blocks("python")[0], "README.md", "exec"), names)
    yield names
    del REGISTRY["link_lists"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_command_is_named_and_every_named_command_is_there() -> None:
    named = set(
        re.findall(r"gristmill ([a-z]+) (?=[A-Za-z-])", "\n".join([*blocks(""), *re.findall(r"`[^`]+`", README)]))
    )
    assert {"run", "stage", "sample", "explain", "sweep"} <= named <= set(cli.commands)
    assert [name for name in cli.commands if not re.search(rf"`?{name}\b", README)] == []


def test_the_small_config_loads(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(blocks("yaml")[0])
    steps = load(tmp_path / "small.yaml").steps
    assert [step.name for step in steps] == ["gopher_repetition", "gopher_quality", "pii"]


def test_the_rule_drops_a_list_of_links(rule_of_readme: dict[str, Any]) -> None:
    docs = documents_of(["See https://mill.example now", "A river turned the wheel."])
    assert rule_of_readme["link_lists"](docs).failed["too_many_links"].tolist() == [True, False]
    assert list(REGISTRY["link_lists"].parameters) == ["max_links", "max_link_lines", "schemes"]


def test_readme_stays_short() -> None:
    assert len(README.splitlines()) < 300
