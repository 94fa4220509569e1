"""A file that one value of another argument asks for: `sentences: punkt` and the user's `punkt: FOLDER`."""

from pathlib import Path

import pytest

from tests.config.test_steps import one_step
from tests.config.writing import complaint

MODEL = Path(__file__).parents[1] / "parity" / "punkt" / "english"


@pytest.mark.parametrize("rule", ["c4_quality: {", "c4_quality: {as: original, ", "c4_quality: {as: paper, "])
def test_punkt_with_its_model_is_a_choice_of_c4s_rules(tmp_path: Path, rule: str) -> None:
    step = one_step(tmp_path, f"{rule}sentences: punkt, punkt: '{MODEL}'}}")
    assert step.parameters == {"sentences": "punkt", "punkt": str(MODEL)}
    assert one_step(tmp_path, f"{rule}sentences: uax29, punkt: null}}").parameters["punkt"] is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "{sentences: punkt}",
            "c4_quality: punkt is missing: punkt needs NLTK's folder punkt_tab/LANGUAGE: python -m nltk",
        ),
        ("{sentences: punkt, punkt: null}", "c4_quality.punkt: punkt is missing"),
        (f"{{punkt: '{MODEL}'}}", "c4_quality.punkt: nothing asks for it (`punkt` is no argument's value)"),
        (f"{{sentences: uax29, punkt: '{MODEL}'}}", "c4_quality.punkt: nothing asks for it"),
        ("{sentences: punkt, punkt: gone}", "c4_quality.punkt: there is no file gone/abbrev_types.txt"),
        ("{sentences: nltk}", "c4_quality.sentences: unknown 'nltk' (allowed: spacy, uax29, punkt)"),
    ],
)
def test_a_choice_without_its_file_is_said_with_where_to_get_it(tmp_path: Path, written: str, said: str) -> None:
    assert said in complaint(tmp_path, f"steps:\n  - c4_quality: {written}\n").replace(f"{tmp_path}/", "")


def test_each_file_of_the_model_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "abbrev_types.txt").write_text("mr\n")
    said = complaint(tmp_path, "steps:\n  - c4_quality: {sentences: punkt, punkt: .}\n")
    assert said.endswith("c4_quality.punkt: there is no file sent_starters.txt")
