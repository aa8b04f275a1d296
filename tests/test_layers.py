"""Who may import whom: the direction of the rooms, the place of each library, and the size of a file.

Read with plain `ast`, so a forbidden import is found without running it, in functions and for types too.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "attrib"
MAX_LINES = 300

LAYERS: dict[str, tuple[str, ...]] = {
    "errors": (),
    "options": ("errors",),
    "fields": ("errors",),
    "rules": ("errors",),
    "safe": ("errors",),
    "parties": ("errors",),
    "records": ("errors", "fields", "rules.words"),
    "sources": ("errors", "fields", "records"),
    "invocations": ("errors", "records", "rules.facets", "rules.words"),
    "verdicts": ("errors", "invocations", "records", "rules"),
    "incidents": ("errors", "records", "rules", "invocations", "verdicts", "parties"),
    "survey": ("errors", "fields", "safe", "rules", "records", "invocations", "incidents.histogram"),
    "checks": (
        "errors", "fields", "rules", "records", "sources.accounting", "invocations", "incidents", "parties", "survey",
    ),
    "engines": ("errors", "fields", "safe.sql", "survey"),
    "analysis": (
        "errors", "options", "fields", "rules", "safe.redact", "parties", "records", "sources", "invocations",
        "verdicts", "incidents", "survey", "engines",
    ),
    "comparison": ("errors", "rules.facets", "incidents"),
    "pipeline": (
        "errors", "options", "analysis", "checks", "incidents", "parties", "records", "invocations", "verdicts",
    ),
    "checking": (
        "errors", "options", "analysis", "checks", "incidents", "parties", "pipeline", "rules", "survey",
    ),
    "reviewing": ("errors", "options", "pipeline", "reports"),
    "comparing": ("errors", "options", "comparison", "pipeline", "reports.saved"),
    "bundling": (
        "errors", "options", "analysis", "comparing", "invocations", "pipeline", "records", "reports.bundle",
        "reports.bundle_reading", "reports.saved", "rules",
    ),
    "ticketing": ("errors", "options", "analysis", "invocations", "pipeline", "rules.hints", "safe.redact"),
    "config": ("errors", "options", "checks.catalogue", "parties", "records.user_time", "rules", "safe"),
    "reports": ("errors", "fields", "safe"),
    "frames": ("errors", "reports"),
    "tabulating": ("errors", "options", "analysis.span", "fields", "pipeline", "records", "verdicts.rows"),
    "results": (
        "errors", "options", "frames", "pipeline", "checking", "ticketing", "tabulating", "engines.query", "reports",
        "safe.display",
    ),
    "api": (
        "errors", "options", "bundling", "config.build", "frames", "pipeline", "checking", "comparing",
        "comparison.model",
        "results", "reports",
    ),
    "cli": (
        "errors", "bundling", "comparing", "comparison.model", "config", "options", "pipeline", "ticketing",
        "reviewing", "checking", "checks", "analysis.run", "reports", "rules", "safe", "sources.find",
    ),
    "__init__": ("errors", "api"),
    "__main__": ("cli",),
}  # fmt: skip
"""Room (a folder or file of attrib/) -> rooms or modules it may import, its own aside. From the bottom to the top:
nothing imports cli, and a later room never reaches back into an earlier one's caller."""

HOMES: dict[str, tuple[str, ...]] = {
    "duckdb": ("engines/",),
    "pyspark": ("engines/",),
    "polars": ("engines/", "reports/tables.py", "results/", "frames.py"),
    "altair": ("reports/", "results/"),
    "typer": ("cli/",),
    "click": ("cli/",),
    "rich": ("cli/", "reports/", "safe/terminal.py"),
    "pydantic": ("reports/",),
    "msgspec": ("records/", "survey/", "analysis/", "engines/"),
    "zstandard": ("sources/",),
    "jinja2": ("reports/",),
    "markdown_it": ("reports/lint/",),
}
"""Library -> the only places that know it, so that changing it changes one room."""

HEAVY = {"duckdb", "polars", "altair", "pyspark"}
"""Libraries whose import costs a tenth of a second or more: imported in the function that needs them."""


@dataclass(frozen=True)
class Import:
    """One import statement's target, grain: one per imported name."""

    path: Path
    line: int
    target: str
    """Dotted name; for `from a import b` it is a.b where that is a module of ours, else a."""
    at_start: bool
    """It runs when the module is imported (not within a function, and not for types only)."""

    @property
    def room(self) -> str:
        """The first step below attrib/."""
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.target}"


def sources() -> list[Path]:
    """Every Python file of the package."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "_rules" not in path.parts)


def imports(path: Path) -> Iterator[Import]:
    """Every import of a file."""

    def walk(node: ast.AST, at_start: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            runs = at_start and not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                runs = False
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(path, child.lineno, alias.name, runs)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}:{child.lineno}: relative import"
                for alias in child.names:
                    name = f"{child.module}.{alias.name}"
                    yield Import(path, child.lineno, name if is_ours(name) else str(child.module), runs)
            yield from walk(child, runs)

    yield from walk(ast.parse(path.read_text(encoding="utf-8"), str(path)), at_start=True)


def is_ours(module: str) -> bool:
    """Whether a dotted name is a module or folder of this package."""
    place = ROOT.joinpath(*module.split("."))
    return module.startswith("attrib.") and (place.is_dir() or place.with_suffix(".py").is_file())


ALL_IMPORTS = [found for path in sources() for found in imports(path)]


def test_every_room_states_what_it_may_import() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in sources()}
    assert rooms <= LAYERS.keys(), "a new room: say in LAYERS what it may import"


def test_the_table_has_no_cycle() -> None:
    above: dict[str, set[str]] = {room: {name.split(".")[0] for name in may} for room, may in LAYERS.items()}
    while above:
        lowest = {room for room, below in above.items() if not below & above.keys()}
        assert lowest, f"these rooms import each other: {sorted(above)}"
        above = {room: below for room, below in above.items() if room not in lowest}


def test_imports_go_down_only() -> None:
    wrong = []
    for found in ALL_IMPORTS:
        if found.target.split(".")[0] != "attrib":
            continue
        target = found.target.removeprefix("attrib").removeprefix(".")
        allowed = (found.room, *LAYERS.get(found.room, ()))
        # The bare package stands for its version, which every output may name.
        if target and not any(target == may or target.startswith(f"{may}.") for may in allowed):
            wrong.append(str(found))
    assert not wrong, "\n".join(wrong)


def test_each_library_stays_in_its_room() -> None:
    wrong = []
    for found in ALL_IMPORTS:
        homes = HOMES.get(found.target.split(".")[0])
        if homes and not found.path.relative_to(PACKAGE).as_posix().startswith(homes):
            wrong.append(f"{found}: only {', '.join(homes)} may")
    assert not wrong, "\n".join(wrong)


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    wrong = [str(found) for found in ALL_IMPORTS if found.at_start and found.target.split(".")[0] in HEAVY]
    assert not wrong, "move into the function that needs it:\n" + "\n".join(wrong)


def test_every_library_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = {
        normal(re.split(r"[^\w.-]", requirement)[0])
        for requirement in [*project["dependencies"], *extras["notebook"], *extras["spark"]]
    }
    used = {found.target.split(".")[0] for found in ALL_IMPORTS} - set(sys.stdlib_module_names) - {"attrib"}
    owners = packages_distributions()
    unknown = {name for name in used if not declared & {normal(owner) for owner in owners.get(name, [name])}}
    assert not unknown, f"imported, but not in pyproject's dependencies: {sorted(unknown)}"


def normal(name: str) -> str:
    """A distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_file_fits_in_the_head(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{lines} lines: a file this long holds two things"


def test_help_loads_nothing_heavy() -> None:
    """`attrib --help` must answer at once: it loads no engine, no table library, no models, no terminal library."""
    probe = """
import sys
from attrib.cli.app import main
sys.argv = ["attrib", "--help"]
try:
    main()
finally:
    print(*sorted({name.split(".")[0] for name in sys.modules}), file=sys.stderr)
"""
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "analyze" in run.stdout
    loaded = set(run.stderr.splitlines()[-1].split())
    assert not loaded & {*HEAVY, "pydantic", "rich"}, "loaded for --help"
