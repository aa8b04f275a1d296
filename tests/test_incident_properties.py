"""What must change no incident: order, splitting, packing, copies, a second run; and what must change them.

Logs are made by the labelled generator and judged by the whole program.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import zstandard

from attrib.options import Options
from attrib.pipeline import analyze, verdict_rows
from attrib.reports import jsondoc
from attrib.reports.view import View
from benchmarks.generator.make import make

Doc = dict[str, Any]
CAREFUL = Options(fast=False)
KINDS = (
    "vendor_errors", "vendor_slow", "vendor_breaker", "application_deploy", "bottleneck", "credential", "missing_most",
    "unfinished", "two_causes", "our_network", "many_functions", "retries", "mixed_times", "low_volume",
    "no_quiet_time", "errors_only", "chain_vendor", "quiet_404",
)  # fmt: skip
FAULTS = tuple(kind for kind in KINDS if not kind.startswith("quiet"))
PLACEHOLDERS = (None, "", "-", "null", "none", "unknown", "undefined", "n/a", "0")


@cache
def log(kind: str) -> tuple[tuple[str, ...], Doc]:
    lines, labels = make(kind, 7, lines=2500)
    return tuple(lines), labels


def write(folder: Path, *parts: Sequence[str], pack: Callable[[bytes], bytes] = bytes, ending: str = "") -> list[str]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number}.jsonl{ending}" for number in range(len(parts))]
    for path, lines in zip(paths, parts, strict=True):
        path.write_bytes(pack("".join(f"{line}\n" for line in lines).encode()))
    return [str(path) for path in paths]


def report(folder: Path, *parts: Sequence[str], **how: Any) -> Doc:
    return analyze(write(folder, *parts, **how), CAREFUL).report


PLACES = {"actions", "evidence", "counter_evidence", "missing_evidence"}
"""Texts that name files and lines."""


def told(document: Doc) -> list[Doc]:
    """All of every incident that does not say where it stands."""
    return [{key: value for key, value in one.items() if key not in PLACES} for one in document["incidents"]]


def kinds_of_evidence(document: Doc) -> list[list[str]]:
    return [[entry["kind"] for name in sorted(PLACES) for entry in one[name]] for one in document["incidents"]]


@cache
def before(kind: str, folder: Path) -> Doc:
    return report(folder / kind, log(kind)[0])


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Doc]:
    """The report on a log as it was made."""
    folder = tmp_path_factory.mktemp("plain")
    return lambda kind: before(kind, folder)


Plain = Callable[[str], Doc]


@pytest.mark.parametrize("kind", KINDS)
def test_the_logs_are_what_they_should_be(kind: str, plain: Plain) -> None:
    """Or the other tests would prove nothing."""
    labels = log(kind)[1]["incidents"]
    wanted = {(label["verdict"], label["responsible"]) for label in labels}
    assert wanted <= {(one["verdict"], one["responsible"]) for one in plain(kind)["incidents"]}
    assert bool(plain(kind)["incidents"]) is bool(labels)


@pytest.mark.parametrize("kind", KINDS)
def test_order_and_splitting(kind: str, plain: Plain, tmp_path: Path) -> None:
    chance = random.Random(kind)
    lines = chance.sample(log(kind)[0], len(log(kind)[0]))
    cuts = sorted(chance.sample(range(len(lines)), 2))
    after = report(tmp_path, lines[: cuts[0]], lines[cuts[0] : cuts[1]], lines[cuts[1] :])
    assert told(after) == told(plain(kind))
    assert kinds_of_evidence(after) == kinds_of_evidence(plain(kind))
    assert after["background"] == plain(kind)["background"]


@pytest.mark.parametrize("kind", KINDS[::3])
def test_compression(kind: str, plain: Plain, tmp_path: Path) -> None:
    for ending, pack in ((".gz", gzip.compress), (".zst", zstandard.compress)):
        after = report(tmp_path, log(kind)[0], pack=pack, ending=ending)
        assert told(after) == told(plain(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_copies(kind: str, plain: Plain, tmp_path: Path) -> None:
    chance = random.Random(kind)
    lines = log(kind)[0]
    named = [line for line in lines if str(json.loads(line).get("request_id")).lower() not in map(str, PLACEHOLDERS)]
    after = report(tmp_path, [*lines, *chance.sample(named, len(named) // 3)])
    assert after["input"]["totals"]["duplicates"] >= len(named) // 3 > 0
    assert told(after) == told(plain(kind))


@pytest.mark.parametrize("kind", KINDS[1::3])
def test_a_second_run_is_byte_equal(kind: str, tmp_path: Path) -> None:
    paths = write(tmp_path, log(kind)[0])
    first, second = (jsondoc.render(analyze(paths, CAREFUL).report, View()) for _ in range(2))
    assert first == second


TIMES = ("ts", "timestamp", "time", "@timestamp")
IDS = ("request_id", "trace_id", "span_id", "parent_span_id")


def later(line: str, hours: int) -> str:
    """The same line some hours later, of another request."""
    fields = json.loads(line)
    for name in TIMES:
        at = fields.get(name)
        if isinstance(at, str):
            fields[name] = (datetime.fromisoformat(at) + timedelta(hours=hours)).isoformat()
        elif at is not None:
            fields[name] = at + hours * 3600 * (1 if at < 1e11 else 1_000 if at < 1e14 else 1_000_000)
    for name in IDS:
        if str(fields.get(name)).lower() not in map(str, PLACEHOLDERS):
            fields[name] = f"{fields[name]}-again"
    return json.dumps(fields)


def who(document: Doc) -> list[tuple[str, str | None, list[str]]]:
    found = [(one["verdict"], one["responsible"], one["functions"]) for one in document["incidents"]]
    return sorted(found, key=repr)


@pytest.mark.parametrize("hours", [10, 24])
@pytest.mark.parametrize("kind", [*KINDS, "vendor_partial"])
def test_twice_in_time_is_twice_the_incidents(kind: str, hours: int, plain: Plain, tmp_path: Path) -> None:
    lines = log(kind)[0]
    after = report(tmp_path, lines, [later(line, hours) for line in lines])
    if kind == "errors_only":  # over a longer time a grep of errors shows its bursts, each an incident
        assert {str(one) for one in who(after)} == {str(one) for one in who(plain(kind))}
        return
    assert who(after) == sorted(who(plain(kind)) * 2, key=repr)
    assert len({one["id"] for one in after["incidents"]}) == len(after["incidents"])


def whole(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def without_faults(kind: str, folder: Path) -> list[str]:
    """A log without the lines of what failed in its faults' time."""
    lines, labels = log(kind)
    gone: set[tuple[Any, Any]] = set()
    places: set[int] = set()
    for row in verdict_rows(write(folder, lines), CAREFUL).rows:
        for label in labels["incidents"]:
            late = whole(label["end"]) + timedelta(minutes=7)  # long waits end after the fault does
            early = whole(label["onset"]) - timedelta(minutes=1)
            if row["function"] in label["functions"] and early <= whole(row["ts"]) <= late:
                gone.add((row["function"], row["request_id"]))
                places.add(row["line"])
    kept = []
    for number, line in enumerate(lines, start=1):
        fields = json.loads(line)
        mine = (fields.get("function"), fields.get("request_id"))
        if number not in places and (mine not in gone or mine[1] in PLACEHOLDERS):
            kept.append(line)
    assert len(kept) < len(lines)
    return kept


@pytest.mark.parametrize("kind", FAULTS)
def test_without_the_faults_lines_there_is_no_incident(kind: str, plain: Plain, tmp_path: Path) -> None:
    assert plain(kind)["incidents"]
    assert report(tmp_path / "after", without_faults(kind, tmp_path))["incidents"] == []
