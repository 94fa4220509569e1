"""OpenCoder's rules of Java, by patterns over the code without its comments."""

import re2

from pipeline.documents import Documents
from pipeline.filters.code_chance import chances
from pipeline.filters.code_spread import no_logic
from pipeline.filters.opencoder_patterns import TYPE_AND_NAME, counted
from pipeline.rules import Verdict, rule

FUNCTION = re2.compile(rf"(?m)^\s*(?:(?:public|protected|private|static)\s+)*{TYPE_AND_NAME}(?:\s*throws\s+[\w, ]+)?")
TYPED = (
    r"(?m)^\s*(?:(?:public|protected|private|final|static)\s+)*"
    r"(?:int|float|boolean|char|double|String|[A-Z][\w<>]*)\s+\w+\s*"
)
VARIABLE = re2.compile(TYPED + r"(?:=\s*[^;]+)?;")
SIMPLE = (
    re2.compile(r"(?m)^\s*import\s+[\w.*]+\s*;\s*$"),
    re2.compile(TYPED + ";"),
    re2.compile(r'(?m)^\s*return(?:;|\s+(?:\w*|"[^"\\]*(?:\\.[^"\\]*)*")\s*;\s*)$'),
    re2.compile(r"(?m)^\s*(?:(?:public|protected|private)\s+)?(?:(?:final|abstract)\s+)?class\s+[\w<>]+"),
)


def counts(code: str) -> tuple[int, int, int]:
    """Functions, declarations with them (imports, plain variables, returns and classes), 1 for no variable."""
    functions = len(FUNCTION.findall(code))
    return functions, functions + sum(len(one.findall(code)) for one in SIMPLE), VARIABLE.search(code) is None


@rule("opencoder_java", cites="OpenCoder-llm/opc_data_filtering quality_signals/code_specific/java.py")
def opencoder_java(
    docs: Documents,
    *,
    max_functions: float = 0.2,
    max_no_logic: float = 0.5,
    max_print_lines: float = 0.4,
    kept_without_logic: float = 0.2,
    seed: int = 0,
) -> Verdict:
    """Drop Java without a variable, or that declares or prints and does little else. Others pass with metrics of 0.

    Shares are of lines of code. Of documents without logic the share `kept_without_logic` stays, drawn by their ids
    and the seed.
    """
    found = counted(docs, "java", counts, 3)
    verdict = Verdict.all_of(
        no_variables=(found.spread.of(found.table[2], "no_variables"), "<=", 0),
        too_many_functions=(found.share(0, "functions"), "<=", max_functions),
        too_many_print_lines=(found.lines_with("System.out.print", "print_lines"), "<=", max_print_lines),
    )
    return no_logic(verdict, found.share(1, "no_logic"), max_no_logic, chances(docs, seed), kept_without_logic)
