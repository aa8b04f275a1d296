"""What building invocations needs to know beside the records: words, parameters, parties, hosts; with memory.

Logs repeat few words, functions and error codes very often, so every answer is remembered. The memories are bounded:
a log that puts identifiers into `function` or `error_code` must not fill the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from attrib.invocations.ids import Parameters
from attrib.invocations.outcome import Outcome, record_outcome, status_facet
from attrib.rules.words import Words

_REMEMBERED: Final = 8192


class Limits(NamedTuple):
    """Thresholds for one function."""

    high_ms: float
    low: float
    dominant: float


class Context:
    """The surroundings of `build`; one per run. Grain of every answer: one word, function or upstream name."""

    def __init__(
        self,
        words: Words,
        parameters: Parameters,
        party_of: Callable[[str | None], str],
        several_hosts: Callable[[str | None], bool] | None = None,
    ) -> None:
        """`several_hosts` tells whether several of our hosts saw an upstream's dns/tls failures; without it, one."""
        self.words = words
        self.parameters = parameters
        remember = lru_cache(maxsize=_REMEMBERED)

        def outcome(code: int | None, word: str | None, error_code: str | None) -> Outcome:
            return record_outcome(code, word, error_code, words)

        def status(code: int | None, word: str | None) -> str:
            return status_facet(code, word, words)

        def limits(function: str | None) -> Limits:
            return Limits(
                parameters.value("latency_high_ms", function),
                parameters.value("upstream_latency_low", function),
                parameters.value("upstream_latency_dominant", function),
            )

        def terminal(stage: str | None) -> bool:
            return stage is not None and stage.strip().lower() in words.terminal_stages

        def hosts(upstream: str | None, phase: str) -> str:
            far = phase in ("dns", "tls") and several_hosts is not None and several_hosts(upstream)
            return "several" if far else "one"

        self.outcome: Callable[[int | None, str | None, str | None], Outcome] = remember(outcome)
        self.status: Callable[[int | None, str | None], str] = remember(status)
        self.limits: Callable[[str | None], Limits] = remember(limits)
        self.terminal: Callable[[str | None], bool] = remember(terminal)
        self.claims: Callable[[str | None], bool] = remember(words.claims_upstream_failure)
        self.party: Callable[[str | None], str] = remember(party_of)
        self.hosts: Callable[[str | None, str], str] = remember(hosts)
