"""Every kind of labelled incident is found, judged right and dated, and no quiet log has one (a seed of its own)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attrib.options import Options
from attrib.pipeline import analyze
from benchmarks.generator.make import KINDS, make
from benchmarks.matching import compare

SEED = 71
ONSET_S = 300
"""A minute's bucket and a rare symptom: a slow burn of one failure in two minutes is seen late."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_judged_right(kind: str, tmp_path: Path) -> None:
    lines, labels = make(kind, SEED, lines=6_000)
    path = tmp_path / "log.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    report = analyze([str(path)], Options(fast=False)).report
    score = compare(labels, json.loads(json.dumps(report)))
    assert score["misses"] == []
    assert score["matched"] == score["labelled"] == score["verdict_right"] == score["responsible_right"]
    assert (score["false_blames"], score["false_positives"]) == (0, 0)
    assert all(error <= ONSET_S for error in score["onset_errors"])
