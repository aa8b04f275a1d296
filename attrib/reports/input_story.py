"""What a report says about its input: how many lines became what, what was rejected, which files broke."""

from __future__ import annotations

from typing import Any, Final

from attrib.reports.figures import clock, number, plural, span
from attrib.reports.outline import Block, Heading, Items, Line, Paragraph, Piece, line, prose, value
from attrib.reports.view import View

NAMES: Final = 10
"""Unknown field names listed for people."""


def accounting(report: dict[str, Any], view: View) -> list[Block]:
    """The first line: every line read is accounted for, and the time the log covers."""
    source = report["input"]
    totals, files = source["totals"], source["files"]
    text = (
        f"{plural(len(files), 'file')}, {plural(totals['lines_read'], 'line')}: {number(totals['accepted'])} accepted, "
        f"{number(totals['quarantined'])} quarantined, {number(totals['skipped'])} skipped"
    )
    if totals["blank"]:
        text += f", {number(totals['blank'])} blank"
    times = source["time_range"] or {}
    covered = span(times.get("start"), times.get("end"), view.zone)
    lines = [Paragraph(line(f"{text}\n{covered or 'no time in the log'}"))]
    also = [f"{plural(totals[name], word)}{told}" for name, word, told in _PARTS if totals[name]]
    unreadable = sum(entry.get("unreadable_time") or 0 for entry in files)
    zoneless = sum(entry.get("zone_less_time") or 0 for entry in files)
    also += [f"{plural(unreadable, 'time')} unreadable"] if unreadable else []
    also += [f"{plural(zoneless, 'time')} without a zone"] if zoneless else []
    if also:
        lines.append(Paragraph(line(f"Of the accepted lines: {', '.join(also)}.")))
    if window := report.get("window"):
        bounds = (("from", window["start"]), ("before", window["end"]))
        asked = " ".join(f"{word} {clock(at, view.zone, full=True)}" for word, at in bounds if at)
        forced = any(entry.get("forced") for entry in report["incidents"])
        said = f"The window {asked}; all else is what it is compared with." if forced else f"Only {asked}."
        lines.append(Paragraph(line(said)))
    if (compared := report.get("baseline")) is not None:
        text = f"Compared with a baseline of {plural(len(compared['files']), 'file')}"
        lines.append(Paragraph(line(f"{text}, {plural(compared['invocations'], 'invocation')}.")))
    if report.get("sampled"):
        lines.append(Paragraph(line("The log is a sample: counts are as logged, and there are no rates.")))
    return [*lines, *_broken(files)]


_PARTS: Final = (("duplicates", "duplicate", " (counted once)"), ("repaired", "line", " repaired"))


def _broken(files: list[dict[str, Any]]) -> list[Block]:
    lines = tuple(line(Piece("path", entry["path"]), ": ", prose(entry["error"])) for entry in files if entry["error"])
    return [Heading("Not read whole"), Items(lines)] if lines else []


def trouble(report: dict[str, Any]) -> list[Block]:
    """Rejected lines by reason, and fields that were not stored."""
    source = report["input"]
    lines: list[Line] = []
    reasons = sorted(source["reasons"].items(), key=lambda item: (-item[1], item[0]))
    rejected = [f"{number(count)} {reason}" for reason, count in reasons if reason != "not_m1"]
    if rejected:
        lines.append(line(f"Quarantined: {', '.join(rejected)}. See each line with --rejects FILE."))
    if other := source["reasons"].get("not_m1"):
        lines.append(line(f"Skipped: {plural(other, 'line')} of another program (not_m1)."))
    if names := _unknown(source["unknown_fields"]):
        sampled = " (from a sample)" if source["unknown_fields_sampled"] else ""
        lines.append((*line(f"Fields not stored{sampled}: "), *names))
    drift = sum(entry.get("type_drift") or 0 for entry in source["files"])
    if drift:
        lines.append(line(f"Type drift: {plural(drift, 'value')} of another type than the field's."))
    return [Heading("The logs themselves"), Items(tuple(lines))] if lines else []


def means(report: dict[str, Any]) -> list[Block]:
    """What the report was made with: packs and configuration."""
    rules = report["rules"]
    lines = [line("Rules: ", value(", ".join(rules["packs"])), f" ({rules['digest']})")]
    if used := rules.get("config"):
        lines.append(line("Configuration: ", Piece("path", used["path"]), f" ({used['digest']})"))
    return [Heading("Made with"), Items(tuple(lines))]


def _unknown(fields: dict[str, int]) -> Line:
    ranked = sorted(fields.items(), key=lambda item: (-item[1], item[0]))
    pieces: list[Piece | str] = []
    for name, count in ranked[:NAMES]:
        pieces += [", " if pieces else "", value(name), f" ({number(count)})"]
    if len(ranked) > NAMES:
        pieces.append(f", and {number(len(ranked) - NAMES)} more")
    return line(*pieces)
