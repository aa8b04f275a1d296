"""One line at a time: what becomes of it, and of each field."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.fields import FIELDS, KEYS
from attrib.records.model import Record
from attrib.records.parse import BLANK, MAX_NAMES, SKIPPED, Bad, Other, Parser
from tests.records.handmade import WORDS


def parse(line: bytes | dict[str, Any], *, unterminated: bool = False) -> Record | Bad | Other:
    data = line if isinstance(line, bytes) else json.dumps(line).encode()
    return Parser(WORDS).parse(data, unterminated=unterminated)


def record(line: bytes | dict[str, Any]) -> Record:
    result = parse(line)
    assert isinstance(result, Record), result
    return result


def value(name: str, text: str) -> Any:
    """What a field holds after reading a line in which it is written as `text`."""
    return getattr(record(b'{"function": "f", "%s": %s}' % (name.encode(), text.encode())), name)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"status": 200,}', "invalid_json"),
        (b'{"status": 200} // why', "invalid_json"),
        (b'{"status": NaN}', "invalid_json"),
        (b'{"status": -Infinity}', "invalid_json"),
        (b'{"status": 0200}', "invalid_json"),
        (b'{"status": 2.}', "invalid_json"),
        (b'{"status": +2}', "invalid_json"),
        (b"{'status': 2}", "invalid_json"),
        (b'{"status": 200}{"status": 200}', "invalid_json"),
        (b'{"function": "\\ud800"}', "invalid_json"),
        (b'{"function": "\\udc00\\ud800"}', "invalid_json"),
        (b'{"function": "a\x01b"}', "invalid_json"),
        (b'{"function": "a\tb"}', "invalid_json"),
        (b'{"function": "\\x41"}', "invalid_json"),
        (b'{"x": 1e400, "function": "\\ud800"}', "invalid_json"),
        (b'{"x": 1e400, "status": NaN}', "invalid_json"),
        (b"\xef\xbb\xbf{}", "invalid_json"),
        (b"\x0c", "invalid_json"),
        (b"\x00\x00", "invalid_json"),
        (b'{"function": "\xff"}', "invalid_utf8"),
        (b'{"\xff": 1}', "invalid_utf8"),
        (b'{"function": "\xed\xa0\x80"}', "invalid_utf8"),
        (b"not json \xe2\x82", "invalid_utf8"),
        (b"[]", "not_object"),
        (b"null", "not_object"),
        (b" 42 \r", "not_object"),
    ],
)
def test_quarantined(line: bytes, reason: str) -> None:
    assert parse(line) == Bad(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", [b'{"status": 20', b'{"function": "caf\xc3', b"Traceback (most"])
def test_a_cut_last_line_is_truncated(line: bytes) -> None:
    assert parse(line, unterminated=True) == Bad("truncated_line")


def test_a_damaged_last_line_is_not_merely_cut() -> None:
    assert parse(b'{"function": "\xff"}', unterminated=True) == Bad("invalid_utf8")
    assert parse(b"[1]", unterminated=True) == Bad("not_object")


@pytest.mark.parametrize("line", [b"", b" ", b"\r", b" \t\r"])
def test_blank(line: bytes) -> None:
    assert parse(line) is BLANK


@pytest.mark.parametrize("line", [b"{}", b'{"request_id": "r", "latency_ms": -1}', b'{"Status": 500}'])
def test_another_programs_line_is_skipped(line: bytes) -> None:
    assert parse(line) is SKIPPED


@pytest.mark.parametrize("key", ["function", "status", "upstream_status"])
def test_one_key_makes_a_record_even_when_null(key: str) -> None:
    assert isinstance(parse({key: None}), Record)


def nested(levels: int) -> bytes:
    """A record whose deepest array is at that level, the object being the first."""
    return b'{"status": 200, "x": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize("levels", [2, 500, 1000, 1024])
def test_deep_enough(levels: int) -> None:
    assert isinstance(parse(nested(levels)), Record)


@pytest.mark.parametrize("levels", [1025, 5000, 100_000])
def test_too_deep(levels: int) -> None:
    assert parse(nested(levels)) == Bad("too_deep")


def test_depth_does_not_hang_on_the_interpreters_limit() -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    try:
        assert parse(nested(1025)) == Bad("too_deep")
        assert isinstance(parse(nested(1024)), Record)
        assert sys.getrecursionlimit() == 10_000
    finally:
        sys.setrecursionlimit(before)


def test_brackets_in_strings_are_no_depth() -> None:
    assert isinstance(parse({"status": 200, "x": '[{"\\' * 2000}), Record)
    assert isinstance(parse({"status": 200, "x": [[]] * 3000}), Record)


@pytest.mark.parametrize(
    ("text", "status", "word"),
    [
        ("500", 500, None), ("0", 0, None), ("999", 999, None), ("500.0", 500, None), ("5e2", 500, None),
        ('"500"', 500, None), ('"000"', 0, None), ('"500.0"', 500, None), ("null", None, None), ('""', None, None),
        ('"-"', None, None), ('"timeout"', None, "timeout"), ('"Timed Out"', None, "Timed Out"),
        ('"ETIMEDOUT"', None, "ETIMEDOUT"),
    ],
)  # fmt: skip
def test_status(text: str, status: int | None, word: str | None) -> None:
    for name in ("status", "upstream_status"):
        found = record(b'{"%s": %s}' % (name.encode(), text.encode()))
        held = (found.status, found.status_word) if name == "status" else (found.upstream_status, found.upstream_word)
        assert held == (status, word)


@pytest.mark.parametrize(
    "text",
    ["1000", "-1", "500.5", "true", "false", "[200]", "{}", '"5O3!"', '"500.5"', '"-1"', '"1e9"', '"5_0"', '"٥"', '" "',
     "1" * 30, "1e400", "1" * 5000, '"0x1F4"', '"502, 200"'],
)  # fmt: skip
def test_no_status(text: str) -> None:
    for name in ("status", "upstream_status"):
        assert parse(b'{"%s": %s}' % (name.encode(), text.encode())) == Bad("bad_value", name)


def test_words_only_an_upstream_may_have() -> None:
    for word in ("ECONNREFUSED", "weird-thing", "connect ECONNREFUSED 10.0.0.1:8080", "Überlast"):
        assert parse({"status": word}) == Bad("bad_value", "status")
        assert record({"upstream_status": word}).upstream_word == word
    assert parse({"upstream_status": "x" * 1000}) == Bad("bad_value", "upstream_status")


@pytest.mark.parametrize("name", ["latency_ms", "upstream_latency_ms"])
def test_latency(name: str) -> None:
    held = {"12": 12.0, "12.5": 12.5, "0": 0.0, "-0.0": 0.0, '"12.5"': 12.5, '" .5"': 0.5, '"12."': 12.0,
            '"1e-3"': 0.001, "1e308": 1e308,
            "null": None, '""': None, '"-"': None}  # fmt: skip
    for text, number in held.items():
        assert value(name, text) == number
        assert value(name, text) is None or isinstance(value(name, text), float)
    refused = [
        "-1",
        "-0.1",
        "1e400",
        '"1e400"',
        "true",
        "[1]",
        '"12 ms"',
        '"NaN"',
        '"inf"',
        '" "',
        "1" * 400,
        "1" * 5000,
    ]
    for text in refused:
        assert parse(b'{"status": 200, "%s": %s}' % (name.encode(), text.encode())) == Bad("bad_value", name)


@pytest.mark.parametrize("name", ["request_id", "function", "stage", "error_code"])
def test_texts(name: str) -> None:
    held = {'"a"': "a", "90210": "90210", "-5": "-5", "12.0": "12", "null": None, '""': None, '" "': " ",
            "1" * 30: "1" * 30, "1" * 5000: "1" * 5000}  # fmt: skip
    for text, plain in held.items():
        assert value(name, text) == plain
        assert type(value(name, text)) in (str, type(None))
    assert value(name, '"-"') == (None if name == "error_code" else "-")
    for text in ("true", "12.5", "[]", '["E"]', "{}", "1e300", "1e400"):
        assert parse(b'{"status": 200, "%s": %s}' % (name.encode(), text.encode())) == Bad("bad_value", name)


def test_the_last_of_two_keys_wins() -> None:
    assert record(b'{"status": "no", "status": 500}').status == 500
    assert parse(b'{"status": 500, "status": "no"}') == Bad("bad_value", "status")


def test_optional_fields_and_their_other_names() -> None:
    found = record(
        {
            "function": "f", "service.name": "shop", "upstream": "-", "peer.service": "pay", "attempt": "2",
            "host": "h1",
            "version": "1.2", "region": "eu", "env": "prod", "pod": 7, "queued_ms": 3, "sample_rate": 0.1,
            "retries": 2.0, "level": "", "tenant": "acme", "idempotency_key": "k",
        }
    )  # fmt: skip
    assert (found.service, found.upstream, found.attempt, found.queued_ms, found.level) == ("shop", "pay", 2, 3.0, None)
    assert found.extra["tenant"] == hashlib.sha256(b"acme").hexdigest()[:16]
    assert len(found.extra.pop("idempotency_key")) == len(found.extra.pop("tenant")) == 16
    assert found.extra == {
        "host.name": "h1", "service.version": "1.2", "cloud.region": "eu", "deployment.environment": "prod",
        "k8s.pod.name": "7", "sample_rate": 0.1, "retry_count": 2,
    }  # fmt: skip


def test_an_optional_field_of_another_type_is_dropped_and_counted() -> None:
    parser = Parser(WORDS)
    line = {"status": 200, "labels": [1], "service": {"a": 1}, "attempt": "x", "queued_ms": -1, "traceparent": "00-1"}
    found = parser.parse(json.dumps(line).encode())
    assert isinstance(found, Record)
    assert (found.labels, found.service, found.attempt, found.queued_ms, found.trace_id) == (None,) * 5
    drift = parser.take_tally().type_drift
    assert drift == {"labels": 1, "service": 1, "attempt": 1, "queued_ms": 1, "traceparent": 1}


def test_a_refused_line_leaves_no_counts_behind() -> None:
    parser = Parser(WORDS)
    assert parser.parse(b'{"status": "200", "latency_ms": -1, "ts": "x", "foo": 1}') == Bad("bad_value", "latency_ms")
    assert isinstance(parser.parse(b'{"status": 200}'), Record)
    tally = parser.take_tally()
    assert (tally.type_drift, tally.unknown_fields, tally.unreadable_time) == ({}, {}, 0)


def test_labels() -> None:
    found = record({"status": 200, "labels": {"a": "x", "b": 1, "c": True, "d": None, "e": [1], "f": 1.5, "g": 2.0}})
    assert found.labels == {"a": "x", "b": "1", "c": "true", "f": "1.5", "g": "2"}
    parser = Parser(WORDS, labels=["zone", "absent"])
    kept = parser.parse(b'{"status": 200, "zone": "z1", "colour": 1}')
    assert isinstance(kept, Record)
    assert kept.extra == {"label.zone": "z1"}
    assert parser.take_tally().unknown_fields == {"colour": 1}


def test_traceparent() -> None:
    header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    found = record({"status": 200, "traceparent": header})
    assert (found.trace_id, found.parent_span_id) == ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
    given_too = record({"traceparent": header, "status": 200, "trace_id": "t"})
    assert (given_too.trace_id, given_too.parent_span_id) == ("t", "00f067aa0ba902b7")
    for broken in ("ff" + header[2:], header + "-x", header.upper(), "00-" + "0" * 32 + header[35:], 5):
        assert record({"status": 200, "traceparent": broken}).trace_id is None


def test_times_of_a_line() -> None:
    parser = Parser(WORDS)
    lines: list[tuple[dict[str, Any], int | None]] = [
        ({"ts": "2026-11-20T14:00:00Z", "time": "x"}, 1795183200000000),
        ({"ts": None, "timestamp": "-", "time": 1795183200}, 1795183200000000),
        ({"ts": "x", "time": "2026-11-20T14:00:00Z"}, None),
        ({"@timestamp": "2026-11-20 14:00:00"}, 1795183200000000),
        ({"ts": ["2026-11-20T14:00:00Z"]}, None),
        ({}, None),
    ]
    for keys, ts in lines:
        found = parser.parse(json.dumps({"status": 200, **keys}).encode())
        assert isinstance(found, Record)
        assert found.ts == ts
    tally = parser.take_tally()
    assert (tally.unreadable_time, tally.zone_less_time) == (2, 1)


def test_unknown_fields_are_counted_by_name() -> None:
    parser = Parser(WORDS)
    for n in range(3000):
        parser.parse(json.dumps({"status": 200, f"k{n}": 1, "often": {"a": 1}}).encode())
    parser.parse(json.dumps({"status": 200, "n" * 50_000: 1}).encode())
    parser.parse(b'{"other": 1}')
    tally = parser.take_tally()
    assert tally.unknown_fields["often"] == 3000
    assert len(tally.unknown_fields) == MAX_NAMES
    assert tally.names_dropped
    assert "other" not in tally.unknown_fields
    assert max(map(len, tally.unknown_fields)) <= 201
    assert parser.take_tally().unknown_fields == {}


def test_every_key_means_one_field() -> None:
    keys = [key for field in FIELDS for key in field.keys]
    assert len(keys) == len(set(keys)) == len(KEYS)
    assert {"zone", "colour", "request"}.isdisjoint(KEYS)


PLAIN = {"request_id": "r", "function": "f", "stage": "s", "status": 200, "latency_ms": 1.5, "labels": {"a": "b"}}


@given(st.permutations([*PLAIN.items(), ("ts", 1795183200), ("service", "x"), ("foo", [1]), ("bar", None)]))
def test_the_order_of_keys_and_extra_fields_change_no_record(items: list[tuple[str, Any]]) -> None:
    usual = record({**PLAIN, "ts": 1795183200, "service": "x"})
    assert record(dict(items)) == usual
    assert record(json.dumps(dict(items)).encode() + b" \r") == usual


def strict(line: bytes) -> Any:
    """The standard library's reading, made as strict as the contract; raises ValueError."""

    def refuse(literal: str) -> NoReturn:
        raise ValueError(literal)

    found = json.loads(line.decode("utf-8"), parse_constant=refuse)
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    return found


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=8)
names = st.sampled_from(["status", "function", "latency_ms", "x"]) | st.text(max_size=4)
trees = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=6)
objects = st.dictionaries(names, trees)
bits = st.sampled_from([b",", b'"', b"\\", b"]", b"}", b"0", b"-", b"e9", b"NaN", b"\\ud800", b"\xff", b"\x00", b" "])


@given(objects | trees, st.booleans(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), bits), max_size=2))
def test_json_is_what_the_standard_library_strictly_takes(tree: Any, ascii_only: bool, edits: Any) -> None:
    line = json.dumps(tree, ensure_ascii=ascii_only).encode()
    for at, gone, new in edits:
        line = line[:at] + new + line[at + gone :]
    result = parse(line)
    if result is BLANK:
        assert not line.strip(b" \t\r")
        return
    try:
        expected = strict(line)
    except ValueError:
        assert isinstance(result, Bad)
        assert result.reason in ("invalid_json", "invalid_utf8")
    else:
        if not isinstance(expected, dict):
            assert result == Bad("not_object")
        elif {"function", "status", "upstream_status"} & expected.keys():
            assert isinstance(result, Record) or (isinstance(result, Bad) and result.reason == "bad_value")
        else:
            assert result is SKIPPED
