"""The models say what the contract says, and the samples obey them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from attrib.errors import UsageError
from attrib.reports import schemas, tables
from attrib.reports.model import Report
from attrib.reports.verdict_row import VerdictRow
from tests.reports import incident_samples, samples

SAMPLES = [
    samples.empty, samples.quiet, samples.rich, samples.with_incident, samples.hostile,
    *incident_samples.ALL.values(),
]  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_report_fits_its_model_and_loses_nothing(sample: Any) -> None:
    report = json.loads(json.dumps(sample()).replace("\\ud800", "?"))
    again = Report.model_validate(report).model_dump(by_alias=True, exclude_unset=True)
    assert again == report
    assert list(again) == list(report)


def test_a_verdict_row_has_the_contracts_columns_in_order() -> None:
    assert list(VerdictRow.model_fields) == list(tables.VERDICTS)
    row = samples.verdict_rows()[0]
    assert VerdictRow.model_validate(row).model_dump() == row


def test_a_missing_figure_is_an_error_and_null_is_not_zero() -> None:
    report = samples.empty()
    del report["summary"]["uncorrelated"]
    with pytest.raises(ValidationError, match="uncorrelated"):
        Report.model_validate(report)
    assert Report.model_validate(samples.empty()).summary.evidence_coverage is None


@pytest.mark.parametrize("name", ["record", "report", "checks", "verdicts"])
def test_schemas_are_valid_and_open_for_additions(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = schemas.json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert 'additionalProperties": false' not in json.dumps(schema)


def test_the_published_schema_takes_the_samples() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate({**samples.with_incident(), "an_addition": 1}, schemas.json_schema("report"))
    jsonschema.validate(incident_samples.outage(), schemas.json_schema("report"))


def test_an_unknown_schema_names_the_others() -> None:
    with pytest.raises(UsageError, match="record, report, checks"):
        schemas.json_schema("reports")
