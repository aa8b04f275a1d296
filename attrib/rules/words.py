"""Word lists of the packs: what a word in a status or error_code field means (design section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Words:
    """All words in folded form (see `fold`). Phases: local, dns, connect, tls, read."""

    timeout: frozenset[str]
    """As status or upstream_status: gave up waiting."""
    no_response: dict[str, str]
    """Word -> phase (`none` where the word does not tell)."""
    not_contacted: frozenset[str]
    short_circuited: frozenset[str]
    """Our circuit breaker answered. Counts in upstream_status, and in error_code where upstream_status is missing."""
    client_abort: frozenset[str]
    claims: tuple[str, ...]
    """error_code patterns (fnmatch, folded) by which the log claims an upstream failure, e.g. `upstream_*`."""
    phases: dict[str, str]
    """error_code pattern (fnmatch, folded) -> phase of a no_response."""
    placeholder_ids: frozenset[str]
    """request_id values (lower case) that are no id."""
    terminal_stages: frozenset[str]
    """Stages (lower case) that end an invocation."""

    @cached_property
    def _claims(self) -> re.Pattern[str]:
        import fnmatch

        return re.compile("|".join(fnmatch.translate(p) for p in self.claims) or r"(?!)")

    def claims_upstream_failure(self, error_code: str | None) -> bool:
        """True when the error code itself says that an upstream failed."""
        return error_code is not None and self._claims.match(fold(error_code)) is not None

    def phase_of(self, error_code: str | None) -> str:
        """The phase an error code gives to a no_response; `none` when it gives none."""
        import fnmatch

        if error_code is not None:
            folded = fold(error_code)
            for pattern, phase in self.phases.items():
                if fnmatch.fnmatchcase(folded, pattern):
                    return phase
        return "none"


def fold(word: str) -> str:
    """A word as it is compared: lower case, with spaces, dots and hyphens as underscores (deadline-exceeded)."""
    return re.sub(r"[\s.\-]+", "_", word.strip().lower())
