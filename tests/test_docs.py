"""The documents are true: generated parts are up to date, nothing is missing, examples run, links lead somewhere."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

import attrib
from attrib import errors
from attrib.checks.catalogue import catalogue
from attrib.checks.model import Check
from attrib.cli.app import INTERRUPTED, app
from attrib.fields import FIELDS, M1
from attrib.reports.checks_csv import COLUMNS
from attrib.reports.findings import ChecksReport, Finding, IdRow
from attrib.reports.model import Report
from attrib.reports.verdict_row import VerdictRow
from attrib.rules.facets import VERDICTS
from attrib.rules.load import load_rules, pack_names
from attrib.rules.model import CODE_FACETS, DOMAINS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "sample_logs").glob("*.md")])
CLI = (sys.executable, "-c", "from attrib.cli.app import main; main()")

pytestmark = pytest.mark.xdist_group("docs")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(command: Any, path: tuple[str, ...] = ("attrib",)) -> list[tuple[tuple[str, ...], Any]]:
    below = getattr(command, "commands", {})
    return [(path, command), *(found for name, one in below.items() for found in commands(one, (*path, name)))]


COMMANDS = commands(typer.main.get_command(app))


# ---- generated parts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", generator().PARTS)
def test_the_generated_parts_are_up_to_date(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    assert generator().generated(path) == text(path), "run: python docs/generate.py"


# ---- nothing is missing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_every_command_and_option_is_documented(path: tuple[str, ...], command: Any) -> None:
    page = text("docs/commands.md")
    section = re.search(rf"^## {re.escape(' '.join(path))}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert section is not None, f"no section {' '.join(path)!r}"
    for parameter in command.params:
        names = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar]
        for name in [*names, *parameter.secondary_opts]:
            assert re.search(rf"`[^`\n]*{re.escape(name)}(?![\w-])[^`\n]*`", section[1]), f"{name} is not documented"
        assert parameter.help, f"{' '.join(path)}: {parameter.name} has no help"


def test_every_rule_is_documented() -> None:
    page = text("docs/how-a-verdict-comes-about.md")
    for rule in load_rules(pack_names()).rules:
        assert f"`{rule.id}`" in page


def test_every_parameter_is_documented() -> None:
    page = text("docs/commands.md")
    for parameter in load_rules(pack_names()).parameters.all():
        assert f"| `{parameter.name}` | {parameter.default:g} " in page


@pytest.mark.parametrize("check", catalogue().values(), ids=lambda check: check.id)
def test_every_check_is_documented(check: Check) -> None:
    section = re.search(rf"^## {check.id}\n(.*?)(?=^## |\Z)", text("docs/checks.md"), re.MULTILINE | re.DOTALL)
    assert section is not None, "run: python docs/generate.py"
    for said in (check.title, check.severity, check.reason, check.remedy, check.source, check.explanation):
        assert said in section[1]
    for name, parameter in check.parameters.items():
        assert f"| `{check.id}.{name}` | {parameter.value:g} {parameter.unit} |" in section[1]
    assert "For example" in section[1]


def test_the_workflow_is_sound() -> None:
    """GitHub refuses the upload without the permission, and skips it in a red build without the condition."""
    [workflow] = blocks("docs/github-actions.md", "yaml")
    assert "security-events: write" in workflow
    assert "github/codeql-action/upload-sarif@" in workflow
    assert workflow.count("if: always()") == 3
    known = {word for path, command in COMMANDS if path[-1] == "check" for p in command.params for word in p.opts}
    for call in re.findall(r"run: (attrib check .*)", workflow):
        assert {word for word in call.split() if re.fullmatch(r"--?[a-z-]+", word)} <= known


def test_every_facet_and_its_values_are_documented() -> None:
    page = text("docs/writing-a-rule.md")
    for facet in (*DOMAINS, *CODE_FACETS):
        assert f"`{facet}`" in page
    for values in DOMAINS.values():
        for value in values:
            assert f"`{value}`" in page, value


def test_every_verdict_is_in_the_readme() -> None:
    for verdict in VERDICTS:
        assert f"| `{verdict}` |" in text("README.md")


def test_every_exit_code_is_documented() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AttribError)]
    codes = {0, 1, INTERRUPTED, *(kind.exit_code for kind in kinds)}
    page = text("docs/exit-codes.md")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)} == codes
    for kind in kinds:
        if kind is not errors.AttribError:
            row = re.search(rf"^\| {kind.exit_code} \|.*$", page, re.MULTILINE)
            assert row is not None
            assert f"`{kind.__name__}`" in row[0]
            assert f"`{kind.__name__}`" in text("docs/python.md")
    readme = text("README.md")
    for code in codes - {INTERRUPTED}:
        assert re.search(rf"\b{code} [a-z`]", readme.partition("exit codes")[2]), (
            f"README does not name exit code {code}"
        )


def test_every_field_and_every_reason_is_documented() -> None:
    page = text("docs/input.md")
    for field in FIELDS:
        for key in field.keys:
            assert f"`{key}`" in page, key
    for field in M1:
        assert f"`{field.name}`" in text("README.md")
    from attrib.records import parse

    source = Path(parse.__file__).read_text(encoding="utf-8")
    reasons = {"invalid_json", "truncated_line", "invalid_utf8", "not_object", "line_too_long", "too_deep", "bad_value"}
    assert set(re.findall(r'Bad\("(\w+)"', source)) <= reasons
    for reason in (*reasons, "not_m1"):
        assert f"`{reason}`" in page


def test_every_key_of_the_documents_is_explained() -> None:
    page = text("docs/json.md")
    for name in (*Report.model_fields, *VerdictRow.model_fields):
        assert f'"{name.rstrip("_")}"' in page or f"`{name}`" in page, name
    for name in (*ChecksReport.model_fields, *Finding.model_fields, *IdRow.model_fields, *COLUMNS):
        assert f'"{name.rstrip("_")}"' in page or f"`{name}`" in page, name
    for name in ("parties", "verdict_counts", "functions", "window", "notes", "zone_less_time"):
        assert f"`{name}`" in page, name


def test_every_public_name_is_documented() -> None:
    page = text("docs/python.md")
    for name in attrib.__all__:
        assert name in page or name == "__version__", name
    for name in (*vars(attrib.Analysis), *vars(attrib.Checks)):
        if not name.startswith("_"):
            assert f"`.{name}" in page, name


def test_every_page_is_in_the_index() -> None:
    index = text("docs/index.md")
    for page in DOCS.glob("*.md"):
        assert page.name == "index.md" or f"({page.name})" in index


# ---- examples ---------------------------------------------------------------------------------------------------


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL)


def test_the_json_examples_are_of_their_models() -> None:
    report, row, reject, findings = map(json.loads, blocks("docs/json.md", "json"))
    assert ChecksReport.model_validate(findings).model_dump(mode="json", by_alias=True, exclude_unset=True) == findings
    assert Report.model_validate(report).model_dump(mode="json", by_alias=True, exclude_unset=True) == report
    assert VerdictRow.model_validate(row).model_dump(mode="json") == row
    assert set(reject) == {"file", "line", "offset", "reason", "field", "text"}


def test_the_pack_of_the_guide_is_proven(tmp_path: Path) -> None:
    [pack] = blocks("docs/writing-a-rule.md", "toml")
    (tmp_path / "mine.toml").write_text(pack, encoding="utf-8")
    for command in ("check", "test"):
        run = subprocess.run(
            [*CLI, "rules", command, "m1", "extended", "mine.toml"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
    log = '{"request_id":"r1","function":"f","status":402,"upstream_status":402,"upstream":"payments"}\n'
    (tmp_path / "a.jsonl").write_text(log, encoding="utf-8")
    packs = ["m1", "extended", str(tmp_path / "mine.toml")]
    [single] = attrib.analyze(tmp_path / "a.jsonl", rules=packs).report.isolated
    assert (single.rule, single.verdict) == ("shop-card-declined", "caller")


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_examples_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.jsonl").write_bytes((ROOT / "sample_logs" / "checkout.jsonl").read_bytes())
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for example in blocks(page, "python"):
        exec(example, names)
    assert names["analysis"].report.summary.symptomatic > 0


def test_commands_in_the_pages_have_only_known_options() -> None:
    known = {
        " ".join(path): {o for p in command.params for o in (*p.opts, *p.secondary_opts)} for path, command in COMMANDS
    }
    for page in PAGES:
        for line in re.findall(r"^(?:\$ )?(attrib [a-z].*)$", page.read_text(encoding="utf-8"), re.MULTILINE):
            words = line.partition("   #")[0].partition(" | ")[0].split()
            name = " ".join(words[:3]) if " ".join(words[:3]) in known else " ".join(words[:2])
            assert name in known, f"{page.name}: {line}"
            for word in words:
                if re.fullmatch(r"--?[a-z][a-z-]*", word):
                    assert word in known[name], f"{page.name}: {line}"


# ---- links ------------------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors GitHub gives to the headings of a page."""
    outside = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", outside, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(page: Path) -> None:
    outside = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", outside):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = Path(os.path.normpath(page.parent / path)) if path else page
        assert target.exists(), f"{page.name}: {link}"
        assert target.is_relative_to(ROOT)
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {link}"
