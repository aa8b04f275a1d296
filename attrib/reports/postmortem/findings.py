"""What the evidence points to, what it rules out, and what speaks against it. Nobody is at fault: evidence points."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from attrib.reports import incident_words
from attrib.reports.figures import moment, number, percent
from attrib.reports.incident_story import telling
from attrib.reports.postmortem.ink import Ink, Statement, lines_of
from attrib.reports.postmortem.loose import data_of, figure, inner, rows

DEMOTIONS: Final = frozenset({"confined", "together", "deadline"})
"""Comparisons that a verdict against the vendor did not survive; each says where the evidence points instead."""
_ALIKE: Final = "alike"
_CONTEXT: Final = frozenset({"rule_hits", "onset", _ALIKE})
_SAME: Final = 1.1
"""Upstream time up to this many times the usual counts as usual."""
NAMES: Final = 4
_OURS: Final = ("service.version", "feature_flag")
NEARLY_ALL: Final = 0.95
"""Share of the failing from which on a version or flag is named as what they have in common."""


def points_to(entry: dict[str, Any], ink: Ink) -> str:
    """`The evidence points to ...`, without a full stop."""
    if entry["verdict"] == "unknown":
        if demoted := _demotions(entry):
            return f"{ink.prose(_stem(demoted[0]['statement']))}. It leans there, and is not proven"
        if entry["lean"]:
            return f"The evidence leans to {_whose(entry['lean'], entry, ink)}, and does not prove it"
        return "The logs do not say yet what the failures came from: the evidence that would tell is not in them"
    return f"The evidence points to {_whose(entry['verdict'], entry, ink)}"


def _whose(verdict: str, entry: dict[str, Any], ink: Ink) -> str:
    named = ink.value(entry["responsible"]) if entry["responsible"] else None
    functions = ink.line(incident_words.functions(entry))
    if verdict == "vendor":
        return f"{named or 'an upstream without a name in the log'} or the path to it"
    if verdict == "app_bottleneck":
        return f"the own time of {named or functions}, not to its upstream"
    if verdict == "caller":
        return "what the callers sent, or that they went away"
    if any(e["kind"] == "credential" for e in entry["evidence"]):
        return f"our credential for {ink.values(entry['upstreams'][:1]) or 'the upstream'}"
    apart = apart_by(entry)
    with_it = f", with {ink.value(apart['field'])} {ink.value(apart['value'])}" if apart else ""
    return f"our own {named or functions}{with_it}"


def apart_by(entry: dict[str, Any]) -> dict[str, Any] | None:
    """The version or flag of ours that sets nearly all the failing apart from the rest; None: there is none."""
    ours = (one for one in rows(data_of(entry, "contrast"), "features") if one.get("field") in _OURS)
    return next((one for one in ours if (figure(one, "share_failing") or 0) >= NEARLY_ALL and "value" in one), None)


def sureness(entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """How many of the requests point there at the least; nothing where there is no figure."""
    low, worst = entry["worst_case_low"], incident_words.worst_case(entry)
    lines = lines_of(entry, "worst_case") or lines_of(entry)
    if worst is None or low is None:
        return [ink.said(worst, lines)] if worst else []
    if entry["verdict"] == "unknown":
        text = f"Not proven: surely {percent(low)} of the requests point to one cause, and it takes over 50 %"
        return [ink.drawn(f"{text} (95 % lower bound, with every unknown counted against it)", lines)]
    known = entry.get("known")
    unknown = entry["symptomatic"] - known["attributed"] if known else entry["verdicts"]["unknown"]
    others = f"even if all {number(unknown)} that are unknown had another cause" if unknown else "and none is unknown"
    share = f"{percent(entry['worst_case_share'])} of the {number(entry['symptomatic'])} requests point there"
    return [ink.drawn(f"{share}, {others} (95 % lower bound: {percent(low)})", lines)]


def _stem(text: str) -> str:
    return text.rstrip(".")


def _demotions(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return [e for e in entry["counter_evidence"] if e["kind"] in DEMOTIONS]


def factors(entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """Contributing factors, the most telling first; each is what the evidence points to, and no more."""
    found = [ink.drawn(points_to(entry, ink), lines_of(entry, *DEMOTIONS) or lines_of(entry))]
    found += sureness(entry, ink)
    if entry["consequence_of"]:
        found.append(ink.drawn(f"It is a consequence of incident {ink.value(entry['consequence_of'])}"))
    found += [ink.evidence(e, entry) for e in telling(entry) if e["kind"] not in _CONTEXT]
    told = {id(e) for e in telling(entry)}
    found += [ink.evidence(e, entry) for e in entry["evidence"] if id(e) not in told and _adds(e)]
    found += [ink.evidence(e, entry) for e in _demotions(entry)[1:]]
    return found


def _adds(evidence: dict[str, Any]) -> bool:
    """Whether evidence that the summary leaves out is a factor: retries multiply load, a deadline cuts calls off."""
    if evidence["kind"] == "attempts":
        return figure(evidence["data"], "per_request") not in (None, 1)
    if evidence["kind"] == "contrast":
        return bool(rows(evidence["data"], "features"))
    return evidence["kind"] in ("time_split", "pile_up", "hops", "credential", "tripped")


def ruled_out(report: dict[str, Any], entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """What the evidence speaks against: parties that answered well, versions and hosts that fail alike, late marks."""
    found = [ink.evidence(e, entry) for e in entry["evidence"] if e["kind"] == _ALIKE]
    if _demotions(entry):
        found.append(_single(entry, ink))
    if entry["verdict"] in ("application", "app_bottleneck"):
        found += _answered_well(entry, ink)
    well = {"others_fine"} if entry["verdict"] == "vendor" else {"others_fine", "upstream_fine"}
    found += [ink.evidence(e, entry) for e in entry["counter_evidence"] if e["kind"] in well]
    found += _late_marks(report, entry, ink)
    return found


def _single(entry: dict[str, Any], ink: Ink) -> Statement:
    names = ink.values(entry["upstreams"][:NAMES]) or "the upstream"
    said = f"Each failed request by itself points to {names}; the comparison above does not bear it out"
    return ink.drawn(said, lines_of(entry, *DEMOTIONS))


def _answered_well(entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """Upstreams that answered the failing requests, and took no more time than usual."""
    found: list[Statement] = []
    fast: list[Statement] = []
    for evidence in entry["evidence"]:
        data = evidence["data"]
        total = figure(data, "total")
        if evidence["kind"] == "status_matrix" and total:
            well = sum(figure(row, "count") or 0 for row in rows(data, "rows") if row.get("upstream") == "2xx")
            if well:
                names = ink.values(entry["upstreams"][:NAMES]) or "The upstream"
                share = f"{number(well)} of these {number(total)} requests ({percent(well / total)})"
                found.append(ink.drawn(f"{names} answered {share} with a 2xx", evidence["examples"]))
        if evidence["kind"] == "time_split" and (said := _as_fast(data)):
            fast.append(ink.drawn(said, evidence["examples"]))
    return found + fast if found else []  # a refusal is quick, and says nothing


def _as_fast(data: dict[str, Any]) -> str | None:
    now, then = (figure(inner(data, zone, "upstream"), "p95") for zone in ("during", "before"))
    if not now or not then or now > then * _SAME:
        return None
    times = f"p95 {number(round(now))} ms, before {number(round(then))} ms"
    return f"The upstream took no more time than before: {times}"


def _late_marks(report: dict[str, Any], entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """What happened after the onset did not set it off."""
    # As times: as texts, 09:14:21Z would come after 09:14:21.480Z.
    onset, end = moment(entry["onset"], UTC), moment(entry["end"], UTC)
    if onset is None or end is None:
        return []
    late = [
        mark for mark in report.get("marks") or () if (at := moment(mark["time"], UTC)) is not None and onset < at < end
    ]
    return [
        ink.drawn(f"“{ink.prose(mark['text'])}”, {ink.both(mark['time'])}, came after the onset: it did not start it")
        for mark in late[:NAMES]
    ]


def against(entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """What speaks against the verdict, and is neither told above nor ruled out."""
    skipped = {*DEMOTIONS, "worst_case", "others_fine"}
    if entry["verdict"] != "vendor":
        skipped.add("upstream_fine")  # it speaks against the vendor, whom this verdict does not name
    return [ink.evidence(e, entry) for e in entry["counter_evidence"] if e["kind"] not in skipped]


def missing(report: dict[str, Any], entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """What the logs did not say about these requests."""
    found = [ink.evidence(e, entry) for e in entry["missing_evidence"]]
    if not found:
        for lost in lost_of(report, entry):
            count = lost["symptomatic_unknown"]
            them = f"{number(count)} request{'s'[: count != 1]} of {ink.value(lost['function'])}"
            text = f"For want of {ink.value(lost['field'])}, nobody can say what {them} came from"
            found.append(ink.drawn(text, lines_of(entry, "worst_case") or lines_of(entry)))
    return found


def lost_of(report: dict[str, Any], entry: dict[str, Any]) -> list[dict[str, Any]]:
    """What faults of the logs cost in evidence, of the incident's functions."""
    lost = (report.get("checks") or {}).get("lost") or []
    return [one for one in lost if one["function"] in entry["functions"]]
