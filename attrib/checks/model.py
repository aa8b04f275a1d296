"""What a check is, and what it finds. Grain of a finding: one per (check, subject)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from attrib.checks.facts import Facts

Severity = Literal["error", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")


class Needs(IntEnum):
    """What a check reads. Those that need no survey also run within `attrib analyze`."""

    BUCKETS = 0
    """Buckets and accounts only."""
    SURVEY = 1


class Place(NamedTuple):
    """A line: index of the file among the run's, and its number."""

    file: int
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. Log text in it is raw; it is made safe where it is shown."""

    subject: Mapping[str, str | None]
    """What it is about, e.g. {"function": "checkout"}: with the check's id it tells findings apart, also from one run
    to the next, so it holds no counts, lines or files' contents."""
    statement: str
    """One sentence with its figures and their denominators."""
    remedy: str
    """What to do: with a number, a tool, and an outcome that can be measured."""
    count: int
    """Of what the statement counts."""
    total: int | None = None
    """Of how many; None: no rate."""
    examples: Sequence[Place] = ()
    """The first lines, at most 3."""
    worst: Place | None = None
    """The worst line, where there is a measure."""
    cost: int | None = None
    """Symptomatic invocations that are unknown because of it; None: not known, or it costs no evidence."""
    severity: Severity | None = None
    """None: the check's own."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Further figures. Never a secret, nor a value that may be one."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A log that a check must find something in, or nothing."""

    title: str
    log: str | Callable[[], str]
    """Lines of a log; made only when asked for."""
    finds: int = 1
    """Findings of this check; 0: it must stay quiet."""
    label: tuple[str, ...] = ()
    """--label options."""
    own: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A bound of a check."""

    value: float
    unit: str
    source: str
    """Where the number comes from."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check, as catalogued in rules/checks.toml and written in one file of attrib/checks."""

    id: str
    title: str
    severity: Severity
    reason: str
    """Why it matters, in one line."""
    remedy: str
    """What to do about it, in general."""
    source: str
    """Where the practice comes from."""
    parameters: Mapping[str, Parameter]
    explanation: str
    """The docstring of its file: what it looks at, and what it leaves alone."""
    needs: Needs
    find: Callable[[Facts], Iterator[Finding]]
    samples: Sequence[Sample]


def fingerprint(check: str, subject: Mapping[str, str | None]) -> str:
    """The identity of a finding, the same in every run: a short digest of the check and its subject."""
    text = json.dumps([check, sorted(subject.items())], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]
