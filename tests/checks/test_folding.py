"""Names that hold ids are told by their form, on both engines alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attrib.checking import check
from attrib.checks.samples import line, log
from attrib.options import Options


def found(path: Path, names: list[str], *, fast: bool) -> dict[str, Any]:
    rows = [
        line(number, function=name, status=500 if number % 4 == 0 else 200, error_code="E" if number % 4 == 0 else None)
        for number, name in enumerate(names)
    ]
    path.write_text(log(*rows), encoding="utf-8")
    return check([str(path)], Options(fast=fast), only=("error-rate",)).report


@pytest.mark.parametrize("fast", [False, True], ids=["careful", "engine"])
def test_one_finding_for_a_route_and_not_one_for_each_user(tmp_path: Path, fast: bool) -> None:
    report = found(tmp_path / "a.jsonl", [f"GET /users/{number}/orders" for number in range(400)], fast=fast)
    assert [one["statement"] for one in report["findings"]] == [
        "GET /users/{id}/orders: 100 of 400 invocations failed (25.0%)."
    ]
    assert report["findings"][0]["examples"][0] == {"file": str(tmp_path / "a.jsonl"), "line": 1}
    assert "400 functions are told by the form of their names; take the ids out of them." in report["notes"]


@pytest.mark.parametrize("fast", [False, True], ids=["careful", "engine"])
def test_numbered_functions_keep_their_names(tmp_path: Path, fast: bool) -> None:
    names = [f"fn-{number % 40:02d}" for number in range(1600)]
    report = found(tmp_path / "a.jsonl", names, fast=fast)
    assert "fn-00" in {one["subject"]["function"] for one in report["findings"]}
    assert report["notes"] == []
