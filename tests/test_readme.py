"""README's first screen: what a reader types first prints what stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_command_prints_what_the_readme_shows(tmp_path: Path) -> None:
    found = re.search(
        r"^```\n\$ pip install \. && (attrib analyze .*?)\n(.*?)^\.\.\.\n```$", README, re.MULTILINE | re.DOTALL
    )
    assert found is not None
    program = Path(sys.executable).with_name("attrib")
    assert shutil.which(program), "install the checkout: pip install -e '.[dev]'"
    # The shell expands the glob, as it does for the reader.
    command = found[1].replace("attrib", f"'{program}'", 1)
    run = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(found[2])
    assert run.stderr == ""


def test_the_first_screen_fits() -> None:
    first = README.partition("```\n")[2].partition("```")[0]
    assert max(map(len, first.splitlines())) <= 80
    assert README.index("pip install -e '.[dev]' && pytest") < README.index("## ")
