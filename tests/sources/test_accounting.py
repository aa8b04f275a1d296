"""The law that no line is lost, and what --rejects shows."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from attrib.records.parse import BLANK, SKIPPED, Bad, Parser, Tally
from attrib.sources.accounting import ConservationError, FileAccount, InputAccount, Reject, RejectWriter, shown
from tests.records.handmade import WORDS
from tests.sources.reading import read, read_stream

LINES = [
    b'{"request_id": "r1", "function": "f", "status": 200, "latency_ms": 12.5}', b'{"status": "timeout", "foo": 1}',
    b'{"status": 500, "ts": "yesterday", "labels": 5}', b'{"upstream_status": "ECONNRESET", "ts": "2026-11-20 10:00"}',
    b"", b" \t", b'{"gc": 1}', b"{", b"text", b"[1]", b'{"status": true}', b'{"function": "\xff"}', b"x" * 50, b"\0",
]  # fmt: skip
logs = st.lists(st.sampled_from(LINES), max_size=25).map(b"\n".join)


@given(logs, st.integers(1, 50), st.integers(1, 50))
def test_every_line_is_somewhere_and_blocks_change_nothing(log: bytes, chunk: int, block: int) -> None:
    whole = read_stream([log], max_line=40)
    pieces = read_stream([log[at : at + chunk] for at in range(0, len(log), chunk)], block_size=block, max_line=40)
    totals = whole.account.totals()
    assert totals["lines_read"] == log.count(b"\n") + bool(log and not log.endswith(b"\n"))
    assert totals["quarantined"] == len(whole.rejects)
    assert totals["accepted"] == len(whole.records)
    assert (pieces.records, pieces.rejects, pieces.account) == (whole.records, whole.rejects, whole.account)


@given(logs)
def test_line_ends_and_a_bom_change_no_record(log: bytes) -> None:
    # A last line that is cut is another fault when it ends in a CR or LF.
    log += b"\n"
    plain, windows = read_stream([log]), read_stream([b"\xef\xbb\xbf" + log.replace(b"\n", b"\r\n")])
    assert windows.records == plain.records
    assert windows.account == plain.account
    assert [reject.line for reject in windows.rejects] == [reject.line for reject in plain.rejects]


def test_compression_changes_nothing(tmp_path: Path) -> None:
    log = b"\n".join(LINES * 50) + b"\n"
    packers = {
        "gz": gzip.compress,
        "zst": zstandard.ZstdCompressor().compress,
        "bz2": bz2.compress,
        "xz": lzma.compress,
    }
    (tmp_path / "a.log").write_bytes(log)
    plain = read([str(tmp_path / "a.log")])
    for ending, pack in packers.items():
        path = tmp_path / f"a.log.{ending}"
        path.write_bytes(pack(log))
        packed = read([str(path)])
        assert packed.records == plain.records
        assert packed.account.totals() == plain.account.totals()
        assert [reject._replace(file="") for reject in packed.rejects] == [r._replace(file="") for r in plain.rejects]


def test_totals() -> None:
    parser, account = Parser(WORDS), InputAccount()
    for name in ("a", "b"):
        file = FileAccount(name)
        for line in LINES:
            file.count(parser.parse(line))
        file.add(parser.take_tally())
        account.files.append(file)
    account.assert_conserved()
    totals = account.totals()
    assert (totals["accepted"], totals["blank"], totals["skipped"], totals["unreadable_time"]) == (8, 4, 2, 2)
    assert totals["zone_less_time"] == 2
    assert account.reasons()["not_m1"] == 2
    assert account.type_drift() == {"labels": 2}
    assert account.unknown_fields() == ({"foo": 2}, False)
    assert account.errors() == []


def test_a_lost_line_is_a_defect_and_says_so() -> None:
    for results in ([Bad("invalid_json")], [SKIPPED], [BLANK]):
        account = FileAccount("a.log")
        for result in results:
            account.count(result)
        account.assert_conserved()
        account.lines_read += 1
        with pytest.raises(ConservationError, match=r"a\.log: 2 lines read"):
            account.assert_conserved()
    account = FileAccount("a.log", lines_read=1, accepted=1, duplicates=2)
    with pytest.raises(ConservationError, match="2 duplicates"):
        account.assert_conserved()


def test_names_are_bounded() -> None:
    account = FileAccount("a")
    for file in range(3):
        tally = Tally()
        tally.unknown_fields.update({f"k{file}-{n}": 1 for n in range(600)})
        account.add(tally)
    assert len(account.unknown_fields) == 1000
    assert account.unknown_fields_sampled


def test_rejects_are_json_lines_of_bounded_size() -> None:
    out = io.BytesIO()
    writer = RejectWriter(out, redact=lambda text: text.replace("hunter2", "[redacted:password]"))
    writer.write(Reject("a\udcff.log", 3, 40, "invalid_json", None, shown(b'{"password": "hunter2"\xff\x1b[31m')))
    writer.write_all([Reject("b", 1, 0, "bad_value", "status", shown("\U0001f600".encode() * 5000))])
    rows = [json.loads(line) for line in out.getvalue().decode("utf-8").splitlines()]
    assert rows[0] == {
        "file": "a\\xff.log", "line": 3, "offset": 40, "reason": "invalid_json", "field": None,
        "text": '{"password": "[redacted:password]"\\xff\x1b[31m',
    }  # fmt: skip
    assert rows[1]["text"] == "\U0001f600" * 200
    assert all(len(line) < 4096 for line in out.getvalue().splitlines())
    assert writer.written == 2


def test_what_is_shown_of_a_line() -> None:
    assert shown(b"\xff" * 1000) == "\\xff" * 50
    assert shown(b"x" * 1000) == "x" * 200
    assert shown(b"caf\xc3\xa9") == "café"
