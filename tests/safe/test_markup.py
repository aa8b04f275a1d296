"""Log text in HTML: escaped for text and attributes alike, and visible to the last character."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.safe import markup
from attrib.safe.display import Display
from attrib.safe.terminal import is_hidden
from tests.reports import samples


class Found(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(html: str) -> Found:
    found = Found()
    found.feed(html)
    found.close()
    return found


@given(st.text(max_size=60))
def test_text_stays_text(value: str) -> None:
    safe = markup.text(value)
    found = parsed(f'<p title="{safe}">{safe}</p>')
    assert found.tags == ["p"]
    assert found.attributes == [("title", found.text)]
    assert not any(is_hidden(char) for char in found.text)
    if value.isascii() and value.isprintable():
        assert found.text == value


@pytest.mark.parametrize("value", samples.HOSTILE)
def test_no_hostile_text_gets_out(value: str) -> None:
    safe = markup.text(value)
    assert not set("<>\"'") & set(safe)
    assert safe.encode()
    assert not any(ord(char) < 32 or ord(char) == 127 or char in "\u202e\u2066\u2028" for char in safe)


def test_display_redacts_first() -> None:
    assert "joe@example.com" not in Display().html("mail <joe@example.com>")
    assert Display(redact=False).html("<joe@example.com>") == "&lt;joe@example.com&gt;"
    assert Display().html("a" * 100, 10) == "a" * 9 + "…"
    assert Display().html("&&&&", 2) == "&amp;…"
