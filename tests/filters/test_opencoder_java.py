"""OpenCoder's rules of C# and Java: what each drops, and its own patterns, look-ahead and all, as the truth."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.filters import opencoder_csharp as csharp
from pipeline.filters import opencoder_java as java
from pipeline.filters.opencoder_patterns import not_beginning
from tests.filters.judging import metrics_of, reasons_of
from tests.filters.plain_code import code

NONE_KEPT, ALL_KEPT = 0.0, 1.0
JAVA_LOGIC = "  int turn = river * 2;\n  while (turn > 0) {\n    turn -= river;\n    river += 1;\n  }\n" * 4
CSHARP_LOGIC = "  while (turn > 0) {\n    turn -= river;\n    river += 1;\n  }\n" * 4
NO_TYPE = r"(?!\s*(?:public|private|protected|else|if)\s*)(?:<\w+>)?\s*\w+\s+"
JAVA_FUNCTION = re.compile(
    r"^\s*((?:(?:public|protected|private|static)\s+)*(?:" + NO_TYPE + r")(?:\w+\s*)(?:\((?:[^\)]*)\))"
    r"(?:\s*throws\s+[\w\, ]+)?)",
    re.MULTILINE | re.ASCII,
)
CSHARP_FUNCTION = re.compile(
    r"^\s*((?:(?:public|protected|private|internal)\s+)?(?:(?:static|virtual|override|abstract|async)\s+)?"
    r"(?:" + NO_TYPE + r")(?:\w+\s*)(?:\((?:[^\)]*)\)))",
    re.MULTILINE | re.ASCII,
)
PIECES = (
    *("public ", "private\n", "static ", "protected  ", "internal ", "async ", "if", "else ", "iffy ", "el ", "priv "),
    *(
        "int ",
        "void",
        "<T>",
        "List<T> ",
        "a",
        " ",
        "\n",
        "  \n",
        "(",
        ")",
        "(int a)",
        " throws E, F",
        "{",
        "}",
        ";",
        "=",
    ),
)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (JAVA_LOGIC, set()),
        ("while (turn > 0) {\n  turn -= river;\n}\n" * 9, {"no_variables"}),
        ("public void turn(River river) throws Dry {\n  river.x();\n  river.y();\n" * 5 + "int a = 1;\n",
         {"too_many_functions"}),
        (JAVA_LOGIC + "System.out.println(river);\n" * 20, {"too_many_print_lines"}),
        ("import a.b.*;\nprivate final int a;\nreturn;\npublic class B\nreturn \"c\";\nMap<C> d = e;\n", {"no_logic"}),
        (JAVA_LOGIC + "// public void turn(River river)\n" * 90, set()),
        ("", {"no_variables"}),
    ],
)  # fmt: skip
def test_java_fails_for_its_reasons(text: str, reasons: set[str]) -> None:
    assert reasons_of(java.opencoder_java(code([text], "Mill.java"), kept_without_logic=NONE_KEPT)) == reasons


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (CSHARP_LOGIC, set()),
        ("internal async Task Turn(River river) {\n  river.X();\n  river.Y();\n" * 5, {"too_many_functions"}),
        (CSHARP_LOGIC + "Console.WriteLine(river);\n" * 20, {"too_many_print_lines"}),
        ("using System.IO;\nulong a ;\nreturn b + c;\nsealed class D\nturn();\n", {"no_logic"}),
        (CSHARP_LOGIC + "/* using A; */\n" * 90, set()),
        ("", set()),
    ],
)
def test_csharp_fails_for_its_reasons(text: str, reasons: set[str]) -> None:
    assert reasons_of(csharp.opencoder_csharp(code([text], "Mill.cs"), kept_without_logic=NONE_KEPT)) == reasons


@pytest.mark.parametrize(
    ("text", "java_functions", "csharp_functions"),
    [
        ("void turn()", 1, 1),
        ("public static void turn()", 1, 1),
        ("static public void turn()", 1, 0),
        ("override void turn()", 0, 1),
        ("else if (a)", 0, 0),
        ("iffy turn()", 0, 0),  # what begins with `if` is no type
        ("return turn(a)", 1, 1),  # but `return` is one
        ("<T> T turn(int a,\n  int b)", 1, 1),
        ("List<T> turn()", 0, 0),
        ("turn()", 0, 0),
        ("static turn()", 1, 1),
        ("public turn()", 0, 0),
        ("a = b c()", 0, 0),
    ],
)
def test_functions_are_a_type_and_a_name_at_a_lines_start(
    text: str, java_functions: int, csharp_functions: int
) -> None:
    assert (java.counts(text)[0], csharp.counts(text)[0]) == (java_functions, csharp_functions)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_functions_are_those_of_the_patterns_with_a_look_ahead(text: str) -> None:
    assert len(java.FUNCTION.findall(text)) == len(JAVA_FUNCTION.findall(text))
    assert len(csharp.FUNCTION.findall(text)) == len(CSHARP_FUNCTION.findall(text))


@given(st.text(st.sampled_from("ifelsxp_"), min_size=1, max_size=8))
def test_a_word_away_from_others_begins_with_none(word: str) -> None:
    words = ("if", "else", "is", "px")
    assert bool(re.fullmatch(not_beginning(words), word)) == (not word.startswith(words))


def test_documents_in_other_languages_pass_and_a_share_without_logic_stays() -> None:
    other = code(["import a;\n" * 9], "mill.rb")
    assert reasons_of(java.opencoder_java(other)) == reasons_of(csharp.opencoder_csharp(other)) == set()
    assert set(metrics_of(java.opencoder_java(other), 0).values()) == {0.0}
    without = code(["using A;\n" * 9], "Mill.cs")
    assert reasons_of(csharp.opencoder_csharp(without, kept_without_logic=ALL_KEPT)) == set()
