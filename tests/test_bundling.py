"""Bundles: proof that outlives the logs. Here the logs are deleted before anything is asked."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from attrib import bundling, pipeline
from attrib.analysis.cited import canonical, places_of
from attrib.analysis.run import start
from attrib.cli.app import run
from attrib.errors import UsageError
from attrib.options import Options
from attrib.records.model import Record
from attrib.reports import bundle, explain
from attrib.reports.bundle_reading import digest, loads
from attrib.reports.saved import Saved, saved_report
from attrib.reports.view import View
from attrib.safe.display import Display
from tests.comparison.samples import log

SAMPLES = sorted((Path(__file__).parents[1] / "sample_logs").glob("*.jsonl"))


def made(folder: Path, logs: list[str], options: Options | None = None, view: View | None = None) -> Saved:
    """A bundle of logs, written and read again."""
    outcome, contents = bundling.analyze(logs, options)
    path = folder / "bundle.zip"
    path.write_bytes(bundle.render(outcome.report, contents, view or View()))
    found = saved_report(str(path))
    assert found is not None
    return found


def ids_of(saved: Saved) -> list[str]:
    assert saved.bundle is not None
    ids = (json.loads(one.text)["request_id"] for one in saved.bundle.records if one.request is not None)
    return list(dict.fromkeys(ids))


def write(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_every_request_is_explained_as_on_the_logs_when_they_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    logs = [Path(shutil.copy(path, tmp_path)).name for path in SAMPLES]
    saved = made(tmp_path, logs)
    ids = ids_of(saved)
    assert len(ids) > 20
    told = {name: pipeline.explain(name, logs).report for name in ids[::3]}
    for name in logs:
        Path(name).unlink()
    for name, report in told.items():
        again = bundling.explain(name, saved).report
        source = again.pop("bundle")
        assert again == report
        assert source == {"path": str(tmp_path / "bundle.zip"), "records": 54, "redacted": True, "cut": False}


def test_the_program_does_it_all_without_the_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in SAMPLES:
        shutil.copy(path, tmp_path)
    assert run(["analyze", ".", "--bundle", "b.zip", "-t", "line", "-q"]) == 0
    assert run(["explain", "f066035d", "checkout.jsonl"]) == 0
    capsysbinary.readouterr()
    for path in tmp_path.glob("*.jsonl"):
        path.unlink()
    assert run(["explain", "f066035d", "b.zip"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert "VENDOR payments-api (ext-no-response)" in out
    assert "Judged again from the records and rules in the bundle b.zip" in out
    assert run(["compare", "b.zip", "b.zip", "--fail-on", "regress"]) == 0
    assert run(["report", "postmortem", "b.zip"]) == 0
    assert run(["report", "vendor", "b.zip", "--vendor", "payments-api"]) == 0
    capsysbinary.readouterr()
    assert run(["explain", "elsewhere", "b.zip"]) == 2
    error = capsysbinary.readouterr().err.decode()
    assert "no request elsewhere in b.zip" in error
    assert "f066035d" in error


@pytest.mark.parametrize("fast", [True, False])
def test_it_is_the_same_bytes_again(tmp_path: Path, *, fast: bool) -> None:
    logs = [log(tmp_path / "a.jsonl", 800, 0.2), log(tmp_path / "b.jsonl", 100, 0.9, function="mail", day=2)]
    first = []
    for _ in range(2):
        outcome, contents = bundling.analyze(logs, Options(fast=fast))
        first.append(bundle.render(outcome.report, contents, View()))
    assert first[0] == first[1]
    other = bundling.analyze(logs, Options(fast=not fast))
    assert bundle.render(other[0].report, other[1], View()) == first[0]


def test_all_that_the_report_cites_is_in_it(tmp_path: Path) -> None:
    logs = [log(tmp_path / "a.jsonl", 800, 0.2)]
    saved = made(tmp_path, logs)
    assert saved.bundle is not None
    cited = {(one.file, one.line) for one in saved.bundle.records if one.cited}
    assert cited == set(places_of(saved.report))
    for one in saved.bundle.records:
        assert digest(one.text.encode()) == one.sha256
        assert json.loads(one.text) == json.loads(Path(one.file).read_text().splitlines()[one.line - 1]) | {
            "error_code": None, "ts": json.loads(one.text)["ts"]
        }  # fmt: skip
    with zipfile.ZipFile(saved.path) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "manifest.json"
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"outlives the logs" in archive.read("README.txt")


def test_a_record_is_read_again_as_it_was(tmp_path: Path) -> None:
    row = {
        "request_id": 17, "function": "a", "stage": "", "status": "ETIMEDOUT", "latency_ms": "12.50",
        "error_code": "-", "upstream_status": "deadline_exceeded", "upstream_latency_ms": 0.1, "ts": 1732096800123,
        "upstream": "x", "attempt": 2, "labels": {"b": "1"}, "level": "info", "queued_ms": 3, "span_id": "s",
        "trace_id": "t", "parent_span_id": "p", "caller_latency_ms": 14.0, "host.name": "h", "service": "c",
        "retry_count": 3,
    }  # fmt: skip
    with start([write(tmp_path / "a.jsonl", row)], Options()) as opened:
        record = opened.parser.parse(json.dumps(row).encode(), 0, 1)
        assert isinstance(record, Record)
        assert opened.parser.parse(json.dumps(canonical(record)).encode(), 0, 1) == record


def test_secrets_stay_out_and_ids_that_become_equal_are_not_joined(tmp_path: Path) -> None:
    rows = [
        {"ts": f"2026-11-20T09:{n:02d}:00Z", "request_id": f"{who}@example.com", "function": "a", "status": 500,
         "stage": "response", "upstream": "v", "upstream_status": 503, "latency_ms": n,
             "error_code": "token=hunter2222"}
        for n, who in enumerate(("ann", "bob", "eve", "dan", "joe", "kim"), 10)
    ]  # fmt: skip
    logs = [write(tmp_path / "a.jsonl", *rows)]
    saved = made(tmp_path, logs)
    data = Path(saved.path).read_bytes()
    for secret in (b"example.com", b"hunter2"):
        assert secret not in data
    with pytest.raises(UsageError, match="requests are redacted to"):
        bundling.explain("[redacted:email]", saved)
    open_one = made(tmp_path, logs, view=View(Display(redact=False)))
    assert bundling.explain("bob@example.com", open_one).report["invocations"][0]["latency_ms"] == 11


def test_own_rules_thresholds_parties_and_configuration_come_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pack = (Path(__file__).parents[1] / "rules" / "m1.toml").read_text().replace("m1-vendor", "mine-vendor")
    Path("mine.toml").write_text(pack)
    Path("attrib.toml").write_text('[parties]\nown = ["payments-api"]\n[thresholds]\nlatency_high_ms = 30\n')
    logs = [log(Path("a.jsonl"), 300, 0.2)]
    assert run(["analyze", *logs, "--rules", "mine.toml", "--vendors", "pay*", "--bundle", "b.zip", "-q"]) == 0
    saved = saved_report("b.zip")
    assert saved is not None
    assert saved.bundle is not None
    assert saved.bundle.config == Path("attrib.toml").read_text()
    told = pipeline.explain(ids_of(saved)[0], logs, _options()).report
    Path("mine.toml").unlink()
    Path("attrib.toml").unlink()
    again = bundling.explain(ids_of(saved)[0], saved).report
    del again["bundle"]
    assert again == told
    assert any(rule["id"] == "mine-vendor" for rule in again["invocations"][0]["rules"]) or not again["invocations"]


def _options() -> Options:
    from attrib.config.build import make_options

    return make_options(rules=["mine.toml"], vendors=["pay*"])


def test_other_hops_of_a_trace_come_with_it(tmp_path: Path) -> None:
    rows = []
    for n in range(1, 13):
        both = {"ts": f"2026-11-20T09:00:{n:02d}Z", "trace_id": f"{n:032x}", "stage": "response"}
        front = {"request_id": f"front-{n}", "span_id": f"a{n:015x}", "function": "web", "status": 502}
        back = {"request_id": f"back-{n}", "span_id": f"b{n:015x}", "function": "pay", "status": 500}
        rows += [
            both | front | {"latency_ms": 90, "upstream": "pay", "upstream_status": 500},
            both | back | {"latency_ms": 50, "upstream": "psp", "upstream_status": 503, "parent_span_id": f"a{n:015x}"},
        ]
    logs = [write(tmp_path / "a.jsonl", *rows)]
    saved = made(tmp_path, logs)
    for name in ids_of(saved):
        again = bundling.explain(name, saved).report
        del again["bundle"]
        assert again == pipeline.explain(name, logs).report
    assert bundling.explain("front-1", saved).report["chain"]


def test_one_id_over_the_whole_log_is_cut_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attrib.analysis.cited.MOST_OF_ONE", 4)
    rows = [
        {"ts": f"2026-11-20T09:00:{n:02d}Z", "request_id": "r", "function": "a", "stage": "call", "attempt": n,
         "status": 500, "upstream": "v", "upstream_status": 503, "latency_ms": 5}
        for n in range(9)
    ]  # fmt: skip
    saved = made(tmp_path, [write(tmp_path / "a.jsonl", *rows)])
    found = bundling.explain("r", saved).report
    assert found["bundle"]["cut"]
    assert "had too many" in explain.render(found, View(width=200))


def test_a_report_alone_holds_no_records(tmp_path: Path) -> None:
    logs = log(tmp_path / "a.jsonl", 100, 0.5)
    assert run(["analyze", logs, "-o", str(tmp_path / "r.json"), "-q"]) == 0
    assert run(["explain", "checkout-1-0-1", str(tmp_path / "r.json")]) == 2
    saved = saved_report(str(tmp_path / "r.json"))
    assert saved is not None
    with pytest.raises(UsageError, match="holds no records"):
        bundling.explain("checkout-1-0-1", saved)


def test_it_never_takes_the_place_of_a_log_and_is_never_half(tmp_path: Path) -> None:
    logs = log(tmp_path / "a.jsonl", 100, 0.5)
    before = Path(logs).read_bytes()
    assert run(["analyze", logs, "--bundle", logs]) == 2
    assert Path(logs).read_bytes() == before
    out = str(tmp_path / "x.zip")
    assert run(["analyze", logs, "-t", "json", "-o", out, "--bundle", out]) == 2
    assert run(["analyze", logs, "--bundle", str(tmp_path / "no" / "b.zip"), "-q"]) == 5
    assert run(["analyze", str(tmp_path / "gone.jsonl"), "--bundle", out, "-q"]) == 3
    empty = write(tmp_path / "empty.jsonl")
    assert run(["analyze", empty, "--bundle", str(tmp_path / "empty.zip"), "-q"]) == 4
    assert not (tmp_path / "empty.zip").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_a_log_from_standard_input_is_bundled_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    data = Path(log(tmp_path / "a.jsonl", 300, 0.3)).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run(["analyze", "-", "--bundle", str(tmp_path / "b.zip"), "-q", "-t", "line"]) == 0
    saved = saved_report(str(tmp_path / "b.zip"))
    assert saved is not None
    assert bundling.explain(ids_of(saved)[0], saved).report["invocations"]


@pytest.mark.parametrize("text", ["1e999", "-1e999", "NaN", "Infinity", "1" * 5000])
def test_a_number_beyond_all_bounds_is_no_number_of_a_report(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are nobody's: callers say what is damaged
        loads(f'{{"a": {text}}}')


def test_two_silent_invocations_of_a_request_one_without_a_name(tmp_path: Path) -> None:
    """Neither order nor a crash may hang on a function that is not logged."""
    lines = [
        {"ts": f"2026-11-20T14:{minute:02d}:00Z", "request_id": f"r{minute}", "function": name, "stage": "response",
         "status": 500, "latency_ms": 20, "error_code": "E", "upstream": "pay", "upstream_status": 503}
        for minute in range(50) for name in ("f", None)
    ]  # fmt: skip
    lines += [
        {"ts": "2026-11-20T14:01:00Z", "request_id": "r1", "function": name, "stage": "start", "status": None}
        for name in ("g", None)
    ]
    lines += [
        {"ts": f"2026-11-20T14:{minute:02d}:01Z", "request_id": f"g{minute}", "function": "g", "stage": "response",
         "status": 200, "latency_ms": 20}
        for minute in range(50)
    ]  # fmt: skip
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    assert run(["analyze", str(path), "--bundle", str(tmp_path / "b.zip"), "-q", "-o", str(tmp_path / "a.json")]) == 0
