"""The bulk check of whole blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.records.parse import Bad, Parser
from attrib.records.validate import bad_lines, count_objects
from tests.records.handmade import WORDS

GOOD = b'{"status": 200, "x": [1, {"y": "\\u00e9"}]}\n'
SEEN = [
    b'{"status": 200,}\n',
    b'{"status": NaN}\n',
    b'{"x": "\\ud800"}\n',
    b"{\n",
    b"text\n",
    b"[1]\n",
    b"null\n",
    b"\0\n",
]
UNSEEN = [b'{"status": 1}{"status": 2}\n', b'{"x": "\xff"}\n']
"""What only the engine's reader refuses; see the module's docstring."""


@pytest.mark.parametrize("bad", SEEN)
def test_a_bad_line_is_found(bad: bytes) -> None:
    assert count_objects(GOOD + bad + GOOD) is None
    assert bad_lines(GOOD + bad + GOOD, 100) == [100 + len(GOOD)]


@pytest.mark.parametrize("line", UNSEEN)
def test_the_known_blind_spots(line: bytes) -> None:
    assert bad_lines(GOOD + line) == []


@given(st.lists(st.sampled_from([GOOD, b"\n", b" \r\n", *SEEN]), max_size=30), st.booleans())
def test_it_names_the_lines_that_the_parser_refuses(lines: list[bytes], cut: bool) -> None:
    block = b"".join(lines)[: -1 if cut else None]
    parser, offset, expected = Parser(WORDS), 0, []
    for line in block.split(b"\n"):
        if isinstance(parser.parse(line), Bad):
            expected.append(offset)
        offset += len(line) + 1
    assert bad_lines(block) == expected
    if not expected:
        assert count_objects(block) == block.count(b"{") - block.count(b'{"y"')
