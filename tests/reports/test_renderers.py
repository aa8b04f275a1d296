"""Every renderer over every sample: what the reader needs is there, what the data wants to do does not happen."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from attrib.reports import explain, jsondoc, line, markdown, tables, text, verdicts_text
from attrib.reports.view import View
from attrib.safe.display import Display
from tests.reports import incident_samples, samples

FORBIDDEN = re.compile(r"\x1b(?!\[[0-9;:]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]|\r(?!\n)")
GOLDEN = Path(__file__).with_name("golden")
SAMPLES = [
    samples.empty, samples.quiet, samples.rich, samples.with_incident, samples.hostile, *incident_samples.ALL.values()
]  # fmt: skip
RICH_ROWS = tables.analyze_rows(samples.rich())
SECRET = "joe@example.com"


def all_texts(view: View) -> list[str]:
    """Everything that can be shown in a terminal, of every sample."""
    views = (view, replace(view, verbose=True, ascii=True))
    shown = [text.render(sample(), each) for sample in SAMPLES for each in views]
    shown += [line.render(sample(), view) for sample in SAMPLES]
    shown += ["".join(verdicts_text.lines(samples.verdict_rows(samples.HOSTILE), view))]
    return shown + [explain.render(samples.explained(name), view) for name in [None, *samples.HOSTILE]]


def live(source: str) -> str:
    """Markdown without what is shown literally: fences, code spans, backslash escapes."""
    out, fence = [], None
    for row in source.split("\n"):
        found = re.match(r" {0,3}(`{3,}|~{3,})", row)
        if fence:
            if found and found[1][0] == fence[0] and len(found[1]) >= len(fence):
                fence = None
            continue
        if found:
            fence = found[1]
            continue
        row = re.sub(r"\\[!-/:-@\[-`{-~]", "", row)
        out.append(re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", row))
    return "\n".join(out)


@pytest.mark.parametrize("width", [1, 40, 80, 400])
def test_plain_text_holds_no_escape_at_all(width: int) -> None:
    for shown in all_texts(View(width=width)):
        assert not FORBIDDEN.search(shown)
        assert "\x1b" not in shown
        shown.encode()


def test_colour_is_the_only_escape() -> None:
    for shown in all_texts(View(color=True)):
        assert not FORBIDDEN.search(shown)
    assert "\x1b[" in text.render(samples.rich(), View(color=True))


def test_colour_carries_no_meaning_that_words_do_not() -> None:
    for sample in SAMPLES:
        coloured = re.sub(r"\x1b\[[0-9;]*m", "", text.render(sample(), View(color=True)))
        assert "\n".join(line.rstrip() for line in coloured.split("\n")) == text.render(sample(), View())


def test_eighty_columns_are_enough() -> None:
    for sample in (samples.empty, samples.quiet, samples.rich, samples.with_incident):
        assert max(map(len, text.render(sample(), View()).split("\n"))) <= 80
    assert max(map(len, explain.render(samples.explained(), View()).split("\n"))) <= 80


def test_markup_is_shown_and_not_read() -> None:
    shown = text.render(samples.hostile(), View(width=400))
    for name in ("[/foo]", "[bold red]FAKE[/]", "[link=http://evil.example]ok[/link]"):
        assert name in shown


def test_markdown_holds_nothing_live() -> None:
    source = markdown.render(samples.hostile(), View()) + markdown.render(incident_samples.hostile(), View())
    assert not re.search(r"<script|<img|<iframe|http://", live(source))
    columns = None
    for row in source.split("\n"):
        found = len(re.findall(r"(?<!\\)\|", row)) if row.startswith("|") else None
        assert found is None or columns is None or found == columns
        columns = found


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (lambda: tables.analyze_rows(samples.hostile()), tables.ANALYZE),
        (lambda: samples.verdict_rows(samples.HOSTILE), tables.VERDICTS),
    ],
)
def test_tables_keep_their_columns(rows: Callable[[], list[dict[str, Any]]], columns: dict[str, type]) -> None:
    source = "".join(tables.csv_lines(rows(), columns, View()))
    header, *cells = csv.reader(io.StringIO(source, newline=""))
    assert header == list(columns)
    assert {len(row) for row in cells} == {len(columns)}
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(r"-|[+-]?[0-9.eE+-]+", cell)
        for row in cells
        for cell in row
    )
    frame = pl.read_parquet(io.BytesIO(tables.parquet(rows(), columns, View())))
    assert frame.columns == list(columns)
    assert frame.height == len(cells)
    assert "=cmd|'/c calc'!A1" in frame["function"].to_list()


def test_json_is_one_document_in_the_contracts_order() -> None:
    for sample in SAMPLES:
        document = jsondoc.render(sample(), View())
        assert json.loads(document) == json.loads(json.dumps(sample()))
        assert list(json.loads(document))[:6] == ["schema", "attrib_version", "input", "rules", "summary", "incidents"]


def test_json_lines_are_one_object_a_line() -> None:
    rows = samples.verdict_rows(samples.HOSTILE)
    written = list(jsondoc.lines(rows, View()))
    assert [len(line.splitlines()) for line in written] == [1] * len(rows)
    assert list(json.loads(written[0])) == list(tables.VERDICTS)


def test_every_output_redacts_unless_told_otherwise() -> None:
    report = samples.hostile()
    report["isolated"][0] |= {"function": SECRET, "request_id": SECRET, "statement": f"{SECRET} failed"}
    report["verdict_counts"][0]["function"] = SECRET
    report["incidents"][0] |= {"responsible": SECRET, "functions": [SECRET]}
    report["marks"] = [{"time": "2026-11-20T14:01:33Z", "text": SECRET}]
    rows = samples.verdict_rows([SECRET])
    for redact in (True, False):
        view = View(display=Display(redact=redact), width=400)
        outputs = [
            text.render(report, view),
            text.render(report, replace(view, verbose=True)),
            line.render(report, view),
            markdown.render(report, view).replace("`@`", "@"),
            jsondoc.render(report, view),
            "".join(tables.csv_lines(tables.analyze_rows(report), tables.ANALYZE, view)),
            "".join(tables.csv_lines(rows, tables.VERDICTS, view)),
            "".join(verdicts_text.lines(rows, view)),
            explain.render(samples.explained(SECRET), view),
            str(pl.read_parquet(io.BytesIO(tables.parquet(rows, tables.VERDICTS, view))).to_dicts()),
        ]
        assert [SECRET in output for output in outputs] == [not redact] * len(outputs)


def test_times_are_shown_in_the_zone_asked_for() -> None:
    shown = text.render(samples.rich(), View(zone=ZoneInfo("Europe/Berlin")))
    assert "2026-11-20 14:00 to 16:00 Europe/Berlin" in shown


def test_a_window_is_named_with_its_zone() -> None:
    report = samples.rich() | {"window": {"start": "2026-11-20T14:00:00Z", "end": None}}
    assert "Only from 2026-11-20 14:00:00 UTC." in text.render(report, View())


def test_a_hostile_id_is_never_put_into_a_command() -> None:
    report = samples.hostile()
    report["incidents"] = []
    for entry in report["isolated"]:
        entry["request_id"] = "\x1b[2J"
    assert "attrib explain" not in text.render(report, View())


def test_no_verdict_rows_is_a_sentence() -> None:
    assert list(verdicts_text.lines([], View())) == ["No failed or slow invocation.\n"]


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("rich.txt", lambda view: text.render(samples.rich(), view)),
        ("rich.md", lambda view: markdown.render(samples.rich(), view)),
        ("incidents.txt", lambda view: text.render(incident_samples.outage(), view)),
        ("incidents-verbose.txt", lambda view: text.render(incident_samples.outage(), replace(view, verbose=True))),
        ("incidents.md", lambda view: markdown.render(incident_samples.outage(), view)),
        ("incidents.line", lambda view: line.render(incident_samples.outage(), view)),
        ("explain.txt", lambda view: explain.render(samples.explained(), view)),
        ("verdicts.txt", lambda view: "".join(verdicts_text.lines(samples.verdict_rows(), view))),
        ("analyze.csv", lambda view: "".join(tables.csv_lines(RICH_ROWS, tables.ANALYZE, view))),
    ],
)
def test_golden(name: str, draw: Callable[[View], str]) -> None:
    """Reviewed by eye. A change on purpose: delete the file, run twice, read it."""
    shown = draw(View(logs=("logs/*.jsonl",)))
    golden = GOLDEN / name
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, encoding="utf-8", newline="")
        pytest.fail(f"{golden} is new: read it, then run again")
    assert shown == golden.read_bytes().decode()
