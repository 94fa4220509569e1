"""licence_header: what is cut, and RedPajama's formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.filters.licence_header import licence_header, licence_header_redpajama
from pipeline.rules import Verdict
from tests.filters.plain_code import without_copyright
from tests.strategies import documents_of, texts

LICENCE = "/*\n * Copyright 2024 The Mill\n */\n"
pieces = st.sampled_from(
    ["// a", "# Copyright", "-- b", "\n", "\n", "\n", " ", "\t", "\u3000", "\x1c", "/* COPYRIGHT", "/*", "*/", "*", "x"]
)
headers = st.one_of(st.lists(pieces, max_size=30).map("".join), texts)


def edited(verdict: Verdict, text: str) -> str:
    return str(verdict.edit.text.to_arrow().to_pylist()[0]) if verdict.edit and len(verdict.edit.rows) else text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (LICENCE + "\nint mill;\n", "int mill;\n"),
        ("\n\n" + LICENCE + "int mill;\n", "\n\nint mill;\n"),
        ("// Copyright 2024\n// All rights reserved\n\n// The mill.\nint mill;", "// The mill.\nint mill;"),
        ("#!/bin/sh\n# Copyright 2024\n# The Mill\necho mill", "#!/bin/sh\necho mill"),
        ("<?php\n" + LICENCE + "echo 1;", "<?php\necho 1;"),
        ("<!-- SPDX-License-Identifier: MIT -->\n<p>mill", "<p>mill"),
        (LICENCE + "// Licensed under MIT\n" + "int mill;", "int mill;"),
        ("-- Copyright 2024\nmill", "mill"),
        (";; Copyright 2024\n(mill)", "(mill)"),
        ("% Copyright 2024\n  % The Mill\nmill", "mill"),
        ("/* The mill. */\nint mill; " + LICENCE, None),
        ("# coding: utf-8\n\n# Copyright 2024\n\n# The mill.\nmill", "# coding: utf-8\n\n# The mill.\nmill"),
        ("# a\n\n# b\n\n# Copyright 2024\nmill", "# a\n\n# b\n\nmill"),
        ("# a\n\n# b\n\n# c\n\n# Copyright 2024\nmill", None),
        ("# The mill.\nmill = 1\n# Copyright 2024\n", None),
        ("/* Copyright that never ends\nint mill;", None),
        ("copyright = 2024\n", None),
        ("", None),
        ("#!/bin/sh", None),
        ("<", None),
        (LICENCE, ""),
    ],
)
def test_the_first_comments_of_a_licence_are_cut(text: str, left: str | None) -> None:
    verdict = licence_header(documents_of([text]))
    assert edited(verdict, text) == (text if left is None else left)
    cut = len(text.encode()) - len(edited(verdict, text).encode())
    assert verdict.metrics["header_bytes"].tolist() == [float(cut)]


@given(headers, headers)
def test_redpajamas_cut_is_the_plain_one(text: str, other: str) -> None:
    verdict = licence_header_redpajama(documents_of([text, other]))
    found = {0: text, 1: other}
    if verdict.edit:
        found |= dict(zip(verdict.edit.rows.tolist(), verdict.edit.text.to_arrow().to_pylist(), strict=True))
    assert [found[0], found[1]] == [without_copyright(text), without_copyright(other)]


def test_a_block_comment_is_looked_for_in_a_hundred_lines() -> None:
    for lines, cut in ((99, True), (100, False)):
        text = "x\n" * (lines - 1) + "/* Copyright\n*/\ny"
        assert (edited(licence_header_redpajama(documents_of([text])), text) != text) == cut
        assert edited(licence_header_redpajama(documents_of([text])), text) == without_copyright(text)


def test_a_header_can_be_measured_without_being_cut() -> None:
    verdict = licence_header(documents_of([LICENCE + "int mill;"]), cut=False)
    assert verdict.edit is None
    assert verdict.metrics["header_bytes"].tolist() == [float(len(LICENCE))]
