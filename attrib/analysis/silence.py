"""Invocations of a large input that never finished: told like invocations.silence does, without holding all of them.

What that needs of the whole log is gathered while it is counted: its newest time, how many of a function's correlated
invocations end, and how slow they are. Only then can those that fell silent be judged; few logs have any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from math import floor
from typing import Final

from attrib.invocations.model import Invocation
from attrib.invocations.silence import NORMALLY, P99_FACTOR, p99
from attrib.rules.parameters import Parameters

UNFINISHED: Final = "unfinished"
_DAY: Final = 86_400 * 1_000_000
_STRAYS: Final = 5


class Silence:
    """What is known of ends; one per run."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._ended: Counter[str | None] = Counter()
        self._all: Counter[str | None] = Counter()
        self._slowest: dict[str | None, float] = {}
        self._cutoffs: dict[str | None, int | None] = {}
        self.newest: int | None = None
        self.latencies: Callable[[str | None], Iterable[tuple[float, int]]] = lambda _: ()
        """(latency in ms, invocations) of a function; asked only where a function's slowest decide."""

    def see(self, function: str | None, n: int, *, correlated: bool, ended: bool, slowest: float | None) -> None:
        """Count `n` invocations alike; `slowest`: the highest latency among them, ms."""
        if correlated:
            self._all[function] += n
            self._ended[function] += n * ended
        if slowest is not None and slowest > self._slowest.get(function, 0.0):
            self._slowest[function] = slowest

    def cutoff(self, function: str | None) -> int | None:
        """A function's silent invocations that began before this (epoch microseconds) never finished; None: none.

        Ask only when all of the log has been seen.
        """
        if function not in self._cutoffs:
            self._cutoffs[function] = self._cutoff(function)
        return self._cutoffs[function]

    def _cutoff(self, function: str | None) -> int | None:
        if self.newest is None or self._ended[function] <= NORMALLY * self._all[function]:
            return None
        patience_ms = self._parameters.value("unfinished_after_s", function) * 1000
        if self._slowest.get(function, 0.0) * P99_FACTOR > patience_ms:
            high = p99(ms for ms, n in self.latencies(function) for _ in range(n))
            patience_ms = max(patience_ms, P99_FACTOR * (high or 0.0))
        return self.newest - floor(patience_ms * 1000)

    def mark(self, invocations: Iterable[Invocation]) -> None:
        """Give the symptom `unfinished` to those that are."""
        for invocation in invocations:
            if is_silent(invocation):
                began = min((record.ts for record in invocation.records if record.ts is not None), default=None)
                cutoff = self.cutoff(invocation.function)
                if began is not None and cutoff is not None and began < cutoff:
                    invocation.symptom = UNFINISHED


def is_silent(invocation: Invocation) -> bool:
    """Whether it would be unfinished if it is old enough."""
    return not invocation.ended and invocation.correlated and invocation.symptom is None


def newest_plausible(minutes: Iterable[tuple[int, int, int]]) -> int | None:
    """invocations.silence.newest_plausible over (records, first time, last time) of stretches without long gaps."""
    left = sorted(minutes, key=lambda one: one[2])
    while left:
        total = sum(n for n, _, _ in left)
        few, above = max(_STRAYS, total // 100), 0
        for at in range(len(left) - 1, 0, -1):
            above += left[at][0]
            if above >= min(few, total):
                return left[-1][2]
            if left[at][1] - left[at - 1][2] > _DAY:
                del left[at:]
                break
        else:
            return left[-1][2]
    return None
