"""What must change no verdict: order, splitting, packing, copies, line ends, key order, threads, and the path taken.

Logs are small and realistic: retries, several stages and functions, words for statuses, placeholders, missing fields,
logs with and without times. They are judged by the whole program, not by its parts.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attrib.options import Options
from attrib.pipeline import analyze, verdict_rows
from attrib.reports import jsondoc
from attrib.reports.view import View

Line = dict[str, Any]
IDS = ["r1", "r2", "r3", "01968e4c-5f00-7abc-8def-0123456789ab", 42, "-", "null", "", None]
UPSTREAM_STATUSES = [200, 200, 204, 301, 401, 404, 429, 500, 503, 504, 0, None, None, "-", "ETIMEDOUT", "ECONNREFUSED",
                     "cache_hit", "EOPENBREAKER", "what", "503", 700]  # fmt: skip
STATUSES = [200, 200, 200, 201, 404, 422, 499, 500, 502, 503, 504, "timeout", "500", 500.0, None, None]
CODES = [None, None, None, "TypeError", "UPSTREAM_TIMEOUT", "ECONNRESET", "PAYMENTS_API_FAILED", "EMFILE", 17]
EXACT = ("summary", "functions", "verdict_counts", "isolated", "background", "parties", "input", "rules", "window")
"""Parts of a report that both paths must give alike."""


def optional(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Line]:
    return st.one_of(st.just({}), values.map(lambda value: {name: value}))


def record() -> st.SearchStrategy[Line]:
    """One line: the keys that are there are drawn as well as their values."""
    times = st.integers(0, 200_000).map(lambda ms: f"2026-11-20T14:{ms // 60000:02}:{ms % 60000 / 1000:06.3f}Z")
    parts = [
        optional("ts", st.one_of(times, st.integers(0, 120).map(lambda s: f"2026-11-20T15:00:{s % 60:02}+01:00"))),
        optional("request_id", st.sampled_from(IDS)),
        st.sampled_from(["checkout", "search", "payments-api"]).map(lambda name: {"function": name}),
        optional("stage", st.sampled_from(["start", "payment", "mail", "upstream", "exception", "response"])),
        optional("status", st.sampled_from(STATUSES)),
        optional("latency_ms", st.sampled_from([0, 3, 20, 61.5, 120, 480, 501, 820, 2000, None, "12.5"])),
        optional("error_code", st.sampled_from(CODES)),
        optional("upstream", st.sampled_from(["payments-api", "mail-api", "redis", "10.0.0.1:80", None])),
        optional("upstream_status", st.sampled_from(UPSTREAM_STATUSES)),
        optional("upstream_latency_ms", st.sampled_from([0, 1, 10, 52, 100, 400, 700, 1900, None])),
        optional("attempt", st.integers(1, 4)),
        optional("service", st.sampled_from(["shop", "mail-api"])),
        optional("span_id", st.sampled_from(["s1", "s2"])),
        optional("host.name", st.sampled_from(["h1", "h2"])),
        optional("labels", st.sampled_from([{"k": "v"}, {"n": 1}, "no object"])),
        optional("cart_items", st.integers(0, 9)),
    ]
    return st.tuples(*parts).map(lambda found: {key: value for part in found for key, value in part.items()})


LOGS = st.lists(record(), min_size=1, max_size=14)
JUNK = st.sampled_from([
    b"", b"  ", b"no json", b'{"level":"info"}', b'{"function":"f","status":500.5}', b'{"function":', b"[1]",
    b'\xff{"status":200}', b'{"function":"f","status":200,}',
])  # fmt: skip
RANDOM = st.integers(0, 2**32).map(random.Random)
few = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
"""Each example is several runs of the whole program."""


def encode(lines: Sequence[Line]) -> list[bytes]:
    return [json.dumps(line).encode() for line in lines]


def log(lines: Sequence[bytes], end: bytes = b"\n") -> bytes:
    return b"".join(line + end for line in lines)


def write(folder: Path, *contents: bytes, ending: str = ".jsonl") -> list[str]:
    """One file per content, none left of an example before."""
    for old in folder.iterdir():
        old.unlink()
    paths = [folder / f"{number}{ending}" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return [str(path) for path in paths]


def without_place(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in ("file", "line")}


def ordered(rows: Sequence[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(without_place(row), sort_keys=True) for row in rows)


def meaning(paths: Sequence[str], options: Options | None = None) -> dict[str, Any]:
    """All that is said about the requests, without the places where it stands."""
    options = options or Options(fast=False)
    report = analyze(paths, options).report
    return {
        **{part: report[part] for part in ("summary", "functions", "verdict_counts", "background", "parties")},
        "time_range": report["input"]["time_range"],
        "isolated": ordered(report["isolated"]),
        "rows": ordered(verdict_rows(paths, options, every=True).rows),
    }


@few
@given(lines=LOGS, chance=RANDOM)
def test_order_of_lines(lines: list[Line], chance: random.Random, tmp_path: Path) -> None:
    before = meaning(write(tmp_path, log(encode(lines))))
    shuffled = encode(lines)
    chance.shuffle(shuffled)
    assert meaning(write(tmp_path, log(shuffled))) == before


@few
@given(lines=LOGS, chance=RANDOM, files=st.integers(2, 4))
def test_splitting_over_files(lines: list[Line], chance: random.Random, files: int, tmp_path: Path) -> None:
    before = meaning(write(tmp_path, log(encode(lines))))
    parts: list[list[bytes]] = [[] for _ in range(files)]
    for line in encode(lines):
        chance.choice(parts).append(line)
    paths = write(tmp_path, *map(log, parts))
    chance.shuffle(paths)
    assert meaning(paths) == before


PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress, ".zst": zstandard.compress, ".bz2": bz2.compress, ".xz": lzma.compress
}  # fmt: skip


@few
@given(lines=LOGS, cut=st.integers(0, 200))
def test_compression(lines: list[Line], cut: int, tmp_path: Path) -> None:
    text = log(encode(lines))
    before = meaning(write(tmp_path, text))
    for pack in PACK.values():
        assert meaning(write(tmp_path, pack(text))) == before
        # Several members or frames, cut anywhere.
        assert meaning(write(tmp_path, pack(text[:cut]) + pack(text[cut:]))) == before


def has_usable_id(line: Line) -> bool:
    return line.get("request_id") not in ("-", "null", "", None)


@few
@given(lines=LOGS, chance=RANDOM)
def test_duplicate_delivery(lines: list[Line], chance: random.Random, tmp_path: Path) -> None:
    before = meaning(write(tmp_path, log(encode(lines))))
    parties = before.pop("parties")
    copies = [line for line in lines if has_usable_id(line)]
    again = [*lines, *chance.choices(copies, k=6)] if copies else lines
    chance.shuffle(again)
    paths = write(tmp_path, log(encode(again)))
    after = meaning(paths)
    assert after.pop("parties") == parties
    assert after == before
    told = analyze(paths, Options(fast=False)).report["input"]["totals"]
    assert told["duplicates"] >= len(again) - len(lines)


@few
@given(lines=LOGS)
def test_line_ends_and_byte_order_mark(lines: list[Line], tmp_path: Path) -> None:
    text = log(encode(lines))
    before = meaning(write(tmp_path, text))
    assert meaning(write(tmp_path, log(encode(lines), b"\r\n"))) == before
    assert meaning(write(tmp_path, b"\xef\xbb\xbf" + text)) == before
    assert meaning(write(tmp_path, text.removesuffix(b"\n"))) == before
    assert meaning(write(tmp_path, log(encode(lines), b"\n \t\r\n"))) == before


@few
@given(lines=LOGS, seed=st.integers(0, 2**32))
def test_key_order_extra_fields_and_white_space(lines: list[Line], seed: int, tmp_path: Path) -> None:
    """The same change for lines that are alike: copies stay copies."""

    def changed(line: Line) -> bytes:
        chance = random.Random(f"{seed} {json.dumps(line)}")
        items = [*line.items(), *(("x_" * n, chance.choice([1, None, "v", [1], {"a": 1}])) for n in range(1, 4))]
        chance.shuffle(items)
        return json.dumps(dict(items), separators=chance.choice([(",", ":"), (" , ", " : ")])).encode()

    before = meaning(write(tmp_path, log(encode(lines))))
    assert meaning(write(tmp_path, log([changed(line) for line in lines]))) == before


@few
@given(lines=LOGS, junk=st.lists(JUNK, max_size=6), chance=RANDOM)
def test_lines_that_are_no_records(lines: list[Line], junk: list[bytes], chance: random.Random, tmp_path: Path) -> None:
    before = meaning(write(tmp_path, log(encode(lines))))
    mixed = [*encode(lines), *junk]
    chance.shuffle(mixed)
    assert meaning(write(tmp_path, log(mixed))) == before


@pytest.mark.parametrize("fast", [False, True], ids=["careful", "fast"])
@few
@given(contents=st.lists(st.one_of(st.binary(max_size=300), LOGS.map(lambda lines: log(encode(lines)))), max_size=3))
def test_no_line_is_lost(contents: list[bytes], fast: bool, tmp_path: Path) -> None:
    """The law of conservation, over any bytes whatever; the lines are counted here by their ends."""
    paths = write(tmp_path, *contents, log(encode([{"function": "f", "status": 200}])))
    outcome = analyze(paths, Options(fast=fast))
    for content, file in zip(contents, outcome.report["input"]["files"], strict=False):
        assert file["lines_read"] == file["accepted"] + file["quarantined"] + file["skipped"] + file["blank"]
        assert file["records"] == file["accepted"]
        if file["error"] is None and not content.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
            text = content.removeprefix(b"\xef\xbb\xbf")
            assert file["lines_read"] == text.count(b"\n") + (not text.endswith(b"\n") and text != b"")
    totals, reasons = outcome.report["input"]["totals"], outcome.report["input"]["reasons"]
    assert sum(reasons.values()) == totals["quarantined"] + totals["skipped"]
    summary = outcome.report["summary"]
    assert summary["invocations"] == summary["ok"] + summary["symptomatic"]
    assert summary["symptomatic"] == sum(summary["verdicts"].values())


@pytest.mark.parametrize("fast", [False, True], ids=["careful", "fast"])
@few
@given(lines=st.lists(LOGS, max_size=4), junk=st.lists(JUNK, max_size=4))
def test_threads_change_no_byte(lines: list[list[Line]], junk: list[bytes], fast: bool, tmp_path: Path) -> None:
    paths = write(tmp_path, log(junk), *(log(encode(some)) for some in lines))
    one, eight = (analyze(paths, Options(fast=fast, threads=n)) for n in (1, 8))
    assert jsondoc.render(one.report, View()) == jsondoc.render(eight.report, View())
    assert (
        verdict_rows(paths, Options(fast=fast, threads=1)).rows
        == verdict_rows(paths, Options(fast=fast, threads=8)).rows
    )


SPANS: list[dict[str, str]] = [
    {}, {}, {"since": "30s"}, {"since": "2026-11-20T14:01:00", "until": "2026-11-20T14:02:00"},
    {"window": "14:00:30..14:01:30"},
]  # fmt: skip


@pytest.mark.parametrize("pieces", ["together", "alone"])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    logs=st.lists(
        st.lists(st.one_of(record().map(lambda line: json.dumps(line).encode()), JUNK), max_size=14),
        min_size=1,
        max_size=3,
    ),
    span=st.sampled_from(SPANS),
    chance=RANDOM,
    packed=st.booleans(),
)
def test_both_paths_agree(
    logs: list[list[bytes]],
    span: dict[str, str],
    chance: random.Random,
    packed: bool,
    pieces: str,
    tmp_path: Path,
) -> None:
    """Inside the engine or line by line: the same report, and the same rows for every symptom.

    `alone`: small files are not put together, so that the engine gets each as it lies.
    """
    from attrib.errors import UsageError

    for lines in logs:
        lines += chance.choices(lines, k=3) if lines else []
    contents = [log(lines) for lines in logs]
    paths = write(tmp_path, *(gzip.compress(content) if packed else content for content in contents))
    with pytest.MonkeyPatch.context() as patch:
        if pieces == "alone":
            patch.setattr("attrib.analysis.reading.SMALL", 0)
        options = [Options(fast=fast, **span) for fast in (False, True)]  # type: ignore[arg-type]
        try:
            careful = analyze(paths, options[0])
        except UsageError:  # no time in the log to count from
            with pytest.raises(UsageError, match=r"no record has a time|is not before"):
                analyze(paths, options[1])
            return
        fast = analyze(paths, options[1])
        assert {part: fast.report[part] for part in EXACT} == {part: careful.report[part] for part in EXACT}
        assert (fast.exit_code, fast.message) == (careful.exit_code, careful.message)
        assert verdict_rows(paths, options[1]).rows == verdict_rows(paths, options[0]).rows
