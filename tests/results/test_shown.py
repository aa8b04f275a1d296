"""Results as a notebook shows them: pieces of HTML, charts, tickets, saved reports and comparisons."""

from __future__ import annotations

import base64
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl
import pytest

import attrib

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_logs"
KINDS = ("timeline", "breakdown", "latency", "suspects")
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>[x](javascript:alert(3))\u202e\x1b[31m'
TAGS = {
    "div", "h3", "h4", "p", "ul", "li", "b", "bdi", "br", "strong", "code", "pre", "img", "table", "thead", "tbody",
    "tr", "th", "td",
}  # fmt: skip
IMAGE = re.compile(r'src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"')


@pytest.fixture(scope="module")
def day() -> attrib.Analysis:
    return attrib.analyze([SAMPLES / "checkout.jsonl", SAMPLES / "profile.jsonl"], mark={"14:01": "deploy v42"})


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> attrib.Analysis:
    """checkout.jsonl with names that want to be markup."""
    log = tmp_path_factory.mktemp("hostile") / "a.jsonl"
    text = (SAMPLES / "checkout.jsonl").read_text(encoding="utf-8")
    log.write_text(
        text.replace('"payments-api"', json.dumps(f"up{HOSTILE}")).replace('"checkout"', json.dumps(f"f{HOSTILE}")),
        encoding="utf-8",
    )
    return attrib.analyze(log, mark={"09:13": HOSTILE})


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML; wrong nesting is told."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("img", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def html(value: Any) -> str:
    found: str = value._repr_html_()
    return found


# ---- pieces of HTML -----------------------------------------------------------------------------------------------


def test_an_analysis_shows_its_incidents_with_a_picture(day: attrib.Analysis) -> None:
    shown = html(day)
    for incident in day.incidents:
        assert incident.id in shown
    assert "analysis.sql(" in shown
    [picture] = map(base64.b64decode, IMAGE.findall(shown))
    assert picture.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert b"payments-api" in picture
    assert b"deploy v42" in picture


def test_an_incident_shows_everything_about_it(day: attrib.Analysis) -> None:
    incident = day.incidents[0]
    shown = html(incident)
    assert "VENDOR payments-api" in shown
    assert len(IMAGE.findall(shown)) == 2
    text = re.sub(r"<[^>]*>", "", shown)
    for evidence in incident.evidence:
        if evidence.kind != "rule_hits":
            assert evidence.statement.split(" ")[0] in text
    assert "sample_logs/checkout.jsonl:417" in shown


def test_a_quiet_log_shows_itself_without_a_picture() -> None:
    shown = html(attrib.analyze(SAMPLES / "quiet.jsonl"))
    assert "No incident" in shown
    assert "<img" not in shown


def test_findings_and_comparisons_show_themselves(day: attrib.Analysis) -> None:
    assert "missing-m1-field" in html(attrib.check(SAMPLES / "checkout.jsonl", only="missing-m1-field"))
    change = attrib.compare(SAMPLES / "checkout.jsonl", SAMPLES / "checkout.jsonl")
    assert "Same cause as before" in html(change)


@pytest.mark.parametrize("name", ["day", "hostile"])
def test_what_is_shown_is_plain_html(name: str, request: pytest.FixtureRequest) -> None:
    analysis = request.getfixturevalue(name)
    log = analysis.report.input.files[0].path
    for value in (analysis, *analysis.incidents, attrib.check(log), attrib.compare(log, log)):
        shown = html(value)
        found = Tags(shown)
        assert found.tags <= TAGS
        assert found.attributes <= {"class", "style", "src", "alt"}
        assert set(re.findall(r'src="([^,"]*)', shown)) <= {"data:image/svg+xml;base64"}
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        for picture in map(base64.b64decode, IMAGE.findall(shown)):
            drawn = picture.decode()
            assert set(re.findall(r"<([a-zA-Z]+)", drawn)) <= {
                "svg",
                "title",
                "desc",
                "g",
                "path",
                "line",
                "rect",
                "text",
            }
            assert not re.search(r"\son\w+=|href|url\(", re.sub(r">[^<]*<", "><", drawn))


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    text = (SAMPLES / "checkout.jsonl").read_text(encoding="utf-8")
    log = tmp_path / "a.jsonl"
    log.write_text(text.replace('"payments-api"', '"ada@example.org"'), encoding="utf-8")
    shown, plain = attrib.analyze(log), attrib.analyze(log, redact=False)
    for value in (shown, shown.incidents[0]):
        pictures = b"".join(map(base64.b64decode, IMAGE.findall(html(value)))).decode()
        assert "ada@" not in html(value) + pictures
    assert "ada@" in html(plain)
    assert "ada@" not in json.dumps(shown.suspects().to_dict())
    assert "ada@" in json.dumps(plain.suspects().to_dict())


def test_the_same_is_shown_every_time(day: attrib.Analysis) -> None:
    again = attrib.analyze([SAMPLES / "checkout.jsonl", SAMPLES / "profile.jsonl"], mark={"14:01": "deploy v42"})
    assert html(again) == html(day)
    assert html(again.incidents[0]) == html(day.incidents[0])


# ---- charts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_of_an_incident_is_the_same_in_every_way(day: attrib.Analysis, kind: Any) -> None:
    incident = day.incidents[0]
    chart = getattr(day, kind)
    first = chart(incident.id)
    assert isinstance(first, alt.LayerChart)
    assert first.to_dict() == chart(incident).to_dict() == incident.chart(kind).to_dict()
    assert first.to_dict() != chart(day.incidents[1]).to_dict()


def test_a_chart_is_the_pages(day: attrib.Analysis) -> None:
    from attrib.reports import charts

    entry = json.loads(day.to_json())["incidents"][0]
    marks = json.loads(day.to_json())["marks"]
    of_page = charts.timeline(entry, marks)
    assert of_page is not None
    assert day.timeline(entry["id"]).to_dict() == of_page.to_dict()


@pytest.mark.parametrize("kind", KINDS)
def test_the_charts_of_an_analysis_have_all_incidents(day: attrib.Analysis, kind: str) -> None:
    told = json.dumps(getattr(day, kind)().to_dict())
    assert "payments-api" in told
    assert "profile" in told


def test_nothing_to_draw_is_said(day: attrib.Analysis, tmp_path: Path) -> None:
    quiet = attrib.analyze(SAMPLES / "quiet.jsonl")
    for kind in KINDS:
        with pytest.raises(attrib.UsageError, match=f"^{kind}: no incident has .*nothing to draw"):
            getattr(quiet, kind)()
    with pytest.raises(attrib.UsageError, match=r"inc-0: no such incident; there is none\."):
        quiet.timeline("inc-0")
    with pytest.raises(attrib.UsageError, match=rf"inc-0: no such incident; {day.incidents[0].id}, "):
        day.latency("inc-0")
    with pytest.raises(attrib.UsageError, match="chart: pie is not one of timeline"):
        day.incidents[0].chart("pie")  # type: ignore[arg-type] # what a person may type


def test_without_altair_the_rest_works(day: attrib.Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(attrib.DeliveryError, match="charts need altair, which is not installed: pip install altair"):
        day.timeline()
    shown = html(day)
    assert "<img" not in shown
    assert "payments-api" in shown


def test_times_are_in_the_zone_asked_for() -> None:
    told = json.dumps(attrib.analyze(SAMPLES / "checkout.jsonl", tz="Europe/Berlin").incidents[0].chart().to_dict())
    assert "Europe/Berlin" in told
    assert "onset 10:14:21" in told


# ---- incidents ----------------------------------------------------------------------------------------------------


def test_an_incident_is_that_of_the_report(day: attrib.Analysis) -> None:
    from attrib.reports.model import Incident, Report

    plain = Report.model_validate_json(day.to_json()).incidents
    assert [type(one) for one in plain] == [Incident, Incident]
    assert all(isinstance(one, Incident) for one in day.incidents)
    assert day.incidents == plain
    assert day.incidents[0] != plain[1]
    assert day.report.model_dump(mode="json", by_alias=True, exclude_unset=True) == json.loads(day.to_json())


# ---- ticket -------------------------------------------------------------------------------------------------------


def test_a_ticket_is_that_of_the_command(day: attrib.Analysis, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from attrib.cli.app import run

    logs = [str(SAMPLES / "checkout.jsonl"), str(SAMPLES / "profile.jsonl")]
    run(["report", "vendor", *logs, "--vendor", "payments-api", "-q"])
    ticket = day.ticket("payments-api")
    assert ticket == capfdbinary.readouterr().out.decode()
    assert ticket._repr_markdown_() == ticket
    with pytest.raises(attrib.UsageError):
        day.ticket("nobody")


# ---- saved reports and comparisons ----------------------------------------------------------------------------------


def test_a_saved_report_is_an_analysis_without_logs(day: attrib.Analysis, tmp_path: Path) -> None:
    saved = tmp_path / "report.json"
    saved.write_text(day.to_json(), encoding="utf-8")
    opened = attrib.open_report(saved)
    assert opened.incidents == day.incidents
    assert opened.frame.equals(day.frame)
    assert opened.to_json() == day.to_json()
    assert opened.timeline().to_dict() == day.timeline().to_dict()
    assert opened.sql("FROM incidents").equals(day.frame)
    assert html(opened.incidents[0]).count("<img") == 2
    for call in (opened.verdicts, lambda: opened.ticket("payments-api"), lambda: opened.sql("FROM records")):
        with pytest.raises(attrib.UsageError, match=rf"needs the logs; {saved} holds a report on them"):
            call()
    with pytest.raises(attrib.UsageError, match="no saved report and no bundle"):
        attrib.open_report(SAMPLES / "checkout.jsonl")


def test_a_bundle_is_written_and_opened(tmp_path: Path) -> None:
    bundle = tmp_path / "proof.zip"
    analysis = attrib.analyze(SAMPLES / "checkout.jsonl", bundle=bundle)
    assert attrib.open_report(bundle).incidents == analysis.incidents
    log = tmp_path / "a.jsonl"
    log.write_bytes((SAMPLES / "checkout.jsonl").read_bytes())
    with pytest.raises(attrib.UsageError, match="is one of the logs"):
        attrib.analyze(log, bundle=log)
    assert log.read_bytes() == (SAMPLES / "checkout.jsonl").read_bytes()


def test_a_comparison_is_that_of_the_command(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from attrib.cli.app import run

    lines = (SAMPLES / "profile.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    half = len(lines) // 3
    sides = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    for side, some in zip(sides, (lines[:half], lines[half:]), strict=True):
        side.write_text("".join(some), encoding="utf-8")
    change = attrib.compare(*sides)
    run(["compare", *map(str, sides), "-q"])
    assert change.to_text() == capfdbinary.readouterr().out.decode()
    assert json.loads(change.to_json())["schema"] == "attrib.compare/1"
    assert change.regress
    assert change.frame.height == len(change.report.figures)
    worse = change.frame.filter(pl.col("result") == "worse").to_dicts()
    assert all(row["change_low"] > 0 for row in worse if row["figure"] == "failed")
    assert repr(change).startswith("<attrib.Comparison: ")


def test_a_side_may_be_a_table_or_a_saved_report(day: attrib.Analysis, tmp_path: Path) -> None:
    saved = tmp_path / "report.json"
    saved.write_text(day.to_json(), encoding="utf-8")
    table = pl.DataFrame([{"request_id": f"r{number}", "function": "f", "status": 200} for number in range(50)])
    change = attrib.compare(saved, table)
    assert (change.report.before.kind, change.report.after.kind) == ("report", "logs")
    assert change.report.after.files == ["<table>"]


@pytest.mark.parametrize(
    ("options", "said"),
    [({"level": 2}, "level=2: "), ({"min_change": 5}, "min_change=5: "), ({"min_latency": -1}, "min_latency=-1: ")],
)
def test_wrong_bounds_are_told(options: dict[str, Any], said: str) -> None:
    with pytest.raises(attrib.UsageError, match=said):
        attrib.compare("a.jsonl", "b.jsonl", **options)


def test_a_side_is_one(tmp_path: Path) -> None:
    with pytest.raises(attrib.UsageError, match="after: one log"):
        attrib.compare("a.jsonl", ["b.jsonl", "c.jsonl"])


def test_every_option_of_compare_is_an_argument() -> None:
    import inspect

    import typer

    from attrib.cli.app import app

    elsewhere = {"logs", "to", "output", "fail_on", "quiet", "verbose", "no_color", "progress", "no_redact", "help"}
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined] # typer's own group class
    options = {parameter.name for parameter in commands["compare"].params} - elsewhere
    arguments = set(inspect.signature(attrib.compare).parameters) - {"redact"}
    assert {name if name != "settings" else "set" for name in options} == arguments
