"""Words of a comparison: what a figure is called, how much it changed, and what the whole comes to."""

from __future__ import annotations

from typing import Any, Final

from attrib.reports.figures import milliseconds, number, percent, plural
from attrib.reports.outline import Line, Piece, line, value

_FIGURES: Final = {
    "failed": "failed",
    "slow": "slow",
    "masked": "failures of upstreams that were hidden",
    "coverage": "evidence coverage",
    "p50": "latency p50",
    "p99": "latency p99",
    "share": "share of all requests",
}
_UPSTREAM: Final = {"failed": "failed", "p50": "upstream time p50", "p99": "upstream time p99"}


def name(row: dict[str, Any]) -> Line:
    """`checkout: failed`, `upstream payments-api: latency p99`, `all: evidence coverage`."""
    words = _UPSTREAM if row["scope"] == "upstream" else _FIGURES
    told = words[row["figure"]]
    if row["scope"] == "all":
        return line(f"all: {told}")
    if row["scope"] == "verdict":
        return line("verdict ", Piece("verdict", row["name"]), f": {told}")
    kind = "upstream " if row["scope"] == "upstream" else ""
    return line(kind, value(row["name"]) if row["name"] else "function not named", f": {told}")


def one(row: dict[str, Any], side: str) -> str:
    """`0.2 % of 3,310`, `212 ms of 3,310`; `too few (12)` where there is no figure."""
    found = row[side]
    if found["value"] is None:
        return f"too few ({number(found['of'])})"
    shown = percent(found["value"]) if row["unit"] == "share" else milliseconds(found["value"])
    return f"{shown} of {number(found['of'])}"


def change(row: dict[str, Any]) -> str:
    """`+6.4 points (2.1 to 10.3)`, `-38 ms (-51 to -20)`; `-` where there is none."""
    found = row["change"]
    if found is None:
        return "-"
    return f"{amount(row, found['value'], signed=True)} ({_bare(row, found['low'])} to {_bare(row, found['high'])})"


def amount(row: dict[str, Any], much: float, *, signed: bool = False) -> str:
    """`6.4 points` of a share, `38 ms` of a latency."""
    sign = "+" if signed and much > 0 else ""
    unit = "points" if row["unit"] == "share" else "ms"
    return f"{sign}{_bare(row, much)} {unit}"


def _bare(row: dict[str, Any], much: float) -> str:
    shown = much * 100 if row["unit"] == "share" else much
    decimals = 2 if abs(shown) < 1 else 1
    text = f"{shown:,.{decimals}f}"
    # Minus nothing is nothing.
    return text.lstrip("-") if not float(text.replace(",", "")) else text


def outcome(report: dict[str, Any]) -> str:
    """The first sentence: what the whole comes to."""
    summary = report["summary"]
    figures, compared = report["figures"], report["parameters"]["comparisons"]
    told = []
    if summary["worse"]:
        told.append(f"{plural(summary['worse'], 'figure')} got worse")
    if summary["better"]:
        told.append(f"{plural(summary['better'], 'figure')} got better")
    if not told and figures:
        told.append(f"no change that the counts can show in {plural(compared, 'figure')}")
    if not told:
        told.append("no figure could be compared")
    for key, state in (("new_incidents", "new"), ("gone_incidents", "gone")):
        if summary[key]:
            told.append(f"{plural(summary[key], 'incident')} {'is' if summary[key] == 1 else 'are'} {state}")
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}."


def method(report: dict[str, Any]) -> str:
    """When a change counts, in words."""
    p = report["parameters"]
    share = f"{p['min_change'] * 100:g} points"
    if p["min_change_doubled"] < p["min_change"]:
        share += f", or twice as much and {p['min_change_doubled'] * 100:g} points,"
    latency = f"{p['min_latency'] * 100:g} % and {p['min_latency_ms']:g} ms"
    return (
        f"A change counts where its interval excludes 0 and it is large enough to matter: {share} of a share "
        f"(--min-change), {latency} of a latency (--min-latency). The intervals of all "
        f"{plural(p['comparisons'], 'comparison')} hold together with {p['level'] * 100:g} % certainty: the more there "
        "are, the wider is each (Bonferroni)."
    )
