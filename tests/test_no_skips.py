"""With ATTRIB_CI=1 a skip is a failure, unless tests/conftest.py allows its reason."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
CASES = """
import pytest

@pytest.mark.skip(reason="platform: only there")
def test_of_another_platform(): ...

@pytest.mark.skip(reason="no time")
def test_marked(): ...

def test_from_within():
    pytest.skip("no engine")

@pytest.mark.xfail(strict=True, reason="known")
def test_known_fault():
    assert False

def test_good(): ...
"""
ABSENT = "import pytest\npytest.importorskip('no_such_module_for_attrib')\ndef test_never(): ...\n"


@pytest.mark.parametrize(
    ("ci", "closing"),
    [("1", "1 failed, 1 passed, 1 skipped, 1 xfailed, 2 errors"), ("", "1 passed, 4 skipped, 1 xfailed")],
)
def test_a_skip_in_ci_is_a_failure(tmp_path: Path, ci: str, closing: str) -> None:
    (tmp_path / "conftest.py").write_bytes(CONFTEST.read_bytes())
    (tmp_path / "test_cases.py").write_text(CASES)
    (tmp_path / "test_absent.py").write_text(ABSENT)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --continue-on-collection-errors -n0\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=tmp_path,
        env={**os.environ, "ATTRIB_CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert closing in run.stdout.splitlines()[-1], run.stdout
    assert (run.returncode == 0) == (ci == ""), run.stdout
