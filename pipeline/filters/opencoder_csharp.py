"""OpenCoder's rules of C#, by patterns over the code without its comments."""

import re2

from pipeline.documents import Documents
from pipeline.filters.code_chance import chances
from pipeline.filters.code_spread import no_logic
from pipeline.filters.opencoder_patterns import TYPE_AND_NAME, counted
from pipeline.rules import Verdict, rule

FUNCTION = re2.compile(
    r"(?m)^\s*(?:(?:public|protected|private|internal)\s+)?(?:(?:static|virtual|override|abstract|async)\s+)?"
    + TYPE_AND_NAME
)
SIMPLE = (
    re2.compile(r"(?m)^\s*using\s+[a-zA-Z0-9_.]+\s*;"),
    re2.compile(r"\b(?:int|float|double|char|string|bool|byte|sbyte|short|ushort|uint|long|ulong|decimal)\s+\w+\s*;"),
    re2.compile(r"(?m)^\s*return\b(?:\s+[^;\n]+)?\s*;"),
    re2.compile(r"\b(?:public|private|protected|internal|static|abstract|sealed)?\s*class\s+\w+"),
)


def counts(code: str) -> tuple[int, int]:
    """Functions, and declarations with them: usings, plain variables, returns and classes."""
    functions = len(FUNCTION.findall(code))
    return functions, functions + sum(len(one.findall(code)) for one in SIMPLE)


@rule("opencoder_csharp", cites="OpenCoder-llm/opc_data_filtering quality_signals/code_specific/c_sharp.py")
def opencoder_csharp(
    docs: Documents,
    *,
    max_functions: float = 0.2,
    max_no_logic: float = 0.5,
    max_print_lines: float = 0.4,
    kept_without_logic: float = 0.2,
    seed: int = 0,
) -> Verdict:
    """Drop C# that declares or prints and does little else. Other documents pass with metrics of 0.

    Shares are of lines of code. Of documents without logic the share `kept_without_logic` stays, drawn by their ids
    and the seed. The source's rule of files without a variable compares a list with 0 and never holds: it is left out.
    """
    found = counted(docs, "c#", counts, 2)
    verdict = Verdict.all_of(
        too_many_functions=(found.share(0, "functions"), "<=", max_functions),
        too_many_print_lines=(found.lines_with("Console.WriteLine", "print_lines"), "<=", max_print_lines),
    )
    return no_logic(verdict, found.share(1, "no_logic"), max_no_logic, chances(docs, seed), kept_without_logic)
