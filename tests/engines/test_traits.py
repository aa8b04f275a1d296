"""The table of traits and the steps back in time are the same, whichever engine read the log."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attrib.analysis.run import Run
from attrib.engines import traits
from attrib.engines.id_kinds import kind_name, kind_sql, length_of
from attrib.records import values
from attrib.safe.sql import literal
from attrib.survey import names
from attrib.survey.id_kinds import KINDS, MISSING, id_kind
from attrib.survey.survey import Survey
from attrib.survey.traits import Bit
from tests.engines.both import as_is, canonical, encode, general, in_parts
from tests.engines.surveys import assert_same

LONG = [f"01968e4c-5f00-7abc-8def-{number:012}" for number in range(4)]
FOLDERS = pytest.TempPathFactory


def told(survey: Survey, _: Run) -> Any:
    rows = {trait: (seen.n, seen.line) for trait, seen in survey.traits}
    steps = {file: (steps.n, steps.line, steps.longest_us) for file, steps in survey.order.steps().items()}
    lines = [(key, alike.n, alike.examples.spots) for key, alike in survey.quarantine]
    words = [(key, said.n, said.spot) for key, said in survey.unknown_words]
    return rows, steps, lines, words, survey.copies, survey.unknown_fields


@st.composite
def plain_lines(draw: st.DrawFn) -> dict[str, Any]:
    """Lines of a log of one program: the query reads numbers as numbers."""
    second = draw(st.sampled_from([1, 2, 3, 100, 299, 900]))
    line: dict[str, Any] = {
        "request_id": draw(st.sampled_from([*LONG, "0123456789abcdef0123456789abcdef", "X" * 30])),
        "ts": f"2026-11-20T14:{second // 60:02}:{second % 60:02}.000Z",
        "function": draw(st.sampled_from(["checkout", "search", "", None, "-"])),
        "stage": draw(st.sampled_from(["start", " Response ", "response", None, ""])),
        "status": draw(st.sampled_from([200, 200, 500, 404, 0, 302, 640, None])),
        "latency_ms": draw(st.sampled_from([2, 20.5, 480, 500.0, 500.5, 15_000, 15_000.5, None])),
        "upstream": draw(st.sampled_from(["payments-api", "mail-api", None, "-", ""])),
        "upstream_status": draw(st.sampled_from([200, 503, 429, 0, 599, 600, None])),
        "upstream_latency_ms": draw(st.sampled_from([2, 10, 505, 5_000.5, 15_001, 21.6, None])),
        "error_code": draw(st.sampled_from([None, None, "TypeError", "UPSTREAM_X", "-", "", "OK", 0])),
        draw(st.sampled_from(["queued_ms", "queue_ms", "x"])): draw(
            st.sampled_from([None, 5, 60_000, 1e6, "7e5", "-"])
        ),
    }
    return {key: value for key, value in line.items() if value is not None or draw(st.booleans())}


@st.composite
def odd_lines(draw: st.DrawFn) -> dict[str, Any]:
    """Lines of any sort that are legal."""
    line = draw(plain_lines())
    line |= {
        "request_id": draw(st.sampled_from([*LONG, "r1", "-", "", None, 7, "null", "0" * 32])),
        "ts": draw(
            st.sampled_from(
                ["2026-11-20T14:01:00Z", "2026-11-20T14:03:00.5Z", 1795183260, "1795183380000", "2026-11-20 14:02:00",
                 "yesterday", "", "-", None, 1795183200.25, "2027-11-20T14:03:00.5Z"]
            )
        ),
        "status": draw(st.sampled_from([200, "200", "503", 503.0, "timeout", "ETIMEDOUT", "-", "", None])),
        "upstream_status": draw(
            st.sampled_from([200, "504", 504.0, "ETIMEDOUT", "ECONNREFUSED", "cache_hit", "what", "-", "", None])
        ),
        "latency_ms": draw(st.sampled_from([0, 1, "12.5", "", None, 700])),
        "upstream_latency_ms": draw(st.sampled_from([0, 1, "13.5", "-", None, 700])),
        "upstream_name": draw(st.sampled_from([None, "geo", "-"])),
        "function": draw(st.sampled_from(["checkout", 7, "", "-", None])),
    }  # fmt: skip
    line = {key: value for key, value in line.items() if value is not None or draw(st.booleans())}
    return draw(st.sampled_from([line] * 9 + [{"other": "program", "ts": "2020-01-01T00:00:00Z"}]))


def lines_of(logs: list[list[dict[str, Any]]], gaps: list[int]) -> list[bytes]:
    contents = []
    for log in logs:
        lines = encode(*log)
        for gap in gaps:
            lines.insert(gap % (len(lines) + 1), (b"", b" \t\r", b'{"broken":1,}')[gap % 3])
        contents.append(b"".join(line + b"\n" for line in lines))
    return contents


GAPS: st.SearchStrategy[list[int]] = st.one_of(st.just([]), st.lists(st.integers(0, 40), max_size=3))
SLOW = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@SLOW
@given(logs=st.lists(st.lists(plain_lines(), min_size=1, max_size=16), min_size=1, max_size=2), gaps=GAPS)
def test_logs_of_one_program(logs: list[list[dict[str, Any]]], gaps: list[int], tmp_path_factory: FOLDERS) -> None:
    logs[0][0].update(function="checkout", status=200)
    assert_same(tmp_path_factory.mktemp("case"), *lines_of(logs, gaps), tell=told)


@SLOW
@given(logs=st.lists(st.lists(odd_lines(), min_size=1, max_size=16), min_size=1, max_size=2), gaps=GAPS)
def test_logs_of_any_sort(logs: list[list[dict[str, Any]]], gaps: list[int], tmp_path_factory: FOLDERS) -> None:
    logs[0][0].update(function="checkout", status=200)
    routes = (as_is, in_parts, general, canonical)
    assert_same(tmp_path_factory.mktemp("case"), *lines_of(logs, gaps), tell=told, routes=routes)


def test_every_bit_is_reached(tmp_path_factory: FOLDERS) -> None:
    """Each bit stands on some line, so that the agreement above says something of each."""
    base = {"ts": "2026-11-20T14:00:00.000Z", "function": "f", "stage": "response", "status": 200, "latency_ms": 20.5,
            "upstream_status": 200, "upstream_latency_ms": 3.5}  # fmt: skip
    more: list[dict[str, Any]] = [
        {}, {"status": 503}, {"latency_ms": 20_000.5}, {"stage": None}, {"latency_ms": None}, {"status": None},
        {"upstream_status": None}, {"error_code": "X"}, {"upstream_latency_ms": 16_000}, {"upstream_status": 503},
        {"ts": "2027-11-20T14:00:00.000Z"}, {"queued_ms": 1e9}, {"error_code": "UPSTREAM_503"},
        {"ts": "2026-11-20 14:00:00"}, {"ts": "never"}, {"ts": None},
    ]  # fmt: skip
    lines = [{"request_id": LONG[0][:-2] + f"{n:02}", **base, **change} for n, change in enumerate(more)]
    lines = [{key: value for key, value in line.items() if value is not None} for line in lines]
    for chosen in (lines, lines[:-1]):
        content = b"".join(line + b"\n" for line in encode(*chosen))
        rows, steps, *_ = assert_same(tmp_path_factory.mktemp("case"), content, tell=told)
        assert steps == ({0: (1, 12, 31_536_000_000_000)})
    rows, *_ = assert_same(tmp_path_factory.mktemp("case"), content + encode(lines[-1])[0], tell=told)
    reached = 0
    for trait in rows:
        reached |= trait.bits
    assert reached == sum(Bit)


def test_copies(tmp_path_factory: FOLDERS) -> None:
    """The first copy is cited, within a file and from one file to the next."""
    lines = encode(*({"request_id": one, "ts": "2026-11-20T14:00:00.000Z", "function": "f"} for one in LONG))
    first = b"".join(line + b"\n" for line in [*lines, lines[1]])
    second = lines[0] + b"\n" + b'{"function":"f"}\n' * 2
    *_, copies, _ = assert_same(tmp_path_factory.mktemp("case"), first, second, tell=told)
    assert (copies.n, copies.examples.spots) == (2, [(0, 5), (1, 1)])


def test_fields_outside_of_the_record(tmp_path_factory: FOLDERS) -> None:
    lines = b"".join(
        line + b"\n"
        for line in encode(
            {"colour": 1}, {"function": "shoe", "x": "colour"}, {"function": "f", "\u00fc": 1, "colour": 1}
        )
    )
    *_, fields = assert_same(tmp_path_factory.mktemp("case"), lines, tell=told)
    assert fields == {"x": (0, 2), "\u00fc": (0, 3), "colour": (0, 3)}


def test_too_many_names_are_taken_together(tmp_path_factory: FOLDERS, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MOST_NAMES", 5)
    by_id = [{"function": f"/users/{n}", "upstream": f"u{n}-api", "status": 200} for n in range(20)]
    by_word = [{"function": name, "upstream": name * 2, "status": 200} for name in "abcdefghijklm"]
    for lines, functions in ((by_id, {"/users/{id}"}), (by_word, {names.OTHERS}), (by_id + by_word, {names.OTHERS})):
        for order in (lines, lines[::-1]):
            whole = [{"request_id": f"{LONG[0][:-2]}{n:02}", "ts": "2026-11-20T14:00:00.000Z", **line}
                     for n, line in enumerate(order)]  # fmt: skip
            content = b"".join(line + b"\n" for line in encode(*whole))
            rows, *_ = assert_same(tmp_path_factory.mktemp("case"), content, tell=told)
            assert {trait.function for trait in rows} == functions
            assert sum(n for n, _ in rows.values()) == len(lines)


IDS = st.one_of(
    *(st.from_regex(f"(?:{pattern})", fullmatch=True) for _, pattern in KINDS),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.text("0123456789abcdefABCDEF-", max_size=40),
    st.sampled_from(["", "-", "null", "0" * 32]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(IDS, max_size=60))
def test_kinds_of_ids(ids: list[str]) -> None:
    """The query's kind is the reference's, of ids that are known to be usable."""
    from attrib.rules.load import load_rules

    words = load_rules(("m1", "extended"), ()).words
    usable = [one for one in ids if id_kind(one, words) not in (MISSING, "placeholder")]
    rows = duckdb.execute(f"SELECT {kind_sql('x', None)} FROM (SELECT unnest($1::VARCHAR[]) AS x)", [usable]).fetchall()
    assert [kind_name(row[0]) for row in rows] == [id_kind(one, words) for one in usable]


def test_lengths_of_patterns() -> None:
    assert length_of("[0-9a-f]{32}") == 32
    assert length_of("a-[bc]{2}d") == 5
    assert [length_of(pattern) for pattern in ("a|b", "a{1,2}", "(ab)", "a+", r"\d", "a?")] == [None] * 6


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text("0123456789.eE+- \t\n_x", max_size=12),
            st.floats().map(str),
            st.integers().map(str),
            st.sampled_from(
                ["", "-", "1e400", "1e-400", "-0.0", ".5", "5.", "inf", "nan", "0x10", "1_0", "true", "[1]"]
            ),
        ),
        max_size=30,
    )
)
def test_queued_ms(texts: list[str]) -> None:
    """What is not read as the parser reads it is null; nothing below 0 passes a bound of 0 or more."""

    def read(text: str) -> float | None:
        try:
            return values.number(text)
        except ValueError:
            return None

    sql = f"SELECT CASE WHEN {traits.queued_sql()} >= 0 THEN {traits.queued_sql()} END FROM "
    sql += "(SELECT x AS queued_ms, '-' AS queue_ms, NULL AS queue_time_ms FROM (SELECT unnest($1::VARCHAR[]) AS x))"
    assert [row[0] for row in duckdb.execute(sql, [texts]).fetchall()] == [read(text) for text in texts]


def test_names_fold_alike() -> None:
    found = ["/users/123/orders/0199-a", "a" * 25, "550e8400-e29b-41d4-a716-446655440000", "plain", "é12", "{id}"]
    sql = f"SELECT regexp_replace(x, {literal(names.ID)}, {literal(names.HOLE)}, 'g') FROM (SELECT unnest($1) AS x)"
    told = [row[0] for row in duckdb.execute(sql, [found]).fetchall()]
    assert told == [names.at_level(name, 1) for name in found]
    assert told == [names.at_level(name, 1) for name in told], "taking out twice is taking out once"
    assert json.dumps(told)[:15] == '["/users/{id}/o'
