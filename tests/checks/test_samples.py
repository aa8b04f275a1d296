"""Every check against its own samples: each must trigger it or leave it quiet, whichever engine reads the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attrib.checking import check
from attrib.checks.catalogue import catalogue
from attrib.checks.model import Check, Sample
from attrib.options import Options

SAMPLES = [
    pytest.param(one, sample, id=f"{one.id}: {sample.title}")
    for one in catalogue().values()
    for sample in one.samples
]  # fmt: skip


@pytest.mark.parametrize("fast", [False, True], ids=["careful", "engine"])
@pytest.mark.parametrize(("one", "sample"), SAMPLES)
def test_a_check_finds_what_its_samples_say(one: Check, sample: Sample, fast: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(sample.log if isinstance(sample.log, str) else sample.log(), encoding="utf-8")
    options = Options(labels=sample.label, own=sample.own, vendors=sample.vendors, fast=fast)
    found: list[dict[str, Any]] = [
        finding for finding in check([str(path)], options).report["findings"] if finding["check"] == one.id
    ]
    assert len(found) == sample.finds, found


@pytest.mark.parametrize("one", catalogue().values(), ids=lambda one: one.id)
def test_a_check_has_samples_of_both_sorts(one: Check) -> None:
    assert any(sample.finds for sample in one.samples)
    assert any(not sample.finds for sample in one.samples)
