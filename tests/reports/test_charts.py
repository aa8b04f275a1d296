"""Charts: what they hold, that Vega-Lite takes them, and that their SVG is small, still and safe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from attrib.reports import charts
from attrib.reports.charts_look import COLOURS, NARROW
from attrib.reports.charts_time import axis
from attrib.safe.display import Display
from tests.reports import incident_samples, samples

ENTRY = incident_samples.vendor()
MARKS = [{"time": "2026-11-20T14:01:33Z", "text": "deploy v42"}, {"time": "2026-11-21T14:00:00Z", "text": "too late"}]
SHAPES = {"svg", "title", "desc", "g", "path", "line", "rect", "circle", "text"}
ALL: dict[str, Callable[[dict[str, Any], list[dict[str, Any]]], Any]] = {
    "timeline": lambda entry, marks: charts.timeline(entry, marks, UTC),
    "narrow": lambda entry, marks: charts.timeline(entry, marks, UTC, width=NARROW),
    "all": lambda entry, marks: charts.timeline_all(incident_samples.report(entry, marks=marks), UTC),
    "breakdown": lambda entry, marks: charts.breakdown(entry),
    "latency": lambda entry, marks: charts.latency(entry),
    "suspects": lambda entry, marks: charts.suspects(entry),
    "outcomes": lambda entry, marks: charts.outcomes(entry),
}


def rows(chart: Any) -> list[dict[str, Any]]:
    """All data of a chart."""
    return [row for found in chart.to_dict()["datasets"].values() for row in found]


def texts(svg: str) -> list[str]:
    """The words in a drawing."""
    return [text.text or "" for text in ET.fromstring(svg).iter("text")]


@pytest.mark.parametrize("name", ALL)
def test_altair_and_the_drawing_machine_take_it(name: str) -> None:
    chart = ALL[name](ENTRY, MARKS)
    assert chart.to_dict(validate=True)
    drawn = charts.svg(chart, "Title", "In words.", name)
    assert drawn == charts.svg(ALL[name](ENTRY, MARKS), "Title", "In words.", name)
    assert len(drawn) < 16_000
    root = ET.fromstring(drawn)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == f"{name}-t {name}-d"
    assert [root[0].text, root[1].text] == ["Title", "In words."]
    assert {child.tag for child in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "g",
        "path",
        "line",
        "rect",
        "circle",
        "text",
    }
    known = re.findall(r"var\(--c-([\w]+), (#\w+)\)", drawn)
    assert known
    assert all(COLOURS[colour] == value for colour, value in known)
    assert "http" not in drawn


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("hostile", samples.HOSTILE)
def test_hostile_text_is_data(name: str, hostile: str) -> None:
    entry = incident_samples.vendor(
        responsible=hostile, functions=[hostile],
        suspects=[{"component": hostile, "kind": "upstream", "score": 1.0}],
        evidence=[incident_samples.said("status_matrix", hostile, rows=[
            {"upstream": hostile, "upstream_status": hostile, "status": hostile, "count": 3}, hostile])],
    )  # fmt: skip
    chart = ALL[name](entry, [{"time": "2026-11-20T14:01:33Z", "text": hostile}])
    if chart is None:
        return
    spec = chart.to_dict(validate=False)
    spec.pop("datasets")
    for layer in spec.get("layer", ()):
        layer.pop("data", None)
    safe = Display().terminal(hostile)
    assert len(safe) < 3 or safe not in json.dumps(spec, ensure_ascii=False), "log text belongs into the data"
    drawn = charts.svg(chart, hostile, hostile)
    root = ET.fromstring(drawn)
    assert {child.tag for child in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "g",
        "path",
        "line",
        "rect",
        "circle",
        "text",
    }
    handled = {key for child in root.iter() for key in child.attrib if key.startswith(("on", "href", "style", "{"))}
    assert not handled


def test_what_is_not_known_is_not_drawn() -> None:
    bare = incident_samples.timeless() | {"evidence": [], "suspects": []}
    assert all(make(bare, MARKS) is None for name, make in ALL.items() if name != "all")
    assert charts.timeline_all(samples.empty()) is None
    # Own time before is known, that of now is not; the upstream's the other way round: none of them is 0.
    drawn = {(row["name"], row["when"]) for row in rows(charts.breakdown(ENTRY))}
    assert drawn == {("whole request", "before"), ("whole request", "during"), ("upstream", "during"),
                     ("own time", "before")}  # fmt: skip


def test_a_timeline_has_every_figure_and_event() -> None:
    chart = charts.timeline(ENTRY, MARKS, UTC)
    assert chart is not None
    failing = [row["n"] for row in rows(chart) if row.get("what") == "failed or slow"]
    assert failing == [*incident_samples.COUNTS, incident_samples.COUNTS[-1]]
    words = texts(charts.svg(chart, "", ""))
    assert {"onset 14:02:11", "deploy v42", "time on 2026-11-20 (UTC)", "requests a minute"} <= set(words)
    assert not any("too late" in text for text in words)


def test_times_are_in_the_zone_that_is_named() -> None:
    chart = charts.timeline(ENTRY, MARKS, ZoneInfo("Asia/Kolkata"))
    words = texts(charts.svg(chart, "", ""))
    assert "onset 19:32:11" in words
    assert "time on 2026-11-20 (Asia/Kolkata, UTC+05:30)" in words
    assert "19:30" in words


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Pacific/Apia"])
def test_the_clock_of_the_machine_does_not_matter(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = charts.svg(charts.timeline(ENTRY), "", "")
    monkeypatch.setenv("TZ", zone)
    assert charts.svg(charts.timeline(ENTRY), "", "") == before


def test_secrets_are_redacted_and_shown_where_asked() -> None:
    entry = incident_samples.vendor(suspects=[{"component": "joe@example.com", "kind": "upstream", "score": 1.0}])
    assert "joe@example.com" not in charts.svg(charts.suspects(entry), "", "")
    assert "joe@example.com" in charts.svg(charts.suspects(entry, display=Display(redact=False)), "", "")


def test_words_above_a_chart_do_not_cover_each_other() -> None:
    marks = [{"time": f"2026-11-20T14:0{n}:00Z", "text": f"deploy number {n} of today"} for n in range(6)]
    chart = charts.timeline(ENTRY, marks, UTC)
    labels = [row for row in rows(chart) if row.get("text")]
    assert len({row["y"] for row in labels}) > 2
    assert sum("deploy" in row["text"] for row in labels) == 3
    assert sum("colour" in row and "text" not in row for row in rows(chart)) == 8  # each has its line all the same


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("America/St_Johns", "UTC-03:30"), ("Asia/Kolkata", "UTC+05:30"), ("America/New_York", "UTC-05:00")],
)
def test_the_offset_of_a_zone_is_named_as_it_is(zone: str, shown: str) -> None:
    along = axis("2026-11-20T14:00:00Z", "2026-11-20T15:00:00Z", ZoneInfo(zone))
    assert along is not None
    assert shown in along.title()


def test_an_incident_while_the_clocks_go_back_has_its_timeline() -> None:
    assert axis("2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z", ZoneInfo("Europe/Berlin")) is not None
