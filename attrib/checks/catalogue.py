"""All checks: each is one file below this folder, and one table of rules/checks.toml. There is no list to keep."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from functools import cache
from typing import Any, Final

from attrib import checks
from attrib.checks.model import SEVERITIES, Check, Needs, Parameter
from attrib.checks.settings import Settings, make_settings
from attrib.errors import UsageError
from attrib.rules.hints import hint
from attrib.rules.load import pack_folder

FILE: Final = "checks.toml"


@cache
def catalogue() -> dict[str, Check]:
    """Check id -> check, by area and name."""
    tables = _tables()
    found: dict[str, Check] = {}
    for area in pkgutil.iter_modules(checks.__path__):
        if not area.ispkg:
            continue
        folder = importlib.import_module(f"{checks.__name__}.{area.name}")
        for module in pkgutil.iter_modules(folder.__path__):
            if module.name.startswith("_"):
                continue
            check = _check(importlib.import_module(f"{folder.__name__}.{module.name}"), tables)
            found[check.id] = check
    return found


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((pack_folder() / FILE).read_text(encoding="utf-8"))


def _check(module: Any, tables: dict[str, Any]) -> Check:
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    table = tables[name]
    assert table["severity"] in SEVERITIES, name  # noqa: S101 - a defect of the shipped file
    return Check(
        id=name,
        title=table["title"],
        severity=table["severity"],
        reason=table["reason"],
        remedy=table["remedy"],
        source=table["source"],
        parameters={key: Parameter(**one) for key, one in table.get("parameters", {}).items()},
        explanation=(module.__doc__ or "").strip(),
        needs=getattr(module, "NEEDS", Needs.SURVEY),
        find=module.find,
        samples=module.SAMPLES,
    )


def defaults() -> dict[str, dict[str, float]]:
    """Check -> parameter -> shipped value; needs no check's code."""
    return {
        check: {name: float(one["value"]) for name, one in table.get("parameters", {}).items()}
        for check, table in _tables().items()
    }


def settings_of(settings: tuple[str, ...]) -> Settings:
    """The parameters of a run, from its `--set` texts. Raises UsageError."""
    return make_settings(defaults(), settings)


def check_named(name: str) -> Check:
    """One check. Raises UsageError for an id that there is not."""
    known = catalogue()
    if name not in known:
        raise UsageError(f'no check "{name}".{hint(name, known)}')
    return known[name]
