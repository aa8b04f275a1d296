"""How a ticket names things: answers, results, times to the millisecond, fields that only people can fill in."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from attrib.reports.figures import milliseconds, moment, number, part, plural
from attrib.reports.outline import Line, line, value

TO_FILL: Final = "[to be filled in]"
"""What no log tells: it stays marked until somebody writes it."""

TROUBLE: Final = ("failed", "turned_away", "slow")
"""Results that a ticket is about, the worst first."""
SLOW: Final = "slow"
_SLOW: Final = 0.05
"""Share of slow calls up to which a ticket is not about them (incident_min_rate): a few are slow on any day."""
_WHOLE: Final = 100
ANSWERS: Final = {"timeout": "timeout", "no_response": "no response", "missing": "no outcome logged"}


def milli(text: str | None) -> str:
    """`2026-11-20 09:14:21.480`, UTC as all of a ticket; null is `-`."""
    at = moment(text, UTC)
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}"


def minute(text: str | None) -> str:
    """`2026-11-20 09:14`; null is `-`."""
    at = moment(text, UTC)
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M}"


def answer(outcome: str, said: object) -> Line:
    """`503`, `no response (ECONNREFUSED)`, `timeout`."""
    word = ANSWERS.get(outcome)
    if word is None:
        return line(value(said))
    plain = said is None or str(said).casefold() in ("0", word, outcome)
    return line(word) if plain else line(f"{word} (", value(said), ")")


def kind_of_trouble(ticket: dict[str, Any]) -> str:
    """The result that this ticket is about: the worst that is proven, else unknown; `failed` where there is none."""
    during = ticket["during"]
    found = next(
        (result for result in TROUBLE if during[result] > (_SLOW * known(during) if result == SLOW else 0)), None
    )
    return found or ("no_outcome" if ticket["unproven"] else "failed")


def known(figures: dict[str, Any]) -> int:
    """Calls of which the log tells what came back."""
    return int(figures["calls"] - figures["no_outcome"])


def rated(ticket: dict[str, Any]) -> bool:
    """Whether shares mean anything: not where the log is a sample, or only what a bundle kept."""
    return not ticket["sampled"] and not ticket["kept_only"]


def of_known(ticket: dict[str, Any], figures: dict[str, Any], result: str) -> str:
    """`140 of 206 (68 %)`; without the share where that says nothing."""
    n, of = figures[result], known(figures)
    share = f" ({part(n, of)})" if of and rated(ticket) else ""
    return f"{number(n)} of {number(of)}{share}"


def about(ms: float) -> str:
    """`200 ms` for 199.7: a figure that stands for a bin."""
    return milliseconds(round(ms) if ms >= _WHOLE else ms)


def calls(count: int) -> str:
    """`1 call`, `237 calls`."""
    return plural(count, "call")
