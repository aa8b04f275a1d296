"""A ticket as the vendor's support reads it, and as the files that are attached to it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from attrib.cli.app import run
from attrib.errors import UsageError
from attrib.options import Options
from attrib.reports.next_steps import ticket as command
from attrib.reports.vendor.compared import compared
from attrib.reports.vendor.files import COLUMNS, as_zip, csv_lines
from attrib.reports.vendor.story import as_markdown, as_text
from attrib.reports.vendor.words import TO_FILL
from attrib.reports.view import View
from attrib.ticketing import Asked, ticket
from tests.reports import incident_samples as some

GOLDEN = Path(__file__).with_name("golden")
SAMPLES = sorted(str(path) for path in Path("sample_logs").glob("*.jsonl"))
VIEW = View(width=80)
HOSTILE = "<script>alert(1)</script>|`x`\n# =cmd()\x1b[31m\u202e"


def made(vendor: str, **options: Any) -> dict[str, Any]:
    return ticket(SAMPLES, Asked(vendor), Options(**options)).document


@pytest.fixture(scope="module")
def outage() -> dict[str, Any]:
    """checkout.jsonl: payments-api is down."""
    return made("payments-api")


def logged(folder: Path, *lines: dict[str, Any], vendor: str = "payments-api", **options: Any) -> dict[str, Any]:
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return ticket([str(path)], Asked(vendor), Options(**options)).document


def call(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "ts": f"2026-11-20T14:{number // 60 % 60:02}:{number % 60:02}.250Z", "request_id": f"r-{number}",
        "function": "checkout", "stage": "response", "status": 502, "latency_ms": 60, "upstream": "payments-api",
        "upstream_status": 503, "upstream_latency_ms": 20, **fields,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["vendor.md", "vendor.txt"])
def test_golden(outage: dict[str, Any], name: str) -> None:
    shown = as_markdown(outage, VIEW) if name.endswith(".md") else as_text(outage, VIEW)
    shown = shown.replace(outage["attrib_version"], "VERSION")
    assert shown == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_figures_are_those_of_the_sample_log(outage: dict[str, Any]) -> None:
    """Counted from the lines themselves: calls of checkout in the outage's minutes, by their last attempt."""
    last: dict[str, dict[str, Any]] = {}
    for text in Path("sample_logs/checkout.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if line["request_id"] not in ("-", "null", None) and line["stage"] in ("response", "exception"):
            last[line["request_id"]] = line
    during = [line for line in last.values() if "2026-11-20T09:14" <= line["ts"] < "2026-11-20T09:33"]
    failed = [line for line in during if line["upstream_status"] in (503, "ECONNREFUSED")]
    unknown = [line for line in during if line["upstream_status"] is None]
    assert outage["during"]["failed"] == len(failed) == 140
    assert outage["during"]["no_outcome"] == len(unknown) == 31
    assert outage["during"]["calls"] == len(during) == 237


def test_nothing_of_ours_goes_out_that_need_not(outage: dict[str, Any]) -> None:
    for shown in (as_markdown(outage, VIEW), as_text(outage, VIEW), "".join(csv_lines(outage, VIEW))):
        for ours in ("api-1", "api-5", "v41", "v42", "shop-api", "jsonl", "sample_logs", "mail-api", "sms-api", "geo"):
            assert ours not in shown


def test_what_only_people_know_is_marked(outage: dict[str, Any]) -> None:
    shown = as_text(outage, View(width=200))
    for field in ("Account id", "Contact", "Our addresses that call you", "Full URL, region", "Severity for us"):
        assert re.search(rf"{field} +{re.escape(TO_FILL)}", shown), field
    assert f"our deadline: {TO_FILL}" in shown


def test_our_own_deadline_is_not_hidden() -> None:
    found = made("courier-api")
    assert any("Our deadline: calls that timed out were given about 200 ms" in text for text in compared(found).open)
    assert "about 200 ms (seen: 75 of 75 timeouts end there)" in as_markdown(found, VIEW)


def test_a_refused_credential_is_asked_about() -> None:
    shown = as_markdown(made("sms-api"), VIEW)
    assert "137 of 137 calls to `sms-api` were answered 401, 403, 407 or 429 (100 %); before, 0 of 157." in shown
    assert "Are our account and credentials valid with you?" in shown
    assert shown.index("Not ruled out:") < shown.index("Our credentials and our rate: 137 calls")


def test_what_is_unknown_is_not_claimed() -> None:
    shown = as_markdown(made("stock-api"), VIEW)
    assert shown.startswith("# Calls of unknown outcome: a request to your support\n")
    assert "we do not say that you failed" in shown


def test_a_vendor_without_failures() -> None:
    shown = as_markdown(made("geo-api"), VIEW)
    assert "None of our 171 calls to `geo-api` failed in this time." in shown
    assert "Causes on our side" not in shown


def test_no_call_at_all(tmp_path: Path) -> None:
    shown = as_markdown(logged(tmp_path, call(1), window="15:00..15:10"), VIEW)
    assert "Our log holds no call to `payments-api` in this time." in shown


def test_slow_calls(tmp_path: Path) -> None:
    late = [call(n, status=200, upstream_status=200, latency_ms=900, upstream_latency_ms=880) for n in range(10)]
    shown = as_markdown(logged(tmp_path, *late), VIEW)
    assert shown.startswith("# Slow calls: a request to your support\n")
    assert "10 of 10 calls to `payments-api` slowed our requests down" in shown


def test_confined_to_one_host_is_said(tmp_path: Path) -> None:
    bad = [call(n, **{"host.name": "h-1"}) for n in range(30)]
    good = [call(n, status=200, upstream_status=200, **{"host.name": "h-2"}) for n in range(30, 60)]
    found = compared(logged(tmp_path, *bad, *good))
    assert any(text.startswith("One of our hosts: at least 95 %") for text in found.open)


@pytest.mark.parametrize("width", [1, 40, 80, 200])
def test_no_line_is_longer_than_the_terminal(outage: dict[str, Any], width: int) -> None:
    for plain in (False, True):
        shown = as_text(outage, View(width=width, ascii=plain))
        assert max(map(cell_len, shown.split("\n"))) <= max(width, 72)  # the bar and times of minutes stay whole
        assert not plain or "█" not in shown


@pytest.mark.parametrize("days", [1, 2, 400])
def test_any_window_has_a_short_table(tmp_path: Path, days: int) -> None:
    lines = [call(0), call(1, ts="2026-11-20T23:59:00Z")]
    lines += [call(2, ts=f"{2026 + day // 365}-11-{20 + day % 2}T10:00:00Z") for day in (days,)]
    shown = as_text(logged(tmp_path, *lines), VIEW)
    table = shown[shown.index("From (UTC)") : shown.index("Calls to look up")]
    assert 3 <= len(table.splitlines()) <= 15


def test_the_zip_is_the_same_every_time(outage: dict[str, Any]) -> None:
    data = as_zip(outage, VIEW)
    assert data == as_zip(made("payments-api"), VIEW)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["README.txt", "failing_calls.csv", "ticket.md", "ticket.txt"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
        assert "failing_calls.csv: 172 calls" in archive.read("README.txt").decode()
        assert archive.read("ticket.md").decode() == as_markdown(outage, VIEW)
        rows = list(csv.DictReader(io.StringIO(archive.read("failing_calls.csv").decode())))
    assert len(rows) == 172
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["answers"] == "503 503 ECONNREFUSED"
    assert {row["result"] for row in rows} == {"failed", "recovered"}


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    odd = call(0, error_code=HOSTILE, request_id=HOSTILE, upstream_request_id=HOSTILE, function=f"f {HOSTILE}")
    found = logged(tmp_path, odd | {"upstream": HOSTILE}, vendor=HOSTILE)
    shown = as_markdown(found, VIEW)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert re.search(r"^# =cmd", shown, re.MULTILINE) is None
    assert re.sub(r"`[^`]*`", "", shown).count("<script>") == 0
    (row,) = csv.DictReader(io.StringIO("".join(csv_lines(found, VIEW))))
    assert all(not cell.lstrip().startswith(("=", "+", "@")) for cell in row.values())


def test_secrets_are_left_out(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    found = logged(tmp_path, call(0, error_code=f"token={token}", upstream_request_id=token))
    for shown in (as_markdown(found, VIEW), as_text(found, VIEW), "".join(csv_lines(found, VIEW))):
        assert token not in shown


def test_reports_suggest_the_ticket() -> None:
    view = View(logs=("a.jsonl",))
    small = some.vendor(id="inc-00000002")
    report = some.report(some.vendor(), small)
    assert command(report["incidents"][0], report, view) == "attrib report vendor --vendor payments-api a.jsonl"
    assert command(small, report, view) == "attrib report vendor --vendor payments-api --incident inc-00000002 a.jsonl"
    for other in (some.vendor(responsible=None), some.vendor(verdict="application"), some.vendor(responsible="-x")):
        assert command(other, some.report(other), view) is None


def test_no_message_shows_a_secret_of_the_log(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    with pytest.raises(UsageError) as told:
        logged(tmp_path, call(0, upstream=f"https://user:{token}@pay.example"), vendor="zzz")
    assert token not in str(told.value)


def test_a_bundle_stands_for_the_logs_and_a_saved_report_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = str(Path("sample_logs/checkout.jsonl").resolve())
    monkeypatch.chdir(tmp_path)
    assert run(["analyze", log, "--bundle", "b.zip", "-o", "r.json"]) == 0
    capsys.readouterr()
    assert run(["report", "vendor", "b.zip", "--vendor", "payments-api"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^4 of 7 calls to `payments-api` failed\. ", shown, re.MULTILINE)
    assert "| Window | 2026-11-20 09:14 to 09:33 UTC |" in shown
    assert "Only the records that a report kept were counted, not all calls: no shares." in shown
    assert run(["report", "vendor", "b.zip", log, "--vendor", "payments-api"]) == 2
    assert "b.zip is a bundle; name nothing beside it" in capsys.readouterr().err
    assert run(["report", "vendor", "r.json", "--vendor", "payments-api"]) == 2
    assert "a saved report counts calls and holds none" in capsys.readouterr().err
