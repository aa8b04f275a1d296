"""No secret that a log holds, in whatever field or broken line, is in any output of any command, on either engine.

Secrets are made up at run time, each another one, so that a leak tells where it stood. Values without a form of their
own (`hunter2`) are planted where a name gives them away: nothing could tell them elsewhere.
"""

from __future__ import annotations

import io
import json
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

import attrib
from attrib.cli import analyze, check, explain, verdicts
from attrib.cli.app import run
from attrib.options import Options
from benchmarks.labelled import content_secrets as made

ID: Final = "0af7651916cd43dd8448eb211c80319c"
FIELDS: Final = (
    "request_id", "function", "stage", "status", "error_code", "upstream_status", "upstream", "service", "trace_id",
    "span_id", "level", "service.version", "host.name", "k8s.pod.name", "cloud.region", "deployment.environment",
    "feature_flag", "tenant", "upstream_request_id", "idempotency_key", "idempotency_outcome", "ts", "traceparent",
    "unknown", "region_label",
)  # fmt: skip
"""Fields that a secret stands in, one at a time."""
TOKENS: Final = ("aws", "github", "gitlab", "slack", "stripe", "google", "npm", "sendgrid", "jwt", "discord", "docker")
FORMATS: Final = {
    "analyze": analyze.FORMATS,
    "verdicts": verdicts.FORMATS,
    "explain": explain.FORMATS,
    "check": check.FORMATS,
}


class Planted:
    """A log with secrets in it, and what each of them is."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.values: dict[str, str] = {}
        """The part that must be seen nowhere -> where it was planted."""
        self.lines: list[str] = []

    def secret(self, where: str) -> str:
        """A token of some kind, or personal data; remembered under the place it goes to."""
        sort = self.rng.choice([*TOKENS, "mail", "card", "iban"])
        value = made.TOKENS[sort](self.rng) if sort in TOKENS else made.PERSONAL.get(sort, made.mail)(self.rng)
        self.values[value] = f"{where} ({sort})"
        return value

    def word(self, where: str) -> str:
        """A value without a form of its own."""
        value = "hunter" + "".join(self.rng.choice("bcdfgh") for _ in range(12)) + str(self.rng.randrange(99))
        self.values[value] = f"{where} (word)"
        return value

    def line(self, **fields: Any) -> dict[str, Any]:
        """A failed request, and what is to be in it."""
        number = len(self.lines)
        return {
            "ts": f"2026-11-20T14:{number // 60 % 60:02d}:{number % 60:02d}Z", "request_id": f"{number:032x}",
            "function": "checkout", "stage": "response", "status": 500, "latency_ms": 900, "error_code": "TypeError",
            "upstream": "payments-api", "upstream_status": 200, "upstream_latency_ms": 20, **fields,
        }  # fmt: skip

    def add(self, line: dict[str, Any] | str) -> None:
        """One more line of the log."""
        self.lines.append(line if isinstance(line, str) else json.dumps(line))


def planted(seed: int) -> Planted:
    """Secrets in every field, in keys, labels, nested values, broken lines and lines of other programs."""
    log = Planted(seed)
    for _ in range(40):
        log.add(log.line(status=200))
    for name in FIELDS:
        value = log.secret(name)
        for _ in range(7):  # often enough for an incident, a label, a party
            log.add(log.line(**{name: value}))
        log.add(log.line(request_id=ID, **({name: value} if name != "request_id" else {})))
        log.add(log.line(**{name: f"failed with {log.secret(f'{name}, in a text')}"}))
        log.add(json.dumps(log.line(**{name: log.secret(f"{name}, cut")}))[:-20])
    again = log.word("a label by its name, in many lines")
    for _ in range(7):
        log.add(log.line(labels={"api_key": again, "token": again}, api_key=again, function="search"))
        log.add(log.line(labels={"team": log.secret("a label"), log.secret("a label's name"): 1}))
        log.add(log.line(labels={"api_key": log.word("a label by its name")}, api_key=log.word("--label by its name")))
        log.add(log.line(**{log.secret("a key"): 1, "password": log.word("password")}))
        log.add(log.line(headers={"authorization": f"Bearer {log.word('header')}", "x": [log.secret("nested")]}))
        log.add(log.line(error_code=f"login password={log.word('error_code')}"))
        log.add(log.line(upstream=f"postgres://app:{log.word('upstream')}@db.example.com/x"))
        log.add(json.dumps({"msg": log.secret("another program"), "pwd": log.word("another program")}))
        log.add('{"function":"f","token":"' + log.word("broken line"))
        log.add(f"plain text {log.secret('plain text')} api_key={log.word('plain text')}")
        log.add('{"status":' + log.secret("no JSON") + "}")
    log.add(json.dumps(["x", log.secret("a list")]))
    log.add(json.dumps(log.line(status=[log.secret("a list as status")])))
    log.add('{"function":"\\ud800","error_code":"' + log.secret("a lone surrogate") + '"}')
    return log


def calls() -> Iterator[list[str]]:
    """Every command in every format, wordy ones, and wrong calls."""
    more = ["--label", "region_label", "--label", "api_key", "--label", "password"]
    for command, formats in FORMATS.items():
        words = [command, ID, "log.jsonl"] if command == "explain" else [command, "log.jsonl", *more]
        for form in formats:
            yield [*words, "--to", form]
            yield [*words, "--to", form, "-o", f"{command}.{form}"]
    yield ["analyze", "log.jsonl", *more, "-v", "--rejects", "rejects.jsonl"]
    yield ["analyze", "log.jsonl", "--window", "14:00..14:04", "-v"]
    yield ["verdicts", "log.jsonl", "--all", "--to", "jsonl", *more]
    yield ["check", "log.jsonl", *more, "-v", "--rejects", "rejects2.jsonl"]
    yield ["init", "log.jsonl", "-o", "attrib2.toml"]
    yield ["init", "log.jsonl", "-o", "-"]
    yield ["explain", "no-such-id", "log.jsonl"]
    yield ["analyze", "log.jsonl", "--config", "log.jsonl"]
    yield ["analyze", "log.jsonl", "--rules", "log.jsonl"]
    yield ["rules", "check", "log.jsonl"]
    yield ["check", "log.jsonl", "--known", "log.jsonl"]
    yield ["analyze", "log.jsonl", "-o", "log.jsonl"]
    yield ["analyze", "other.log"]
    yield ["check", "other.log"]


@pytest.mark.parametrize("engine", ["careful", "engine"])
def test_no_secret_in_any_output(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    log = planted(7)
    (tmp_path / "log.jsonl").write_text("\n".join(log.lines) + "\n", encoding="utf-8")
    # What begins like a log and holds nothing is quoted.
    (tmp_path / "other.log").write_text(f"{log.secret('first line')} pwd={log.word('first line')}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Options.__init__, "__defaults__", _defaults(fast=engine == "engine"))
    if engine == "engine":
        monkeypatch.setattr("attrib.analysis.reading.SMALL", 0)
    inputs = set(tmp_path.iterdir())
    leaks: set[tuple[str, str]] = set()
    for words in calls():
        run(words)
        out, err = capsysbinary.readouterr()
        leaks |= {(" ".join(words), where) for text in (text_of(out), text_of(err)) for where in found(log, text)}
    for path in set(tmp_path.iterdir()) - inputs:
        leaks |= {(path.name, where) for where in found(log, text_of(path.read_bytes()))}
    assert sorted(leaks) == []


def test_no_secret_in_python(tmp_path: Path) -> None:
    """A report, its table, and the traceback of an error."""
    log = planted(8)
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(log.lines) + "\n", encoding="utf-8")
    result = attrib.analyze(str(path))
    assert found(log, json.dumps(result.report, default=str)) == []
    assert found(log, repr(result) + repr(result.frame.to_dicts()) + repr(result.verdicts().collect().to_dicts())) == []
    (tmp_path / "other.log").write_text(f"{log.secret('first line')}\n", encoding="utf-8")
    with pytest.raises(attrib.AttribError) as caught:
        attrib.analyze(str(tmp_path / "other.log"))
    assert found(log, "".join(traceback.format_exception(caught.value))) == []


def test_the_log_holds_them_all_where_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The counterpart: without redaction most are there, so the tests above look in the right places."""
    log = planted(9)
    (tmp_path / "log.jsonl").write_text("\n".join(log.lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run(["verdicts", "log.jsonl", "--all", "--no-redact", "--to", "jsonl", "--rejects", "rejects.jsonl"])
    run(["analyze", "log.jsonl", "--no-redact", "--to", "json", "-v"])
    shown = capsys.readouterr().out + (tmp_path / "rejects.jsonl").read_text("utf-8")
    assert len(found(log, shown)) > 35


def found(log: Planted, text: str) -> list[str]:
    """Where the secrets stood that a text shows, also where Markdown or a terminal's width has broken it up."""
    packed = text.translate(dict.fromkeys(map(ord, " \t\r\n`\\|│")))
    return sorted({
        where for value, where in log.values.items() if value in text or value.replace(" ", "") in packed
    })  # fmt: skip


def text_of(data: bytes) -> str:
    """An output as text; a Parquet file by its cells."""
    if data.startswith(b"PAR1"):
        import polars as pl

        return repr(pl.read_parquet(io.BytesIO(data)).to_dict(as_series=False))
    return data.decode("utf-8", "backslashreplace")


def _defaults(*, fast: bool) -> tuple[Any, ...]:
    """The defaults of `Options`, with the engine chosen."""
    names = Options.__init__.__code__.co_varnames[1 : Options.__init__.__code__.co_argcount]
    defaults = Options.__init__.__defaults__ or ()
    return tuple(
        fast if name == "fast" else default
        for name, default in zip(names[len(names) - len(defaults) :], defaults, strict=True)
    )
