"""`attrib.analyze` in Python: the same answers as the command line, from paths and from tables of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

import attrib
from attrib.frames import incident_frame
from attrib.reports.model import Incident
from attrib.verdicts.rows import COLUMNS

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_logs"
LOGS = [str(SAMPLES / name) for name in ("checkout.jsonl", "profile.jsonl", "quiet.jsonl")]
CLI = (sys.executable, "-c", "from attrib.cli.app import main; main()")

GOOD = {"request_id": "r1", "function": "f", "status": 200, "upstream": "payments", "upstream_status": 200}
BAD = {
    "request_id": "r2",
    "function": "f",
    "status": 502,
    "latency_ms": 40.5,
    "upstream": "payments",
    "upstream_status": 503,
}
LINES = [GOOD, BAD]


@pytest.fixture(autouse=True)
def _nothing_left(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever a call put into the temporary folder is gone afterwards, errors included."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def cli(*arguments: str) -> str:
    return subprocess.run([*CLI, *arguments], capture_output=True, text=True, check=True, cwd=ROOT).stdout


# ---- the same as the command line ------------------------------------------------------------------------------


def test_the_outputs_are_the_command_lines() -> None:
    analysis = attrib.analyze(LOGS)
    assert analysis.to_json() == cli("analyze", *LOGS, "--to", "json")
    assert analysis.to_text() == cli("analyze", *LOGS)
    assert analysis.to_markdown() == cli("analyze", *LOGS, "--to", "markdown")


def test_the_options_are_the_command_lines() -> None:
    analysis = attrib.analyze(
        LOGS, rules="m1", set={"latency_high_ms": 100, "latency_high_ms@search": 90}, since="14:10", until="14:50",
        tz="Europe/Berlin", vendors=["orders-db"], own="geo-api,mail-api", label="cart_items", threads=1,
    )  # fmt: skip
    options = [
        "--rules", "m1", "--set", "latency_high_ms=100", "--set", "latency_high_ms@search=90", "--since", "14:10",
        "--until", "14:50", "--tz", "Europe/Berlin", "--vendors", "orders-db", "--own", "geo-api,mail-api",
        "--label", "cart_items", "--threads", "1",
    ]  # fmt: skip
    assert analysis.to_json() == cli("analyze", *LOGS, *options, "--to", "json")


def test_every_option_of_the_command_line_is_an_argument() -> None:
    import inspect

    import typer

    from attrib.cli.app import app

    # The program's own surface: where results go, and what only an exit code or a terminal has.
    elsewhere = {"logs", "to", "output", "fail_on", "quiet", "verbose", "no_color", "progress", "no_redact", "help"}
    command = typer.main.get_command(app).commands["analyze"]  # type: ignore[attr-defined] # typer's own group class
    options = {parameter.name for parameter in command.params} - elsewhere
    arguments = set(inspect.signature(attrib.analyze).parameters) - {"logs", "redact"}
    assert {name if name != "settings" else "set" for name in options} == arguments


def test_rejects_are_written(tmp_path: Path) -> None:
    attrib.analyze(LOGS, rejects=tmp_path / "rejects.jsonl").verdicts()
    assert len((tmp_path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()) == 9


# ---- what comes back --------------------------------------------------------------------------------------------


def test_the_report_is_a_model_of_the_document() -> None:
    analysis = attrib.analyze(SAMPLES)
    document = json.loads(analysis.to_json())
    assert analysis.report.model_dump(mode="json", by_alias=True, exclude_unset=True) == document
    assert analysis.incidents == analysis.report.incidents


def test_verdicts_are_the_rows_of_the_command() -> None:
    frame = attrib.analyze(LOGS).verdicts()
    assert isinstance(frame, pl.LazyFrame)
    rows = frame.collect()
    assert tuple(rows.columns) == COLUMNS
    assert rows.schema["ts"] == pl.Datetime("us", "UTC")
    told = [json.loads(line) for line in cli("verdicts", *LOGS, "--to", "jsonl").splitlines()]
    for row in told:
        row["ts"] = row["ts"] and datetime.fromisoformat(row["ts"])
        for name in ("status", "upstream_status"):
            row[name] = None if row[name] is None else str(row[name])
    assert rows.to_dicts() == told


def test_all_verdicts_have_the_ok_ones_too() -> None:
    analysis = attrib.analyze(LOGS)
    every = analysis.verdicts(all=True).collect()
    assert every.height == analysis.report.summary.invocations
    assert every.filter(pl.col("verdict") != "ok").equals(analysis.verdicts().collect())


def test_the_verdicts_of_a_quiet_log_have_their_columns(tmp_path: Path) -> None:
    quiet = attrib.analyze(write(tmp_path / "quiet.jsonl", [GOOD]))
    assert quiet.verdicts().collect().schema == attrib.analyze(LOGS).verdicts().collect().schema
    assert quiet.verdicts().collect().height == 0


def test_the_frame_has_its_columns_even_when_it_is_empty(tmp_path: Path) -> None:
    frame = attrib.analyze(write(tmp_path / "quiet.jsonl", [GOOD])).frame
    assert frame.height == 0
    assert attrib.analyze(LOGS).frame.schema == frame.schema
    assert frame.columns[:4] == ["id", "verdict", "lean", "responsible"]
    nested = {"rules", "suspects", "evidence", "counter_evidence", "missing_evidence", "parties", "actions"}
    nested |= {"timeline", "known", "symptoms", "via"}
    assert set(frame.columns) == set(Incident.model_fields) - nested


def test_an_incident_is_one_row_of_the_frame() -> None:
    counts = dict.fromkeys(("unknown", "vendor", "application", "app_bottleneck", "caller"), 0)
    incident = Incident.model_validate(
        {name: None for name, field in Incident.model_fields.items() if field.is_required()}
        | {"id": "inc-1", "verdict": "vendor", "responsible": "payments", "start": "2026-11-20T14:02:00Z"}
        | {"end": "2026-11-20T14:19:00.5Z", "functions": ["checkout"], "upstreams": [], "symptomatic": 4}
        | {"invocations": 9, "failure_rate": 0.36, "verdicts": counts | {"vendor": 4}, "rules": {}, "parties": {}}
        | {name: [] for name in ("suspects", "evidence", "counter_evidence", "missing_evidence", "actions")}
    )
    [row] = incident_frame([incident]).to_dicts()
    assert (row["id"], row["functions"], row["verdicts"]["vendor"]) == ("inc-1", ["checkout"], 4)
    assert row["start"] == datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
    assert row["end"] == datetime(2026, 11, 20, 14, 19, 0, 500_000, tzinfo=UTC)
    assert row["onset"] is None


def test_its_markdown_has_no_live_markup(tmp_path: Path) -> None:
    hostile = BAD | {"function": "<img src=x onerror=alert(1)>", "upstream": "[x](javascript:alert(1))"}
    analysis = attrib.analyze(write(tmp_path / "a.jsonl", [hostile]))
    shown = analysis.to_markdown()
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(shown)
    assert "<img" not in html
    assert "href" not in html


def test_the_short_form_says_how_many() -> None:
    assert repr(attrib.analyze(LOGS)) == (
        "<attrib.Analysis: 394 of 3,468 invocations failed or slow (32 unknown, 141 vendor, 126 application, "
        "95 caller), 2 incidents>"
    )


def test_secrets_are_redacted_unless_asked_for(tmp_path: Path) -> None:
    log = write(tmp_path / "a.jsonl", [BAD | {"request_id": "ada@example.org"}])
    shown, plain = attrib.analyze(log), attrib.analyze(log, redact=False)
    for text in (shown.to_json(), shown.to_text(), shown.to_markdown(), str(shown.verdicts().collect().to_dicts())):
        assert "ada@example.org" not in text
    assert shown.report.isolated[0].request_id == "[redacted:email]"
    assert plain.report.isolated[0].request_id == "ada@example.org"
    assert plain.verdicts().collect()["request_id"].to_list() == ["ada@example.org"]


# ---- tables -------------------------------------------------------------------------------------------------------


class Exporter:
    """A table of a library we do not know: all it has is the Arrow protocol."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def tables() -> dict[str, Any]:
    frame = pl.DataFrame(LINES, infer_schema_length=None)
    return {
        "polars": frame,
        "polars lazy": frame.lazy(),
        "arrow": Exporter(frame),
        "duckdb": duckdb.sql(
            "select * from (values ('r1', 'f', 200, null, 'payments', 200), ('r2', 'f', 502, 40.5, 'payments', 503)) "
            "as t(request_id, function, status, latency_ms, upstream, upstream_status)"
        ),
    }


@pytest.mark.parametrize("kind", ["polars", "polars lazy", "arrow", "duckdb"])
def test_a_table_gives_what_its_rows_as_lines_give(tmp_path: Path, kind: str) -> None:
    of_table = attrib.analyze(tables()[kind])
    of_lines = attrib.analyze(write(tmp_path / "a.jsonl", LINES))
    assert of_table.report.summary == of_lines.report.summary
    assert of_table.report.verdict_counts == of_lines.report.verdict_counts
    [entry] = of_table.report.input.files
    assert (entry.path, entry.lines_read, entry.accepted) == ("<table>", 2, 2)
    [row] = of_table.verdicts().collect().to_dicts()
    assert (row["file"], row["line"], row["verdict"], row["latency_ms"]) == ("<table>", 2, "vendor", 40.5)
    assert of_table.report.isolated[0].file == "<table>"


class Pandas:
    """What `analyze` uses of a pandas table, written as pandas 3 writes it."""

    LINES = (
        '{"request_id":"r1","function":"f","status":200.0,"latency_ms":null,"upstream_status":200.0}\n'
        '{"request_id":"r2","function":"f","status":502.0,"latency_ms":40.5,"upstream_status":503.0}\n'
    )

    def isin(self, values: list[float]) -> Pandas:
        return self

    def to_numpy(self) -> Pandas:
        return self

    def any(self) -> bool:
        return False

    def to_json(self, **options: Any) -> str:
        assert options == {
            "orient": "records",
            "lines": True,
            "date_format": "iso",
            "date_unit": "us",
            "double_precision": 15,
        }
        return self.LINES

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("a pandas table is a table, no list of column names")


Pandas.__name__, Pandas.__module__ = "DataFrame", "pandas.core.frame"


def test_a_pandas_table_is_read_without_pyarrow() -> None:
    # pandas is no dependency, not even of the tests: a stand-in with its names and its output.
    analysis = attrib.analyze(Pandas())
    assert analysis.report.summary.verdicts.vendor == 1
    assert analysis.report.input.files[0].path == "<table>"


def test_times_durations_and_numbers_of_tables_keep_their_meaning() -> None:
    at = datetime(2026, 11, 20, 14, 0, 0, 123_456, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "request_id": [b"r1", b"r2"],
            "function": pl.Series(["f", "f"], dtype=pl.Categorical),
            "status": [502.0, float("nan")],
            "upstream_status": ["ETIMEDOUT", None],
            "latency_ms": [timedelta(milliseconds=1500, microseconds=250), None],
            "upstream_latency_ms": [Decimal("1200.5"), None],
            "ts": [at, None],
        }
    )
    [first, second] = attrib.analyze(frame).verdicts(all=True).collect().to_dicts()
    assert (first["ts"], first["latency_ms"], first["upstream_latency_ms"]) == (at, 1500.25, 1200.5)
    assert (first["request_id"], first["status"], first["upstream_status"]) == ("r1", "502", "ETIMEDOUT")
    assert (second["status"], second["ts"]) == (None, None)


def test_times_without_a_zone_are_of_input_tz() -> None:
    frame = pl.DataFrame([BAD]).with_columns(ts=datetime(2026, 11, 20, 15, 0))  # noqa: DTZ001 - the point of it
    analysis = attrib.analyze(frame, input_tz="Europe/Berlin")
    assert analysis.verdicts().collect()["ts"].to_list() == [datetime(2026, 11, 20, 14, 0, tzinfo=UTC)]
    assert analysis.report.input.files[0].zone_less_time == 1


def test_infinity_in_a_table_is_a_bad_value_not_a_missing_one() -> None:
    frame = pl.DataFrame([GOOD | {"latency_ms": 1.0}, BAD | {"latency_ms": float("inf")}])
    assert attrib.analyze(frame).report.input.reasons == {"bad_value": 1}


def test_words_among_numbers_survive_duckdbs_json_type(tmp_path: Path) -> None:
    log = write(tmp_path / "a.jsonl", [GOOD, BAD | {"upstream_status": "timeout"}])
    [row] = attrib.analyze(duckdb.read_json(str(log))).verdicts().collect().to_dicts()
    assert (row["upstream_status"], row["verdict"]) == ("timeout", "vendor")


def test_paths_and_tables_together(tmp_path: Path) -> None:
    frame = pl.DataFrame([BAD | {"request_id": "r3"}])
    analysis = attrib.analyze([write(tmp_path / "a.jsonl", LINES), frame, frame.with_columns(request_id=pl.lit("r4"))])
    assert [file.path for file in analysis.report.input.files] == [str(tmp_path / "a.jsonl"), "<table>", "<table 2>"]
    assert analysis.report.summary.symptomatic == 3
    assert "attrib explain r2 LOGS..." in analysis.to_text()


def test_a_table_that_was_given_may_change_afterwards() -> None:
    connection = duckdb.connect()
    connection.execute(
        "create table logs as select 'r2' as request_id, 'f' as function, 502 as status, 503 as upstream_status"
    )
    analysis = attrib.analyze(connection.table("logs"))
    connection.close()
    assert analysis.verdicts().collect().height == 1


def test_the_engine_reads_tables_too() -> None:
    frame = pl.DataFrame(
        [GOOD | {"request_id": f"r{n}", "note": "x" * 200} for n in range(40_000)] + [BAD | {"request_id": "bad"}]
    )
    analysis = attrib.analyze(frame)  # over the size from which the engine takes part
    assert (analysis.report.summary.invocations, analysis.report.summary.symptomatic) == (40_001, 1)
    assert analysis.report.isolated[0].file == "<table>"
    assert analysis.verdicts().collect()["file"].to_list() == ["<table>"]


# ---- bad input ------------------------------------------------------------------------------------------------------


def test_an_unknown_option_value_is_the_command_lines_sentence() -> None:
    with pytest.raises(attrib.UsageError, match=r"^--since soon: not a time"):
        attrib.analyze(LOGS, since="soon")
    with pytest.raises(attrib.AttribError, match="nosuch"):
        attrib.analyze(LOGS, rules=["nosuch"])
    with pytest.raises(attrib.UsageError, match="--engine flink: no such engine"):
        attrib.analyze(LOGS, engine="flink")
    with pytest.raises(attrib.DeliveryError, match="--engine spark: this version has no Spark engine"):
        attrib.analyze(LOGS, engine="spark")


@pytest.mark.parametrize("logs", [None, 3, b"a.jsonl", {"status": 500}, [LINES[0]]])
def test_what_is_no_log_is_said(logs: Any) -> None:
    with pytest.raises(attrib.UsageError, match="neither a path nor a table"):
        attrib.analyze(logs)


def test_no_logs_at_all() -> None:
    with pytest.raises(attrib.UsageError, match="no LOGS given"):
        attrib.analyze([])


def test_a_table_that_no_log_line_can_hold() -> None:
    with pytest.raises(attrib.UsageError, match="column what is of type Object"):
        attrib.analyze(pl.DataFrame({"status": [500], "what": pl.Series([object()], dtype=pl.Object)}))
    with pytest.raises(attrib.UsageError, match="cannot be read as log lines"):
        attrib.analyze(pl.DataFrame({"status": [500], "function": [b"\xff"]}))


def test_a_name_list_that_is_none() -> None:
    with pytest.raises(attrib.UsageError, match="vendors: give a name or a list of names"):
        attrib.analyze(LOGS, vendors=[3])  # type: ignore[list-item] # the mistake this is about


def test_no_record_at_all(tmp_path: Path) -> None:
    other = write(tmp_path / "other.jsonl", [{"message": "hello"}])
    with pytest.raises(attrib.NoRecordsError, match=r"no M1 record in .*other\.jsonl") as caught:
        attrib.analyze(other)
    run = subprocess.run([*CLI, "analyze", other], capture_output=True, text=True, check=False)
    assert run.stderr == f"attrib: {caught.value}\n"
    with pytest.raises(attrib.NoRecordsError, match="no line at all in <table>"):
        attrib.analyze(pl.DataFrame(schema={"status": pl.Int64}))


def test_nothing_could_be_read(tmp_path: Path) -> None:
    with pytest.raises(attrib.InputError, match=r"missing\.jsonl: no such file"):
        attrib.analyze(tmp_path / "missing.jsonl")


def test_a_part_that_could_not_be_read_is_named_not_raised(tmp_path: Path) -> None:
    analysis = attrib.analyze([write(tmp_path / "a.jsonl", LINES), tmp_path / "missing.jsonl"])
    assert [file.error for file in analysis.report.input.files] == [None, "no such file"]
    assert analysis.report.summary.symptomatic == 1
    assert analysis.verdicts().collect().height == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="platform: no named pipes")
def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=write, args=(pipe, LINES), daemon=True)
    writer.start()
    analysis = attrib.analyze(pipe)
    writer.join()
    assert analysis.report.summary.symptomatic == 1
    with pytest.raises(attrib.UsageError, match="can be read only once"):
        analysis.verdicts()
