"""Log text cannot become markup: parsed as Markdown it is text and code, and the same text as before."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from attrib.safe import markdown
from attrib.safe.terminal import visible
from tests.reports.samples import HOSTILE

parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
nasty = st.text(st.sampled_from("`|\\<>&*_[]()!#@$~:/=+-.1 \n\twabAB\u202e\x1b\"'{}^;")) | st.text()
texts = nasty | st.sampled_from(HOSTILE)


def leaves(source: str) -> list[Token]:
    """All tokens, the children of inline ones in their place."""
    return [leaf for token in parser.parse(source) for leaf in (token.children or [token])]


def content(source: str) -> str:
    return "".join(leaf.content for leaf in leaves(source) if leaf.type in ("text", "code_inline"))


@given(texts)
@pytest.mark.parametrize("safe", [markdown.code, markdown.inline, markdown.cell])
def test_nothing_comes_alive_and_nothing_is_lost(safe: object, text: str) -> None:
    source = safe(text)  # type: ignore[operator]
    kinds = {leaf.type for leaf in leaves(source)}
    assert kinds <= {"paragraph_open", "paragraph_close", "text", "code_inline", "inline"}
    assert content(source).strip() == visible(text).strip() or text.isspace()


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_a_table_keeps_its_shape(rows: list[tuple[str, str]]) -> None:
    lines = [f"| {markdown.code(a)} | {markdown.cell(b)} |" for a, b in rows]
    source = "\n".join(["| a | b |", "| --- | --- |", *lines])
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {3}
    tokens = parser.parse(source)
    assert sum(token.type == "tr_open" for token in tokens) == len(rows) + 1
    assert sum(token.type == "td_open" for token in tokens) == 2 * len(rows)


@given(st.lists(texts, max_size=4))
def test_a_fence_is_longer_than_any_in_it(rows: list[str]) -> None:
    (fence,) = parser.parse(markdown.fenced(rows))
    assert fence.type == "fence"
    assert fence.content == "".join(f"{visible(row)}\n" for row in rows)


def test_links_and_mentions_are_broken_by_code() -> None:
    assert markdown.inline("see http://evil.example") == "see http`://`evil.example"
    assert markdown.inline("www.evil.example, @team, #12") == "www`.`evil.example, `@`team, `#`12"


def test_ordinary_words_stay_readable() -> None:
    assert markdown.inline("checkout answered 502 (payments-api: 503) in 31 ms.") == (
        "checkout answered 502 (payments-api: 503) in 31 ms."
    )
    assert markdown.code("payments-api") == "`payments-api`"
    assert markdown.code("") == ""
