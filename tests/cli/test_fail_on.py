"""`--fail-on`: what each condition looks at. It decides the exit code and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from attrib.checks.model import SEVERITIES
from attrib.cli.fail_on import parse_fail_on, parse_fail_on_findings
from attrib.errors import UsageError
from attrib.rules.facets import VERDICTS


def report(*verdicts: str, isolated: int = 0, coverage: float | None = 1.0) -> dict[str, Any]:
    """A report with incidents of these verdicts."""
    return {
        "incidents": [{"verdict": verdict, "lean": "vendor"} for verdict in verdicts],
        "isolated": [{"verdict": "vendor"}] * isolated,
        "summary": {"evidence_coverage": coverage},
    }


def matches(text: str | None, document: dict[str, Any]) -> bool:
    return any(condition(document) for condition in parse_fail_on(text))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_an_incidents(verdict: str) -> None:
    other = next(one for one in VERDICTS if one != verdict)
    assert matches(verdict, report(other, verdict))
    assert not matches(verdict, report(other))
    assert not matches(verdict, report(isolated=3))


def test_a_lean_is_no_verdict() -> None:
    assert not matches("vendor", report("unknown"))


def test_any_incident() -> None:
    assert matches("any", report("unknown"))
    assert not matches("any", report(isolated=3, coverage=0.0))


def test_isolated_failures() -> None:
    assert matches("isolated", report(isolated=1))
    assert not matches("isolated", report("vendor"))


@pytest.mark.parametrize("text", ["coverage<0.9", "coverage < .9", "coverage<0.90", "coverage<1", "coverage<1.0"])
def test_coverage(text: str) -> None:
    assert matches(text, report(coverage=0.89))
    assert not matches(text, report(coverage=1.0))
    assert not matches(text, report(coverage=None))


def test_coverage_is_below_and_not_at() -> None:
    assert not matches("coverage<0.9", report(coverage=0.9))


def test_one_of_a_list_is_enough() -> None:
    assert matches("vendor, application ,coverage<0.5", report("application"))
    assert matches("vendor,coverage<0.5", report(coverage=0.1))
    assert not matches("vendor,application,isolated", report("unknown"))


@pytest.mark.parametrize("text", [None, "", " , "])
def test_nothing_asked_for(text: str | None) -> None:
    assert not matches(text, report(*VERDICTS, isolated=1, coverage=0.0))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("vender", 'Did you mean "vendor"?'),
        ("coverage", "coverage<SHARE"),
        ("coverage<1.5", "coverage<SHARE"),
        ("coverage>0.5", "coverage<SHARE"),
        ("coverage<90%", "coverage<SHARE"),
        ("any,no-such", "Allowed: unknown"),
    ],
)
def test_what_is_no_condition(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=r"^--fail-on ") as caught:
        parse_fail_on(text)
    assert hint in str(caught.value)


# ---- of `attrib check` ------------------------------------------------------------------------------------------


def fails(text: str | None, severity: str, check: str = "error-rate") -> bool:
    return parse_fail_on_findings(text)({"severity": severity, "check": check})


@pytest.mark.parametrize("least", SEVERITIES)
def test_a_severity_means_it_or_worse(least: str) -> None:
    found = [severity for severity in SEVERITIES if fails(least, severity)]
    assert found == list(SEVERITIES[: SEVERITIES.index(least) + 1])


def test_a_check_matches_whatever_its_severity() -> None:
    assert fails("error-rate", "info")
    assert not fails("latency-budget", "error")
    assert fails("latency-budget,error", "error")
    assert fails(" latency-budget , error-rate ", "info")
    assert not fails("latency-budget,error", "warning")


@pytest.mark.parametrize("text", [None, "", " , "])
def test_nothing_named_fails_nothing(text: str | None) -> None:
    assert not fails(text, "error")


@pytest.mark.parametrize(
    ("word", "near"), [("warn", "warning"), ("error-rates", "error-rate"), ("any", "Allowed: error")]
)
def test_a_word_that_is_neither(word: str, near: str) -> None:
    with pytest.raises(UsageError, match=f"--fail-on {word}: neither a severity nor a check.*{near}"):
        parse_fail_on_findings(word)
