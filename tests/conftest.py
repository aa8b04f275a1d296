"""What all tests share: Hypothesis' settings, the field material beside the checkout, and the rule about skips.

With ATTRIB_CI=1 (.ci/run sets it) a skipped test is a failed one: a test that quietly does not run proves nothing.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("ATTRIB_CI") == "1"

ALLOWED_SKIPS = {
    "platform: ": "tests of another operating system; the CI image is Debian",
}
"""Prefix of a skip's reason -> why it may be skipped in CI. Everything else must run there."""

# No deadline: the machines are shared, and a slow minute of theirs is no bug of ours.
settings.register_profile("local", deadline=None)
# The same examples on every run, so that a red build is about the change; new ones are found locally.
settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if IN_CI else "local")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output must not depend on who runs the tests: no colour forced or width guessed from their terminal."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "ATTRIB_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Field material that is not part of the repository: ATTRIB_SHARED, else `../shared`. CI has it, so CI runs it."""
    folder = Path(os.environ.get("ATTRIB_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"shared: no folder {folder} (set ATTRIB_SHARED)")
    return folder


def _must_have_run(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turns a skip without an allowed reason into a failure. An expected failure (xfail) did run."""
    if not IN_CI or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith(tuple(ALLOWED_SKIPS)):
        report.outcome = "failed"
        report.longrepr = f"skipped, though it must run in CI: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Skips of tests, by a mark or from within."""
    report = yield
    _must_have_run(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Skips of whole files (`pytest.importorskip` at the top)."""
    report = yield
    _must_have_run(report)
    return report
