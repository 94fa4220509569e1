"""datatrove's reasons by our names for them."""

REASONS = {
    "gopher_quality": {
        "gopher_short_doc": "too_few_words",
        "gopher_long_doc": "too_many_words",
        "gopher_below_avg_threshold": "words_too_short",
        "gopher_above_avg_threshold": "words_too_long",
        "gopher_too_many_hashes": "too_many_hashes",
        "gopher_too_many_ellipsis": "too_many_ellipses",
        "gopher_too_many_bullets": "too_many_bullet_lines",
        "gopher_too_many_end_ellipsis": "too_many_ellipsis_lines",
        "gopher_below_alpha_threshold": "too_few_alphabetic_words",
        "gopher_enough_stop_words": "too_few_stop_words",
    },
    "gopher_repetition": {
        "dup_para_frac": "too_many_duplicate_paragraphs",
        "dup_para_char_frac": "too_many_duplicate_paragraph_chars",
        "dup_line_frac": "too_many_duplicate_lines",
        "dup_line_char_frac": "too_many_duplicate_line_chars",
        **{f"top_{n}_gram": f"top_{n}_gram_too_frequent" for n in range(2, 5)},
        **{f"duplicated_{n}_n_grams": f"too_many_duplicate_{n}_grams" for n in range(5, 11)},
    },
    "c4_quality": {name: name for name in ("lorem_ipsum", "curly_bracket", "too_few_sentences")},
    "fineweb_quality": {
        "empty": "no_lines",
        "line_punct_ratio": "too_few_ended_lines",
        "short_line_ratio": "too_many_short_lines",
        "char_dup_ratio": "too_many_duplicate_line_chars",
        "list_ratio": "too_many_newlines",
    },
}
