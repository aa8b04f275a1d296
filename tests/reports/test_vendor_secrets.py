"""No secret that a log holds goes out in a ticket, its attachments or a message about it, on either engine."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from attrib.cli.app import run
from attrib.options import Options
from tests.test_secrets_nowhere import _defaults, found, planted, text_of

CALLS = (
    ["--vendor", "payments-api"],
    ["--vendor", "payments-api", "-t", "text", "--window", "14:00..14:04"],
    ["--vendor", "payments-api", "--unnamed"],
    ["--vendor", "no-such-vendor"],
    ["--vendor", "payments-api", "--incident", "inc-none"],
)


@pytest.mark.parametrize("engine", ["careful", "engine"])
def test_no_secret_goes_out(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    log = planted(11)
    failing = "\n".join(log.lines).replace('"upstream_status": 200', '"upstream_status": 503')
    (tmp_path / "log.jsonl").write_text(failing + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Options.__init__, "__defaults__", _defaults(fast=engine == "engine"))
    if engine == "engine":
        monkeypatch.setattr("attrib.analysis.reading.SMALL", 0)
    for words in CALLS:
        run(["report", "vendor", "log.jsonl", *words])
        out, err = capsysbinary.readouterr()
        assert [where for text in (text_of(out), text_of(err)) for where in found(log, text)] == [], words
    assert run(["report", "vendor", "log.jsonl", "--vendor", "payments-api", "-o", "t.zip"]) == 0
    with zipfile.ZipFile("t.zip") as archive:
        shown = {name: text_of(archive.read(name)) for name in archive.namelist()}
    assert {name: where for name, text in shown.items() if (where := found(log, text))} == {}
    assert shown["failing_calls.csv"].count("\n") > 20
