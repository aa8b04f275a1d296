"""The table of fields, and the JSON Schema that is made of it, against what the parser takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from attrib.fields import FIELDS, KEYS, M1, schema
from attrib.records.model import Record
from attrib.records.parse import Parser
from attrib.rules.load import load_rules

VALIDATOR = Draft202012Validator(schema())
WORDS = load_rules(["m1"]).words
VALUES: list[Any] = [
    None, "", "-", 0, 1, 200, 999, 1000, -1, 200.0, 500.5, 12.5, -0.5, True, False, "500", "12.5", " 7 ", "-3",
    "ETIMEDOUT", "word", "5O3!", [], {}, [1], {"a": 1}, 10**20, "1e3", "9" * 500,
]  # fmt: skip
LIST_OF_WORDS = ("status", "upstream_status")
"""Fields whose texts only the packs' word lists can tell: any text fits the schema."""


def accepted(line: dict[str, Any]) -> bool:
    return isinstance(Parser(WORDS).parse(json.dumps(line).encode()), Record)


def drifted(line: dict[str, Any], name: str) -> bool:
    parser = Parser(WORDS)
    parser.parse(json.dumps(line).encode())
    return parser.take_tally().type_drift[name] > 0


def test_every_key_means_one_field() -> None:
    assert len(KEYS) == sum(len(field.keys) for field in FIELDS)
    assert [field.name for field in FIELDS if field.m1] == [field.name for field in M1]


def test_the_schema_is_valid_and_describes_every_key_with_its_unit() -> None:
    Draft202012Validator.check_schema(schema())
    properties = schema()["properties"]
    assert properties.keys() == KEYS.keys()
    for key, field in KEYS.items():
        assert field.unit is None or f"({field.unit})" in properties[key]["description"]
        assert key == field.name or f"the same as {field.name}" in properties[key]["description"]


@pytest.mark.parametrize("field", M1, ids=lambda field: field.name)
def test_the_schema_of_an_m1_field_is_what_the_parser_takes(field: Any) -> None:
    for value in VALUES:
        line = {"function": "f", field.name: value}
        fits = VALIDATOR.is_valid(line)
        if field.name in LIST_OF_WORDS and isinstance(value, str):
            assert fits
        elif fits:
            assert accepted(line), value
        elif isinstance(value, str):
            pass  # odd spellings of numbers ("1e3") are read and not recommended
        else:
            assert not accepted(line), value


@pytest.mark.parametrize("field", [f for f in FIELDS if not f.m1], ids=lambda field: field.name)
def test_what_fits_an_optional_field_is_kept(field: Any) -> None:
    for value in VALUES:
        line = {"function": "f", field.name: value}
        assert accepted(line)
        if VALIDATOR.is_valid(line) and field.kind != "time":
            assert not drifted(line, field.name), value


@given(line=st.dictionaries(st.sampled_from(["message", "level", "function", "status", "upstream_status"]), st.none()))
def test_another_programs_line_does_not_fit(line: dict[str, None]) -> None:
    assert VALIDATOR.is_valid(line) == bool(line.keys() & {"function", "status", "upstream_status"}) == accepted(line)
