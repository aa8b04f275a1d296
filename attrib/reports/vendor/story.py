"""A ticket as a vendor's support reads it: what happened, when, three calls to look up, what we ask."""

from __future__ import annotations

from typing import Any, Final

from attrib.reports import markdown, text
from attrib.reports.figures import milliseconds, number, percent, plural
from attrib.reports.outline import Block, Grid, Heading, Items, Line, Paragraph, line, value
from attrib.reports.vendor.closing import asks, made_from, policy, to_fill
from attrib.reports.vendor.compared import compared
from attrib.reports.vendor.facts import facts, figures, outcomes
from attrib.reports.vendor.minutes import when
from attrib.reports.vendor.words import (
    answer,
    calls,
    kind_of_trouble,
    known,
    milli,
    rated,
)
from attrib.reports.view import View

TITLES: Final = {
    "failed": "Failing calls: a request to your support", "turned_away": "Refused calls: a request to your support",
    "slow": "Slow calls: a request to your support",
    "no_outcome": "Calls of unknown outcome: a request to your support",
}  # fmt: skip
QUIET: Final = "Calls to your service: none failed"
NAMED: Final = 3
"""Answers named in the first sentence."""


def as_markdown(ticket: dict[str, Any], view: View) -> str:
    """The ticket as Markdown; ends with a line end."""
    return markdown.draw(story(ticket, view), view, title(ticket))


def as_text(ticket: dict[str, Any], view: View) -> str:
    """The ticket as plain text; ends with a line end."""
    return text.draw([Heading(title(ticket)), *story(ticket, view)], view)


def title(ticket: dict[str, Any]) -> str:
    """What it is about."""
    trouble = kind_of_trouble(ticket)
    return TITLES[trouble] if ticket["during"][trouble] else QUIET


def story(ticket: dict[str, Any], view: View) -> list[Block]:
    """The blocks of a ticket. Times are UTC, whatever the view says: two companies read them."""
    blocks: list[Block] = [Paragraph(_summary(ticket)), Grid(("Of this ticket", ""), tuple(facts(ticket)))]
    blocks += [Heading("In figures"), figures(ticket)]
    if ticket["outcomes"]:
        blocks += [Heading("What came back"), *outcomes(ticket)]
    if timeline := when(ticket, view):
        blocks += [Heading("When"), *timeline]
    if ticket["samples"]:
        blocks += [Heading("Calls to look up"), Items(tuple(map(_sample, ticket["samples"]))), *_ids(ticket)]
    sides = compared(ticket)
    if sides.ruled_out or sides.open:
        blocks.append(Heading("Causes on our side"))
    for title, found in (("Ruled out:", sides.ruled_out), ("Not ruled out:", sides.open)):
        if found:
            blocks += [Paragraph(line(title)), Items(tuple(line(sentence) for sentence in found))]
    blocks += [Heading("How we call you"), Items(tuple(policy(ticket)))]
    blocks += [Heading("What we ask of you"), Items(tuple(line(ask) for ask in asks(ticket)))]
    blocks += [Heading("From us"), Grid(("Field", "Value"), tuple(to_fill()))]
    return [*blocks, Heading("About these figures"), Items(tuple(made_from(ticket)))]


def _summary(ticket: dict[str, Any]) -> Line:
    during, vendor = ticket["during"], value(ticket["vendor"])
    if not during["calls"]:
        return line("Our log holds no call to ", vendor, " in this time.")
    sent = known(during)
    trouble = kind_of_trouble(ticket)
    if trouble == "no_outcome":
        told = (
            f"Of {calls(during['calls'])} to ",
            vendor,
            f", {number(ticket['unproven'])} are part of requests of ours ",
        )
        return line(*told, "that failed, and our log does not tell what you answered: we do not say that you failed.")
    if not during[trouble]:
        rest = f"; {calls(during['no_outcome'])} without an outcome in our log" if during["no_outcome"] else ""
        return line(f"None of our {calls(sent)} to ", vendor, f" failed in this time{rest}.")
    did = {
        "failed": "failed", "turned_away": "were answered 401, 403, 407 or 429", "slow": "slowed our requests down"
    }[trouble]  # fmt: skip
    share = f" ({percent(during[trouble] / sent)})" if rated(ticket) else ""
    text = line(f"{number(during[trouble])} of {number(sent)} calls to ", vendor, f" {did}{share}")
    usual = ticket["usual"]
    if usual is None or not known(usual):
        return (*text, *line("."), *_came_back(ticket, trouble))
    before = f"; before, {number(usual[trouble])} of {number(known(usual))}."
    return (*text, *line(before), *_came_back(ticket, trouble))


def _came_back(ticket: dict[str, Any], trouble: str) -> Line:
    """` 128 were answered 503 and 12 got no response.`: of failed calls, the most frequent."""
    if trouble != "failed":
        return ()
    sums: dict[tuple[str, Any], int] = {}
    for row in ticket["outcomes"]:
        if row["outcome"] in ("5xx", "timeout", "no_response"):
            key = (row["outcome"], row["answer"])
            sums[key] = sums.get(key, 0) + row["calls"]
    pieces: Line = ()
    for (outcome, said), n in list(sums.items())[:NAMED]:
        pieces = (
            *pieces,
            *line(", " if pieces else " Last answers: ", f"{plural(n, 'time')} "),
            *answer(outcome, said),
        )
    return (*pieces, *line(", and others." if len(sums) > NAMED else "."))


def _sample(row: dict[str, Any]) -> Line:
    """One call in two lines: when and what, and the ids to look it up by."""
    after = f" after {milliseconds(row['upstream_ms'])}" if row["upstream_ms"] is not None else ""
    tries = f", attempt {number(row['attempts'])}" if row["attempts"] > 1 else ""
    ids = [piece for one in row["upstream_request_ids"] for piece in (" ", value(one))] or [" not logged"]
    return line(
        f"{milli(row['ts'])} UTC: ", *answer(row["outcome"], row["answers"][-1]), f"{after}{tries}; we returned ",
        value(row["status"]), "\nyour request id", *ids, "; our request id ", value(row["request_id"]),
    )  # fmt: skip


def _ids(ticket: dict[str, Any]) -> list[Block]:
    listed, theirs = ticket["listed"], ticket["with_their_id"]
    if not theirs:
        return [Paragraph(line("Our log holds no request id of yours; time and our request id are what there is."))]
    return [Paragraph(line(f"Your request id is in our log for {number(theirs)} of {calls(listed)}."))]
