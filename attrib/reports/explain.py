"""`attrib explain`: one request, its records in order, the rule that won and why the others did not.

The input is a plain dict; null means not logged:

    {"request_id": str,
     "invocations": [               one per function (and span), in order of time
       {"function": str?, "ts": "...Z"?, "status": int|word?, "latency_ms": float?, "own_ms": float?,
        "retry_wait_ms": float?, "symptom": str?, "verdict": verdict|"ok", "rule": str?, "responsible": str?,
        "lean": verdict?, "reason": str?, "correlated": bool, "masked": bool, "via": [str],
        "file": str, "line": int,
        "contradiction": null | {"statement": str, "places": [{"file": str, "line": int}]},
        "records": [                in the order that decides: attempt, time, status
          {"stage": str?, "attempt": int?, "ts": "...Z"?, "status": int|word?, "latency_ms": float?,
           "error_code": str?, "upstream": str?, "upstream_outcome": str, "upstream_status": int|word?,
           "upstream_latency_ms": float?, "file": str, "line": int}],
        "rules": [                  in rank order; empty for ok
          {"id": str, "title": str, "matched": bool, "won": bool, "why": str,
           "missed": [str]}]}],             facets that speak against it; `why` tells of the first
     "bundle": {"path": str, "records": int, "redacted": bool, "cut": bool},      only where it comes from a bundle
     "chain": [                     the hops these are part of, callers before callees; empty or absent: nothing linked
       {"depth": int, "request_id": str?, "function": str?, "ts": "...Z"?, "status": int|word?, "latency_ms": float?,
        "own_ms": float?,           latency less the union of its callees' time
        "between_ms": float?,       its caller saw, and it did not: the link or its host
        "symptom": str?, "verdict": verdict|"ok", "rule": str?, "responsible": str?,
        "blamed": bool,             its verdict became its callers'
        "ends": "leaf"|"cycle"|"missing callee"|"several callees"|null, "missing_parent": bool,
        "file": str, "line": int}]}
"""

from __future__ import annotations

from typing import Any, Final

from attrib.reports import text, waterfall
from attrib.reports.figures import clock, milliseconds, number, plural
from attrib.reports.outline import (
    Block,
    Figure,
    Grid,
    Heading,
    Items,
    Line,
    Paragraph,
    Piece,
    command,
    line,
    place,
    prose,
    value,
    verdict,
)
from attrib.reports.view import View

_DEEPEST: Final = 8
"""Steps of indentation for the hops of a chain; deeper ones stand below each other."""
NEAREST: Final = 6
"""Rules shown of those that did not match: the ones that missed by the fewest facets."""


def render(request: dict[str, Any], view: View) -> str:
    """The request as text; ends with a line end. The dict's shape stands in this module's docstring."""
    return text.draw(story(request, view), view)


def story(request: dict[str, Any], view: View) -> list[Block]:
    """The blocks of one request."""
    found = request["invocations"]
    blocks: list[Block] = []
    if len(found) > 1:
        blocks.append(Paragraph(line(value(request["request_id"]), f" ran {plural(len(found), 'function')}.")))
    if request.get("chain"):
        blocks += _chain(request["request_id"], request["chain"])
    for invocation in found:
        blocks += _invocation(request["request_id"], invocation, view)
    if request.get("bundle"):
        blocks.append(_bundle(request["bundle"]))
    elif any(invocation["symptom"] for invocation in found):
        told = "This is said of one request. Its incident, judged with all others beside it, may say more, or another:"
        blocks.append(Paragraph(line(told, " ", command(view.command("analyze")))))
    return blocks


def _bundle(source: dict[str, Any]) -> Paragraph:
    """Where it was read from: the logs may be gone."""
    told = line("Judged again from the records and rules in the bundle ", Piece("path", source["path"]))
    if source["cut"]:
        told += line(", which left out some records of this request: it had too many")
    redacted = "; its texts are redacted" if source["redacted"] else ""
    return Paragraph((*told, *line(f"{redacted}. The lines named are those of the log it was made from.")))


def _chain(request_id: str | None, hops: list[dict[str, Any]]) -> list[Block]:
    """Who called whom, with the hop that took the blame; where the log ends, it says so."""
    rows = []
    for hop in hops:
        took = f" in {milliseconds(hop['latency_ms'])}" if hop["latency_ms"] is not None else ""
        own = f", own {milliseconds(hop['own_ms'])}" if hop["own_ms"] is not None else ""
        between = f", {milliseconds(hop['between_ms'])} more seen by its caller" if hop["between_ms"] else ""
        indent = "  " * min(hop["depth"], _DEEPEST)
        notes = ["caller not in the log"] if hop["missing_parent"] else []
        notes += [hop["ends"]] if hop["ends"] not in (None, "leaf") else []
        other = () if hop["request_id"] == request_id else ("  ", value(hop["request_id"]))
        rows.append((
            line("blamed" if hop["blamed"] else ""),
            line(indent, value(hop["function"]), " ", value(hop["status"]), took + own + between),
            line(*verdict(hop["verdict"], None, None), *(f"; {note}" for note in notes)),
            line(place(hop["file"], hop["line"]), *other),
        ))  # fmt: skip
    return [Heading("Chain"), Grid(("", "Hop", "Verdict", "Place"), tuple(rows))]


def _invocation(request_id: str | None, entry: dict[str, Any], view: View) -> list[Block]:
    blocks: list[Block] = [Paragraph(_headline(request_id, entry, view)), Figure(waterfall.bars(entry, view))]
    if facts := _facts(entry):
        blocks.append(Items(facts))
    blocks += [Heading("Records"), Items(tuple(_record(record, view) for record in entry["records"]))]
    return blocks + _rules(entry["rules"])


def _headline(request_id: str | None, entry: dict[str, Any], view: View) -> Line:
    took = f" in {milliseconds(entry['latency_ms'])}" if entry["latency_ms"] is not None else ""
    return (
        *verdict(entry["verdict"], entry["responsible"], entry["rule"]),
        *line(f", probably {entry['lean']}" if entry["lean"] else ""),
        *line("   ", value(entry["function"]), " ", value(entry["status"]), f"{took}\n"),
        *line(value(request_id), f"   {clock(entry['ts'], view.zone, full=True)}"),
    )


def _facts(entry: dict[str, Any]) -> tuple[Line, ...]:
    lines: list[Line] = []
    if entry["reason"]:
        lines.append(line(prose(entry["reason"])))
    if entry["via"]:
        chain = value(" > ".join(map(str, entry["via"])))
        lines.append(line("Chain: ", chain, "; the rules are those of ", value(entry["via"][-1])))
    if entry["retry_wait_ms"]:
        lines.append(line(f"Waited {milliseconds(entry['retry_wait_ms'])} between attempts."))
    if entry["masked"]:
        lines.append(line("An upstream failed, and the function answered well all the same."))
    if not entry["correlated"]:
        lines.append(line("Uncorrelated: no usable request_id, so this record stands alone."))
    if found := entry["contradiction"]:
        places = [piece for at in found["places"] for piece in (Piece("words", "  "), place(at["file"], at["line"]))]
        # The reason of a verdict that rests on it says it already.
        told = () if found["statement"] in entry["reason"] else (" ", prose(found["statement"]))
        lines.append(line("Contradiction:", *told, *places))
    return tuple(lines)


def _record(record: dict[str, Any], view: View) -> Line:
    pieces: list[Piece | str] = [place(record["file"], record["line"]), "  "]
    if record["ts"]:
        pieces.append(f"{clock(record['ts'], view.zone, full=True)}  ")
    pieces += [value(record["stage"]), "  status ", value(record["status"])]
    if record["latency_ms"] is not None:
        pieces.append(f" in {milliseconds(record['latency_ms'])}")
    answered = record["upstream_status"] if record["upstream_status"] is not None else record["upstream_outcome"]
    pieces += ["  <- ", value(record["upstream"] or "upstream"), " ", value(answered)]
    if record["upstream_latency_ms"] is not None:
        pieces.append(f" in {milliseconds(record['upstream_latency_ms'])}")
    if record["error_code"]:
        pieces += ["  ", value(record["error_code"])]
    return line(*pieces)


def _rules(rules: list[dict[str, Any]]) -> list[Block]:
    """The winner, what matched too, and the nearest of the others; the rest is counted."""
    if not rules:
        return []
    matched = sorted((rule for rule in rules if rule["matched"]), key=lambda rule: not rule["won"])
    missed = sorted((rule for rule in rules if not rule["matched"]), key=lambda rule: len(rule["missed"]))
    shown = [*matched, *missed[:NEAREST]]
    also = "matched too" if any(rule["won"] for rule in matched) else "matched"
    rows = tuple((line(_outcome(rule, also)), line(value(rule["id"])), _why(rule)) for rule in shown)
    blocks: list[Block] = [Heading("Rules"), Grid(("", "Rule", "Why"), rows)]
    if left := len(rules) - len(shown):
        blocks.append(Paragraph(line(f"and {number(left)} more: --to json")))
    return blocks


def _outcome(rule: dict[str, Any], also: str) -> str:
    return "won" if rule["won"] else also if rule["matched"] else "no"


def _why(rule: dict[str, Any]) -> Line:
    others = [facet.replace("_", " ") for facet in rule["missed"][1:]]
    names = " and ".join(filter(None, [", ".join(others[:-1]), *others[-1:]]))
    also = f"; {names} missed too" if others else ""
    return line(prose(rule["why"]), also)
