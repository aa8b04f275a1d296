"""What DuckDB's JSON reader lets pass, coerces or overlooks: both paths must say the same of every such line.

Each case is one or more odd lines among ordinary ones, put before and behind the lines that the sample shows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engines.both import SAMPLED, as_is, assert_agree, canonical, general, in_parts, together

AT = "2026-11-20T14:00:{:02}.{:03}Z"


def usual(number: int, **fields: Any) -> dict[str, Any]:
    """A line of the kind that most of a log is made of."""
    failed = number % 5 == 4
    return {
        "request_id": f"01968e4c-5f00-7abc-8def-{number:012}",
        "ts": AT.format(number % 60, number),
        "function": ("checkout", "search")[number % 2],
        "status": 503 if failed else 200,
        "latency_ms": 40.5 + number,
        "upstream": "payments-api",
        "upstream_status": 503 if failed else 200,
        "upstream_latency_ms": 12.5,
        **fields,
    }


def raw(field: str, value: str) -> bytes:
    """A usual line with one value as it stands, JSON or not."""
    line = json.dumps({**usual(90), field: "@@"})
    return line.replace('"@@"', value).encode()


PLAIN = [usual(number) for number in range(12)]
EDGES = [usual(number, latency_ms=number % 3, upstream_latency_ms=number % 2) for number in range(12)]
"""Latencies of exactly 0 and 1: what true and false become where numbers are read."""
TEXTS = [usual(number, status=str(200 + number % 2), latency_ms=str(number), stage="response") for number in range(12)]
SHORT = [usual(number, request_id=f"r{number % 7}") for number in range(12)]
BASES = {"plain": PLAIN, "edges": EDGES, "texts": TEXTS, "short": SHORT}

FIELDS = ("request_id", "function", "stage", "status", "latency_ms", "error_code", "upstream_status",
          "upstream_latency_ms", "ts", "upstream", "service", "attempt", "span_id")  # fmt: skip
FORMS = ['""', '"-"', "null", "true", "false", "500.5", "500.0", "-1", "-0", "0", "1", "1e400", "-1e400", "1e3", "NaN",
         "Infinity", "-Infinity", '"500"', '" 12.5 "', '"5."', '".5"', '"1_0"', '"+5"', '"-5"', '"0x10"', '"1e2"',
         '"NaN"', '"inf"', '"Infinity"', '"true"', '"\\u00a05"', '"\\t5"', '"5\\u000b"', "[]", "[1]", "{}", '{"a":1}',
         '"[1]"', '"{}"', '"1.5"', '"ETIMEDOUT"', '"timeout"', '"what ever"', "12345678901234567890123",
         "123456789012345678.5", "1.2345678901234567e-100", "1234567890.1234567890123456789e400", '"\\ud800"',
         '"\\u0000"', '"a\\u0000b"', '"\\u00e9"', '"99999"', "1000", "999", '"200"', '"0200"', "200", '"1e999"',
         '"1e-999"', '"1e301"', "1e301", "1e-320"]  # fmt: skip
"""Values, each tried in every field."""

TIMES = ['"2026-11-20T14:00:00Z"', '"2026-11-20T14:00:00.1Z"', '"2026-11-20T14:00:00.12Z"',
         '"2026-11-20T14:00:00.123456Z"', '"2026-11-20T14:00:00.123456789Z"', '"2026-11-20T14:00:00.1234567890Z"',
         '"2026-11-20T14:00:00"', '"2026-11-20 14:00:00"', '"2026-11-20T14:00:00+01:00"', '"2026-11-20T14:00:00-0530"',
         '"2026-11-20T14:00:00+01"', '"2026-11-20T24:00:00Z"', '"2026-11-20T24:00:00.000Z"', '"2026-11-20T23:59:60Z"',
         '"2026-11-20T23:59:60.000Z"', '"2026-11-20T23:59:61.000Z"', '"2026-11-20T4:00:00Z"',
         '"2026-11-20T4:00:00.000Z"',
         '"2026-11-20T14:00:0.000Z"', '"2026-1-20T14:00:00.000Z"', '"2026-11-20T1:00:00.0000Z"',
         '"2026-02-30T14:00:00.000Z"',
         '"2026-02-29T14:00:00.000Z"', '"2024-02-29T14:00:00.000Z"', '"2026-13-20T14:00:00.000Z"',
         '"2026-11-20T14:00:00.000z"', '"2026-11-20t14:00:00.000Z"', '" 2026-11-20T14:00:00.000Z"',
         '"2026-11-20T14:00:00,000Z"', '"2026-11-20T14:00:00.00 Z"', '"2026-11-20T14:00:00.-12Z"',
         '"+026-11-20T14:00:00.000Z"',
         '"0000-11-20T14:00:00.000Z"', '"0001-01-01T00:00:00.000Z"', '"9999-12-31T23:59:59.999Z"', '"20261120T140000Z"',
         '"2026-11-20T14:00Z"', '"2026-11-20"', '"Nov 20 14:00:00"', '"yesterday"', '"infinity"', '"epoch"',
         '"1763647200"', '"1763647200.5"', "1763647200", "1763647200123", "1763647200.5", "1763647200123456789", "-5",
         "true", "[1]", '{"a":1}', '"2026-11-20T14:00:00.000+14:00"', '"2026-11-20T14:00:00.000+23:59"',
         '"2026-11-20T14:00:00.000+15:59"', '"2026-11-20T14:00:00.000+24:00"', '"2026-11-20T14:60:00.000Z"',
         '"2026-11-20T14:00:00.000UTC"', '"2026-11-20T14:00:00 UTC"', '"1969-12-31T23:59:59.999Z"',
         '"\\u0662026-11-20T14:00:00.00Z"']  # fmt: skip

LINES: dict[str, list[bytes]] = {
    "trailing comma": [b'{"function":"f","status":200,}'],
    "trailing comma in a list": [b'{"function":"f","status":200,"x":[1,]}'],
    "nan unknown": [b'{"function":"f","status":200,"x":NaN}'],
    "infinity unknown": [b'{"function":"f","status":200,"x":-Infinity}'],
    "nan nested": [b'{"function":"f","status":200,"x":{"y":[nan]}}'],
    "huge number unknown": [b'{"function":"f","status":200,"x":1e400}'],
    "surrogate unknown": [b'{"function":"f","status":200,"x":"\\ud800"}'],
    "surrogate pair": [b'{"function":"f\\ud83d\\ude00","status":200}'],
    "surrogate in a key": [b'{"function":"f","status":200,"\\udc00":1}'],
    "escaped key": [b'{"\\u0066unction":"f","\\u0073tatus":500}'],
    "utf-8 value": [b'{"function":"\xff","status":200}'],
    "utf-8 unknown": [b'{"function":"f","status":200,"x":"\xff"}'],
    "utf-8 overlong": [b'{"function":"f","status":200,"x":"\xc0\xaf"}'],
    "utf-8 surrogate": [b'{"function":"f","status":200,"x":"\xed\xa0\x80"}'],
    "utf-8 key": [b'{"function":"f","status":200,"\xff":1}'],
    "utf-8 good": ['{"function":"zürich","status":500}'.encode()],
    "two values": [b'{"function":"f","status":200}{"function":"g","status":500}'],
    "two values, spaced": [b'{"function":"f","status":200} {"function":"g","status":500}'],
    "two values over a line": [b'{"function":"f","status":200} {"function":"g",', b'"status":500}'],
    "one value over two lines": [b'{"function":"f",', b'"status":500}'],
    "value over a blank": [b'{"function":"f"', b"", b',"status":500}'],
    "two and over": [b'{"function":"f","status":200}{"function":"g","status":500}', b'{"function":"f"', b"}"],
    "null": [b"null"],
    "true": [b"true"],
    "number": [b"5"],
    "string": [b'"function"'],
    "list": [b'[{"function":"f","status":200}]'],
    "empty object": [b"{}"],
    "nothing known": [b'{"level":"info","msg":"function"}'],
    "another program": [b'{"level":"info","msg":"\\"function\\":"}', b'{"msg":"status"}', b'{"a":{"status":200}}'],
    "null keys": [b'{"function":null}', b'{"status":null,"x":1}'],
    "null key escaped": [b'{"\\u0066unction":null}'],
    "empty name": [b'{"function":"","status":null}', b'{"function":"-"}', b'{"upstream_status":"-"}'],
    "duplicate known key": [b'{"function":"f","status":200,"status":500}'],
    "duplicate known key, null last": [b'{"function":"f","status":500,"status":null}'],
    "duplicate key, null first": [b'{"function":"f","status":null,"status":500}'],
    "duplicate key, escaped": [b'{"function":"f","status":200,"\\u0073tatus":500}'],
    "duplicate unknown key": [b'{"function":"f","status":500,"x":1,"x":2}'],
    "key of other case": [b'{"Function":"f","STATUS":500}', b'{"function":"f","Status":500,"status":200}'],
    "blank lines": [b"", b"  ", b"\t", b"\r", b" \t\r"],
    "other blanks": [b"\x0b", b"\x0c", "\u00a0".encode(), "\u2028".encode(), b"\x00"],
    "carriage returns": [b'{"function":"f","status":500}\r', b'{"function":"f",\r"status":500}', b"\r{}\r"],
    "form feed in a line": [b'{"function":"f",\x0c"status":500}'],
    "bom late": [b'\xef\xbb\xbf{"function":"f","status":500}'],
    "nul behind": [b'{"function":"f","status":500}\x00'],
    "nul alone": [b"\x00" * 40],
    "nul in text": [b'{"function":"f\x00","status":500}'],
    "tab in text": [b'{"function":"f\tg","status":500}'],
    "delimiter in text": [b'{"level":"\x01 info"}', b'{"level":"\\u0001 info"}'],
    "comment": [b'{"function":"f","status":500} // note', b'# {"function":"f"}', b'/* */ {"function":"f"}'],
    "single quotes": [b"{'function':'f','status':500}"],
    "unquoted key": [b'{function:"f","status":500}'],
    "numbers no JSON": [b'{"function":"f","status":0500}', b'{"function":"f","status":+500}',
                        b'{"function":"f","latency_ms":.5}', b'{"function":"f","latency_ms":5.}',
                        b'{"function":"f","x":01}', b'{"function":"f","x":0x1}'],
    "literal of other case": [b'{"function":"f","status":Null}', b'{"function":"f","x":TRUE}'],
    "truncated": [b'{"function":"f","sta'],
    "text": [b"Traceback (most recent call last):", b"  File x", b"ValueError: {}"],
    "depth 500": [b'{"function":"f","status":500,"x":' + b"[" * 500 + b"]" * 500 + b"}"],
    "depth 1020": [b'{"function":"f","status":500,"x":' + b"[" * 1020 + b"]" * 1020 + b"}"],
    "depth 1100": [b'{"function":"f","status":500,"x":' + b"[" * 1100 + b"]" * 1100 + b"}"],
    "depth 100000": [b"[" * 100_000],
    "alias": [json.dumps({"peer.service": "mail-api", "function": "f", "status": 500,
    "upstream_status": 500}).encode()],
    "aliases": [b'{"function":"f","upstream":"-","upstream_name":"mail","upstream_status":503,"status":503}',
                b'{"function":"f","upstream":"a","peer.service":"b","upstream_status":503,"status":503}'],
    "service alias": [b'{"function":"f","status":500,"service.name":"payments-api"}'],
    "other time": [b'{"function":"f","status":500,"timestamp":"2026-11-20T15:00:00Z"}'],
    "two times": [b'{"function":"f","status":500,"ts":"-","time":"2026-11-20T15:00:00Z"}',
                  b'{"function":"f","status":500,"ts":"2026-11-20T15:00:00.000Z","@timestamp":"2026-11-20T16:00:00Z"}'],
    "attempt": [b'{"function":"f","status":503,"attempt":3,"upstream_status":503,"latency_ms":900}'],
    "attempt text": [b'{"function":"f","status":503,"attempt":"2","upstream_status":503}'],
    "spans late": [json.dumps(usual(50 + n % 2, span_id=f"s{n}", status=200)).encode() for n in range(4)],
    "spans late, failed": [json.dumps(usual(50 + n % 2, span_id=f"s{n}", status=500)).encode() for n in range(4)],
    "span alias late": [json.dumps({**usual(50), "spanId": f"s{n}", "latency_ms": 9.5 + n}).encode() for n in range(4)],
    "parents": [json.dumps(usual(50, span_id="a", parent_span_id=None, stage="start", status=None)).encode(),
                json.dumps(usual(50, span_id="b", parent_span_id="a")).encode(),
                json.dumps(usual(50, span_id="c", parent_span_id="a", status=None)).encode()],
    "another program's lines of the same request": [b'{"request_id":"r2","msg":"x"}',
        json.dumps({"request_id": usual(2)["request_id"], "msg": "y"}).encode()],
    "odd spans": [json.dumps(usual(50, span_id=span)).encode() for span in (1.0, 1, True, [1], "1", "1.0", {"a": 1})],
    "copies": [json.dumps(usual(2)).encode(), b"  " + json.dumps(usual(3)).encode() + b"\t"],
    "same id, another function": [json.dumps(usual(2, function="mail")).encode()],
    "same id, later": [json.dumps(usual(2, ts="2026-11-20T18:00:00.000Z")).encode()],
    "stages": [json.dumps(usual(70, stage=stage, status=status, upstream_status=200)).encode()
               for stage, status in (("start", None), ("payment", None), ("response", 200))],
    "never answered": [json.dumps(usual(71, stage="start", status=None, upstream_status=None)).encode()] * 2,
    "late claim": [json.dumps(usual(4, stage="exception", error_code="UPSTREAM_TIMEOUT", status=None)).encode()],
    "hosts": [json.dumps(usual(60 + n, upstream_status="ENOTFOUND", status=502, **{"host.name": f"h{n}"})).encode()
              for n in range(3)],
    "hosts by alias": [json.dumps(usual(60 + n, upstream_status="ENOTFOUND", status=502,
                                        **{("pod", "hostname")[n % 2]: f"h{n}"})).encode() for n in range(3)],
    "host twice": [b'{"function":"checkout","status":500,"host":"a","host":"b"}'],
    "fields of other types": [json.dumps(usual(61, region=5, version=1.50, tenant=7, feature_flag=True)).encode(),
                              json.dumps(usual(62, region="5", version="1.50", tenant="7", flag="true")).encode(),
                              json.dumps(usual(63, region=" eu", host=["a"], pod={"a": 1}, labels={"a": [1], "b": True,
                                                                                                  "c": 1e3})).encode(),
                              json.dumps(usual(64, host="-", hostname="", host_name="h", env=-0.0, flag=-0)).encode()],
    "labels with odd names": [json.dumps(usual(61, labels={"a'b": "x", 'c"d': None, "é": ""})).encode()],
    "unknown fields": [b'{"function":"f","status":500,"cart":1,"a b":null,"\\n":1}', b'{"level":"x","other":1}'],
    "unknown field escaped": [b'{"function":"f","status":500,"c\\u0061rt":1}'],
    "reused": [json.dumps(usual(80, ts=f"2026-11-20T{hour:02}:00:00.000Z", status=status)).encode()
               for hour, status in ((1, 200), (5, 500), (9, 200), (13, 200))],
    "reused, calm": [json.dumps(usual(80, ts=f"2026-11-20T{hour:02}:00:00.000Z")).encode() for hour in (1, 5, 9, 13)],
    "reused, calm, no time": [json.dumps(usual(80, ts=f"2026-11-20T{hour:02}:00:00")).encode() for hour in (1, 5, 9)],
}  # fmt: skip

IDS = ["null", "NULL", "-", "--", "0", "000", "00000000-0000-0000-0000-000000000000", "unknown", "undefined", "none",
       "N/A",
       "00000000000000000000000000000000", "0000000000000000000000000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
       "ffffffff-ffff-ffff-ffff-ffffffffffff", " ", "\t", " null ", "\u00a0null\u00a0", "\u2003", "  0  ", "NİL",
       "nil", "test",
       "true", "false", "[1]", "{}", "1.5", "1e5", "-5", "inf", "Infinity", "nan", "[not json", "{x",
       "1.2345678901234567e-100", "0" * 25 + "1", "x" * 300, "_" * 30, "^" * 30, "\u00e9" * 30, "~" * 30, "-" * 30,
       " " * 30, "r1\u0000", "null" + " " * 30, "null\t",
       "12345678901234567890123456789012345678901234567890.5"]  # fmt: skip


def around(base: list[dict[str, Any]], odd: list[bytes], late: bool) -> bytes:
    """A log with the odd lines at its beginning or at its end, an ordinary line behind."""
    lines = [json.dumps(line).encode() for line in base]
    at = len(lines) - 1 if late else 1
    assert not late or at > SAMPLED
    return b"".join(line + b"\n" for line in [*lines[:at], *odd, *lines[at:]])


@pytest.mark.parametrize("name", LINES)
def test_odd_lines(name: str, tmp_path: Path) -> None:
    assert_agree(tmp_path, around(PLAIN, LINES[name], False), routes=(as_is,))
    assert_agree(tmp_path, around(PLAIN, LINES[name], True), routes=(in_parts, canonical))
    assert_agree(tmp_path, around(SHORT, LINES[name], True), routes=(general,))


@pytest.mark.parametrize("base", ["edges", "texts"])
@pytest.mark.parametrize("field", FIELDS)
def test_any_value_in_any_field(field: str, base: str, tmp_path: Path) -> None:
    """Every value in a file of its own, all files in one run: what one file holds must not save another."""
    assert_agree(tmp_path, *(around(BASES[base], [raw(field, form)], True) for form in FORMS), routes=(as_is,))


@pytest.mark.parametrize("base", ["plain", "texts"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_times(zone: str, base: str, tmp_path: Path) -> None:
    logs = (around(BASES[base], [raw("ts", form)], True) for form in TIMES)
    assert_agree(tmp_path, *logs, routes=(as_is, together), input_tz=zone)


@pytest.mark.parametrize("form", TIMES)
def test_a_log_of_one_form_of_time(form: str, tmp_path: Path) -> None:
    assert_agree(
        tmp_path, b"".join(raw("ts", form).replace(b"0090", b"%04d" % n) + b"\n" for n in range(6)), routes=(as_is,)
    )


@pytest.mark.parametrize("base", ["plain", "texts"])
def test_ids(base: str, tmp_path: Path) -> None:
    odd = (
        [raw("request_id", json.dumps(name)), raw("request_id", json.dumps(name, ensure_ascii=False))] for name in IDS
    )
    assert_agree(tmp_path, *(around(BASES[base], lines, True) for lines in odd), routes=(as_is, together))


@pytest.mark.parametrize(("start", "end"), [(b"\xef\xbb\xbf", b"\n"), (b"", b"\r\n"),
                                            (b"\xef\xbb\xbf", b"\r\n"), (b"", b""),
                                            (b"\n\n", b"\n"), (b"", b'\n{"function":"f","sta'), (b"", b'\n{"x":"\xc3'),
                                            (b"", b"\n "), (b"\xff\xfe", b"\n")])  # fmt: skip
def test_beginnings_and_ends(start: bytes, end: bytes, tmp_path: Path) -> None:
    for base in (PLAIN, SHORT):
        text = around(base, [], False)
        joint = b"\r\n" if end == b"\r\n" else b"\n"
        assert_agree(tmp_path, start + text.removesuffix(b"\n").replace(b"\n", joint) + end)


@pytest.mark.parametrize(
    "size", [1024 * 1024 + 100, 2 * 1024 * 1024 + 100, 16 * 1024 * 1024 - 200, 16 * 1024 * 1024 + 10]
)
@pytest.mark.parametrize("late", [False, True])
def test_long_lines(size: int, late: bool, tmp_path: Path) -> None:
    for line in (b'{"function":"f","status":500,"x":"' + b"y" * size + b'"}', b'{"x":"' + b"y" * size + b'"}'):
        assert_agree(tmp_path, around(PLAIN, [line], late), routes=(as_is,))


def test_mixed_zones_and_windows(tmp_path: Path) -> None:
    zones = ("Z", "+01:00", "-05:30", "+00:00", "-00:00")
    lines = [usual(n, ts=f"2026-11-20T14:{n:02}:00.000{zones[n % 5]}") for n in range(30)]
    text = around(lines, [raw("ts", '"2026-11-20 14:05:00"'), raw("ts", "1763647500")], True)
    spans: tuple[dict[str, Any], ...] = (
        {"since": "5m"},
        {"window": "2026-11-20T14:00:00Z..2026-11-20T14:10:00Z"},
        {"until": "2026-11-20T14:03"},
    )
    for span in spans:
        assert_agree(tmp_path, text, **span)
