"""`attrib report vendor`: an analysis, and beside it the calls to one upstream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from attrib.analysis.span import Limits, moment
from attrib.analysis.vendor_calls import Ledger
from attrib.analysis.vendor_document import ticket_document
from attrib.analysis.vendor_window import Window, choose
from attrib.errors import UsageError
from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.options import Options
from attrib.pipeline import Analysed, Outcome, analysed
from attrib.rules.hints import hint
from attrib.safe.redact import redact

NAMES: Final = 20
"""Upstreams listed where none of them is near the name typed."""


@dataclass(frozen=True)
class Asked:
    """What a ticket is asked for."""

    vendor: str
    """As typed; compared with the upstreams' names as logged, without case where that leaves one."""
    incident: str | None = None
    unnamed: bool = False
    """The calls to it are those whose upstream the log does not name."""
    entries: Sequence[dict[str, Any]] | None = None
    """Incidents known already (of a bundle); None: they are found in the log."""


@dataclass
class Ticket:
    """What comes of it."""

    document: dict[str, Any]
    """See analysis.vendor_document; empty where no record was read."""
    exit_code: int = 0
    message: str | None = None
    """For exit code 4: what the lines looked like."""
    unread: list[str] = field(default_factory=list)
    """Inputs that could not be read whole, with the reason: one sentence each."""
    notes: list[str] = field(default_factory=list)
    """What whoever sends the ticket should know first; no part of it."""


def ticket(inputs: Sequence[str], asked: Asked, options: Options | None = None) -> Ticket:
    """The ticket to one vendor. Raises AttribError; UsageError for a vendor that is ours or not in the log."""
    with analysed(inputs, options) as found:
        outcome, run = found.outcome, found.run
        if not outcome.report["input"]["totals"]["records"]:
            return Ticket({}, outcome.exit_code, outcome.message, outcome.unread)
        upstream = None if asked.unnamed else upstream_named(asked.vendor, outcome, hidden=run.options.redact)
        vendor = asked.vendor if upstream is None else upstream
        notes = [*_party_notes(vendor, found), *run.notes]
        entries = outcome.report["incidents"] if asked.entries is None else asked.entries
        limits = run.limits()
        named = run.options.window is not None or limits != (None, None)
        window = choose(entries, upstream, asked.incident, limits, named=named)
        words, parameters = run.ruleset.words, run.ruleset.parameters
        ledger = Ledger(upstream, window.during, window.before, words, parameters)
        for invocation in _invocations(found, upstream, _whole(window)):
            ledger.see(invocation)
        document = {
            "attrib_version": outcome.report["attrib_version"],
            "vendor": vendor,
            "unnamed": upstream is None,
            "kept_only": asked.entries is not None,
            "log": outcome.report["input"]["time_range"] or {"start": None, "end": None},
            **ticket_document(ledger, window, found.buckets, found.parties, upstream, sampled=run.sampled),
        }
        return Ticket(document, outcome.exit_code, None, outcome.unread, [*notes, *_verdict_notes(window, vendor)])


def _invocations(found: Analysed, upstream: str | None, limits: Limits) -> Iterable[Invocation]:
    """The invocations that may have called the upstream in a time; others may be among them."""
    if found.large is not None:
        from attrib.analysis.vendor_reading import invocations_calling

        yield from invocations_calling(found.large, upstream, limits)
        return
    ruleset = found.run.ruleset
    party = found.parties.of
    for one in build(
        found.records or (), ruleset.words, ruleset.parameters, lambda name: party(name).party, found.several
    ):
        moment(one)
        yield one


def upstream_named(typed: str, outcome: Outcome, *, hidden: bool) -> str:
    """The upstream as logged. Raises UsageError where there is none of that name; `hidden`: with names redacted."""
    names = sorted(row["upstream"] for row in outcome.report["parties"] if row["upstream"])
    alike = [name for name in names if name.casefold() == typed.strip().casefold()]
    if typed in names or len(alike) == 1:
        return typed if typed in names else alike[0]
    if not names:
        raise UsageError(
            f"--vendor {typed}: the log names no upstream. Log the field upstream; or, where every call in these logs "
            f"goes to {typed}, add --unnamed."
        )
    shown = [redact(name) if hidden else name for name in names[:NAMES]]
    raise UsageError(f"--vendor {typed}: no call to it in these logs.{hint(typed, shown)}")


def _party_notes(vendor: str, found: Analysed) -> list[str]:
    """Raises UsageError for an upstream that is ours."""
    party = found.parties.of(vendor)
    if party.party == "own":
        raise UsageError(
            f"--vendor {vendor}: it is ours ({party.reason}), and this ticket is for a third party. If it is one, "
            f"say so: --vendors {vendor}."
        )
    if party.party == "unknown":
        return [f"whose {vendor} is, is not clear ({party.reason}): --vendors {vendor} settles it."]
    return []


def _whole(window: Window) -> Limits:
    """From the first to the last time that the ticket speaks of."""
    during, before = window.during, window.before
    return (during.start if before is None else before.start), during.end


def _verdict_notes(window: Window, vendor: str) -> list[str]:
    """What whoever sends it should read first."""
    notes = []
    entry = window.incident
    if entry is not None and entry["verdict"] != "vendor" and entry["lean"] != "vendor":
        points = entry["lean"] if entry["verdict"] == "unknown" else entry["verdict"]
        to = f"the evidence points to {points}, not to {vendor}" if points else "nobody can say yet who was responsible"
        notes.append(f"of {entry['id']}, {to}: read attrib analyze -v before you send this.")
    if window.others:
        more = ", ".join(window.others[:5]) + (", ..." if len(window.others) > 5 else "")
        notes.append(
            f"this ticket is of the largest of {1 + len(window.others)} incidents that point to {vendor}; "
            f"--incident makes one of another: {more}."
        )
    if window.why == "log":
        notes.append(f"no incident involves {vendor}: the ticket is of all of the log; --window START..END narrows it.")
    return notes
