"""Log text cannot act on a terminal."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from attrib.safe.terminal import as_text, cut, visible

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [/foo] text", "plain [/foo] text"),
        ("über 日本語 🙂", "über 日本語 🙂"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("\u200b\u200d\u2028\ufeff\u061c", r"\u200b\u200d\u2028\ufeff\u061c"),
        ("\U000e0041\ue000\ud800", r"\U000e0041\ue000\ud800"),
        ("a\u034f\u3164\ufe0f", r"a\u034f\u3164\ufe0f"),
    ],
)
def test_what_is_no_ink_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(anything)
def test_no_control_of_any_kind_survives(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert visible(shown) == shown
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(anything)
def test_rich_prints_the_text_and_nothing_else(text: str) -> None:
    out = io.StringIO()
    console = Console(file=out, width=100_000, force_terminal=True, color_system="standard", _environ={})
    console.print(as_text(text, "bold"), soft_wrap=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()).rstrip("\n") == visible(text)


def test_a_cut_text_says_so() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"
    assert cut("abcdef", None) == "abcdef"
