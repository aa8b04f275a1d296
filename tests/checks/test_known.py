"""`--known`: a finding is known by its check and subject, whatever else has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attrib.checking import check, chosen, descriptions
from attrib.checks.catalogue import catalogue
from attrib.checks.known import SARIF_KEY, read_known
from attrib.checks.samples import line, log
from attrib.errors import UsageError
from attrib.options import Options
from attrib.reports import checks_sarif
from attrib.reports.view import View

ONLY = ("error-rate",)


NAMES = [f"{one}{other}" for one in "abcdefgh" for other in "ijklmnop"][:60]
"""Functions whose names share no form."""


def write(path: Path, *functions: str, every: int = 4, first: int = 0) -> str:
    rows = [
        line(number, function=function, status=500 if number % every == 0 else 200)
        for function in functions
        for number in range(first, first + 40)
    ]
    path.write_text(log(*rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("fast", [False, True])
def test_only_what_is_new_is_left(tmp_path: Path, fast: bool) -> None:
    before = check([write(tmp_path / "a.jsonl", "checkout")], Options(fast=fast), only=ONLY).report
    (tmp_path / "known.json").write_text(json.dumps(before), encoding="utf-8")
    later = write(tmp_path / "b.jsonl", "checkout", "search", every=3, first=1000)
    after = check([later], Options(fast=fast), only=ONLY, known=read_known(str(tmp_path / "known.json"))).report
    assert [finding["subject"] for finding in after["findings"]] == [{"function": "search"}]
    assert after["known"] == [before["findings"][0]["fingerprint"]]
    assert after["notes"][-1] == "1 known finding left out (--known)."


def test_a_saved_report_hands_on_what_it_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "checkout")
    first = check([path], only=ONLY).report
    second = check([path], only=ONLY, known=[first["findings"][0]["fingerprint"]]).report
    assert second["findings"] == []
    (tmp_path / "second.json").write_text(json.dumps(second), encoding="utf-8")
    assert read_known(str(tmp_path / "second.json")) == {first["findings"][0]["fingerprint"]}


def test_what_was_found_and_not_listed_is_known_too(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *NAMES)
    first = check([path], only=ONLY).report
    assert (len(first["findings"]), len(first["unlisted"])) == (50, 10)
    (tmp_path / "known.json").write_text(json.dumps(first), encoding="utf-8")
    again = check([path], only=ONLY, known=read_known(str(tmp_path / "known.json"))).report
    assert again["findings"] == []
    assert len(again["known"]) == 60


def test_sarif_serves_as_well(tmp_path: Path) -> None:
    report = check([write(tmp_path / "a.jsonl", *NAMES)], only=ONLY).report
    text = checks_sarif.render(report, descriptions(report["ran"]), View())
    (tmp_path / "known.sarif").write_text(text, encoding="utf-8")
    assert len(read_known(str(tmp_path / "known.sarif"))) == 60
    assert SARIF_KEY == checks_sarif.FINGERPRINT


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "1", "null", "{}", '{"schema":"attrib.report/1"}', '{"schema":"attrib.checks/1"}', '{"runs":[{}]}',
        '{"runs":[{"results":[{"ruleId":"x"}]}]}', '{"schema":"attrib.checks/1","findings":[{"fingerprint":1}]}',
        '{"schema":"attrib.checks/1","findings":3}', "[" * 100_000,
    ],
)  # fmt: skip
def test_another_file_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        UsageError, match=r"^--known .*: not a saved report of attrib check \(--to json or --to sarif\)\.$"
    ):
        read_known(str(path))


def test_a_folder_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a directory"):
        read_known(str(tmp_path))


def test_the_choice_of_checks() -> None:
    assert [one.id for one in chosen()] == sorted(catalogue())
    assert [one.id for one in chosen(only=ONLY)] == ["error-rate"]
    assert "error-rate" not in {one.id for one in chosen(skip=ONLY)}
