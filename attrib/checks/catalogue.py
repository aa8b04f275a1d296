"""All checks: each is one file below this folder, and one table of rules/checks.toml. There is no list to keep."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.machinery import SourceFileLoader
from typing import Any, Final

from attrib import checks
from attrib.checks.model import SEVERITIES, Check, Needs, Parameter
from attrib.checks.settings import Settings, make_settings
from attrib.errors import UsageError
from attrib.rules.hints import hint
from attrib.rules.load import pack_folder

FILE: Final = "checks.toml"
BUCKETS_MARK: Final = b"\nNEEDS = Needs.BUCKETS"
"""The line of a check's file that says so; a check without it reads the survey."""


@cache
def catalogue(needs: Needs = Needs.SURVEY) -> dict[str, Check]:
    """Check id -> check, by area and name: those for which so much is enough.

    For less than the survey only the files that say so are loaded: `attrib analyze` shall not wait for the others.
    """
    tables = _tables()
    found: dict[str, Check] = {}
    for name, loader in _modules():
        if needs < Needs.SURVEY and not _says_buckets(loader, name):
            continue
        check = _check(importlib.import_module(name), tables)
        found[check.id] = check
    return found


def _modules() -> Iterator[tuple[str, object]]:
    """Every check's module and what loads it."""
    for area in pkgutil.iter_modules(checks.__path__, f"{checks.__name__}."):
        if not area.ispkg:
            continue
        folder = importlib.import_module(area.name)
        for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
            if not module.name.rpartition(".")[2].startswith("_"):
                spec = module.module_finder.find_spec(module.name, None)
                yield module.name, spec.loader if spec is not None else None


def _says_buckets(loader: object, name: str) -> bool:
    """Whether a check's text says that buckets are enough for it; also True where there is no text to look into."""
    # Bytes, not `get_source`: that one looks for an encoding first, ten times as slow.
    return not isinstance(loader, SourceFileLoader) or BUCKETS_MARK in loader.get_data(loader.get_filename(name))


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
