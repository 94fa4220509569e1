"""What README and docs/rule.md say can be done: commands, links, config and rule, as they stand there."""

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
RULE = (ROOT / "docs" / "rule.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


@pytest.fixture
def rule_of_the_page() -> Iterator[dict[str, Any]]:
    """What the first Python block of docs/rule.md defines, registered while a test runs."""
    names: dict[str, Any] = {"__name__": "rule"}
    exec(compile(blocks("python", RULE)[0], "rule.md", "exec"), names)
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


def test_the_rule_drops_a_list_of_links(rule_of_the_page: dict[str, Any]) -> None:
    docs = documents_of(["See https://mill.example now", "A river turned the wheel."])
    assert rule_of_the_page["link_lists"](docs).failed["too_many_links"].tolist() == [True, False]
    assert list(REGISTRY["link_lists"].parameters) == ["max_links", "max_link_lines", "schemes"]


def test_readme_stays_short() -> None:
    assert len(README.splitlines()) < 300
