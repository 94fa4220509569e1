"""OpenCoder's general rules of code; those of one language: opencoder_python, _c, _csharp, _go, _html, _java."""

from pipeline.documents import Documents
from pipeline.filters.opencoder_measures import measures
from pipeline.rules import Verdict, rule, variant

SOURCE = "OpenCoder-llm/opc_data_filtering pipeline/code_filter_config.py"
TESTS = {  # reason: the metric, and the parameter that bounds it
    "too_many_replacement_characters": ("replacement_characters", "max_replacement_characters"),
    "too_few_words": ("words", "min_words"),
    "too_few_chars": ("chars", "min_chars"),
    "too_many_chars": ("chars", "max_chars"),
    "words_too_short": ("mean_word_length", "min_mean_word_length"),
    "words_too_long": ("mean_word_length", "max_mean_word_length"),
    "too_few_unique_words": ("unique_words", "min_unique_words"),
    **{f"top_{n}_gram_too_frequent": (f"top_{n}_gram", f"max_top_{n}_gram") for n in range(2, 5)},
    **{f"too_many_duplicate_{n}_grams": (f"duplicate_{n}_grams", f"max_duplicate_{n}_grams") for n in range(5, 11)},
    "too_many_repeated_lines": ("repeated_lines", "max_repeated_lines"),
    "too_many_bytes": ("bytes", "max_bytes"),
    "too_few_lines": ("lines", "min_lines"),
    "too_many_lines": ("lines", "max_lines"),
    "line_too_long": ("longest_line", "max_line_chars"),
    "lines_too_short": ("mean_line", "min_mean_line_chars"),
    "lines_too_long": ("mean_line", "max_mean_line_chars"),
    "too_few_letters": ("letters", "min_letters"),
    "too_many_digits": ("digits", "max_digits"),
    "too_much_white_space": ("white_space", "max_white_space"),
    "too_many_comments": ("comments", "max_comments"),
    "xml": ("xml_header", "max_xml_headers"),
    "generated": ("generated_marks", "max_generated_marks"),
    "too_many_long_strings": ("long_strings", "max_long_strings"),
    "too_many_string_chars": ("string_chars", "max_string_chars"),
    "too_many_long_words": ("long_words", "max_long_words"),
    "encoded_run_too_long": ("longest_encoded_run", "max_run_chars"),
    "mostly_encoded": ("encoded", "max_encoded"),
    "too_many_hex_words": ("hex_words", "max_hex_words"),
    "too_many_prompting_lines": ("prompting_lines", "max_prompting_lines"),
    "too_many_assert_lines": ("assert_lines", "max_assert_lines"),
}


@rule("opencoder", cites=f"Huang et al. 2024 (OpenCoder), section 2.1; {SOURCE}, others")
def opencoder(
    docs: Documents,
    *,
    max_replacement_characters: float | None = 0.01,
    min_words: int | None = 30,
    min_chars: int | None = 50,
    max_chars: int | None = None,
    min_mean_word_length: float | None = 2,
    max_mean_word_length: float | None = 10,
    min_unique_words: float | None = None,
    max_top_2_gram: float | None = 0.2,
    max_top_3_gram: float | None = 0.18,
    max_top_4_gram: float | None = 0.16,
    max_duplicate_5_grams: float | None = 0.8,
    max_duplicate_6_grams: float | None = 0.7,
    max_duplicate_7_grams: float | None = 0.7,
    max_duplicate_8_grams: float | None = 0.7,
    max_duplicate_9_grams: float | None = 0.7,
    max_duplicate_10_grams: float | None = 0.6,
    max_repeated_lines: float | None = 0.7,
    max_bytes: int | None = 3_000_000,
    min_lines: int | None = 10,
    max_lines: int | None = 100_000,
    max_line_chars: int | None = 1000,
    min_mean_line_chars: float | None = 5,
    max_mean_line_chars: float | None = 100,
    min_letters: float | None = 0.5,
    max_digits: float | None = 0.2,
    max_white_space: float | None = 0.5,
    max_comments: float | None = 0.8,
    max_xml_headers: int | None = 0,
    max_generated_marks: int | None = 0,
    max_long_strings: float | None = 0.2,
    max_string_chars: float | None = 0.6,
    max_long_words: float | None = 0.4,
    max_run_chars: int | None = 1024,
    max_encoded: float | None = 0.5,
    max_hex_words: float | None = 0.4,
    max_prompting_lines: float | None = 0.01,
    max_assert_lines: float | None = 0.4,
) -> Verdict:
    """Drop code that is too small, too regular, generated, encoded, or mostly comments, strings or numbers.

    None turns a bound off. Shares are of visible characters (letters, digits), of code without comments (strings,
    hexadecimal words) or of lines of code; lengths of lines include their newlines.
    """
    bounds = {name: value for name, value in locals().items() if name != "docs"}
    found = measures(docs)
    return Verdict.all_of(
        *found.values(),
        **{
            reason: (found[metric], ">=" if bound.startswith("min") else "<=", bounds[bound])
            for reason, (metric, bound) in TESTS.items()
        },
    )


variant("opencoder", "sql", opencoder, cites=f"{SOURCE}, sql", max_digits=0.3)
variant("opencoder", "go", opencoder, cites=f"{SOURCE}, go", max_assert_lines=None)
variant(
    "opencoder",
    "shell",
    opencoder,
    cites=f"{SOURCE}, shell",
    max_long_strings=None,
    max_string_chars=None,
    max_assert_lines=None,
)
variant(
    "opencoder",
    "html",
    opencoder,
    cites=f"{SOURCE}, html",
    max_duplicate_5_grams=0.6,
    max_duplicate_6_grams=0.6,
    max_duplicate_7_grams=0.6,
    max_duplicate_8_grams=0.6,
    max_duplicate_9_grams=0.6,
    max_comments=None,
    max_long_strings=None,
    max_string_chars=None,
    max_long_words=None,
    max_prompting_lines=None,
    max_assert_lines=None,
)
variant(
    "opencoder",
    "data",
    opencoder,
    cites=f"{SOURCE}, data",
    max_chars=5000,
    min_unique_words=0.4,
    max_long_strings=None,
    max_string_chars=None,
    max_prompting_lines=None,
    max_assert_lines=None,
)
