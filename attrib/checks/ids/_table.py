"""What is known of request ids, by function and file; the ground of the checks on ids, and a table of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from attrib.checks.facts import Facts
from attrib.checks.model import Place
from attrib.survey.id_kinds import BROKEN, MISSING, PLACEHOLDER

MOST_ROWS: Final = 1_000
MOST_FILES: Final = 50
"""Files named in the data of one finding, those with the most records first."""


@dataclass
class Ids:
    """The ids of some records. Counts are records, copies too."""

    kinds: Counter[str] = field(default_factory=Counter)
    """Kind (`missing` and `placeholder` among them) -> records."""

    @property
    def records(self) -> int:
        """All records."""
        return self.kinds.total()

    @property
    def usable(self) -> Counter[str]:
        """The kinds of ids that may join records."""
        return Counter({kind: n for kind, n in self.kinds.items() if kind not in (MISSING, PLACEHOLDER)})

    @property
    def malformed(self) -> int:
        """Records whose id breaks the form of its kind."""
        return sum(n for kind, n in self.kinds.items() if kind.startswith(BROKEN))


@dataclass
class OfFunction(Ids):
    """The ids of one function's records, and of each file's part of them."""

    files: dict[int, Ids] = field(default_factory=dict)
    """By index of the file."""


def functions(facts: Facts) -> dict[str | None, OfFunction]:
    """The ids by function, in order of name; None: records that name none."""
    return facts.once(_functions)


def _functions(facts: Facts) -> dict[str | None, OfFunction]:
    found: dict[str | None, OfFunction] = {}
    for trait, seen in facts.survey.traits:
        one = found.setdefault(trait.function, OfFunction())
        one.kinds[trait.id_kind] += seen.n
        one.files.setdefault(trait.file, Ids()).kinds[trait.id_kind] += seen.n
    return {name: found[name] for name in sorted(found, key=lambda name: (name is not None, name or ""))}


def id_table(facts: Facts) -> list[dict[str, Any]]:
    """Grain: one row per function and file, the most records first, at most `MOST_ROWS`."""
    rows = [
        {"function": name, **_row(ids, facts.paths[file])}
        for name, one in functions(facts).items()
        for file, ids in one.files.items()
    ]
    rows.sort(key=lambda row: (-row["records"], row["function"] is not None, row["function"] or "", row["file"]))
    return rows[:MOST_ROWS]


def _row(ids: Ids, path: str) -> dict[str, Any]:
    return {
        "file": path,
        "records": ids.records,
        "missing": ids.kinds[MISSING],
        "placeholder": ids.kinds[PLACEHOLDER],
        "malformed": ids.malformed,
        "kinds": dict(sorted(ids.usable.items(), key=lambda item: (-item[1], item[0]))),
    }


def by_file(facts: Facts, one: OfFunction, kinds: Collection[str]) -> list[dict[str, Any]]:
    """The files that hold ids of these kinds, the most first: {file, records, count}."""
    found = [
        (sum(ids.kinds[kind] for kind in kinds), facts.paths[file], ids.records) for file, ids in one.files.items()
    ]
    found.sort(key=lambda row: (-row[0], row[1:]))
    return [{"file": path, "records": n, "count": count} for count, path, n in found[:MOST_FILES] if count]


def places(facts: Facts, function: str | None, kinds: Collection[str]) -> list[Place]:
    """The first lines of a function with ids of these kinds."""
    return facts.first(lambda trait: trait.function == function and trait.id_kind in kinds)


def named(function: str | None) -> str:
    """A function as statements name it."""
    return function if function is not None else "no function"
