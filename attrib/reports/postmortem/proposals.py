"""Action items that the evidence proposes, each with a number, a tool and an outcome that can be measured.

They are proposals: people keep, change or strike them, and say who does them. Figures are the incident's own, so that
"better" has something to be better than.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any, Final, NamedTuple

from attrib.reports import incident_words
from attrib.reports.figures import duration, milliseconds, moment, number, percent
from attrib.reports.next_steps import typable
from attrib.reports.postmortem.budget import threshold
from attrib.reports.postmortem.findings import DEMOTIONS, apart_by, lost_of
from attrib.reports.postmortem.ink import Ink
from attrib.reports.postmortem.loose import data_of, figure, inner, rows
from attrib.safe.markdown import code

TRIES: Final = 2
"""Attempts a request should make at most while its upstream fails."""
SOON: Final = timedelta(minutes=5)
"""After this an alert should have fired."""


class Proposal(NamedTuple):
    """A row of the table of action items, as Markdown; owner and ticket are people's to fill."""

    number: int
    action: str
    type: str
    """detect, mitigate, prevent, investigate, escalate or evidence."""
    tool: str
    outcome: str
    """Measurable: it names a figure."""


_Item = tuple[str, str, str, str]


def proposals(report: dict[str, Any], entry: dict[str, Any], ink: Ink) -> list[Proposal]:
    """What would settle it first, then what would make it smaller or seen earlier; numbered from 1."""
    told = _Told(report, entry, ink)
    found = [*_evidence(report, entry, told), *_by_verdict(entry, told), *_retries(entry, told), _alert(entry, told)]
    return [Proposal(position, *item) for position, item in enumerate(found, 1)]


class _Told:
    """Names and figures of one incident, as the rows write them."""

    def __init__(self, report: dict[str, Any], entry: dict[str, Any], ink: Ink) -> None:
        self.ink = ink
        self.functions = ink.line(incident_words.functions(entry))
        self.component = ink.value(entry["responsible"]) if entry["responsible"] else self.functions
        upstream = (entry["upstreams"] or [None])[0]
        self.upstream = ink.value(upstream) if upstream else "the upstream"
        self.vendor = entry["responsible"]
        bound = report["rules"]["thresholds"].get("incident_min_rate")
        self.bound = "5 %" if bound is None else f"{threshold(report, entry, 'incident_min_rate') * 100:g} %"
        rate = entry["failure_rate"]
        self.here = f"here {percent(rate)}" if rate is not None else f"here {number(entry['symptomatic'])} requests"
        slow, failed = ((entry.get("symptoms") or {}).get(name, 0) for name in ("slow", "failed"))
        self.bad = "fail or are slow" if slow and failed else "are slow" if slow else "fail"


def _evidence(report: dict[str, Any], entry: dict[str, Any], told: _Told) -> Iterator[_Item]:
    """One for each thing that the logs did not say."""
    tool = "logging configuration, `attrib check`"
    done = set()
    for evidence in entry["missing_evidence"]:
        data = evidence["data"]
        change, unknown = data.get("change"), figure(data, "unknown")
        if not change or unknown is None:
            continue
        done.add((str(data.get("function")), str(data.get("field"))))
        text = told.ink.prose(str(change))
        outcome = f"0 such requests stay unknown in the next incident or test (here {number(unknown)})"
        yield f"{text[:1].upper()}{text[1:]}", "evidence", tool, outcome
    for lost in lost_of(report, entry):
        if (str(lost["function"]), lost["field"]) in done:
            continue
        field, function = told.ink.value(lost["field"]), told.ink.value(lost["function"])
        here = number(lost["symptomatic_unknown"])
        outcome = f"`attrib check` counts 0 requests unknown for want of it (here {here})"
        yield f"Log {field} in {function}, on every way to fail", "evidence", tool, outcome


def _by_verdict(entry: dict[str, Any], told: _Told) -> Iterator[_Item]:
    demoted = next((e for e in entry["counter_evidence"] if e["kind"] in DEMOTIONS), None)
    if demoted is not None:
        yield from _demoted(demoted, told)
    elif entry["verdict"] == "vendor":
        yield from _vendor(entry, told)
    elif entry["verdict"] == "application":
        yield from _application(entry, told)
    elif entry["verdict"] == "app_bottleneck":
        yield from _bottleneck(entry, told)
    elif entry["verdict"] == "caller":
        outcome = f"the share of {told.functions} requests that fail so is at most {told.bound} ({told.here})"
        yield f"Agree with the callers of {told.functions} on what they may send", "prevent", "API contract", outcome
    elif entry["upstreams"]:
        outcome = f"0 of the {number(entry['symptomatic'])} requests stay unknown for want of the other side"
        text = f"Add the logs of {told.upstream}, or of a proxy before it, for these minutes"
        yield text, "investigate", "`attrib analyze --window`", outcome


def _demoted(found: dict[str, Any], told: _Told) -> Iterator[_Item]:
    data = found["data"]
    if found["kind"] == "deadline":
        usual = figure((rows(data, "functions") or [{}])[0], "usual_p99_ms")
        goal = f"above {milliseconds(round(usual))}, the usual p99" if usual else "known"
        text = f"Agree on a deadline for calls to {told.upstream} that its usual answers meet"
        yield text, "prevent", "configuration", f"the deadline is {goal}; at most 1 % of calls end at it ({told.here})"
    elif found["kind"] == "together":
        text = "Watch the path out of our network from two places"
        yield text, "detect", "probe, to 2 unrelated upstreams", "a failure of both is told within 5 min"
    else:
        where = f"{told.ink.prose(str(data.get('field')))} {told.ink.value(data.get('value'))}"
        text = f"Find what sets {where} apart from those that work, and put it right"
        outcome = f"at most {told.bound} of its calls to {told.upstream} fail ({told.here})"
        yield text, "prevent", "diff of configuration, build and network", outcome


def _vendor(entry: dict[str, Any], told: _Told) -> Iterator[_Item]:
    text = f"Give {told.functions} a fallback or a circuit breaker for {told.component}"
    outcome = f"with {told.component} switched off in a test, at most {told.bound} of the requests {told.bad}"
    yield text, "mitigate", "feature flag, circuit breaker", f"{outcome} ({told.here})"
    count = number(entry["verdicts"].get("vendor") or entry["symptomatic"])
    name = typable(told.vendor, told.ink.view)
    tool = code(f"attrib report vendor --vendor {shlex.quote(name)}") if name else "`attrib report vendor`"
    text = f"Send the failing calls to the support of {told.component}"
    yield text, "escalate", tool, f"they confirm the {count} requests, or name 1 call that reached them well"


def _application(entry: dict[str, Any], told: _Told) -> Iterator[_Item]:
    kinds = {e["kind"] for e in entry["evidence"]}
    if "credential" in kinds:
        text = f"Watch the expiry of our credential for {told.upstream}, and rotate it before"
        yield text, "prevent", "secret store, alerting", "told 14 days before; 0 calls refused at the next rotation"
        return
    if any("rate-limited" in rule for rule in entry["rules"]):
        text = f"Keep the calls to {told.upstream} below the granted rate"
        yield text, "prevent", "rate limiter, retry setting", f"at most 1 % of calls are answered 429 ({told.here})"
        return
    first = next((x for e in entry["evidence"] for x in e["examples"]), None)
    which = f"request {told.ink.value(first['request_id'])} ({told.ink.place(first)})" if first else "one such request"
    text = f"Repeat {which} in a test of {told.component}"
    yield text, "prevent", "test suite", "1 test fails on the version of that time, and passes on the one that mends it"
    if apart_by(entry) is not None:
        length = _length(entry)
        text = f"Roll out {told.component} on one host first, and undo it by itself when more requests fail"
        outcome = f"a rollout with over {told.bound} failing requests is undone within 5 min{length}"
        yield text, "mitigate", "deploy tool", outcome


def _length(entry: dict[str, Any]) -> str:
    start, end = moment(entry["start"], UTC), moment(entry["end"], UTC)
    return f" (here it lasted {duration((end - start).total_seconds())})" if start and end else ""


def _bottleneck(entry: dict[str, Any], told: _Told) -> Iterator[_Item]:
    split = data_of(entry, "time_split")
    now, then = (figure(inner(split, zone, "own"), "p95") for zone in ("during", "before"))
    outcome = "one stack, lock, pool or queue is named that holds over 50 % of the time"
    yield f"Find what held the own time of {told.component}", "investigate", "profiler, thread dump", outcome
    goal = f"{milliseconds(round(2 * then))} or less" if then else "half of it or less"
    here = f" (here {milliseconds(round(now))})" if now else ""
    text = f"Keep the work that slowed {told.component} away from its requests"
    outcome = f"p95 of the own time stays at {goal} while that work runs{here}"
    yield text, "prevent", "job schedule, resource limits", outcome


def _retries(entry: dict[str, Any], told: _Told) -> Iterator[_Item]:
    for evidence in entry["evidence"]:
        tries = figure(evidence["data"], "per_request") if evidence["kind"] == "attempts" else None
        if tries is not None and tries > TRIES:
            outcome = f"at most {TRIES} attempts per request while it fails (here {number(round(tries, 1))})"
            text = f"Retry calls to {told.upstream} with backoff and jitter, and less often"
            yield text, "mitigate", "retry setting", outcome


def _alert(entry: dict[str, Any], told: _Told) -> _Item:
    onset = moment(entry["onset"], UTC)
    text = f"Alert when over {told.bound} of the {told.functions} requests {told.bad}"
    if onset is None:
        return text, "detect", "alerting", "replayed on these logs, it fires within 5 min"
    by = f"{onset + SOON:%H:%M:%S} UTC"
    return text, "detect", "alerting", f"replayed on these logs, it fires by {by}, 5 min after the onset"
