"""The package as users get it: built from the source distribution, installed outside the checkout, and run there.

Locally the new environment borrows the libraries of the running one: a `.pth` file appends that site-packages folder
to its path. That stays honest, because Python does not read `.pth` files in a folder added so: an editable install
of the checkout is invisible, and the wheel's own `attrib` comes first on the path. What it cannot show is whether the
declared dependencies suffice, so with ATTRIB_CI=1 pip installs the wheel with all it asks for and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOGS = ("checkout.jsonl", "quiet.jsonl")

pytestmark = pytest.mark.xdist_group("wheel")  # built and installed once


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it, and an empty folder to run in."""

    sdist: Path
    wheel: Path
    package: Path
    program: Path
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The console script, with nothing of the checkout in reach."""
        return subprocess.run(
            [self.program, *arguments], cwd=self.folder, env=outside(), capture_output=True, text=True, check=False
        )


def outside() -> dict[str, str]:
    """The environment without what could lead Python or the program back to the checkout."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    return {key: value for key, value in os.environ.items() if key not in hidden and not key.startswith("ATTRIB_")}


def call(*command: str | Path) -> None:
    """A step of the set-up; its output is shown when it fails."""
    done = subprocess.run(
        command, env=outside(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    work = tmp_path_factory.mktemp("wheel")
    # Without --wheel, build makes the sdist and then the wheel from it: a file that the sdist lacks is missed at once.
    call(sys.executable, "-m", "build", "--no-isolation", "--outdir", work / "dist", ROOT)
    [sdist], [wheel] = (work / "dist").glob("*.tar.gz"), (work / "dist").glob("*.whl")

    call(sys.executable, "-m", "venv", "--without-pip", work / "venv")
    scripts = work / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", scripts / "python", "install", "--quiet")
    if os.environ.get("ATTRIB_CI") == "1":
        call(*pip, wheel)
    else:
        call(*pip, "--no-deps", "--no-index", wheel)
    [package] = (work / "venv").glob("**/site-packages/attrib")
    if os.environ.get("ATTRIB_CI") != "1":
        (package.parent / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    folder = work / "elsewhere"
    folder.mkdir()
    for name in LOGS:
        shutil.copy(ROOT / "sample_logs" / name, folder)
    return Installed(sdist, wheel, package, scripts / "attrib", folder)


def test_the_wheel_holds_the_package_its_types_and_the_rules(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    packs = sorted(path.name for path in (ROOT / "rules").glob("*.toml"))
    assert {"m1.toml", "extended.toml"} <= set(packs)
    for name in packs:
        assert held[f"attrib/_rules/{name}"] == (ROOT / "rules" / name).read_bytes()
    assert "attrib/py.typed" in held
    assert {"attrib/reports/html/style.css", "attrib/reports/html/templates/page.html.j2"} <= held.keys()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)
    foreign = {name for name in held if not name.startswith(("attrib/", "attrib-"))}
    assert not foreign, "the wheel puts only `attrib` into site-packages"


def test_the_source_distribution_can_be_built_and_tested(installed: Installed) -> None:
    with tarfile.open(installed.sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "rules/m1.toml", "tests/conftest.py"}
    assert needed | {f"sample_logs/{name}" for name in LOGS} <= held
    assert not [name for name in held if "__pycache__" in name or name.startswith(".git/")]


def test_it_runs_outside_the_checkout(installed: Installed) -> None:
    where = subprocess.run(
        [installed.program.with_name("python"), "-c", "import attrib; print(attrib.__file__)"],
        cwd=installed.folder,
        env=outside(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).parent.resolve() == installed.package.resolve()

    run = installed.run("analyze", *LOGS, "--to", "json")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert all(entry["records"] > 0 for entry in report["input"]["files"])
    assert report["rules"]["packs"] == ["m1", "extended"]
    assert report["summary"]["verdicts"]["vendor"] > 0


def test_it_writes_its_page_outside_the_checkout(installed: Installed) -> None:
    run = installed.run("analyze", *LOGS, "--to", "html")
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("</html>\n")


def test_its_rules_are_the_wheels_own(installed: Installed) -> None:
    """Take them away, and it cannot judge: no copy of the checkout was read."""
    rules, aside = installed.package / "_rules", installed.package / "_aside"
    rules.rename(aside)
    try:
        run = installed.run("analyze", *LOGS, "--to", "json")
    finally:
        aside.rename(rules)
    assert run.returncode not in {0, 1}, "judged without rules"
    assert "Traceback" not in run.stderr
