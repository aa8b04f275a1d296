"""What a ticket says of causes on our side: what the log rules out, and what it does not. Nothing of ours is named."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from attrib.reports.figures import number, percent, plural
from attrib.reports.vendor.words import about, rated

_USUAL: Final = 20
"""Attempts before that make a usual p99."""
_OTHERS: Final = 20
"""Requests to other services that show that our network works (design section 6: "at least 20 calls")."""
_FIELDS: Final = {
    "service.version": ("releases", "release"), "host.name": ("hosts", "host"),
    "k8s.pod.name": ("instances", "instance"),
    "cloud.region": ("regions", "region"), "deployment.environment": ("environments", "environment"),
    "feature_flag": ("feature flags", "feature flag"),
}  # fmt: skip


class Compared(NamedTuple):
    """Sentences, all words of ours."""

    ruled_out: list[str]
    open: list[str]


def compared(ticket: dict[str, Any]) -> Compared:
    """Both lists; empty where nothing failed."""
    found = Compared([], [])
    if not ticket["during"]["failed"] and not ticket["during"]["turned_away"]:
        return found
    if ticket["why"] != "log":  # other services' bad minutes of a whole log are not the same minutes
        _others(ticket, found)
    _reached(ticket, found)
    _ours(ticket, found)
    _deadline(ticket, found)
    _refused(ticket, found)
    return found


def _others(ticket: dict[str, Any], found: Compared) -> None:
    others = ticket["others"]
    if ticket["kept_only"]:
        found.open.append("Other services we call: not part of the records that were kept.")
        return
    if others["calls"] < _OTHERS and not others["failing"]:
        seen = f"only {plural(others['calls'], 'request')} to other services" if others["calls"] else "no other service"
        found.open.append(f"Our network by comparison: our log shows {seen} in the same minutes.")
        return
    if others["calls"] >= _OTHERS:
        well = others["calls"] - others["failed"]
        found.ruled_out.append(
            f"Our network as a whole: in the same minutes {plural(others['fine'], 'other service')} that we call "
            f"answered {number(well)} of {number(others['calls'])} requests."
        )
    if others["failing"]:
        found.open.append(
            f"Our network: {number(others['failing'])} of {plural(others['upstreams'], 'other service')} that we call "
            "failed more than 5 % of requests in the same minutes too."
        )


def _reached(ticket: dict[str, Any], found: Compared) -> None:
    answered = sum(row["calls"] for row in ticket["outcomes"] if row["outcome"] == "5xx")
    answered += ticket["during"]["turned_away"]
    failed = ticket["during"]["failed"] + ticket["during"]["turned_away"]
    if answered:
        found.ruled_out.append(
            f"The connection: {number(answered)} of {number(failed)} of these calls were answered with an HTTP "
            "status, so they reached a server of yours or one on the way to it."
        )
    else:
        found.open.append("The path between us: no failed call was answered, so the log cannot tell where it broke.")


def _ours(ticket: dict[str, Any], found: Compared) -> None:
    for row in ticket["compared"]:
        several, one = _FIELDS.get(row["field"], ("parts", "part"))
        if row["verdict"] == "alike":
            least, most = percent(row["least"]), percent(row["most"])
            rates = f" ({least}{f' to {most}' if most != least else ''} of calls)" if rated(ticket) else ""
            found.ruled_out.append(f"One of our {several}: {number(row['values'])} of them fail alike{rates}.")
        elif row["verdict"] == "confined":
            found.open.append(
                f"One of our {several}: at least 95 % of these calls come from one {one}, while calls of others "
                "succeeded. We look into this on our side."
            )


def _deadline(ticket: dict[str, Any], found: Compared) -> None:
    usual = (ticket["usual"] or {}).get("upstream_ms") or {}
    p99 = usual.get("p99") if usual.get("n", 0) >= _USUAL else None
    piles = [row for row in ticket["deadlines"] if row["ms"] is not None]
    if not piles or p99 is None:
        if ticket["deadlines"]:
            found.open.append("Our deadline: the log does not tell how it compares with your usual time.")
        return
    shortest = min(row["ms"] for row in piles)
    if shortest > p99:
        found.ruled_out.append(
            f"Our deadline: calls that timed out were given about {about(shortest)}; before, 99 % of your "
            f"answers took no longer than {about(p99)}."
        )
    else:
        found.open.append(
            f"Our deadline: calls that timed out were given about {about(shortest)}, and before, 1 % of your "
            f"answers took {about(p99)} or longer. We look into this on our side."
        )


def _refused(ticket: dict[str, Any], found: Compared) -> None:
    refused = ticket["during"]["turned_away"]
    if refused:
        found.open.append(
            f"Our credentials and our rate: {plural(refused, 'call was', 'calls were')} answered 401, 403, 407 or 429. "
            "We look into this on our side."
        )
    else:
        found.ruled_out.append("Our credentials and our rate: no call was answered 401, 403, 407 or 429.")
