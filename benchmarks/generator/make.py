"""Makes a log and its labels from a kind and a seed. The same kind, seed and parameters always give the same bytes.

The labels say what a correct report holds; attrib never reads them and never imports this package.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from benchmarks.generator import causes, quiet, shapes
from benchmarks.generator.model import Fault, Line, Scenario
from benchmarks.generator.plan import INCIDENTS, KNOBS, QUIET, Plan
from benchmarks.generator.simulate import Simulation

KINDS = (*INCIDENTS, *QUIET)
"""Every kind, those with incidents first."""
_REGISTERED = (causes, shapes, quiet)  # importing them fills the registers
FIRST = datetime(2026, 11, 16, tzinfo=UTC).timestamp()
"""Logs begin within a day of this."""
LEAST_SEEN = 5
"""A fault that hit fewer requests is no incident by design: its label is `optional`."""


class Log:
    """One log: read `lines()` once, then `labels()`."""

    def __init__(self, kind: str, seed: int, **params: Any) -> None:
        """Raises ValueError for a kind or a parameter that nobody knows."""
        if kind not in KINDS:
            raise ValueError(f"no kind {kind!r}; one of: {', '.join(KINDS)}")
        unknown = sorted(set(params) - set(KNOBS))
        if unknown:
            raise ValueError(f"no parameter {', '.join(unknown)}; one of: {', '.join(KNOBS)}")
        self.kind, self.seed, self.params = kind, seed, params
        rnd = random.Random(f"{kind}:{seed}")  # a text as seed does not depend on PYTHONHASHSEED
        plan = Plan(rnd, params)
        self.scenario: Scenario = plan.finished((INCIDENTS | QUIET)[kind](plan))
        self.epoch = FIRST + round(rnd.uniform(0, 86_400), 3)
        self.count = 0
        self._rnd = rnd

    def lines(self) -> Iterator[Line]:
        """Every line with its second and its function, in the order of writing."""
        for line in Simulation(self.scenario, self._rnd, self.epoch).lines():
            self.count += 1
            yield line

    def labels(self) -> dict[str, Any]:
        """What a correct report says; complete once `lines()` is exhausted."""
        return {
            "schema": "attrib.labels/1",
            "kind": self.kind,
            "seed": self.seed,
            "params": self.params,
            "lines": self.count,
            "quiet": not self.scenario.faults,
            "incidents": [self._label(fault) for fault in self.scenario.faults if fault.labelled],
        }

    def _label(self, fault: Fault) -> dict[str, Any]:
        last = self.scenario.minutes * 60
        timed = self.scenario.times != "none" or self.scenario.ids == "uuid7"

        def moment(second: float | None) -> str | None:
            if second is None or not timed:
                return None
            when = datetime.fromtimestamp(self.epoch + second, UTC)
            return when.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"

        return {
            "kind": self.kind,
            "verdict": fault.verdict,
            "responsible": fault.responsible,
            "upstream": fault.upstream,
            "functions": sorted({*fault.functions, *fault.see}),
            "onset": moment(max(0.0, fault.begin)),
            "end": moment(min(last, fault.end)),
            "first_symptom": moment(fault.first),
            "last_symptom": moment(fault.last),
            "symptomatic": fault.seen,
            "lean": fault.lean,
            "accept": [{"verdict": verdict, "responsible": responsible} for verdict, responsible in fault.accept],
            "accept_unknown": fault.accept_unknown,
            "split": fault.split,
            "optional": fault.seen < LEAST_SEEN,
        }


def make(kind: str, seed: int, **params: Any) -> tuple[list[str], dict[str, Any]]:
    """All lines of one log (without line ends), and its labels."""
    log = Log(kind, seed, **params)
    lines = [text for _, _, text in log.lines()]
    return lines, log.labels()
