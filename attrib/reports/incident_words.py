"""Sentences about one incident: who, how sure, since when, how many. Shared by every report for people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from attrib.reports.figures import duration, moment, number, percent, span
from attrib.reports.outline import Line, Piece, line, prose, value
from attrib.reports.view import View

FUNCTIONS: Final = 3
"""Functions named in one sentence; the rest is counted."""
PROVEN: Final = 0.5
"""A verdict takes a worst case whose lower bound is over this (design section 6)."""
_EDGE: Final = timedelta(minutes=1)
"""An incident that ends this close to the log's end may go on beyond it."""
_ENDS: Final = (".", "!", "?", "…")


def sentence(text: str) -> Line:
    """A statement with log text in it, with a full stop."""
    return line(prose(text)) if text.endswith(_ENDS) else line(prose(text), ".")


def who(entry: dict[str, Any]) -> Line:
    """`VENDOR payments-api`, `UNKNOWN, probably application (7 of 9)`: the verdict and whom it names, if anybody."""
    named = line(" ", value(entry["responsible"])) if entry["responsible"] else ()
    return (*says(entry), *named)


def says(entry: dict[str, Any]) -> Line:
    """The verdict, and where it leans."""
    pieces: list[Piece | str] = [Piece("verdict", entry["verdict"])]
    if lean := entry["lean"]:
        pieces.append(f", probably {lean}{_how_sure(entry)}")
    elif entry["verdict"] == "vendor" and not entry["responsible"]:
        pieces.append(" without a name in the log")
    return line(*pieces)


def _how_sure(entry: dict[str, Any]) -> str:
    if entry.get("claimed"):
        return " (claimed, not proven)"
    dominant = (entry.get("known") or {}).get("dominant")
    # A verdict that failed a comparison leans elsewhere than its known part says: no count speaks for that.
    if not dominant or dominant > entry["verdicts"].get(entry["lean"], 0):
        return ""
    return f" ({number(dominant)} of {number(entry['symptomatic'])})"


def functions(entry: dict[str, Any], joined: str = " and ") -> Line:
    """`checkout`, `checkout, search and 2 more`; words where the log names none."""
    names = entry["functions"]
    pieces: list[Piece | str] = []
    if not names:
        return line("function not named" if entry["invocations"] else "no invocation")
    shown = names if len(names) <= FUNCTIONS + 1 else names[:FUNCTIONS]
    for position, name in enumerate(shown):
        last = position == len(names) - 1
        pieces += [(joined if last else ", ") if position else "", value(name)]
    if len(names) > len(shown):
        pieces.append(f"{joined}{number(len(names) - len(shown))} more")
    return line(*pieces)


def how_many(entry: dict[str, Any], *, sampled: bool = False) -> Line:
    """`1,204 of 3,310 checkout requests failed (36 %, usually 0.2 %)`, without a full stop."""
    bad, total = entry["symptomatic"], entry["invocations"]
    requests = "request" if total == 1 else "requests"
    if not entry["functions"]:
        whose = line(requests)
    elif len(entry["functions"]) == 1:
        whose = line(value(entry["functions"][0]), f" {requests}")
    else:
        whose = (*line(f"{requests} of "), *functions(entry))
    return (*line(f"{number(bad)} of {number(total)} "), *whose, *line(f" {_what(entry)}{_rate(entry, sampled)}"))


def _what(entry: dict[str, Any]) -> str:
    """What was wrong with them; both where it is not said which."""
    counts = entry.get("symptoms") or {"failed": 1, "slow": 1}
    was = "was slow" if entry["symptomatic"] == 1 else "were slow"
    words = (("failed", "failed"), ("slow", was), ("unfinished", "never finished"))
    found = [word for name, word in words if counts.get(name)] or ["failed", was]
    return f"{', '.join(found[:-1])} or {found[-1]}" if len(found) > 1 else found[0]


def _rate(entry: dict[str, Any], sampled: bool) -> str:
    rate, usual = entry["failure_rate"], entry["baseline_rate"]
    if rate is not None:
        return f" ({percent(rate)}{f', usually {percent(usual)}' if usual is not None else ''})"
    if sampled or entry.get("sampled"):
        return " (the log is a sample: no rate)"
    return " (this log holds only failures: no rate)" if entry["symptomatic"] else ""


def when(entry: dict[str, Any], report: dict[str, Any], view: View) -> str:
    """`2026-11-20 14:02 to 14:19 UTC, 17 min`; what kind of window it is where it is no detected one."""
    covered = span(entry["start"], entry["end"], view.zone)
    first, last = moment(entry["start"], view.zone), moment(entry["end"], view.zone)
    if covered is None or first is None or last is None:
        return "no time in the log, judged as one window"
    text = f"{covered}, {duration((last - first).total_seconds())}"
    if entry.get("forced"):
        return f"{text}, the window you named"
    if entry.get("whole_log"):
        return f"{text}, the whole log as one window (no unaffected time in it)"
    ends = moment((report["input"]["time_range"] or {}).get("end"), view.zone)
    return f"{text}, up to the end of the log" if ends is not None and last >= ends - _EDGE else text


def worst_case(entry: dict[str, Any]) -> str | None:
    """How sure it is, against every unknown; None where there is no figure, or the verdict fails for another reason."""
    share, low = entry["worst_case_share"], entry["worst_case_low"]
    if share is None:
        return None
    known = entry.get("known")  # what inherits a verdict (an open breaker's answers) is known, though each is unknown
    unknown = entry["symptomatic"] - known["attributed"] if known else entry["verdicts"]["unknown"]
    if entry["verdict"] == "unknown":
        if not share or low is None or low > PROVEN:
            return None
        return f"Not proven: in the worst case {percent(share)}, surely only {percent(low)}; over 50 % is needed."
    bound = f"at least {percent(low)}" if low is not None else percent(share)
    if not unknown:
        return f"Holds in the worst case: {bound}; none is unknown."
    them = "the 1 unknown was" if unknown == 1 else f"all {number(unknown)} unknown were"
    return f"Holds in the worst case: {bound} even if {them} not its doing."
