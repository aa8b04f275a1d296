"""What the page says about incidents: a card for each on the first screen, and a section with all there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from attrib.reports import incident_details, incident_story, incident_words
from attrib.reports.html import panels, pictures
from attrib.reports.next_steps import first_id, short, ticket
from attrib.reports.outline import Line, line, value
from attrib.reports.view import View

CARDS: Final = 12
"""Incidents with a card; the others stand in a table below."""

_ANCHOR: Final = re.compile(r"inc-[0-9a-f]{1,32}")


def listed(report: dict[str, Any], view: View, pen: pictures.Pen) -> list[dict[str, Any]]:
    """Every incident, consequences below their cause, as the templates want it. Grain: one per incident."""
    numbered = list(_numbered(report))
    taken: set[str] = set()
    anchors = {}
    for position, (_, entry, _) in enumerate(numbered, 1):
        # A saved report may say anything as id; one that is not ours, or there twice, gets a number.
        fits = _ANCHOR.fullmatch(str(entry["id"])) and entry["id"] not in taken
        anchors[position] = entry["id"] if fits else f"incident-{position}"
        taken.add(entry["id"])
    return [
        _incident(position, anchors[position], label, entry, below, report, view, pen)
        for position, (label, entry, below) in enumerate(numbered, 1)
    ]


def _numbered(report: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Label, incident, and what follows from it: `1`, and `1.1` for its consequence."""
    for position, family in enumerate(incident_story.families_of(report["incidents"]), 1):
        for below, entry in enumerate(family):
            yield (f"{position}.{below}", entry, []) if below else (str(position), entry, family[1:])


def _incident(
    position: int, anchor: str, label: str, entry: dict[str, Any], below: list[dict[str, Any]], report: dict[str, Any],
    view: View, pen: pictures.Pen,
) -> dict[str, Any]:  # fmt: skip
    brief, whole = replace(view, verbose=False), replace(view, verbose=True)
    charted = position <= pictures.CHARTED
    found = incident_story.examples_of(entry)
    example = first_id(found, view)
    whom = line(value(entry["responsible"])) if entry["responsible"] else incident_words.functions(entry)
    telling = [incident_words.sentence(evidence["statement"]) for evidence in incident_story.telling(entry)]
    return {
        "anchor": anchor,
        "label": label,
        "top": "." not in label,
        "id": entry["id"],
        "verdict": entry["verdict"],
        "title": (*incident_words.says(entry), *line("  "), *whom),
        "when": incident_words.when(entry, report, view),
        "onset": pictures.onset_line(entry, report, view),
        "many": incident_story.how_many(entry, report),
        "telling": telling,
        "sure_brief": incident_story.sureness(entry, brief),
        "sure": incident_story.sureness(entry, whole),
        "below": [incident_story.consequence(other, report, view) for other in below],
        "of": entry["consequence_of"],
        "spark": pictures.spark(entry),
        "timeline": pictures.over_time(entry, report, view, f"t{position}", pen) if charted else None,
        "matrix": panels.matrix(entry),
        "split": pictures.time_split(entry, view, f"s{position}", pen) if charted else None,
        "times": panels.of_kind(entry, "time_split"),
        "contrast": panels.contrast(entry),
        "suspects": panels.suspects(entry),
        "chains": panels.chains(entry),
        "examples": found[: incident_story.EXAMPLES],
        "commands": _commands(entry, example, report, view, postmortem=anchor == entry["id"]),
        "actions": [deed for deed in entry["actions"] if deed["kind"] != "stop_rule"],
        "deeds": incident_details.DEEDS,
        "stop": [deed["text"] for deed in entry["actions"] if deed["kind"] == "stop_rule"],
        "evidence": _evidence(entry),
        "facts": incident_details.facts_of(entry),
    }


def _commands(
    entry: dict[str, Any], example: str | None, report: dict[str, Any], view: View, *, postmortem: bool
) -> list[tuple[str, str]]:
    """What each is for, and the command to copy."""
    found = [("One request, record by record", short(view, "explain", example))] if example is not None else []
    to_vendor = ticket(entry, report, view)
    found += [("A ticket for the vendor's support", to_vendor)] if to_vendor is not None else []
    words = ("report", "postmortem", "--incident", entry["id"])
    return [*found, ("A post-mortem to fill in", short(view, *words))] if postmortem else found


def _evidence(entry: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """What speaks for it, against it, and what is missing: (title, statements), the empty left out."""
    kinds = (("For it", "evidence"), ("Against it", "counter_evidence"), ("Missing", "missing_evidence"))
    return [
        (title, [{"line": incident_words.sentence(one["statement"]), "places": _places(one)} for one in entry[name]])
        for title, name in kinds
        if entry[name]
    ]


def _places(evidence: dict[str, Any]) -> list[Line]:
    return [incident_details.example(one) for one in evidence["examples"][: incident_details.EXAMPLES]]
