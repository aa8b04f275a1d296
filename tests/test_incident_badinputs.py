"""Logs that nobody wants to be on call for: a sensible answer or one clear sentence, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from attrib.cli.app import run

Doc = dict[str, Any]
T0 = datetime(2026, 11, 20, 14, tzinfo=UTC)
BAD: Doc = {"status": 502, "upstream_status": 503, "error_code": "UPSTREAM_5XX"}
MOST_TEXT = 1_000_000
"""Characters that no text report of ours needs."""


def line(number: int, second: float, **fields: Any) -> Doc:
    """A line of checkout, `second` seconds after 14:00; a field given as ... is not there."""
    plain: Doc = {
        "ts": (T0 + timedelta(seconds=second)).isoformat(), "request_id": f"q{number}", "function": "checkout",
        "stage": "response", "status": 200, "latency_ms": 60, "error_code": None, "upstream": "payments-api",
        "upstream_status": 200, "upstream_latency_ms": 30,
    }  # fmt: skip
    return {name: value for name, value in (plain | fields).items() if value is not ...}


def outage(bad: tuple[int, int] = (3000, 3900), n: int = 1200, seconds: int = 7200, **fields: Any) -> list[Doc]:
    """Two hours, ten lines a minute, in which payments-api fails from 14:50 to 15:05."""
    times = [number * seconds / n for number in range(n)]
    return [line(number, at, **(BAD if bad[0] <= at < bad[1] else {}), **fields) for number, at in enumerate(times)]


class Shown:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def report(self) -> Doc:
        document: Doc = json.loads(self.out)
        return document

    @property
    def incidents(self) -> list[Doc]:
        found: list[Doc] = self.report["incidents"]
        return found

    @property
    def who(self) -> list[tuple[str, str | None, int]]:
        return [(one["verdict"], one["responsible"], one["symptomatic"]) for one in self.incidents]

    @property
    def said(self) -> str:
        """Everything the user is told in sentences."""
        return " ".join([*self.report["notes"], self.err])


Ask = Callable[..., Shown]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> Ask:
    """`attrib analyze` on a log, as JSON; every form of text is made of it too, and must not fail."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def asking(lines: Iterable[Doc | str], *words: str) -> Shown:
        write(tmp_path / "log.jsonl", lines)
        codes = set()
        for form in (["-v"], ["--to", "markdown"], ["--to", "line"], ["--to", "json"]):
            codes.add(run(["analyze", "log.jsonl", *form, *words]))
            out, err = (part.decode() for part in capsysbinary.readouterr())
            assert "Traceback" not in out + err
            assert len(out) < MOST_TEXT or form[-1] == "json"
        (code,) = codes
        return Shown(code, out, err)

    return asking


def write(path: Path, lines: Iterable[Doc | str]) -> str:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in lines]
    path.write_text("".join(f"{text}\n" for text in texts))
    return str(path)


VENDOR = [("vendor", "payments-api", 150)]


def test_the_log_itself(ask: Ask) -> None:
    done = ask(outage())
    assert (done.code, done.who, done.said) == (0, VENDOR, "")
    (one,) = done.incidents
    assert (one["start"], one["end"]) == ("2026-11-20T14:50:00Z", "2026-11-20T15:05:00Z")
    assert (one["failure_rate"], one["baseline_rate"]) == (1, 0)


class TestNothingToCompareWith:
    def test_all_failures(self, ask: Ask) -> None:
        done = ask(outage((0, 9000)))
        assert done.who == [("vendor", "payments-api", 1200)]
        assert done.incidents[0]["failure_rate"] is None
        assert done.incidents[0]["whole_log"] is True

    def test_nearly_all_failures_for_hours(self, ask: Ask) -> None:
        lines = outage((0, 99_000), n=2000, seconds=18_000)
        lines[::10] = [{**one, "status": 200, "upstream_status": 200, "error_code": None} for one in lines[::10]]
        done = ask(lines)
        assert done.who == [("vendor", "payments-api", 1800)]
        assert (done.incidents[0]["failure_rate"], done.incidents[0]["baseline_rate"]) == (0.9, None)

    @pytest.mark.parametrize("count", [1, 3, 4])
    def test_few_lines(self, count: int, ask: Ask) -> None:
        done = ask(outage()[600 : 600 + count])
        assert (done.code, done.incidents) == (0, [])
        assert [one["verdict"] for one in done.report["isolated"]] == ["vendor"] * count

    def test_one_line_that_is_fine(self, ask: Ask) -> None:
        done = ask(outage()[:1])
        assert (done.code, done.incidents, done.report["isolated"], done.report["background"]) == (0, [], [], [])

    @pytest.mark.parametrize("every", [1, 2])
    def test_4xx_only(self, every: int, ask: Ask) -> None:
        done = ask([line(i, 6 * i, status=404 if i % every == 0 else 200) for i in range(500)])
        assert (done.code, done.incidents) == (0, [])
        (row,) = done.report["background"]
        assert (row["status"], row["count"], row["rate"]) == (404, 500 // every, 1 / every)

    @pytest.mark.parametrize("named", [True, False])
    def test_all_at_one_instant(self, named: bool, ask: Ask) -> None:
        lines = [line(i, 0, **BAD, **({} if named else {"request_id": None})) for i in range(300)]
        done = ask(lines)
        assert done.who == [("vendor", "payments-api", 300)]
        assert done.incidents[0]["onset"] == "2026-11-20T14:00:00Z"

    def test_without_time(self, ask: Ask) -> None:
        done = ask(outage(ts=...))
        assert done.who == VENDOR
        assert (done.incidents[0]["start"], done.incidents[0]["onset"]) == (None, None)


class TestClocks:
    def test_1970_and_2038(self, ask: Ask) -> None:
        odd = [line(9000, 0, ts="1970-01-01T00:00:00Z", **BAD), line(9001, 0, ts="2038-01-19T03:14:07Z", **BAD)]
        done = ask([*odd, *outage()])
        assert done.who == VENDOR
        assert done.incidents[0]["baseline_rate"] < 0.01
        assert len(done.report["isolated"]) == 2

    def test_they_fail_many_times(self, ask: Ask) -> None:
        odd = [line(9000 + i, 0, ts=f"1970-01-01T00:00:{i:02}Z", **BAD) for i in range(20)]
        assert ask([*odd, *outage()]).who == [*VENDOR, ("vendor", "payments-api", 20)]

    def test_in_a_log_of_failures(self, ask: Ask) -> None:
        """56 years of silence: an incident is no longer than what was logged."""
        odd = [line(9000 + i, 0, ts=f"1970-01-01T00:00:0{i}Z", **BAD) for i in range(2)]
        done = ask([*odd, *[line(i, 6 * i, **BAD) for i in range(100)]])
        assert done.who == [("vendor", "payments-api", 100)]
        assert done.incidents[0]["start"] == "2026-11-20T14:00:00Z"
        few = ask([*odd, *[line(i, 6 * i, **BAD) for i in range(4)]])
        assert [one["symptomatic"] for one in few.incidents] == [6]

    def test_an_hour_is_missing(self, ask: Ask) -> None:
        whole = outage((8000, 8900), n=2400, seconds=14_400)
        done = ask(one for one in whole if not 3600 <= (whole_seconds(one) - T0).total_seconds() < 7200)
        assert done.who == VENDOR
        assert done.incidents[0]["start"] == "2026-11-20T16:13:00Z"

    def test_an_hour_is_missing_in_the_outage(self, ask: Ask) -> None:
        whole = outage((3000, 9000), n=2400, seconds=14_400)
        done = ask(one for one in whole if not 3600 <= (whole_seconds(one) - T0).total_seconds() < 7200)
        assert [(one["start"][11:16], one["end"][11:16]) for one in done.incidents] == [
            ("16:00", "16:30"), ("14:50", "15:00")
        ]  # fmt: skip

    def test_zones_mixed(self, ask: Ask) -> None:
        east = timezone(timedelta(hours=2))
        lines = outage()
        for number, one in enumerate(lines):
            at = whole_seconds(one)
            forms = [at.astimezone(east).isoformat(), f"{at:%Y-%m-%dT%H:%M:%S}Z", f"{at:%Y-%m-%dT%H:%M:%S}"]
            one["ts"] = forms[number % 3]
        done = ask(lines)
        assert done.who == VENDOR
        assert done.incidents[0]["onset"] == "2026-11-20T14:50:00Z"


def whole_seconds(one: Doc) -> datetime:
    return datetime.fromisoformat(one["ts"])


def around(first: str, last: str, day: str = "2026-11-20") -> Sequence[str]:
    return "--window", f"{day}T{first}:00Z..{day}T{last}:00Z"


class TestWindow:
    def test_around_it(self, ask: Ask) -> None:
        done = ask(outage(), *around("14:45", "15:10"))
        assert done.who == VENDOR
        assert (done.incidents[0]["forced"], done.incidents[0]["invocations"]) == (True, 250)
        assert done.report["background"] == []

    def test_outside_the_log(self, ask: Ask) -> None:
        done = ask(outage(), *around("14:45", "15:10", day="2027-01-01"))
        assert (done.code, done.who) == (0, [("unknown", None, 0)])
        assert "window lies outside of the log" in done.said

    def test_no_symptom_in_it(self, ask: Ask) -> None:
        done = ask(outage(), *around("14:05", "14:30"))
        assert (done.code, done.who) == (0, [("unknown", None, 0)])
        assert (done.incidents[0]["invocations"], done.incidents[0]["failure_rate"]) == (250, 0)

    def test_no_time_in_the_log(self, ask: Ask) -> None:
        done = ask(outage(ts=...), *around("14:45", "15:10"))
        assert (done.code, done.who) == (0, [("unknown", None, 0)])
        assert "No record has a time" in done.said

    def test_longer_than_anything(self, ask: Ask) -> None:
        done = ask(outage(), "--window", "1971-01-01T00:00:00Z..2037-01-01T00:00:00Z")
        assert (done.who, done.incidents[0]["invocations"]) == (VENDOR, 1200)
        assert done.incidents[0]["onset"] == "2026-11-20T14:50:00Z"

    def test_the_wrong_way_round(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = write(tmp_path / "log.jsonl", outage())
        assert run(["analyze", path, *around("15:10", "14:45")]) == 2
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", [("--since", "2027-01-01T00:00:00Z"), ("--until", "2025-01-01T00:00:00Z")])
def test_nothing_is_left(words: Sequence[str], ask: Ask) -> None:
    done = ask(outage(), *words)
    assert (done.code, done.incidents, done.report["background"]) == (0, [], [])
    assert done.report["summary"]["invocations"] == 0


@pytest.mark.parametrize("bad", [(3000, 3900), (0, 9000)])
def test_sampled(bad: tuple[int, int], ask: Ask) -> None:
    done = ask(outage(bad), "--sampled")
    assert [one[:2] for one in done.who] == [("vendor", "payments-api")]
    (one,) = done.incidents
    assert (one["failure_rate"], one["baseline_rate"], one["sampled"]) == (None, None, True)


class TestBaseline:
    def usual(self, ask: Ask, tmp_path: Path, lines: Iterable[Doc | str], log: list[Doc] | None = None) -> Shown:
        return ask(outage() if log is None else log, "--baseline", write(tmp_path / "usual.jsonl", lines))

    def test_a_quiet_one(self, ask: Ask, tmp_path: Path) -> None:
        done = self.usual(ask, tmp_path, outage((0, 0)))
        assert (done.who, done.incidents[0]["baseline_rate"], done.said) == (VENDOR, 0, "")
        everything = self.usual(ask, tmp_path, outage((0, 0)), outage((0, 9000)))
        assert (everything.incidents[0]["failure_rate"], everything.incidents[0]["baseline_rate"]) == (1, 0)

    def test_it_holds_an_incident_itself(self, ask: Ask, tmp_path: Path) -> None:
        done = self.usual(ask, tmp_path, outage((3000, 5000)))
        assert (done.who, done.incidents[0]["baseline_rate"]) == (VENDOR, 0)
        assert "The baseline holds incidents of its own (in checkout, from 2026-11-20T14:50:00Z" in done.said

    def test_the_log_as_its_own(self, ask: Ask) -> None:
        done = ask(outage(), "--baseline", "log.jsonl")
        assert (done.who, done.incidents[0]["baseline_rate"]) == (VENDOR, 0)

    def test_failures_only(self, ask: Ask, tmp_path: Path) -> None:
        done = self.usual(ask, tmp_path, outage((0, 9000)))
        assert (done.who, done.incidents[0]["failure_rate"]) == (VENDOR, 1)
        assert "The baseline holds only failures of checkout" in done.said

    def test_without_times(self, ask: Ask, tmp_path: Path) -> None:
        done = self.usual(ask, tmp_path, outage((0, 0), ts=...))
        assert (done.who, done.incidents[0]["baseline_rate"]) == (VENDOR, 0)
        noisy = self.usual(ask, tmp_path, outage(ts=...))
        assert (noisy.who, noisy.incidents[0]["baseline_rate"]) == (VENDOR, 0.125)

    @pytest.mark.parametrize("lines", [[], ["hello", '{"a": 1}']], ids=["empty", "no record"])
    def test_nothing_in_it(self, lines: list[str], ask: Ask, tmp_path: Path) -> None:
        done = self.usual(ask, tmp_path, lines)
        assert (done.code, done.who) == (0, VENDOR)
        assert "The baseline holds no record" in done.said

    def test_missing(self, ask: Ask) -> None:
        done = ask(outage(), "--baseline", "nowhere.jsonl")
        assert (done.code, done.who) == (3, VENDOR)
        assert "nowhere.jsonl: no such file" in done.err


class TestNames:
    def test_ids_in_the_path(self, ask: Ask) -> None:
        """As many functions as lines: they are taken together by their form."""
        n = 4000
        lines = [
            line(i, i * 7200 / n, function=f"/users/{i}/orders/{i * 7}", **(BAD if 1600 <= i < 2100 else {}))
            for i in range(n)
        ]
        done = ask(lines)
        assert done.who == [("vendor", "payments-api", 500)]
        assert done.incidents[0]["functions"] == ["/users/:id/orders/:id"]
        single = [{**one, **BAD} if number == 3000 else one for number, one in enumerate(lines)]
        (alone,) = ask(single).report["isolated"]
        assert alone["function"] == "/users/3000/orders/21000"

    def test_hostile_ones(self, ask: Ask) -> None:
        names = [
            "", "../../etc/passwd", "\x1b[31mred\x1b[0m", "<script>alert(1)</script>", "a|b|c`x`", "=cmd()", "a" * 5000,
            "\u202eabc", "{{x}}", "%s%d", "[bold]x[/bold]", "nul\x00x", "x'y\"z", "函数", "\n\nnew",
        ]  # fmt: skip
        n = len(names) * 200
        done = ask(
            line(i, 2 * i, function=names[i % len(names)], **({"status": 500} if 1500 < i < 2500 else {}))
            for i in range(n)
        )
        assert {name for one in done.incidents for name in one["functions"]} == {name for name in names if name}
        assert len(done.incidents) == len(names)
        assert {one["verdict"] for one in done.incidents} == {"application"}

    def test_none_at_all(self, ask: Ask) -> None:
        done = ask(line(i, 6 * i, function=None, **({"status": 500} if 400 < i < 500 else {})) for i in range(1200))
        assert done.who == [("application", None, 99)]
        assert done.incidents[0]["functions"] == []
        assert "name no function" in done.said


@pytest.mark.parametrize("huge", [1e12, 1e300])
def test_huge_latencies(huge: float, ask: Ask) -> None:
    lines = outage((0, 0))
    lines += [line(5000 + i, 700 + i, latency_ms=huge, upstream_latency_ms=huge) for i in range(50)]
    done = ask(lines)
    assert done.who == [("vendor", "payments-api", 50)]
    assert done.incidents[0]["start"] == "2026-11-20T14:11:00Z"


def test_lines_that_are_years_apart(ask: Ask) -> None:
    """3,000 days of one failing call each: quick, and not one of them is hidden."""
    done = ask(line(i, 86_400 * i, status=500) for i in range(3000))
    assert done.who == [("application", "checkout", 3000)]
