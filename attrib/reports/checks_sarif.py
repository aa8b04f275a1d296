"""Findings as SARIF 2.1.0, for code scanning of a build and for viewers in editors.

Built from the report and the descriptions of the checks, both plain data; no times and nothing at random, so that the
same run gives the same bytes. Texts of log origin are redacted and written out as for a terminal.
Source: OASIS, SARIF 2.1.0 (errata 01); GitHub, SARIF support for code scanning.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from attrib.reports.sarif_rules import LEVELS, rule
from attrib.reports.view import View
from attrib.safe.display import SENTENCE_LIMIT
from attrib.safe.jsontext import dumps

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT: Final = "%SRCROOT%"
"""What relative paths begin at: the folder the program was started in, as a rule the root of a checkout."""
FINGERPRINT: Final = "attribFinding/v1"
"""Our own key; `--known` reads it."""
GITHUB_FINGERPRINT: Final = "primaryLocationLineHash"
"""The key by which GitHub tells old alerts from new; without it, an alert would follow the line and not the finding."""
_NOTIFICATIONS: Final = {"unread-input": "An input could not be read whole", "note": "What a reader should know"}


def render(report: dict[str, Any], checks: Sequence[Mapping[str, Any]], view: View, exit_code: int = 0) -> str:
    """The document; ends with a line end. `checks`: descriptions (attrib.checks.describe) of those that ran."""
    return dumps(document(report, checks, view, exit_code), indent=2) + "\n"


def document(
    report: dict[str, Any], checks: Sequence[Mapping[str, Any]], view: View, exit_code: int = 0
) -> dict[str, Any]:
    """One run: its rules, its results, and the inputs that broke."""
    positions = {check["check"]: position for position, check in enumerate(checks)}
    driver = {
        "name": "attrib",
        "semanticVersion": report["attrib_version"],
        "rules": [rule(check) for check in checks],
        "notifications": [{"id": name, "shortDescription": {"text": text}} for name, text in _NOTIFICATIONS.items()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report, view, exit_code)],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that attrib was started in."}}},
        "artifacts": [
            {"location": _artifact(file["path"]), "roles": ["analysisTarget"]} for file in report["input"]["files"]
        ],
        "results": [_result(finding, positions, report, view) for finding in report["findings"]],
        "properties": view.display.json(
            {
                "totals": report["input"]["totals"],
                "parameters": report["parameters"],
                "known": report["known"],
                "unlisted": report["unlisted"],
            }
        ),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _invocation(report: dict[str, Any], view: View, exit_code: int) -> dict[str, Any]:
    broken = [
        {
            "level": "error",
            "descriptor": {"id": "unread-input", "index": 0},
            "message": {"text": _text(file["error"], view)},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(file["path"])}}],
        }
        for file in report["input"]["files"]
        if file["error"] is not None
    ]
    notes = [
        {"level": "note", "descriptor": {"id": "note", "index": 1}, "message": {"text": _text(note, view)}}
        for note in report["notes"]
    ]
    return {"executionSuccessful": not broken, "exitCode": exit_code, "toolExecutionNotifications": [*broken, *notes]}


def _result(
    finding: dict[str, Any], positions: Mapping[str, int], report: dict[str, Any], view: View
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding["check"],
        "ruleIndex": positions[finding["check"]],
        "level": LEVELS[finding["severity"]],
        "message": {"text": _message(finding, view)},
        "locations": [_location(one) for one in finding["examples"][:1]] or _anywhere(report),
        "partialFingerprints": {
            FINGERPRINT: finding["fingerprint"],
            GITHUB_FINGERPRINT: f"{finding['fingerprint']}:1",
        },
        "properties": view.display.json(
            {name: finding[name] for name in ("count", "rate", "cost", "subject", "data", "remedy")}
        ),
    }
    # One place stands for the result; more than one would say that every one of them has to be changed (3.27.12).
    more = [(one, "Another line.") for one in finding["examples"][1:]]
    more += [(finding["worst"], "The worst line.")] if finding["worst"] else []
    if more:
        result["relatedLocations"] = [
            {"id": number, **_location(one), "message": {"text": text}} for number, (one, text) in enumerate(more, 1)
        ]
    if finding["count"]:
        result["occurrenceCount"] = finding["count"]
    return result


def _message(finding: dict[str, Any], view: View) -> str:
    lost = (finding["cost"] or {}).get("symptomatic_unknown")
    cost = f" {lost:,} request{'s'[: lost != 1]} unknown because of it." if lost else ""
    return _text(finding["statement"], view) + cost


def _text(text: str, view: View) -> str:
    """A sentence with log text in it; none of it can become a link (SARIF, 3.11.6: `[text](target)`)."""
    return view.display.terminal(text, SENTENCE_LIMIT).replace("](", "] (")


def _location(example: dict[str, Any]) -> dict[str, Any]:
    region = {"startLine": max(example["line"], 1)}
    return {"physicalLocation": {"artifactLocation": _artifact(example["file"]), "region": region}}


def _anywhere(report: dict[str, Any]) -> list[dict[str, Any]]:
    """A finding without a line is about the logs as such; GitHub takes no result without a place and a line."""
    return [
        {**_location({"file": file["path"], "line": 1}), "message": {"text": "The log as a whole, not this line."}}
        for file in report["input"]["files"][:1]
    ]


def _artifact(path: str) -> dict[str, Any]:
    """A path as a URI: percent-encoded, `/` between folders; a relative one begins at ROOT."""
    text = path.replace(os.sep, "/")
    uri = quote(os.fsencode(text), safe="/")
    if text.startswith("/"):
        return {"uri": f"file://{uri}"}
    if os.sep != "/" and text[1:3] == ":/":
        return {"uri": f"file:///{text[0]}:{quote(text[2:], safe='/')}"}
    return {"uri": uri.removeprefix("./"), "uriBaseId": ROOT}
