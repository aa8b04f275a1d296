"""`Analysis.sql`: tables of records, invocations and incidents, as documented, redacted and bounded."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import attrib
from attrib.results import tables
from attrib.safe.display import Display
from attrib.tabulating import COLUMNS, record_rows

ROOT = Path(__file__).resolve().parents[2]
CHECKOUT = ROOT / "sample_logs" / "checkout.jsonl"
LINE = {
    "ts": "2026-11-20T14:00:00Z", "request_id": "r1", "function": "pay", "stage": "response", "status": 502,
    "latency_ms": 40.5, "upstream": "bank", "upstream_status": 503, "service.version": "v2", "attempt": 2,
    "labels": {"zone": "a"}, "cart": 7,
}  # fmt: skip


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def analysis() -> attrib.Analysis:
    return attrib.analyze(CHECKOUT)


# ---- the tables ---------------------------------------------------------------------------------------------------


def test_records_are_the_lines_of_the_logs(analysis: attrib.Analysis) -> None:
    found = analysis.sql("FROM records")
    totals = analysis.report.input.totals
    assert totals.records is not None
    assert found.height == totals.records - totals.duplicates
    assert tuple(found.columns) == tuple(COLUMNS)
    line = json.loads(CHECKOUT.read_text(encoding="utf-8").splitlines()[416])
    [row] = analysis.sql("FROM records WHERE line = 417").to_dicts()
    assert row["file"] == str(CHECKOUT)
    assert row["ts"] == datetime.fromisoformat(line["ts"])
    for name in ("request_id", "function", "stage", "latency_ms", "error_code", "upstream", "attempt"):
        assert row[name] == line[name]
    assert (row["status"], row["status_code"]) == (str(line["status"]), line["status"])


def test_a_record_has_every_field(tmp_path: Path) -> None:
    log = write(tmp_path / "a.jsonl", LINE, LINE | {"status": "timeout", "upstream_status": "ECONNREFUSED"})
    one, two = attrib.analyze(log, label="cart").sql("FROM records ORDER BY line").to_dicts()
    assert one["ts"] == datetime(2026, 11, 20, 14, tzinfo=UTC)
    assert (one["service_version"], one["attempt"], one["latency_ms"]) == ("v2", 2, 40.5)
    assert json.loads(one["labels"]) == {"cart": "7", "zone": "a"}
    assert (two["status"], two["status_code"]) == ("timeout", None)
    assert (two["upstream_status"], two["upstream_status_code"]) == ("ECONNREFUSED", None)
    assert one["k8s_pod_name"] is None


def test_invocations_are_all_verdicts(analysis: attrib.Analysis) -> None:
    found = analysis.sql("FROM invocations")
    assert found.drop("status_code", "upstream_status_code").equals(analysis.verdicts(all=True).collect())
    counts = dict(analysis.sql("SELECT verdict, count(*) FROM invocations GROUP BY verdict").iter_rows())
    assert counts["vendor"] == analysis.report.summary.verdicts.vendor
    assert analysis.sql("SELECT max(status_code) AS most FROM invocations")["most"].to_list() == [502]


def test_incidents_are_the_frame(analysis: attrib.Analysis) -> None:
    assert analysis.sql("FROM incidents").equals(analysis.frame)


def test_tables_join(analysis: attrib.Analysis) -> None:
    found = analysis.sql("""
        SELECT i.id, count(DISTINCT v.request_id) AS requests, count(*) AS records
        FROM incidents i
        JOIN invocations v ON v.ts BETWEEN i.start AND i."end" AND list_contains(i.functions, v.function)
        JOIN records r USING (request_id, function)
        WHERE v.verdict <> 'ok' GROUP BY ALL
    """)
    [row] = found.to_dicts()
    assert row["requests"] == analysis.incidents[0].symptomatic
    assert row["records"] > row["requests"]


def test_a_quiet_log_has_its_tables(tmp_path: Path) -> None:
    quiet = attrib.analyze(write(tmp_path / "a.jsonl", LINE | {"status": 200, "upstream_status": 200}))
    assert quiet.sql("FROM incidents").height == 0
    assert quiet.sql("SELECT verdict FROM invocations").to_dicts() == [{"verdict": "ok"}]


def test_an_empty_table_of_records_has_its_columns() -> None:
    assert tuple(tables.record_frame([], Display()).columns) == tuple(COLUMNS)


def test_records_of_the_time_asked_for(tmp_path: Path) -> None:
    times = ("13:00", "13:59", "14:00", "14:30")
    log = write(tmp_path / "a.jsonl", *(LINE | {"ts": f"2026-11-20T{at}:00Z", "request_id": at} for at in times))
    for since in ("31m", "13:59"):
        found = attrib.analyze(log, since=since).sql("SELECT request_id FROM records")["request_id"].to_list()
        assert found == ["13:59", "14:00", "14:30"], since
    assert attrib.analyze(log, until="14:00").sql("FROM records").height == 2
    untimed = write(tmp_path / "b.jsonl", LINE | {"ts": None}, LINE | {"request_id": "r2"})
    assert attrib.analyze(untimed).sql("FROM records").height == 2
    assert attrib.analyze(untimed, since="1h").sql("FROM records").height == 1


def test_a_table_given_is_a_log_too() -> None:
    found = attrib.analyze(pl.DataFrame([LINE])).sql("SELECT file, line, status_code FROM records")
    assert found.to_dicts() == [{"file": "<table>", "line": 1, "status_code": 502}]


# ---- bounds -------------------------------------------------------------------------------------------------------


def test_values_are_redacted_unless_asked_for(tmp_path: Path) -> None:
    hostile = {
        "request_id": "ada@example.org",
        "error_code": "token=abcdef123456",
        "labels": {"mail": "ada@example.org"},
    }
    log = write(tmp_path / "a.jsonl", LINE | hostile)
    shown, plain = attrib.analyze(log), attrib.analyze(log, redact=False)
    for table in ("records", "invocations", "incidents"):
        text = str(shown.sql(f"FROM {table}").to_dicts())
        assert "ada@example.org" not in text
        assert "abcdef123456" not in text
    [row] = shown.sql("FROM records").to_dicts()
    assert json.loads(row["labels"]) == {"mail": "[redacted:email]"}
    assert plain.sql("SELECT request_id FROM records")["request_id"].to_list() == ["ada@example.org"]
    with pytest.raises(attrib.UsageError) as wrong:
        shown.sql("SELECT CAST(request_id AS INT) FROM records")
    assert "ada@" not in str(wrong.value)


def test_nothing_but_the_tables_can_be_reached(analysis: attrib.Analysis) -> None:
    for query in (f"FROM '{CHECKOUT}'", "COPY records TO 'x.csv'", "DELETE FROM incidents", "SET threads = 1"):
        with pytest.raises(attrib.UsageError, match=r"^sql: "):
            analysis.sql(query)
    assert analysis.sql("FROM incidents").height == 1


def test_too_many_records_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST", 1000)
    monkeypatch.setattr(tables, "_CHUNK", 100)
    fresh = attrib.analyze(CHECKOUT)
    for table in ("records", "invocations"):
        with pytest.raises(attrib.UsageError, match=rf"more than 1,000 {table}; analyze less of the time"):
            fresh.sql(f"FROM {table}")
    assert fresh.sql("FROM incidents").height == 1


def test_half_a_table_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: Any) -> Any:
        yield from islice(record_rows(*arguments), 10)
        raise KeyboardInterrupt

    fresh = attrib.analyze(CHECKOUT)
    monkeypatch.setattr(tables, "_CHUNK", 4)
    with monkeypatch.context() as patched:
        patched.setattr(tables, "record_rows", broken)
        with pytest.raises(KeyboardInterrupt):
            fresh.sql("FROM records")
    assert fresh.sql("FROM records").height == 1490


def test_a_million_is_not_read_for_a_table_that_no_query_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(tables, "record_rows", never)
    assert attrib.analyze(CHECKOUT).sql("SELECT count(*) AS n FROM incidents")["n"].to_list() == [1]


def test_memory_is_that_of_the_analysis(tmp_path: Path) -> None:
    small = attrib.analyze(write(tmp_path / "a.jsonl", LINE), memory="50MB")
    with pytest.raises(attrib.DeliveryError, match="memory ran out"):
        small.sql("SELECT count(*) FROM (SELECT DISTINCT repeat('x', 40) || i FROM range(5_000_000) r(i))")


def test_a_pipe_cannot_be_read_again(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    import threading

    writer = threading.Thread(target=lambda: pipe.write_text(json.dumps(LINE) + "\n", encoding="utf-8"))
    writer.start()
    piped = attrib.analyze(str(pipe))
    writer.join()
    with pytest.raises(
        attrib.UsageError, match=r"can be read only once; write the logs to a file for the table records"
    ):
        piped.sql("FROM records")
    assert piped.sql("FROM incidents").height == 0


def test_a_name_of_a_file_that_is_no_text_is_shown(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"a\xff.jsonl")
    write(odd, LINE)
    [name] = attrib.analyze(odd).sql("SELECT file FROM records")["file"].to_list()
    assert name.endswith("a\\udcff.jsonl")


# ---- the page -----------------------------------------------------------------------------------------------------


def test_every_column_is_documented() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    for name, grain in tables.TABLES.items():
        assert f"| `{name}` | {grain} |" in page
    names = {float: "DOUBLE", int: "BIGINT", str: "VARCHAR", dict: "VARCHAR"}
    for name, (kind, about) in COLUMNS.items():
        wanted = "TIMESTAMPTZ" if name == "ts" else names[kind]
        assert f"| `{name}` | {wanted} | {about} |" in page, name
    assert re.findall(r"1,000,000", page)


def test_the_page_tells_the_types(analysis: attrib.Analysis) -> None:
    told = {row["column_name"]: row["column_type"] for row in analysis.sql("DESCRIBE records").to_dicts()}
    names = {float: "DOUBLE", int: "BIGINT", str: "VARCHAR", dict: "VARCHAR"}
    assert told == {
        name: "TIMESTAMP WITH TIME ZONE" if name == "ts" else names[kind] for name, (kind, _) in COLUMNS.items()
    }
