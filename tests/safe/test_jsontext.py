"""JSON keeps every text and still shows a terminal no control."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.safe.jsontext import dumps

anything = st.text(st.characters(exclude_categories=()))


@given(st.dictionaries(anything, anything | st.none() | st.integers() | st.lists(anything)))
def test_nothing_is_lost_and_nothing_can_act(value: dict[str, object]) -> None:
    for indent in (None, 2):
        text = dumps(value, indent=indent)
        # Two surrogates side by side mean one character in JSON, however they were written.
        assert json.loads(text) == json.loads(json.dumps(value))
        assert not {unicodedata.category(c) for c in text.replace("\n", "")} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        text.encode()


def test_no_number_that_json_lacks() -> None:
    with pytest.raises(ValueError, match="JSON"):
        dumps({"a": float("nan")})


def test_a_script_stays_readable() -> None:
    assert dumps({"name": "größe 日本"}) == '{"name": "größe 日本"}'
