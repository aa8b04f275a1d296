"""What to do: a short runbook per verdict, and the stop rule (design section 7).

Every step has a number, a tool, and an outcome that can be seen: what it shows if the verdict is right, and where that
is worth knowing, what would prove it wrong. Nobody is at fault: evidence points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from attrib.incidents.buckets import MINUTE_US
from attrib.incidents.draft import OWN, Demotion, Draft, Judged
from attrib.incidents.phrases import listed, ms, percent, plural, upstream_of
from attrib.incidents.scene import DURING

INVESTIGATE: Final = "investigate"
ROLL_BACK: Final = "roll_back"
ESCALATE: Final = "escalate"
STOP_RULE: Final = "stop_rule"
STOP: Final = "No data rewrite, schema change or semantic patch without a replay plan and a rollback."
STOP_UNKNOWN: Final = "No data rewrite, schema change or semantic patch at all: nobody can say yet who was responsible."
CREDENTIALS: Final = frozenset({401, 403, 407})
_PLAIN: Final = re.compile(r"[A-Za-z0-9][\w.:+=-]{0,127}", re.ASCII)
"""A request id that may stand in a command as it is."""
_PLAIN_PATH: Final = re.compile(r"[\w./+=@:-]+", re.ASCII)
FILES: Final = 3
"""Files named in a command; more are written LOGS."""

Step = tuple[str, str]


@dataclass(frozen=True)
class Action:
    """One step. `kind`: investigate, roll_back, escalate or stop_rule."""

    kind: str
    text: str


def actions(draft: Draft, files: Sequence[str] = ()) -> list[Action]:
    """The steps of a judged draft, numbered from 1, and last the stop rule. `files`: the logs, to name in commands."""
    judged = draft.judged
    if judged is None:
        raise ValueError("actions are for a judged incident")
    told = _Told(draft, judged, files)
    steps = _steps(draft, judged, told)
    numbered = [Action(kind, f"{number}. {text}") for number, (kind, text) in enumerate(steps, 1)]
    return [*numbered, Action(STOP_RULE, STOP_UNKNOWN if judged.verdict == "unknown" else STOP)]


class _Told:
    """Names, commands and figures of one incident, as the steps write them."""

    def __init__(self, draft: Draft, judged: Judged, files: Sequence[str]) -> None:
        plain = 0 < len(files) <= FILES and all(_PLAIN_PATH.fullmatch(file) and file[0] != "-" for file in files)
        self.logs = " ".join(files) if plain else "LOGS"
        self.upstream = upstream_of(_upstream(draft))
        self.functions = listed(draft.functions) or "the function"
        self.component = judged.responsible or draft.cause.responsible or self.functions
        self.explain = f"attrib explain {_request_id(draft) or 'REQUEST_ID'} {self.logs}"
        self.verdicts = f"attrib verdicts {self.logs} --to csv -o verdicts.csv"
        self.usual = "below 5 %" if draft.baseline_rate is None else f"to its usual {percent(draft.baseline_rate)}"
        self.count = plural(draft.n(OWN), "request")
        self.window = _window(draft)


def _steps(draft: Draft, judged: Judged, told: _Told) -> list[Step]:
    if judged.demotions:
        return _demoted(judged.demotions[0], told)
    if judged.verdict == "vendor":
        return _vendor(told)
    if judged.verdict == "app_bottleneck":
        return _bottleneck(told)
    if judged.verdict == "caller":
        return _caller(told)
    if judged.verdict == "application":
        codes = _codes(draft)
        if 429 in codes:
            return _quota(told)
        if codes & CREDENTIALS:
            return _credential(told)
        return _application(told)
    return _unknown(judged, told)


def _look(text: str) -> Step:
    return INVESTIGATE, text


def _undo(text: str) -> Step:
    return ROLL_BACK, text


def _tell(text: str) -> Step:
    return ESCALATE, text


def _vendor(told: _Told) -> list[Step]:
    name = told.upstream
    return [
        _look(f"{told.explain}: the last call to {name} shows an error, a timeout or no answer, or took most of the "
         "time. A fast 2xx there contradicts this verdict."),
        _look(f"curl -sS -o /dev/null -w '%{{http_code}} %{{time_total}}\\n' on {name}'s health URL, from a "
         "host that fails and from one outside your network: both fail or are slow. If only yours does, look at your "
         "network."),
        _undo(f"deploy tool: put back on one host what went out shortly before the onset. If that host alone "
         f"recovers, the evidence points to the change and not to {name}."),
        _look(f"feature flag or breaker: switch {told.functions} to its fallback, and retry with backoff and "
         f"jitter, at most 2 attempts: the share of failed and slow requests falls {told.usual}."),
        _tell(f"{told.verdicts}: send {name}'s support the rows of {told.component} (times in UTC, statuses, "
         f"request ids; {told.count}). Done when they confirm it or name the call that reached them well."),
    ]  # fmt: skip


def _application(told: _Told) -> list[Step]:
    return [
        _look(f"{told.explain}: the upstream answered well, or was not the one to blame, before "
         f"{told.component} failed. If it did not, this verdict is wrong."),
        _look(f"attrib analyze {told.logs} --mark TIME=TEXT with the time of each deploy, flag and "
         "configuration change: the onset lies seconds to minutes after the one that matters."),
        _undo(f"deploy tool: put {told.component} back to the version before the onset, on one host first: its "
         f"share of failed requests falls {told.usual} within 5 minutes, else undo the rollback."),
        _tell(f"pager of the owners of {told.component}: send {told.verdicts} and the first example line. Done "
         "when they name the change or the input that fails."),
    ]  # fmt: skip


def _bottleneck(told: _Told) -> list[Step]:
    return [
        _look(f"{told.explain}: most of the time is {told.component}'s own, the upstream's part is small. If "
         "it is not, this verdict is wrong."),
        _look(f"profiler or thread dump of {told.component}, 3 times 10 s apart, beside CPU, pool and queue "
         "gauges: one stack, lock, pool or queue holds most of the time."),
        _undo("deploy tool: if something went out shortly before the onset, put it back on one host: its p95 "
         "falls to that of the time before within 5 minutes, else undo the rollback."),
        _look(f"autoscaler: add one instance of {told.component}: p95 falls if capacity was short, and stays "
         "if it waits for a lock or a shared pool."),
        _tell(f"pager of the owners of {told.component}: send {told.verdicts} and the profile. Done when they "
         "name what holds the time."),
    ]  # fmt: skip


def _quota(told: _Told) -> list[Step]:
    name = told.upstream
    return [
        _look(f"{told.explain}: {name} answered 429. Its Retry-After and rate-limit headers, where they are "
         "logged, name the limit."),
        _look(f"attrib verdicts {told.logs} --all --to csv -o all.csv: count the calls to {name} per minute, "
         "attempts included: they rise above the granted rate at the onset. If they do not, the limit was lowered."),
        _undo("deploy tool: put back the job, flag or retry setting that raised the rate, and retry with "
         f"backoff and jitter, at most 2 attempts: the 429s fall {told.usual}."),
        _tell(f"{name}'s account team: ask for the limit and its use in these minutes. Done when both figures are "
         "known."),
    ]  # fmt: skip


def _credential(told: _Told) -> list[Step]:
    name = told.upstream
    return [
        _look(f"{told.explain}: {name} refused our credentials (401, 403 or 407)."),
        _look(f"secret store: compare expiry and last rotation of the key for {name} with the onset: it "
         "expired, was rotated or lost a permission then. If not, ask whether the caller's own token was passed on."),
        _undo(f"secret store: bring back the key that worked, or issue a new one, on one host first: {name} "
         "answers 2xx to that host within 1 minute."),
        _tell(f"owners of the key, then {name}'s support: send the first refused request id and its time in UTC. "
         "Done when they name why it is refused."),
    ]  # fmt: skip


def _caller(told: _Told) -> list[Step]:
    return [
        _look(f"{told.explain}: the client went away, or asked for what nobody could serve. If the request was "
         "valid, this verdict is wrong."),
        _look(f"{told.verdicts}: sort by error_code and request: few clients, one release or one path make "
         f"most of the {told.count}."),
        _tell(f"owners of that client: send 3 request ids of {told.functions} with their times in UTC. Done when "
         "they confirm the change on their side."),
    ]  # fmt: skip


def _unknown(judged: Judged, told: _Told) -> list[Step]:
    look = f"look first at the {judged.lean.replace('app_', '')} side" if judged.lean else "look at both sides"
    return [
        _look(f"{told.explain}: what is logged of one request, and which rule lacks which field; {look}."),
        _look("logging configuration: make the change named under what is missing, in one function first: the "
         "next 5 failures get a verdict."),
        _look(f"attrib analyze {told.logs} OTHER_LOGS{told.window}: add the logs of {told.upstream} or of a "
         "proxy in between for the same minutes: unknown requests that join get a verdict."),
        _tell(f"on-call of {told.functions}: hand over what is known ({told.count}, no verdict) without naming a "
         "cause. Done when one of the two sides is excluded by a logged fact."),
    ]  # fmt: skip


def _demoted(found: Demotion, told: _Told) -> list[Step]:
    first = _look(f"{told.explain}: the single request points to {told.upstream}; the comparison does not.")
    if found.kind == "deadline":
        return [first, *_our_deadline(found, told)]
    if found.kind == "together":
        return [first, *_our_network(told)]
    return [first, *_confined(found, told)]


def _our_deadline(found: Demotion, told: _Told) -> list[Step]:
    name = told.upstream
    functions = found.data.get("functions")
    waits = functions[0] if isinstance(functions, list) and functions else {}
    deadline = ms(waits["deadline_ms"]) if "deadline_ms" in waits else "the deadline"
    return [
        _look(f"configuration history: find the timeout of about {deadline} for {name}, and when it last "
         "changed: it is new, or below what the calls usually take."),
        _undo(f"deploy tool: put back the former timeout on one host: its timeouts fall {told.usual} within 5 "
         f"minutes. If its calls then hang longer, the evidence points to {name} again."),
        _tell(f"owners of {told.functions}: agree on a deadline above the usual p99 of {name} and below the "
         "caller's own. Done when both figures stand in the configuration."),
    ]  # fmt: skip


def _our_network(told: _Told) -> list[Step]:
    return [
        _look("curl and dig, to two of the upstreams named, from a host that fails and from one outside your "
         "network: only yours fails."),
        _undo("configuration history of egress, proxy, firewall and resolver: put back what changed at the onset: "
         f"all upstreams named answer again within 5 minutes, and failures fall {told.usual}."),
        _tell(f"network or cloud provider's on-call: send {told.verdicts} with the list of upstreams. Done when "
         "they confirm or exclude the path."),
    ]  # fmt: skip


def _confined(found: Demotion, told: _Told) -> list[Step]:
    field, value = found.data.get("field", "value"), found.data.get("value", "")
    return [
        _look(f"diff of configuration, build and network of {field} {value} against one that works: at least "
         f"one difference touches the calls to {told.upstream}."),
        _undo(f"deploy tool or load balancer: take {field} {value} back or out of rotation: failures fall "
         f"{told.usual} within 5 minutes. If they move to the others, the evidence points to {told.upstream} again."),
        _tell(f"owners of {field} {value}: send {told.verdicts}. Done when they name the difference."),
    ]  # fmt: skip


def _upstream(draft: Draft) -> str | None:
    if draft.cause.verdict == "vendor":
        return draft.cause.responsible
    return next((kind.upstream for kind in draft.kinds(OWN) if kind.upstream is not None), None)


def _codes(draft: Draft) -> set[int | str | None]:
    """What the upstream answered to more than half of the incident's own symptoms; 401 stands for 403 and 407, too."""
    sums: dict[int | str | None, int] = {}
    for kind in draft.kinds(OWN):
        code = 401 if kind.code in CREDENTIALS else kind.code
        sums[code] = sums.get(code, 0) + draft.counts[kind].n
    return {code for code, n in sums.items() if 2 * n > draft.n(OWN)}


def _request_id(draft: Draft) -> str | None:
    """The earliest example's id that may stand in a command."""
    if draft.scene is None:
        return None
    sights = draft.scene.sights
    found = sorted(e for kind in draft.kinds(OWN) if (DURING, kind) in sights for e in sights[DURING, kind].examples)
    return next((example.request_id for example in found if _PLAIN.fullmatch(example.request_id)), None)


def _window(draft: Draft) -> str:
    """` --window START..END`, UTC, both on the minute; empty where the log has no time."""
    zone = draft.whole
    if zone.first is None or zone.last is None:
        return ""
    start, end = (datetime.fromtimestamp(m * MINUTE_US // 1_000_000, UTC) for m in (zone.first, zone.last + 1))
    return f" --window {start:%Y-%m-%dT%H:%MZ}..{end:%Y-%m-%dT%H:%MZ}"
