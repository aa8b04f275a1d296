"""No output of any command shows a secret, personal data or a terminal escape that stood in a log."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from attrib.cli.app import run

SECRETS = {
    "aws key": "AKIAIOSFODNN7EXAMPLE",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "bearer": "Bearer 8f14e45fceea167a5a36dedd4bea2543",
    "mail": "joe.doe@example.com",
    "connection string": "postgres://shop:s3cr3tpw@db.example.com:5432/shop",
    "github token": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
}
"""Kind -> a made-up value of it."""
TELLTALE = {**SECRETS, "bearer": "8f14e45fceea167a5a36dedd4bea2543", "connection string": "s3cr3tpw"}
"""The part of each that must not be seen; a host name or the word Bearer may."""
ESCAPE = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
FORBIDDEN = re.compile(r"\x1b(?!\[[0-9;:]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202e]|\r")
ID = "request-of-interest"
PLACES = ("request_id", "function", "stage", "error_code", "upstream", "service", "unknown")
FORMATS = {
    "analyze": ("text", "json", "markdown", "html", "csv", "parquet"),
    "verdicts": ("text", "json", "jsonl", "csv", "parquet", "markdown"),
    "explain": ("text", "json"),
    "check": ("text", "json", "markdown", "csv", "sarif"),
}


def line(place: str, value: str) -> dict[str, Any]:
    """A failed request with the value in one place."""
    found: dict[str, Any] = {
        "ts": "2026-11-20T14:00:00Z", "request_id": ID, "function": "checkout", "stage": "response", "status": 500,
        "latency_ms": 900, "error_code": "TypeError", "upstream": "payments-api", "upstream_status": 200,
        "upstream_latency_ms": 20,
    }  # fmt: skip
    found[value if place == "unknown" else place] = 1 if place == "unknown" else value
    return found


def write(folder: Path, values: dict[str, str]) -> None:
    """Every value in every place, in a broken line, in an upstream's status, and in a line of another program."""
    lines = [json.dumps(line(place, value)) for value in values.values() for place in PLACES]
    lines += [json.dumps(line("upstream_status", value)) for value in values.values()]
    lines += [f'{{"function":"broken {json.dumps(value)[1:-1]}' for value in values.values()]
    lines += [f'{{"function":"f","status":"{json.dumps(value)[1:-1]}"}}' for value in values.values()]
    lines += [json.dumps({"msg": value}) for value in values.values()]
    (folder / "hostile.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for value in values.values():
        (folder / f"other{abs(hash(value))}.log").write_text(f"{value}\n", encoding="utf-8")


def calls(folder: Path) -> Iterator[list[str]]:
    """Every command in every format, to standard output and to a file; with a log that holds no record last."""
    for command, formats in FORMATS.items():
        words = [command, ID, "hostile.jsonl"] if command == "explain" else [command, "hostile.jsonl"]
        for form in formats:
            yield [*words, "--to", form]
            yield [*words, "--to", form, "-o", f"{command}.{form}"]
    yield ["verdicts", "hostile.jsonl", "--all", "--to", "jsonl"]
    yield ["analyze", "hostile.jsonl", "--rejects", "rejects.jsonl", "--to", "json"]
    for path in sorted(folder.glob("other*.log")):
        yield ["analyze", path.name]


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> Callable[..., dict[str, str]]:
    """Name of an output -> its text, for every output that there is."""

    def showing(values: dict[str, str], *more: str, **env: str) -> dict[str, str]:
        write(tmp_path, values)
        monkeypatch.chdir(tmp_path)
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        before = set(tmp_path.iterdir())
        texts: dict[str, str] = {}
        for words in calls(tmp_path):
            code = run([*words, *more])
            assert code == (4 if "other" in words[1] else 0), words
            out, err = capsysbinary.readouterr()
            name = " ".join(words)
            texts[f"{name} (stdout)"] = table(out) if out.startswith(b"PAR1") else out.decode()
            texts[f"{name} (stderr)"] = err.decode()
        for path in set(tmp_path.iterdir()) - before:
            data = path.read_bytes()
            texts[path.name] = table(data) if data.startswith(b"PAR1") else data.decode()
        return texts

    return showing


def table(data: bytes) -> str:
    import polars as pl

    return repr(pl.read_parquet(io.BytesIO(data)).to_dict(as_series=False))


def test_no_secret_in_any_output(shown: Callable[..., dict[str, str]]) -> None:
    texts = shown(SECRETS)
    assert {"rejects.jsonl", "analyze.parquet", "verdicts.csv", "explain.json"} <= texts.keys()
    found = [(kind, name) for name, text in texts.items() for kind, part in TELLTALE.items() if plain(part, text)]
    assert found == []
    assert "[redacted:jwt]" in texts["verdicts hostile.jsonl --to jsonl (stdout)"]


def test_all_of_them_where_it_is_asked_for(shown: Callable[..., dict[str, str]]) -> None:
    """The counterpart: without redaction every kind is there, so the test above looks in the right places."""
    texts = shown(SECRETS, "--no-redact")
    rows = texts["verdicts hostile.jsonl --all --to jsonl (stdout)"]
    assert [kind for kind, part in TELLTALE.items() if part not in rows] == []
    assert [kind for kind, part in TELLTALE.items() if part not in texts["rejects.jsonl"]] == []
    told = " ".join(text for name, text in texts.items() if "other" in name)
    assert TELLTALE["mail"] in told


def plain(part: str, text: str) -> bool:
    """Whether a text shows a value, also where Markdown or a terminal's width has broken it up."""
    return part in text or part in re.sub(r"[\s`\\]", "", text)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}], ids=["plain", "colour"])
def test_no_escape_in_any_output(env: dict[str, str], shown: Callable[..., dict[str, str]]) -> None:
    texts = shown({"escape": ESCAPE, "crlf": "a\r\nb", "nul": "a\x00b"}, **env)
    found = [(name, hit) for name, text in texts.items() for hit in FORBIDDEN.findall(text) if not may_stay(hit, name)]
    assert found == []
    if "NO_COLOR" in env:
        assert [name for name, text in texts.items() if "\x1b" in text] == []
    assert "\\x1b[2J" in texts["analyze hostile.jsonl --to text (stdout)"].replace("\n", "")


def may_stay(char: str, name: str) -> bool:
    """In CSV a line end within quotes is data. Parquet is no text at all: what is looked at here is its `repr`."""
    return "parquet" in name or ("csv" in name and char == "\r")


def test_a_cell_is_never_a_formula(shown: Callable[..., dict[str, str]]) -> None:
    import csv

    texts = shown({"formula": "=cmd|'/c calc'!A1", "at": "@SUM(1)", "minus": "-2+3", "tab": "\t=1"})
    for name in ("analyze.csv", "verdicts.csv", "check.csv"):
        cells = [cell for row in csv.reader(io.StringIO(texts[name], newline="")) for cell in row]
        # A check need not name the value; what it names is no formula either.
        assert any("cmd|" in cell for cell in cells) or name == "check.csv"
        assert [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r", "-2"))] == []
