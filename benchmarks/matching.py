"""Holds one report against one log's labels: what was found, what was missed, and who was blamed wrongly.

Pure functions over plain dicts (labels.json, and the report of `attrib analyze --to json`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

SLACK_S = 120.0
"""Times may miss each other by this much and still overlap: incidents are made of whole minutes."""
MOST_CANDIDATES = 8
"""Found incidents tried for one label, the likeliest first."""

Doc = Mapping[str, Any]
Score = dict[str, Any]


def compare(labels: Doc, report: Doc) -> Score:
    """The figures of one log. `misses` says in words what is wrong, one sentence each.

    labelled, found, matched, verdict_right, responsible_right, lean_labelled, lean_right, false_positives, fragments,
    false_blames: counts of incidents; onset_errors and first_errors: absolute seconds from the true onset and from
    the first failing request, one for each matched incident with times.
    """
    wanted = [label for label in labels["incidents"] if not label.get("optional")]
    shown = [incident for incident in report.get("incidents") or [] if isinstance(incident, Mapping)]
    pairs = assign(wanted, shown)
    score: Score = {
        "labelled": len(wanted),
        "found": len(shown),
        "matched": len(pairs),
        "verdict_right": 0,
        "responsible_right": 0,
        "lean_labelled": 0,
        "lean_right": 0,
        "false_positives": 0,
        "tolerated": 0,
        "fragments": 0,
        "false_blames": 0,
        "onset_errors": [],
        "first_errors": [],
        "misses": [],
    }
    for index, label in enumerate(wanted):
        if index in pairs:
            _judge_pair(score, label, shown[pairs[index]])
        else:
            score["misses"].append(f"missed: {_told(label, 'onset')}")
    taken = set(pairs.values())
    for index, incident in enumerate(shown):
        if index not in taken:
            _judge_extra(score, labels["incidents"], incident)
    return score


def assign(labels: Sequence[Doc], shown: Sequence[Doc]) -> dict[int, int]:
    """Label number -> incident number: as many pairs as can be, then the best ones.

    An incident that is right for some label stands for no other: it is a part of that one, and blames nobody wrongly.
    """
    options = []
    serves = [{index for index, incident in enumerate(shown) if _stands(label, incident)} for label in labels]
    for number, label in enumerate(labels):
        others = set().union(*serves[:number], *serves[number + 1 :]) - serves[number]
        near = [index for index, incident in enumerate(shown) if index not in others and meets(label, incident)]
        likely = [(likeness(label, shown[index]), index) for index in near]
        options.append(sorted(likely, reverse=True)[:MOST_CANDIDATES])

    def best(at: int, taken: frozenset[int]) -> tuple[float, dict[int, int]]:
        if at == len(options):
            return 0.0, {}
        result = best(at + 1, taken)
        for worth, index in options[at]:
            if index not in taken:
                rest, pairs = best(at + 1, taken | {index})
                if rest + worth + 100 > result[0]:
                    result = (rest + worth + 100, {at: index, **pairs})
        return result

    return best(0, frozenset())[1]


def meets(label: Doc, incident: Doc) -> bool:
    """Whether an incident may stand for a label at all: times overlap, and functions or the responsible agree."""
    same = set(label["functions"]) & set(incident.get("functions") or ())
    named = label.get("responsible") is not None and label["responsible"] == incident.get("responsible")
    return (bool(same) or named) and _overlap(label, incident) > 0


def likeness(label: Doc, incident: Doc) -> float:
    """How well an incident stands for a label: a right answer outweighs any overlap."""
    verdict, responsible = right(label, incident)
    ours, theirs = set(label["functions"]), set(incident.get("functions") or ())
    together = len(ours & theirs) / max(1, len(ours | theirs))
    return 4.0 * verdict + 4.0 * responsible + together + _overlap(label, incident)


def right(label: Doc, incident: Doc) -> tuple[bool, bool]:
    """(the verdict is right, the responsible is right too)."""
    verdict, responsible = incident.get("verdict"), incident.get("responsible")
    answers = [(label["verdict"], label["responsible"])]
    answers += [(other["verdict"], other["responsible"]) for other in label.get("accept") or ()]
    if label.get("accept_unknown"):
        answers.append(("unknown", None))
    return any(verdict == answer[0] for answer in answers), (verdict, responsible) in answers


def _stands(label: Doc, incident: Doc) -> bool:
    """Whether an incident is a right answer for a label."""
    return meets(label, incident) and all(right(label, incident))


def _judge_pair(score: Score, label: Doc, incident: Doc) -> None:
    verdict, responsible = right(label, incident)
    score["verdict_right"] += verdict
    score["responsible_right"] += responsible
    told = f"{_told(incident, 'onset')} for {_told(label, 'onset')}"
    if not responsible:
        blames = incident.get("verdict") != "unknown" and (not verdict or incident.get("responsible") is not None)
        score["false_blames"] += blames
        score["misses"].append(f"{'false blame' if blames else 'not right'}: {told}")
    if label.get("lean") and incident.get("verdict") == "unknown":
        score["lean_labelled"] += 1
        score["lean_right"] += incident.get("lean") == label["lean"]
        if incident.get("lean") != label["lean"]:
            score["misses"].append(f"lean {incident.get('lean')} instead of {label['lean']}: {told}")
    onset = _seconds(incident.get("onset") or incident.get("start"))
    for name, truth in (("onset_errors", label.get("onset")), ("first_errors", label.get("first_symptom"))):
        at = _seconds(truth)
        if onset is not None and at is not None:
            score[name].append(round(abs(onset - at), 3))


def _judge_extra(score: Score, labels: Sequence[Doc], incident: Doc) -> None:
    """An incident that stands for no label: a consequence, a part of one, or somebody blamed for nothing."""
    near = [label for label in labels if _stands(label, incident)]
    if incident.get("consequence_of") or any(label.get("split") or label.get("optional") for label in near):
        score["tolerated"] += 1
        return
    score["false_positives"] += 1
    if near:
        score["fragments"] += 1
        score["misses"].append(f"a second incident for one label: {_told(incident, 'onset')}")
        return
    blames = incident.get("verdict") != "unknown"
    score["false_blames"] += blames
    score["misses"].append(f"{'false blame' if blames else 'nothing happened'}: {_told(incident, 'onset')}")


def _overlap(label: Doc, incident: Doc) -> float:
    """Intersection over union of the times, 0 where they are apart; 1 where either has none."""
    ours = _seconds(label.get("onset")), _seconds(label.get("end"))
    theirs = _seconds(incident.get("start")), _seconds(incident.get("end"))
    if ours[0] is None or theirs[0] is None:
        return 1.0
    ends = [ours[1] if ours[1] is not None else ours[0], theirs[1]]
    last = max(end for end in ends if end is not None)
    ours_end, theirs_end = (last if end is None else end for end in ends)
    if min(ours_end, theirs_end) + SLACK_S < max(ours[0], theirs[0]):
        return 0.0
    union = max(ours_end, theirs_end) - min(ours[0], theirs[0])
    inner = min(ours_end, theirs_end) - max(ours[0], theirs[0])
    return max(inner / union, 0.01) if union > 0 else 1.0


def _seconds(value: object) -> float | None:
    """Epoch seconds of an ISO 8601 time; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).timestamp()
    except ValueError:
        return None


def _told(entry: Doc, onset: str) -> str:
    functions = ",".join(str(name) for name in entry.get("functions") or ())
    return f"[{entry.get('verdict')} {entry.get('responsible')} in {functions or '?'} from {entry.get(onset)}]"
