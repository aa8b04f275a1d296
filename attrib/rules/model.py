"""The small values of the rules room: rule, example, parameter, fault, pack. Frozen; made by `parse`, read by all.

`attrib/rules/` is the code, the top-level `rules/` (shipped as `attrib/_rules`) the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from attrib.errors import UsageError
from attrib.rules.facets import (
    LATENCY,
    STATUS,
    UPSTREAM,
    UPSTREAM_HOSTS,
    UPSTREAM_LATENCY,
    UPSTREAM_PARTY,
    UPSTREAM_PHASE,
)

DOMAINS: Final[Mapping[str, tuple[str, ...]]] = {
    "upstream": UPSTREAM,
    "upstream_phase": UPSTREAM_PHASE,
    "upstream_hosts": UPSTREAM_HOSTS,
    "upstream_party": UPSTREAM_PARTY,
    "status": STATUS,
    "latency": LATENCY,
    "upstream_latency": UPSTREAM_LATENCY,
}
"""Facets that take words, in the order in which explanations name them."""

CODE_FACETS: Final = ("upstream_code", "upstream_code_not")
"""Refinements of `upstream` by exact status: one of these codes, or an outcome that is none of them."""

NO_RULE: Final = "none"
"""Rule id of what no rule matches."""
NO_RULE_REASON: Final = "No rule matches: no evidence, no blame."

USUAL_RESPONSIBLE: Final[Mapping[str, str | None]] = {
    "unknown": None,
    "vendor": "upstream",
    "application": "function",
    "app_bottleneck": "function",
    "caller": None,
}
"""Component a verdict names when the rule says nothing else (design: "Words", responsible)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A case the rule must win (`passes`) or must not win, among the rules of its own pack."""

    given: Mapping[str, Any]
    """`facets` or `record`, as written; `examples.facets_of_example` reads it."""
    passes: bool
    line: int
    """Line of its table in the pack file, from 1."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a rule pack: facets that must hold -> verdict."""

    id: str
    title: str
    rank: int
    """Lower wins; two rules of one rank must not match the same cell."""
    verdict: str
    responsible: str | None
    """`upstream`, `function`, or None: nobody is named (unknown and caller)."""
    lean: str | None
    """Only with `unknown`: the verdict this points at without proving it."""
    when: Mapping[str, tuple[str, ...]]
    """Facet -> allowed values, in domain order. A facet that is not named may have any value."""
    codes: frozenset[int] | None
    """Exact upstream statuses the rule is for; None: any."""
    codes_not: frozenset[int]
    """Exact upstream statuses the rule is not for."""
    reason: str
    examples: tuple[Example, ...]
    pack: str
    """Name of its pack, as in `RuleSet.packs`."""
    file: str
    line: int
    """Line of its [[rule]] in `file`, from 1."""

    def allows(self, facet: str, value: str) -> bool:
        """True when the rule says nothing about this facet or names this value."""
        allowed = self.when.get(facet)
        return allowed is None or value in allowed

    def allows_code(self, code: int | None) -> bool:
        """True when the exact upstream status (None: none was logged, or a word) is one the rule is for."""
        return (self.codes is None or code in self.codes) and code not in self.codes_not


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold of the packs, in its stated unit; `low` and `high` are the inclusive bounds of what is accepted."""

    name: str
    default: float
    unit: str
    meaning: str
    source: str
    low: float
    high: float
    integer: bool
    per_function: bool
    """May be overridden for one function (`--set name@function=value`)."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a pack; `str(fault)` is `file:line: what is wrong and what to do`."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class RulePackError(UsageError):
    """Rule packs that cannot be used; its text lists every fault at once, one a line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: Final = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(slots=True)
class Pack:
    """One pack file as read: what is sound in it, and its faults. Not yet merged with other packs."""

    name: str
    file: str
    rules: list[Rule] = field(default_factory=list)
    defaults: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Parameter -> its default here and the line that says so."""
    definitions: dict[str, Parameter] = field(default_factory=dict)
    """Only of the base pack: the parameters there are."""
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Flat lists, folded; a list the pack does not define is absent."""
    word_phases: dict[str, dict[str, str]] = field(default_factory=dict)
    """`no_response` and `phases`: word or pattern, folded -> phase."""
    faults: list[Fault] = field(default_factory=list)
