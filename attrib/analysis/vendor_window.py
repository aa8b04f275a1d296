"""Which time a ticket to a vendor is about: an incident's, the one asked for, or all of the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from attrib.analysis.span import Limits
from attrib.analysis.vendor_model import Stretch
from attrib.errors import UsageError
from attrib.rules.hints import hint

BEFORE_US: Final = 3_600_000_000
"""What is usual is taken from the hour before, or from as long as the window where that is longer."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)


class Window(NamedTuple):
    """The time of a ticket, and why it is that."""

    during: Stretch
    before: Stretch | None
    """None: the window begins with the log, as far as anybody knows."""
    why: str
    """`incident`, `asked` or `log`."""
    incident: dict[str, Any] | None
    """The entry of the report; also for a time asked for, where one lies in it."""
    others: tuple[str, ...] = ()
    """Ids of further incidents that point to the vendor."""


def choose(
    entries: Sequence[dict[str, Any]], vendor: str | None, incident: str | None, asked: Limits, *, named: bool
) -> Window:
    """The window. `vendor` None: the log does not name it. `named`: a time was asked for.

    Raises UsageError for an incident that there is not, or that has nothing to do with the vendor.
    """
    pointing = [entry for entry in entries if _points(entry, vendor)]
    about = pointing or [entry for entry in entries if _involves(entry, vendor)]
    chosen = about[0] if about else None
    if incident is not None:
        chosen = _incident(entries, incident)
        if not _points(chosen, vendor) and not _involves(chosen, vendor):
            whom = vendor or "an upstream without a name"
            raise UsageError(f"--incident {incident}: no call to {whom} is part of it.")
    if named:
        return _window(Stretch(*asked), "asked", chosen, entries, vendor)
    if chosen is None:
        return Window(Stretch(None, None), None, "log", None)
    others = tuple(entry["id"] for entry in pointing if entry is not chosen) if incident is None else ()
    during = Stretch(_us(chosen["start"]), _us(chosen["end"]))
    return _window(during, "incident", chosen, entries, vendor)._replace(others=others)


def _window(
    during: Stretch, why: str, chosen: dict[str, Any] | None, entries: Sequence[dict[str, Any]], vendor: str | None
) -> Window:
    if during.start is None:
        return Window(during, None, why, chosen)
    length = BEFORE_US if during.end is None else max(BEFORE_US, during.end - during.start)
    troubled = [
        (first, last)
        for entry in entries
        if _points(entry, vendor) or _involves(entry, vendor)
        if (first := _us(entry["start"])) is not None and (last := _us(entry["end"])) is not None
    ]
    before = Stretch(during.start - length, during.start, tuple(sorted(troubled)))
    return Window(during, before, why, chosen)


def _incident(entries: Sequence[dict[str, Any]], wanted: str) -> dict[str, Any]:
    for entry in entries:
        if entry["id"] == wanted:
            return entry
    near = hint(wanted, [entry["id"] for entry in entries])
    raise UsageError(f"--incident {wanted}: no such incident in these logs.{near or ' There is none.'}")


def _points(entry: dict[str, Any], vendor: str | None) -> bool:
    """Whether it names the vendor as responsible, or may."""
    if entry["verdict"] == "vendor" or (entry["verdict"] == "unknown" and entry["lean"] == "vendor"):
        return bool(entry["responsible"] == vendor or (entry["responsible"] is None and _involves(entry, vendor)))
    return False


def _involves(entry: dict[str, Any], vendor: str | None) -> bool:
    """Whether calls to the vendor are part of it."""
    return vendor in entry["upstreams"] or (vendor is None and not entry["upstreams"])


def _us(text: str | None) -> int | None:
    return None if text is None else (datetime.fromisoformat(text) - _EPOCH) // _MICRO
