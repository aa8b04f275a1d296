"""Any text becomes a TOML string or key that says the same."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.config.toml import toml_key, toml_string


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    written = toml_string(text)
    assert (
        tomllib.loads(f"a = {written} # {written}\n{toml_key(text)} = 1\n" if text != "a" else f"a = {written}")["a"]
        == text
    )
    assert tomllib.loads(f"{toml_key(text)} = 1") == {text: 1}
    assert written.isprintable()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("payments-api", '"payments-api"'),
        ("Zürich 結帳", '"Zürich 結帳"'),
        ('a"\n]\nown = ["b\\', r'"a\"\n]\nown = [\"b\\"'),
        ("\x1b[2J\x00\u202e", r'"\u001b[2J\u0000\u202e"'),
        ("\U000e0041", r'"\U000e0041"'),
        ("\ud800", r'"\ufffd"'),
    ],
)
def test_what_is_written(text: str, written: str) -> None:
    assert toml_string(text) == written


def test_keys() -> None:
    assert [toml_key(text) for text in ("send-mail_2", "", "a.b", "é")] == ["send-mail_2", '""', '"a.b"', '"é"']
