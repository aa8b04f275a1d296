"""What a report says about incidents: who, how sure, since when, how many, why, what speaks against it, what next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from attrib.reports import incident_details, incident_words, timeline
from attrib.reports.figures import number
from attrib.reports.next_steps import first_id, short, ticket
from attrib.reports.outline import (
    Block,
    Card,
    Figure,
    Items,
    Line,
    Paragraph,
    Piece,
    command,
    line,
    place,
    prose,
    value,
)
from attrib.reports.view import View

EXAMPLES: Final = 3
"""Example lines shown per incident (design section 7)."""

WHOLE: Final = 3
"""Incidents told in full on the first screen; of more than these, the first two are, and the others in two lines."""

SHOWN: Final = 12
"""Incidents on the first screen."""

TELLING: Final = 3
"""Sentences of evidence on the first screen."""

AGAINST: Final = 2
"""Sentences against the verdict on the first screen."""

_SUSPECTS: Final = 3
_DEMOTIONS: Final = frozenset({"confined", "together", "deadline"})
_ORDER: Final = (
    "credential", "hops", "status_matrix", "claims", "pile_up", "contrast", "alike", "tripped", "attempts",
    "time_split", "usual_unknowns", "rule_hits", "onset",
)  # fmt: skip
"""Kinds of evidence, the most telling first; others before the last three. Where time is the matter, where it went
comes first."""

_LAST: Final = ("rule_hits", "onset")
"""Kinds that the first screen names only for want of others: the verdict and the timeline say it already."""

_SAID: Final = "worst_case"
"""The kind of counter-evidence that the sentence about the worst case says already."""


def incidents(report: dict[str, Any], view: View) -> list[Block]:
    """All incidents in the report's order, consequences beneath their cause; nothing where there are none."""
    families = families_of(report["incidents"])
    if view.verbose:
        return _all_of(families, report, view)
    blocks: list[Block] = []
    whole = len(families) if len(families) <= WHOLE else WHOLE - 1
    for position, family in enumerate(families[:SHOWN], 1):
        if position <= whole:
            blocks.append(_card(str(position), family, report, view))
        else:
            blocks.append(_brief(str(position), family, report, view, close=position > whole + 1))
    if len(families) > SHOWN:
        blocks.append(Paragraph(line(f"and {number(len(families) - SHOWN)} more incidents: -v shows all")))
    return blocks


def _all_of(families: Sequence[Sequence[dict[str, Any]]], report: dict[str, Any], view: View) -> list[Block]:
    """Every incident with every detail."""
    blocks: list[Block] = []
    for position, family in enumerate(families, 1):
        for below, entry in enumerate(family):
            label = f"{position}.{below}" if below else str(position)
            card = _card(label, [entry], report, view)
            details = incident_details.details(entry)
            blocks.append(Card(card.title, card.aside, (*card.blocks, *details)))
    return blocks


def families_of(entries: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Each cause with all that follows from it, direct or not; one that leads to itself stands alone."""
    ids = {entry["id"] for entry in entries}
    below: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        below.setdefault(entry["consequence_of"], []).append(entry)
    told: set[str] = set()

    def family(entry: dict[str, Any]) -> list[dict[str, Any]]:
        if entry["id"] in told:
            return []
        told.add(entry["id"])
        return [entry, *(member for child in below.get(entry["id"], ()) for member in family(child))]

    roots = [entry for entry in entries if entry["consequence_of"] not in ids]
    return [found for entry in [*roots, *entries] if (found := family(entry))]


def _title(label: str, entry: dict[str, Any]) -> Line:
    whom = line(value(entry["responsible"])) if entry["responsible"] else incident_words.functions(entry)
    return (*line(f"{label}  "), *incident_words.says(entry), *line("  "), *whom)


def _brief(label: str, family: Sequence[dict[str, Any]], report: dict[str, Any], view: View, *, close: bool) -> Card:
    """An incident in two lines, and one for each consequence."""
    entry = family[0]
    lines = [(*line(f"{incident_words.when(entry, report, view)}: "), *incident_words.how_many(entry))]
    lines += [consequence(other, report, view) for other in family[1:]]
    return Card(_title(label, entry), line(Piece("words", entry["id"])), (Items(tuple(lines)),), close)


def _card(label: str, family: Sequence[dict[str, Any]], report: dict[str, Any], view: View) -> Card:
    """An incident as the first screen has it."""
    entry = family[0]
    head: list[Line] = [line(incident_words.when(entry, report, view)), how_many(entry, report)]
    drawn = timeline.draw(entry, report.get("marks") or [], view)
    blocks: list[Block] = [Items(tuple(head)), Figure(drawn.rows)] if drawn.rows else []
    body: list[Line] = [*([] if drawn.rows else head), *(line(prose(words)) for words in drawn.told)]
    body += [] if view.verbose else [incident_words.sentence(e["statement"]) for e in telling(entry)]
    if not view.verbose and entry.get("via") and all(e["kind"] != "hops" for e in entry["evidence"]):
        body.append(line("Through: ", *incident_details.chain(entry["via"][0])))
    body += sureness(entry, view)
    body += [consequence(other, report, view) for other in family[1:]]
    if entry["consequence_of"]:
        body.append(line("A consequence of ", Piece("words", entry["consequence_of"]), "."))
    if not view.verbose:
        most = EXAMPLES if len(report["incidents"]) == 1 else 1
        body += [incident_details.example(e) for e in examples_of(entry)[:most]]
    if (found := first_id(examples_of(entry), view)) is not None:
        body.append(line("Next: ", command(short(view, "explain", found))))
    if (to_vendor := ticket(entry, report, view)) is not None:
        body.append(line("Next: ", command(to_vendor)))
    blocks.append(Items(tuple(body)))
    return Card(_title(label, entry), line(Piece("words", entry["id"])), tuple(blocks))


def how_many(entry: dict[str, Any], report: dict[str, Any]) -> Line:
    """How many of how many; of a window without trouble, that there is nothing to attribute."""
    if not entry["symptomatic"]:
        return (*line("Nothing to attribute: "), *incident_words.how_many(entry), *line("."))
    return incident_words.how_many(entry, sampled=bool(report.get("sampled")))


def telling(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The evidence that says most, in the order of what it says."""
    symptoms = entry.get("symptoms") or {}
    slow = entry["verdict"] == "app_bottleneck" or symptoms.get("slow", 0) > symptoms.get("failed", 0)
    others = _ORDER.index("usual_unknowns") - 0.5

    def rank(evidence: dict[str, Any]) -> float:
        kind = evidence["kind"]
        if kind == "time_split" and slow:
            return -1
        return _ORDER.index(kind) if kind in _ORDER else others

    ranked = sorted(entry["evidence"], key=rank)
    return [evidence for evidence in ranked if _tells(evidence)][:TELLING] or ranked[:1]


def _tells(evidence: dict[str, Any]) -> bool:
    """Whether it found something: that nothing sets them apart, or that nobody tried again, can wait."""
    data = evidence["data"]
    if evidence["kind"] == "contrast":
        return bool(data.get("features", True))
    if evidence["kind"] == "attempts":
        return bool(data.get("per_request") != 1)
    return evidence["kind"] not in _LAST


def sureness(entry: dict[str, Any], view: View) -> list[Line]:
    """The worst case, what speaks against it, and what would settle it."""
    lines = [line(worst)] if (worst := incident_words.worst_case(entry)) is not None else []
    against = [e for e in entry["counter_evidence"] if view.verbose or not worst or e["kind"] != _SAID]
    but = "But: " if entry["verdict"] == "unknown" else "Against it: "
    shown = against if view.verbose else against[:AGAINST]
    lines += [(*line(but), *incident_words.sentence(e["statement"])) for e in shown]
    if not against and entry["verdict"] != "unknown":
        lines.append(line("Against it: nothing."))
    missing = entry["missing_evidence"] if view.verbose or entry["verdict"] == "unknown" else []
    lines += [missing_line(evidence) for evidence in (missing if view.verbose else missing[:1])]
    suspects = [suspect for suspect in entry["suspects"][:_SUSPECTS] if suspect["score"]]
    if any(evidence["kind"] in _DEMOTIONS for evidence in entry["counter_evidence"]):
        suspects = []  # ranked by who failed; the comparison has just said that it was not they
    if (
        not view.verbose
        and entry["symptomatic"]
        and suspects
        and (entry.get("forced") or entry["verdict"] == "unknown")
    ):
        lines.append(line("Suspects, best first: ", *_suspects(suspects)))
    return lines


def missing_line(evidence: dict[str, Any]) -> Line:
    """What would settle it, and where to begin."""
    text, examples = evidence["statement"], evidence["examples"][:1]
    asked = () if text.startswith("To settle") else line("To settle it: ")
    places = [place(e["file"], e["line"]) for e in examples]
    named = [piece for at in places if at.text not in text for piece in ("  ", at)]
    return (*asked, *incident_words.sentence(text), *line(*named))


def _suspects(suspects: list[dict[str, Any]]) -> list[Piece | str]:
    pieces: list[Piece | str] = []
    for suspect in suspects:
        pieces += [", " if pieces else "", value(suspect["component"]), f" ({suspect['score']:.2f})"]
    return pieces


def consequence(entry: dict[str, Any], report: dict[str, Any], view: View) -> Line:
    """An incident in one line, below its cause."""
    when = incident_words.when(entry, report, view)
    return (
        *line("Its consequence: "), *incident_words.who(entry), *line(f", {when}: "), *incident_words.how_many(entry),
        *line("  ", Piece("words", entry["id"])),
    )  # fmt: skip


def examples_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Places to look, those of the most telling evidence first, each once."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for example in (e for evidence in [*telling(entry), *entry["evidence"]] for e in evidence["examples"]):
        found.setdefault((example["file"], example["line"]), example)
    return list(found.values())
