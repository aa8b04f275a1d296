"""SARIF 2.1.0: of the published form, the same bytes for the same findings, and within what GitHub takes.

The form is that of `sarif-om`, which Microsoft generates from the published JSON schema: every property there is and
whether it must be there. What it does not hold (the words and types of values) stands here, from the specification.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import attr
import pytest
import sarif_om  # type: ignore[import-untyped]

from attrib.checking import check, descriptions
from attrib.checks.catalogue import catalogue
from attrib.options import Options
from attrib.reports import checks_sarif
from attrib.reports.view import View
from tests.reports.checks_samples import CHECKS, ESC, TOKEN, finding, hostile, report

VIEW = View()
ROOT = Path(__file__).resolve().parents[2]
WITHIN = {
    "": "SarifLog", "runs": "Run", "tool": "Tool", "driver": "ToolComponent", "rules": "ReportingDescriptor",
    "notifications": "ReportingDescriptor", "shortDescription": "MultiformatMessageString",
    "fullDescription": "MultiformatMessageString", "help": "MultiformatMessageString",
    "defaultConfiguration": "ReportingConfiguration", "invocations": "Invocation",
    "toolExecutionNotifications": "Notification", "descriptor": "ReportingDescriptorReference", "message": "Message",
    "description": "Message", "artifacts": "Artifact", "location": "ArtifactLocation", "results": "Result",
    "locations": "Location", "relatedLocations": "Location", "physicalLocation": "PhysicalLocation",
    "artifactLocation": "ArtifactLocation", "region": "Region",
}  # fmt: skip
"""Property -> the class of what it holds; of those this program writes."""
FREE = ("properties", "partialFingerprints")
"""Property bags: any key may stand there."""
WORDS = {
    "level": {"none", "note", "warning", "error"},
    "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
    "version": {"2.1.0"},
    "roles": {"analysisTarget"},
}
"""Property -> the words it may be. Source: SARIF 2.1.0, sections 3.27.10, 3.14.17, 3.13.2, 3.24.6."""
COUNTS = {"startLine": 1, "occurrenceCount": 1, "id": 0, "ruleIndex": 0, "index": 0}
"""Property -> the least it may be."""


def faults(value: Any, holder: str = "", path: str = "$") -> list[str]:
    """What in a document is not of the published form."""
    if isinstance(value, list):
        return [fault for at, one in enumerate(value) for fault in faults(one, holder, f"{path}[{at}]")]
    if not isinstance(value, dict):
        return faults_of_value(value, holder, path)
    if holder == "originalUriBaseIds":
        return [fault for key, one in value.items() for fault in faults(one, "location", f"{path}.{key}")]
    if holder not in WITHIN:
        return [f"{path}: no object may stand here"]
    known = {
        one.metadata["schema_property_name"]: one.default is attr.NOTHING
        for one in getattr(sarif_om, WITHIN[holder]).__attrs_attrs__
    }
    found = [f"{path}.{key}: no such property" for key in value.keys() - known.keys()]
    found += [f"{path}.{key} is missing" for key, needed in known.items() if needed and key not in value]
    return found + [
        fault for key, one in value.items() if key not in FREE for fault in faults(one, key, f"{path}.{key}")
    ]


def faults_of_value(value: Any, name: str, path: str) -> list[str]:
    if name in WORDS and value not in WORDS[name]:
        return [f"{path}: {value!r}"]
    if isinstance(value, int) and not isinstance(value, bool) and value < COUNTS.get(name, 0):
        return [f"{path}: {value}"]
    if name == "uri" and not re.fullmatch(r"(file:///)?[A-Za-z0-9._~/%-]*", value):
        return [f"{path}: {value!r} is no URI"]
    return [f"{path} is null"] if value is None else []


def document(*findings: dict[str, Any], code: int = 0, **other: Any) -> Any:
    return json.loads(checks_sarif.render(report(*findings, **other), CHECKS, VIEW, code))


def test_it_is_of_the_published_form() -> None:
    broken = report()["input"]["files"][0] | {"path": "gone.jsonl", "error": "no such file"}
    made = report(finding(), hostile(1), finding("latency-budget", "info", 2, examples=[], worst=None, count=0))
    made["input"]["files"].append(broken)
    made["notes"] = [f"a note {ESC}"]
    shown = json.loads(checks_sarif.render(made, CHECKS, VIEW, 3))
    assert faults(shown) == []


def test_the_form_is_looked_at() -> None:
    shown = document(finding())
    shown["runs"][0]["results"][0]["level"] = "fatal"
    shown["runs"][0]["results"][0]["lines"] = 3
    del shown["runs"][0]["tool"]
    assert {fault.rpartition(".")[2] for fault in faults(shown)} == {
        "level: 'fatal'", "lines: no such property", "tool is missing",
    }  # fmt: skip


def test_a_real_run_is_of_the_published_form() -> None:
    paths = [str(path) for path in sorted((ROOT / "sample_logs").glob("*.jsonl"))]
    outcome = check([*paths, "not there [1] %.jsonl"], Options())
    shown = json.loads(checks_sarif.render(outcome.report, descriptions(outcome.report["ran"]), VIEW, 3))
    assert faults(shown) == []
    [run] = shown["runs"]
    assert len(run["results"]) == len(outcome.report["findings"]) > 0
    assert run["invocations"][0]["executionSuccessful"] is False
    [broken] = run["invocations"][0]["toolExecutionNotifications"][:1]
    uri = broken["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == "not there [1] %.jsonl"


def test_a_result_has_a_rule_a_place_and_a_lasting_fingerprint() -> None:
    [run] = document(finding(), finding("latency-budget", "info", 1))["runs"]
    first, second = run["results"]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "error-rate"
    assert (first["level"], second["level"]) == ("warning", "note")
    [place] = first["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "logs/a.jsonl", "uriBaseId": "%SRCROOT%"}
    assert place["physicalLocation"]["region"] == {"startLine": 7}
    assert [one["physicalLocation"]["region"]["startLine"] for one in first["relatedLocations"]] == [9, 11]
    assert first["partialFingerprints"]["attribFinding/v1"] == "0" * 16
    moved = finding(examples=[{"file": "x.jsonl", "line": 99}], count=5, statement="Other figures.")
    [again] = document(moved)["runs"][0]["results"]
    assert again["partialFingerprints"] == first["partialFingerprints"]


def test_a_finding_about_the_whole_log_has_a_place_all_the_same() -> None:
    [result] = document(finding(examples=[], worst=None))["runs"][0]["results"]
    assert result["locations"][0]["message"] == {"text": "The log as a whole, not this line."}


def test_what_it_costs_is_in_the_message() -> None:
    [result] = document(finding(cost={"symptomatic_unknown": 36}))["runs"][0]["results"]
    assert result["message"]["text"].endswith(" 36 requests unknown because of it.")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("logs/a.jsonl", "logs/a.jsonl"),
        ("./a b#c?d[1]%.jsonl", "a%20b%23c%3Fd%5B1%5D%25.jsonl"),
        ("/var/log/ä.jsonl", "file:///var/log/%C3%A4.jsonl"),
        ("a:b.jsonl", "a%3Ab.jsonl"),
        ("-", "-"),
        ("<table>", "%3Ctable%3E"),
        ("\udcff.jsonl", "%FF.jsonl"),
    ],
)
def test_paths_are_uris(path: str, uri: str) -> None:
    [result] = document(finding(examples=[{"file": path, "line": 1}]))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_no_log_text_comes_alive() -> None:
    text = checks_sarif.render(report(hostile()), CHECKS, VIEW)
    assert TOKEN not in text
    assert "\x1b" not in text
    [result] = json.loads(text)["runs"][0]["results"]
    assert "](" not in result["message"]["text"]
    assert "\u202e" not in result["message"]["text"]


def test_the_same_findings_give_the_same_bytes() -> None:
    assert checks_sarif.render(report(finding()), CHECKS, VIEW) == checks_sarif.render(report(finding()), CHECKS, VIEW)


def test_every_check_is_a_rule_that_github_takes() -> None:
    """Source: GitHub, SARIF support for code scanning: 255 characters of a name, 1,024 of a description, 20 tags."""
    [run] = json.loads(checks_sarif.render(report(), descriptions(sorted(catalogue())), VIEW))["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        assert len(rule["name"]) <= 255
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]+", rule["name"])
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert "**To do.** " in rule["help"]["markdown"]
        assert len(rule["properties"]["tags"]) <= 20
