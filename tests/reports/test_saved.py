"""Telling saved reports and bundles from logs, and refusing what is damaged, changed or hostile."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from attrib.cli.app import run
from attrib.errors import AttribError, InputError, UsageError
from attrib.reports import bundle_reading
from attrib.reports.bundle_reading import digest
from attrib.reports.saved import saved_report
from tests.comparison.samples import log


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    """(report, bundle) of a log with an incident."""
    logs = log(tmp_path / "a.jsonl", 300, 0.3)
    report, bundle = tmp_path / "r.json", tmp_path / "b.zip"
    assert run(["analyze", logs, "-o", str(report), "--bundle", str(bundle), "-q"]) == 0
    return report, bundle


def rewritten(bundle: Path, change: Any, *, honest: bool = False) -> str:
    """The bundle with its members changed; honest: with digests that fit."""
    with zipfile.ZipFile(bundle) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if honest:
        manifest = json.loads(members["manifest.json"])
        for entry in manifest["members"]:
            if entry["name"] in members:
                entry["sha256"] = digest(members[entry["name"]])
        members["manifest.json"] = json.dumps(manifest).encode()
    target = bundle.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return str(target)


def test_a_saved_report_is_told_by_its_content(made: tuple[Path, Path], tmp_path: Path) -> None:
    report, bundle = made
    document = json.loads(report.read_text())
    other = tmp_path / "any.name"
    other.write_text(json.dumps(document, sort_keys=True))  # as jq -S writes it
    for path in (report, other):
        found = saved_report(str(path))
        assert found is not None
        assert found.report == document
        assert found.bundle is None
    zipped = saved_report(str(bundle))
    assert zipped is not None
    assert zipped.report == document
    assert zipped.bundle is not None
    assert zipped.bundle.records
    assert [name for name, _ in zipped.bundle.packs] == ["m1", "extended"]
    assert zipped.bundle.config is None


@pytest.mark.parametrize(
    "text",
    [
        "", "not json\n", '{"function":"a","status":200}\n', '{"schema":"x","function":"a","status":200}\n',
        '{"schema":"attrib.report/1","function":\n', "[1]", '{"schema":3}',
        '{"schema":"attrib"}\n{"schema":"attrib"}\n',
    ],
)  # fmt: skip
def test_what_is_no_report_is_a_log(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text)
    if text.startswith('{"schema":"attrib.report/1"'):
        with pytest.raises(InputError, match="cut or damaged"):
            saved_report(str(path))
    else:
        assert saved_report(str(path)) is None


def test_what_is_no_file_is_a_log(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.zip"
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("manifest.json", '{"schema": "another/1"}')
        archive.writestr("../../etc/passwd", "x")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 nothing of ours")
    for name in ("-", "gone", "*.jsonl", str(tmp_path), "a\0b", str(foreign), str(broken), "/dev/null"):
        assert saved_report(name) is None


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("attrib.report/2", "a later version of attrib saved it"),
        ("attrib.checks/1", "attrib.checks/1 is no report"),
        ("attrib.compare/1", "attrib.compare/1 is no report"),
    ],
)
def test_another_document_of_ours_is_named(made: tuple[Path, Path], schema: str, said: str) -> None:
    report, _ = made
    document = json.loads(report.read_text())
    document["schema"] = schema
    report.write_text(json.dumps(document))
    with pytest.raises(UsageError, match=said):
        saved_report(str(report))


@pytest.mark.parametrize("part", ["summary", "incidents", "input", "rules"])
def test_a_report_that_is_not_whole_says_what_is_missing(made: tuple[Path, Path], part: str) -> None:
    report, _ = made
    document = json.loads(report.read_text())
    del document[part]
    report.write_text(json.dumps(document))
    with pytest.raises(InputError, match=part):
        saved_report(str(report))


def test_numbers_that_are_none_are_refused(made: tuple[Path, Path]) -> None:
    report, _ = made
    text = report.read_text()
    for bad in ("NaN", "9" * 400):
        report.write_text(text.replace('"symptomatic": ', f'"symptomatic": {bad}, "x": ', 1))
        with pytest.raises(InputError, match="damaged"):
            saved_report(str(report))


def test_an_older_report_gets_the_defaults(made: tuple[Path, Path]) -> None:
    report, _ = made
    document = json.loads(report.read_text())
    for key in ("functions", "notes", "sampled"):
        del document[key]
    del document["incidents"][0]["via"]
    document["further"] = {"kept": True}
    report.write_text(json.dumps(document))
    found = saved_report(str(report))
    assert found is not None
    assert found.report["functions"] == []
    assert found.report["sampled"] is False
    assert found.report["incidents"][0]["via"] == []
    assert found.report["further"] == {"kept": True}


def test_a_bundle_packed_again_is_the_same(made: tuple[Path, Path]) -> None:
    found = saved_report(rewritten(made[1], lambda _: None))
    assert found is not None
    assert found.bundle is not None
    assert found.bundle.records


def _less(members: dict[str, bytes]) -> None:
    members["records.jsonl"] = members["records.jsonl"].replace(b"502", b"200", 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_less, "records.jsonl was changed"),
        (lambda members: members.pop("report.json"), "report.json is missing"),
        (lambda members: members.update({"more.txt": b"x"}), "does not name"),
        (lambda members: members.update({"../x": b"x"}), "no name of a bundle"),
        (lambda members: members.update({"/etc/x": b"x"}), "no name of a bundle"),
        (lambda members: members.update({f"m{n}": b"" for n in range(99)}), "too many members"),
        (lambda members: members.update({"report.json": b"{}"}), "report.json was changed"),
    ],
)
def test_a_changed_bundle_is_refused(made: tuple[Path, Path], change: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        saved_report(rewritten(made[1], change))


def test_a_record_changed_with_its_members_digest_is_told(made: tuple[Path, Path]) -> None:
    found = saved_report(rewritten(made[1], _less, honest=True))
    assert found is not None
    assert found.bundle is not None
    with pytest.raises(InputError, match=r"the record of .*a\.jsonl:\d+ was changed"):
        _ = found.bundle.records


@pytest.mark.parametrize(
    "change",
    [
        {"records.jsonl": b"nothing\n"}, {"records.jsonl": b'{"file": 1}\n'}, {"records.jsonl": b"[]\n"},
        {"facts.json": b'{"silent": [[1]]}'}, {"facts.json": b'{"several_hosts": 3}'}, {"facts.json": b"[]"},
        {"facts.json": b'{"cut": 3}'}, {"report.json": b"[]"}, {"report.json": b"\xff"}, {"packs/01.toml": b"\xff"},
        {"packs/01.toml": b"rank = "}, {"packs/01.toml": b""}, {"figures.json": b'{"functions": 3}'},
    ],
)  # fmt: skip
def test_hostile_members_with_digests_that_fit_end_in_a_sentence(
    made: tuple[Path, Path], change: dict[str, bytes], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = rewritten(made[1], lambda members: members.update(change), honest=True)
    command = ["compare", path, path] if "figures.json" in change else ["explain", "checkout-1-0-1", path]
    assert run(command) in (2, 3)
    assert b"Traceback" not in capsysbinary.readouterr().err


def test_figures_beyond_reason_are_refused(made: tuple[Path, Path]) -> None:
    def far(members: dict[str, bytes]) -> None:
        figures = json.loads(members["figures.json"])
        figures["functions"][0]["latency"] = [[10**9, 5]]
        members["figures.json"] = json.dumps(figures).encode()

    assert run(["compare", rewritten(made[1], far, honest=True), str(made[0])]) == 3


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.999])
def test_a_bundle_that_is_cut_is_told(made: tuple[Path, Path], keep: float) -> None:
    data = made[1].read_bytes()
    made[1].write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(InputError, match="cut or damaged"):
        saved_report(str(made[1]))


def test_no_byte_that_flips_brings_it_down(made: tuple[Path, Path]) -> None:
    data = made[1].read_bytes()
    for at in range(0, len(data), max(1, len(data) // 150)):
        made[1].write_bytes(data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :])
        try:
            found = saved_report(str(made[1]))
            if found is not None and found.bundle is not None:
                _ = found.bundle.records
        except AttribError:
            pass


def test_a_zip_bomb_is_not_unpacked(made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bomb = rewritten(made[1], lambda members: members.update({"report.json": b"0" * 3_000_000}))
    monkeypatch.setattr(bundle_reading, "MOST_MEMBER", 1_000_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        saved_report(bomb)
    monkeypatch.setattr(bundle_reading, "MOST_MEMBER", 10_000_000)
    monkeypatch.setattr(bundle_reading, "MOST_BYTES", 2_000_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        saved_report(bomb)


def test_a_directory_that_lies_about_sizes_yields_no_more_than_it_states(made: tuple[Path, Path]) -> None:
    def big(members: dict[str, bytes]) -> None:
        members["report.json"] = b"0" * 3_000_000

    data = bytearray(Path(rewritten(made[1], big)).read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("report.json").file_size
    lied = bytes(data).replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    made[1].write_bytes(lied)
    with pytest.raises(InputError):
        saved_report(str(made[1]))


def test_a_later_bundle_and_a_locked_one_are_named(made: tuple[Path, Path]) -> None:
    def later(members: dict[str, bytes]) -> None:
        members["manifest.json"] = members["manifest.json"].replace(b"attrib.bundle/1", b"attrib.bundle/2")

    with pytest.raises(UsageError, match="later version"):
        saved_report(rewritten(made[1], later))
    data = bytearray(made[1].read_bytes())
    with zipfile.ZipFile(made[1]) as archive:
        start = archive.start_dir
    data[start + 8] |= 1
    made[1].write_bytes(bytes(data))
    with pytest.raises(InputError):
        saved_report(str(made[1]))
