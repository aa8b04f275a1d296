"""docs/how-an-incident-is-judged.md and the incidents of docs/json.md are true: examples, constants, keys, kinds."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import json
import math
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import attrib
import attrib.incidents
from attrib.reports.incident_model import Incident, Known, Suspect, Symptoms, Timeline
from attrib.rules.load import load_rules

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/how-an-incident-is-judged.md"
INCIDENTS = Path(inspect.getfile(attrib.incidents)).parent

pytestmark = pytest.mark.xdist_group("docs")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = generator().worked_examples()


@cache
def report(name: str) -> dict[str, Any]:
    found: dict[str, Any] = generator().worked_report(name)
    return found


# ---- worked examples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_worked_example_comes_out_as_the_page_says(name: str) -> None:
    found = report(name)["incidents"]
    expected = EXAMPLES[name]["incidents"]
    assert len(found) == len(expected)
    for incident, wanted in zip(found, expected, strict=True):
        follows = found[wanted["follows"]]["id"] if "follows" in wanted else None
        assert {
            "verdict": incident["verdict"], "lean": incident["lean"], "responsible": incident["responsible"],
            "claimed": incident["claimed"], "whole_log": incident["whole_log"], "follows": incident["consequence_of"],
        } == {
            "verdict": wanted["verdict"], "lean": wanted.get("lean"), "responsible": wanted.get("responsible"),
            "claimed": wanted.get("claimed", False), "whole_log": wanted.get("whole_log", False), "follows": follows,
        }  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_worked_example_has_the_evidence_the_page_shows(name: str) -> None:
    kinds = {
        evidence["kind"]
        for incident in report(name)["incidents"]
        for part in ("evidence", "counter_evidence", "missing_evidence")
        for evidence in incident[part]
    }
    assert set(EXAMPLES[name]["tells"]) <= kinds
    assert f"<!-- example {name} -->" in text(PAGE)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_shares_can_be_computed_by_hand(name: str) -> None:
    for incident in report(name)["incidents"]:
        dominant, attributed = incident["known"]["dominant"], incident["known"]["attributed"]
        n = incident["symptomatic"]
        if not attributed:
            assert incident["known_share"] is incident["worst_case_share"] is incident["worst_case_low"] is None
            continue
        assert incident["known_share"] == pytest.approx(dominant / attributed, abs=1e-6)
        p, z = dominant / n, 1.96
        assert incident["worst_case_share"] == pytest.approx(p, abs=1e-6)
        if incident["method"] == "wilson":  # the formula on the page
            half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
            low = (p + z**2 / (2 * n) - half) / (1 + z**2 / n)
            assert incident["worst_case_low"] == pytest.approx(low, abs=1e-4)
            if incident["lean"] is None:
                assert low > 0.5


def test_without_its_fault_no_worked_example_has_an_incident(tmp_path: Path) -> None:
    for name in EXAMPLES:
        lines = [json.loads(line) for _, line in generator().worked_lines(name)]
        fine = [line for line in lines if line["status"] < 400 and line["latency_ms"] <= 500]
        if not fine:
            continue
        log = tmp_path / f"{name}.jsonl"
        log.write_text("".join(json.dumps(line) + "\n" for line in fine), encoding="utf-8")
        assert attrib.analyze(log).incidents == [], name


# ---- constants and parameters -----------------------------------------------------------------------------------


def constants() -> dict[str, Any]:
    """`module.NAME` -> value of every public constant of incidents that is a number or a tuple of numbers."""
    found: dict[str, Any] = {}
    for path in sorted(INCIDENTS.rglob("*.py")):
        name = ".".join(path.relative_to(INCIDENTS).with_suffix("").parts)
        names = [
            node.target.id
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and "Final" in ast.unparse(node.annotation)
            and not node.target.id.startswith("_")
        ]
        module = importlib.import_module(f"attrib.incidents.{name}") if names else None
        for constant in names:
            value = getattr(module, constant)
            several = sorted(value) if isinstance(value, frozenset) else value
            numbers = several if isinstance(several, list | tuple) else [several]
            if all(isinstance(number, int | float) for number in numbers):
                found[f"{name}.{constant}"] = tuple(numbers)
    return found


def stated() -> dict[str, tuple[float, ...]]:
    rows = re.findall(r"^\| `([\w.]+\.[A-Z_0-9]+)` \| ([\d., ]+) \|", text(PAGE), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a constant stands there twice"
    return {name: tuple(float(number) for number in value.split(", ")) for name, value in rows}


def test_every_constant_is_listed_with_its_value() -> None:
    page, code = stated(), constants()
    assert set(code) - set(page) == set(), f"{PAGE}: add a row to 'Every constant'"
    assert set(page) - set(code) == set(), f"{PAGE}: no such constant any more"
    for name, value in page.items():
        assert value == pytest.approx(code[name], rel=1e-6), name


def test_constants_and_parameters_in_the_text_have_their_values() -> None:
    page, code = text(PAGE), constants()
    words = {"usual.WIDTHS": "1, 5 or 30 minutes", "windows.WIDTHS": "1, then 5, then 30 minutes"}
    for name, value in re.findall(r"`((?:[a-z_]+\.)+[A-Z_0-9]+)`(?:\s\(([\d.,]+)\))?", page):
        assert name in code or hasattr(importlib.import_module("attrib.incidents." + name.rpartition(".")[0]), name)
        if value:
            assert (float(value.replace(",", "")),) == pytest.approx(code[name]), name
    for name, said in words.items():
        assert said in page
        assert [int(n) for n in re.findall(r"\d+", said)] == list(code[name])
    known = {parameter.name: parameter.default for parameter in load_rules().parameters.all()}
    for name in ("incident_min_failures", "incident_min_rate", "incident_gap_min", "usual_rate_max"):
        values = re.findall(rf"`{name}`\s\(([\d.]+)\)", page)
        assert values, f"{name} is not told with its value"
        assert {float(value) for value in values} == {known[name]}


def test_what_a_comparison_looks_at_is_named() -> None:
    from attrib.incidents.compare import FIELDS, NO_ANSWER

    page = text(PAGE)
    for name in (*FIELDS, *NO_ANSWER):
        assert f"`{name}`" in page, name


# ---- keys and kinds of the JSON ---------------------------------------------------------------------------------


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text("docs/json.md"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_every_key_of_an_incident_is_explained() -> None:
    page = section("Incidents")
    for model in (Incident, Suspect, Known, Symptoms, Timeline):
        for name in model.model_fields:
            assert f"`{name}`" in page, f"{model.__name__}.{name}"


def test_every_kind_of_evidence_is_explained() -> None:
    page = section("Kinds of evidence")
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((INCIDENTS / "evidence").glob("*.py")))
    demotions = "".join((INCIDENTS / f"{name}.py").read_text(encoding="utf-8") for name in ("compare", "deadline"))
    kinds = {*re.findall(r'Evidence\(\s*"(\w+)"', source), *re.findall(r'Demotion\(\s*"(\w+)"', demotions)}
    assert {"status_matrix", "worst_case", "confined", "together", "deadline"} <= kinds
    for kind in kinds:
        assert f"| `{kind}`" in page, kind


def test_every_key_of_the_evidence_is_explained() -> None:
    rows = {kind: row for row, kind in re.findall(r"^(\| `(\w+)`.*)$", section("Kinds of evidence"), re.MULTILINE)}
    for name in EXAMPLES:
        for incident in report(name)["incidents"]:
            for part in ("evidence", "counter_evidence", "missing_evidence"):
                for evidence in incident[part]:
                    kind = "missing_FIELD" if part == "missing_evidence" else evidence["kind"]
                    for key in keys_of(evidence["data"]):
                        assert f"`{key}`" in rows[kind], f"{kind}: {key}"


def keys_of(data: object) -> set[str]:
    if isinstance(data, list):
        return {key for entry in data for key in keys_of(entry)}
    if isinstance(data, dict):
        below = {key for name, value in data.items() if name != "spread" for key in keys_of(value)}
        return {*data, *below}
    return set()
