"""The end of a ticket: how we call, what we ask, what only people know, where the figures come from."""

from __future__ import annotations

from typing import Any

from attrib.reports.figures import milliseconds, number
from attrib.reports.outline import Line, line
from attrib.reports.vendor.words import (
    TO_FILL,
    calls,
    kind_of_trouble,
)


def policy(ticket: dict[str, Any]) -> list[Line]:
    """Deadline and retries as the log shows them."""
    tries, pauses = ticket["retries"]["tries"], ticket["retries"]["pauses"]
    found = [line(f"How long we wait: see above; our connection timeout: {TO_FILL}.")]
    if not tries:
        return [*found, line(f"Retries: none seen, for no call failed; our policy: {TO_FILL}.")]
    least, most = tries[0]["attempts"], tries[-1]["attempts"]
    if most == 1:
        return [*found, line("Retries as seen: none; each failed call was tried once.")]
    failed = calls(sum(row["calls"] for row in tries))
    counted = f"{number(least)} times" if least == most else f"{number(least)} to {number(most)} times"
    found.append(line(f"Retries as seen: {failed} failed after being tried {counted}."))
    if pauses["n"]:
        found.append(
            line(
                f"Pause before the next attempt: {milliseconds(pauses['p50'])} in the middle, "
                f"{milliseconds(pauses['p5'])} to {milliseconds(pauses['p95'])} (p5 to p95 of {number(pauses['n'])})."
            )
        )
    return found


def asks(ticket: dict[str, Any]) -> list[str]:
    """What the vendor is to answer."""
    if kind_of_trouble(ticket) == "no_outcome":
        return ["Did these requests reach you, and what did you answer? Look them up by time and request id."]
    if not any(ticket["during"][result] for result in ("failed", "turned_away", "slow", "recovered")):
        return [f"Nothing follows from these figures; our question: {TO_FILL}."]
    found = ["Did these requests reach you? Look up the calls above by time and request id, and tell what you see."]
    answers = {str(row["answer"]) for row in ticket["outcomes"]}
    if answers & {"401", "403", "407"}:
        found.append("Are our account and credentials valid with you? Since when are they refused, and why?")
    if "429" in answers:
        found.append("What is our limit, did it change, and what did you count when you answered 429?")
    if ticket["during"]["failed"]:
        found.append("Which failed requests took effect on your side all the same, so that we know what to repeat?")
    return [
        *found,
        "When did it begin and end on your side, which part of your service was it, and what was the cause?",
        "Is it over, and what will keep it from coming back?",
    ]


def to_fill() -> list[tuple[Line, Line]]:
    """Fields that no log can fill."""
    names = ("Account id", "Contact", "Our addresses that call you", "Severity for us", "Your ticket number")
    return [(line(name), line(TO_FILL)) for name in names]


def made_from(ticket: dict[str, Any]) -> list[Line]:
    """Where the figures come from, and what they leave out."""
    listed, most = ticket["listed"], ticket["rows_most"]
    found = [
        line("A call is what one function of ours asked of you for one request, retries included. Times: our clocks."),
        line("Counts are exact as logged, percentiles to 1 %; a share is of the calls with an outcome in our log."),
    ]
    if ticket["sampled"]:
        found.append(line("Our log is a sample: counts are those of the sample, and there are no shares."))
    if ticket["kept_only"]:
        found.append(line("Only the records that a report kept were counted, not all calls: no shares."))
    if listed > most:
        found.append(line(f"Listed one by one: the first {number(most)} of {calls(listed)}."))
    if ticket["unnamed"]:
        found.append(line("Our log does not name the service that was called; that these are calls to you, we state."))
    return [*found, line(f"Made from our logs with attrib {ticket['attrib_version']}; secrets are left out.")]
