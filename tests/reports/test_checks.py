"""Findings as text, Markdown and CSV: what is told first, what is left for -v, and that no log text comes alive."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from attrib.reports import check_page, checks_csv, checks_markdown, checks_text, jsondoc, markdown, text
from attrib.reports.findings import ChecksReport
from attrib.reports.schemas import json_schema
from attrib.reports.view import View
from attrib.safe.display import Display
from tests.reports.checks_samples import CHECKS, TOKEN, finding, hostile, id_row, report

VIEW = View()


def told(document: dict[str, Any], **view: Any) -> str:
    return checks_text.render(document, replace(VIEW, **view))


def squeezed(shown: str) -> str:
    return " ".join(shown.split())


# ---- text -------------------------------------------------------------------------------------------------------


def test_a_finding_is_told_with_its_place_its_cost_and_what_to_do() -> None:
    document = report(finding(cost={"symptomatic_unknown": 36}), finding("latency-budget", "info", 1))
    shown = told(document)
    assert "2 findings: 1 warning, 1 info. 2 checks ran." in shown
    assert "WARNING  error-rate" in shown
    assert "logs/a.jsonl:7" in shown
    assert "Costs evidence: 36 requests unknown because of it." in shown
    assert "To do: Bring it to 5 %" in shown
    assert shown.rstrip().endswith("attrib check --explain error-rate")
    assert max(map(len, shown.splitlines())) <= 80


def test_info_takes_a_line_each() -> None:
    checks = ("latency-budget", "unknown-field", "error-rate", "clock")
    shown = told(report(*(finding(check, "info", number) for check in checks for number in range(4))))
    assert "For your information" in shown
    assert "To do" not in shown
    assert "latency-budget: checkout-2" in shown
    assert "latency-budget: checkout-3" not in shown  # three of a check, eight in all
    assert "error-rate: checkout-1" in shown
    assert "and 8 more (4 clock, 2 error-rate, 1 latency-budget, 1 unknown-field): -v shows all" in folded(shown)


def test_one_check_does_not_fill_the_screen() -> None:
    found = [finding(number=number, remedy=f"Remedy {number}.") for number in range(40)]
    other = finding("unknown-field", number=41, remedy="Another.")
    shown = told(report(*found, other))
    assert shown.count("To do: ") == 2
    assert "checkout-2" in shown
    assert "checkout-3" not in shown
    assert "Another." in shown
    assert "and 37 more (37 error-rate): -v shows all" in shown
    whole = told(report(*found, other), verbose=True)
    assert whole.count("To do: ") == 41
    assert "Worst: logs/b.jsonl:11" in whole


def test_errors_are_told_in_full() -> None:
    shown = told(report(*(finding(severity="error", number=number, remedy=f"Remedy {number}.") for number in range(3))))
    assert shown.count("To do: ") == 3


def folded(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def test_one_remedy_is_told_once() -> None:
    assert told(report(finding(), finding(number=1))).count("To do: ") == 1


def test_nothing_found_names_what_ran() -> None:
    assert "Nothing found. 2 checks ran: error-rate, latency-budget." in told(report())
    assert "Nothing new found." in told(report(known=["0" * 16]))


def test_a_finding_about_the_whole_log_has_no_line() -> None:
    shown = told(report(finding(examples=[], worst=None)))
    assert "whole log" in shown


def test_ids_are_listed_among_the_details() -> None:
    faulty = id_row(function="search", missing=12, kinds={"uuid4": 3, "ulid": 2})
    document = report(finding(), ids=[id_row(), faulty])
    assert "Request ids" not in told(document)
    narrow = squeezed(told(document, verbose=True))
    assert "search in logs/a.jsonl: 4,000 records, 12 without, 0 placeholders, 0 malformed; uuid4 3, ulid 2" in narrow
    wide = told(document, verbose=True, width=120)
    assert "Placeholder  Malformed  Kinds" in wide


def test_notes_are_told() -> None:
    assert "Note: 3 known findings left out (--known)." in told(report(notes=["3 known findings left out (--known)."]))


# ---- hostile text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verbose", [False, True])
def test_no_log_text_comes_alive(verbose: bool) -> None:
    document = report(hostile(), ids=[id_row(function=f"\x1b[31m {TOKEN}", missing=1)], notes=[f"{TOKEN} \x1b[31m"])
    shown = told(document, verbose=verbose)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert TOKEN not in shown.replace("\n", "").replace(" ", "")
    written = checks_markdown.render(document, VIEW)
    assert "\x1b" not in written
    assert "<b>" not in written.replace("`<b>`", "")
    assert "](1)" not in written.replace("\\](", "")
    assert TOKEN not in written.replace("`", "")
    cells = [cell for row in csv.reader(io.StringIO(checks_csv.render(document, VIEW), newline="")) for cell in row]
    assert not any(TOKEN in cell or "\x1b" in cell for cell in cells)
    assert TOKEN not in jsondoc.render(document, VIEW)


def test_without_redaction_it_is_there() -> None:
    assert TOKEN in squeezed(checks_csv.render(report(hostile()), View(Display(redact=False))))


def test_names_of_files_are_never_redacted() -> None:
    name = f"{TOKEN}.jsonl"
    document = report(
        finding(examples=[{"file": name, "line": 1}], worst={"file": name, "line": 2}), ids=[id_row(file=name)]
    )
    shown = ChecksReport.model_validate(VIEW.display.json(document))
    assert shown.findings[0].examples[0].file == name
    assert shown.findings[0].worst is not None
    assert shown.findings[0].worst.file == name
    assert shown.ids[0].file == name
    assert checks_csv.render(document, VIEW).count(name) == 2


# ---- csv, Markdown and the schema -------------------------------------------------------------------------------


def test_csv_has_a_row_per_finding() -> None:
    rows = list(csv.DictReader(io.StringIO(checks_csv.render(report(finding(), finding(number=1)), VIEW))))
    assert [row["subject"] for row in rows] == ["function=checkout-0", "function=checkout-1"]
    assert (rows[0]["file"], rows[0]["line"], rows[0]["worst_line"]) == ("logs/a.jsonl", "7", "11")
    assert rows[0]["symptomatic_unknown"] == ""
    assert list(rows[0]) == list(checks_csv.COLUMNS)


def test_markdown_has_everything() -> None:
    document = report(*(finding(number=number) for number in range(30)), ids=[id_row()])
    written = checks_markdown.render(document, VIEW)
    assert written.count("## **WARNING**") == 30
    assert "| Function | File |" in written
    assert "| error-rate | rate | 0.05 |" in written


def test_a_document_is_of_its_schema() -> None:
    validator = Draft202012Validator(json_schema("checks"))
    for document in (report(), report(finding(), hostile(), ids=[id_row()], notes=["x"], unlisted=["1"])):
        validator.validate(VIEW.display.json(document))
        assert (
            ChecksReport.model_validate(document).model_dump(mode="json", by_alias=True, exclude_unset=True) == document
        )


# ---- about the checks -------------------------------------------------------------------------------------------


def test_a_check_is_explained() -> None:
    example = {"log": ['{"a": 1}'], "more": 9, "severity": "warning", "statement": "1 of 2 failed."}
    blocks = check_page.page(CHECKS[0] | {"example": example})
    shown = text.draw(blocks, VIEW)
    assert "One paragraph, over two lines." in shown
    assert "error-rate.rate 0.05 share: design" in shown
    assert "... and 9 more lines" in shown
    assert "WARNING  1 of 2 failed." in shown
    assert "one in ten fails: finds 1" in shown
    assert "none fails: quiet" in shown
    assert markdown.draw(blocks, VIEW, "x").startswith("# x\n\n**error-rate**")


def test_a_list_in_a_docstring_stays_one() -> None:
    assert check_page.paragraphs("One\nline:\n- a\n  b\n- c\n\nLast.") == ["One line:\n- a b\n- c", "Last."]
