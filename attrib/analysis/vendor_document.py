"""A ticket to a vendor as plain data, what the renderers write from. Times UTC, durations ms, null not logged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from attrib.analysis.vendor_calls import Ledger
from attrib.analysis.vendor_model import (
    ANSWERED,
    FAILED,
    KEY,
    LISTED,
    MOST_ROWS,
    NO_OUTCOME,
    NOT_SENT,
    RECOVERED,
    SLOW,
    TURNED_AWAY,
    Figures,
    Row,
    Stretch,
)
from attrib.analysis.vendor_window import Window
from attrib.incidents.buckets import MINUTE_US, Buckets
from attrib.incidents.contrast import ALIKE_CALLS, CONFINED, FEWEST
from attrib.incidents.histogram import Histogram, quantile_ms
from attrib.incidents.pile_up import pile_up
from attrib.parties import Parties
from attrib.verdicts.rows import iso

RESULTS: Final = (FAILED, TURNED_AWAY, SLOW, RECOVERED, ANSWERED, NO_OUTCOME, NOT_SENT)
FINE: Final = 0.95
"""Share of calls answered from which another upstream counts as fine (incident_min_rate's mirror)."""
SAMPLES: Final = 3
_ALIKE: Final = 2
"""Rates of two values that differ by no more than this factor are alike (attrib's own)."""
_BAD: Final = frozenset({"5xx", "timeout", "no_response"})
_UNASKED: Final = frozenset({"missing", "short_circuited", "not_contacted"})


def ticket_document(
    ledger: Ledger, window: Window, buckets: Buckets, parties: Parties, vendor: str | None, *, sampled: bool
) -> dict[str, Any]:
    """All that a ticket says. `vendor` None: calls whose upstream the log does not name."""
    rows = ledger.rows
    return {
        "window": _stretch(window.during),
        "why": window.why,
        "before": None if window.before is None else _stretch(window.before),
        "sampled": sampled,
        "during": _figures(ledger.during),
        "usual": None if window.before is None else _figures(ledger.before),
        "outcomes": [
            {"outcome": outcome, "answer": answer or None, "returned": returned or None, "calls": n}
            for (outcome, answer, returned), n in _ranked(ledger.outcomes)
        ],
        "functions": [
            {"function": name or None, **{result: counts[result] for result in RESULTS}}
            for name, counts in sorted(ledger.functions.items(), key=lambda item: (-item[1].total(), item[0]))
        ],
        "minutes": _minutes(ledger),
        "deadlines": _deadlines(ledger),
        "retries": {
            "tries": [{"attempts": tries, "calls": n} for tries, n in sorted(ledger.tries.items())],
            "pauses": _quantiles(ledger.pauses, "p5", "p50", "p95"),
        },
        "listed": ledger.listed or ledger.unproven,
        "unproven": ledger.unproven,
        "with_their_id": ledger.with_theirs,
        "rows": [_row(row) for row in rows],
        "rows_most": MOST_ROWS,
        "samples": [_row(row) for row in _samples(rows)],
        "compared": _compared(ledger.values),
        "others": others(buckets, parties, vendor, window.during),
    }


def _ranked(counts: Counter[tuple[str, str, str]]) -> list[tuple[tuple[str, str, str], int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {"start": iso(stretch.start), "end": iso(stretch.end)}


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "calls": figures.calls,
        **{result: figures.results[result] for result in RESULTS},
        "attempts": figures.attempts,
        "upstream_ms": _quantiles(figures.upstream, "p50", "p95", "p99"),
    }


def _quantiles(histogram: Histogram, *names: str) -> dict[str, Any]:
    return {"n": histogram.total(), **{name: quantile_ms(histogram, int(name[1:]) / 100) for name in names}}


def _minutes(ledger: Ledger) -> list[dict[str, Any]]:
    """Minutes with a call of which the log tells what came back, in order."""
    return [
        {"start": iso(minute * MINUTE_US), "calls": n, **{result: counts[result] for result in LISTED}}
        for minute, counts in sorted(ledger.minutes.items())
        if (n := counts.total() - counts[NOT_SENT] - counts[NO_OUTCOME])
    ]


def _deadlines(ledger: Ledger) -> list[dict[str, Any]]:
    """Where each function's timeouts lie; `ms` null where they do not pile up."""
    found = []
    for name, measures in sorted(ledger.timeouts.items()):
        measure = "upstream" if "upstream" in measures else "latency"
        pile = pile_up(measures[measure])
        found.append(
            {
                "function": name or None,
                "measure": measure,
                "timeouts": sum(counts.total() for counts in measures.values()),
                "ms": None if pile is None else pile.ms,
                "piled": None if pile is None else pile.n,
                "of": measures[measure].total(),
            }
        )
    return found


def _samples(rows: list[Row]) -> list[Row]:
    """The first call of each of the most frequent answers, those with an id of the vendor's own first; then others."""
    failed = [row for row in rows if row.result == FAILED] or [row for row in rows if row.result == TURNED_AWAY] or rows
    kinds: dict[tuple[Any, ...], list[Row]] = {}
    for row in failed:
        kinds.setdefault((row.outcome, row.answers[-1]), []).append(row)
    ranked = sorted(kinds.values(), key=lambda alike: -len(alike))
    chosen = [next((row for row in alike if row.theirs), alike[0]) for alike in ranked[:SAMPLES]]
    for row in (failed[len(failed) // 2], failed[-1], *failed) if failed else ():
        if len(chosen) < SAMPLES and row not in chosen:
            chosen.append(row)
    return sorted(chosen, key=lambda row: row[:KEY])


def _row(row: Row) -> dict[str, Any]:
    return {
        "ts": None if row.timeless else iso(row.ts),
        "function": row.function or None,
        "result": row.result,
        "status": row.status,
        "answers": list(row.answers),
        "outcome": row.outcome,
        "error_code": row.error_code,
        "upstream_ms": row.upstream_ms,
        "attempts": row.tries,
        "request_id": row.request_id or None,
        "upstream_request_ids": list(row.theirs),
    }


def _compared(values: Mapping[str, Mapping[str, list[int]]]) -> list[dict[str, Any]]:
    """Fields of ours with several values: how the failures spread over them. No value is named: they are ours."""
    found = []
    for name, counts in sorted(values.items()):
        if len(counts) < 2:
            continue
        calls, failed = (sum(sums[at] for sums in counts.values()) for at in (0, 1))
        if failed < FEWEST:
            continue
        most = max(counts.values(), key=lambda sums: (sums[1], -sums[0]))
        others = calls - most[0]
        many = [sums for sums in counts.values() if sums[0] >= ALIKE_CALLS]
        rates = sorted(sums[1] / sums[0] for sums in many)
        confined = most[1] >= CONFINED * failed and others - (failed - most[1]) >= ALIKE_CALLS and most[0] < calls
        alike = len(many) >= 2 and rates[0] > 0 and rates[-1] <= _ALIKE * rates[0]
        found.append(
            {
                "field": name,
                "values": len(many),
                "verdict": "confined" if confined else "alike" if alike else "unclear",
                "least": round(rates[0], 6) if rates else None,
                "most": round(rates[-1], 6) if rates else None,
            }
        )
    return found


def others(buckets: Buckets, parties: Parties, vendor: str | None, stretch: Stretch) -> dict[str, Any]:
    """The other upstreams of third parties in the same minutes, counted and never named: they show our way out.

    Grain of the counts: invocations.
    """
    sums: dict[str, list[int]] = {}
    for minute, kind, count in buckets:
        name = kind.upstream
        if name is None or name == vendor or kind.outcome in _UNASKED or not _in_minutes(minute, stretch):
            continue
        if parties.of(name).party == "own":
            continue
        found = sums.setdefault(name, [0, 0])
        found[0] += count.n
        found[1] += count.n if kind.outcome in _BAD else 0
    fine = {name for name, (n, bad) in sums.items() if bad <= (1 - FINE) * n}
    return {
        "upstreams": len(sums),
        "fine": len(fine),
        "calls": sum(sums[name][0] for name in fine),
        "failed": sum(sums[name][1] for name in fine),
        "failing": len(sums) - len(fine),
    }


def _in_minutes(minute: int | None, stretch: Stretch) -> bool:
    if minute is None:
        return stretch.start is None and stretch.end is None
    after = stretch.start is None or minute >= stretch.start // MINUTE_US
    return after and (stretch.end is None or minute * MINUTE_US < stretch.end)
