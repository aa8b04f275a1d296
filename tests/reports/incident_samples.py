"""Reports with incidents of every sort, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.reports import samples

COUNTS = [0] * 10 + [3, 18, 64, 90, 96, 95, 94, 93, 96, 95, 94, 93, 92, 91, 70, 40, 30] + [2, 0, 0, 1, 0, 0, 0, 0, 0, 0]
CHAIN = ["checkout", "orders", "stock"]


def example(line: int = 8811, statement: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"file": "logs/api-2.jsonl", "line": line, "request_id": f"7f3c{line}"}
    return found | ({"statement": statement} if statement else {})


def said(kind: str, statement: str, *lines: int, **data: Any) -> dict[str, Any]:
    return {"kind": kind, "statement": statement, "data": data, "examples": [example(at) for at in lines]}


MATRIX = {
    "rows": [
        {"upstream": "5xx", "upstream_status": "503", "status_class": "5xx", "status": "502", "count": 1144},
        {"upstream": "missing", "upstream_status": None, "status_class": "5xx", "status": "502", "count": 36},
    ],
    "total": 1204,
}  # fmt: skip
TIMES = {
    "during": {
        "latency": {"p50": 61, "p95": 80.5, "p99": 1203, "n": 1204}, "upstream": {"p50": 31, "p95": 44, "p99": 90},
        "own": None,
    },
    "before": {"latency": {"p50": 58, "p95": 77, "p99": 120}, "upstream": None, "own": {"p50": 9, "p95": 12, "p99": 2}},
}  # fmt: skip
CONTRAST = {
    "failing": 1204, "rest": 2106, "common": [], "alike": [],
    "features": [
        {"field": "error_code", "value": "UPSTREAM_5XX", "failing": 1168, "failing_of": 1204, "rest": None,
         "rest_of": None, "share_failing": 0.97, "share_rest": None, "lift": None, "low": None, "high": None},
        {"field": "stage", "value": "pay", "failing": 1204, "failing_of": 1204, "rest": 716, "rest_of": 2106,
         "share_failing": 1.0, "share_rest": 0.34, "lift": 2.94, "low": 0.64, "high": 0.68},
    ],
}  # fmt: skip


def vendor(**more: Any) -> dict[str, Any]:
    """Certain: 1,168 of 1,204 say so, and nothing speaks against it."""
    [base] = samples.with_incident()["incidents"]
    return {
        **base,
        "suspects": [
            {"component": "payments-api", "kind": "upstream", "score": 0.97, "excess_failures": 1197.4,
             "excess_ms": 1503.25, "share_failures": 0.994, "share_time": 0.91},
            {"component": "checkout", "kind": "function", "score": 0.02, "excess_failures": 7.0, "excess_ms": None,
             "share_failures": 0.006, "share_time": None},
        ],
        "evidence": [
            said("rule_hits", "m1-vendor took 1,168 of 1,204", 8811, 8812),
            said("onset", "It began at 14:02:11 UTC", 8811),
            said("time_split", "Failing requests took 61 ms at the median, as before", **TIMES),
            said("status_matrix", "It answered 503 to 1,144 of them and did not answer 24; none got a 2xx.", 8812, 8840,
                 **MATRIX),
            said("contrast", "error_code UPSTREAM_5XX is on 97 % of the failing and on none of the rest", **CONTRAST),
            said("attempts", "1,100 of them tried more than once", per_request=1.9),
        ],
        "counter_evidence": [],
        "actions": [
            {"kind": "investigate", "text": "Open payments-api's status page and compare its times with 14:02:11 UTC."},
            {"kind": "escalate", "text": "Send the vendor the three request ids above."},
            {"kind": "stop_rule", "text": "No data rewrite, schema change or semantic patch without a replay plan."},
        ],
        "peak": "2026-11-20T14:06:00Z",
        "timeline": {
            "start": "2026-11-20T13:52:00Z", "step_s": 60, "counts": COUNTS, "invocations": [190] * len(COUNTS)
        },
        "method": "wilson", "claimed": False, "known": {"dominant": 1168, "attributed": 1168},
        "symptoms": {"failed": 1204, "slow": 0, "unfinished": 0}, "whole_log": False, "forced": False,
        "sampled": False, "consequences": [], "via": [],
    } | more  # fmt: skip


def unknown(**more: Any) -> dict[str, Any]:
    """Probably the application's: 7 of 9 say so, which is too few."""
    return vendor(
        id="inc-90b1d44e", verdict="unknown", lean="application", responsible=None, known_share=1.0,
        worst_case_share=7 / 9, worst_case_low=0.4526, start="2026-11-20T14:31:02Z", end="2026-11-20T14:33:40Z",
        onset="2026-11-20T14:31:02Z", functions=["search"], upstreams=["catalog"], symptomatic=9, invocations=160,
        failure_rate=9 / 160, baseline_rate=0.0, verdicts={**samples.ZERO, "application": 7, "unknown": 2},
        rules={"m1-application": 7, "m1-unknown": 2}, known={"dominant": 7, "attributed": 7},
        symptoms={"failed": 9, "slow": 0, "unfinished": 0}, timeline=None, peak=None,
        suspects=[
            {"component": "search", "kind": "function", "score": 0.78},
            {"component": "catalog", "kind": "upstream", "score": 0.22},
        ],
        evidence=[said("status_matrix", "catalog answered 200 to 7 of them", 411)],
        missing_evidence=[
            said("missing_field", "log upstream_status in search, stage exception; 2 of 9 lines lack it", 411)
        ],
        actions=[{"kind": "stop_rule", "text": "None at all until it is known."}],
    ) | more  # fmt: skip


def claimed() -> dict[str, Any]:
    """Nothing is known: error codes say the vendor."""
    return unknown(
        id="inc-c1a13ed0", lean="vendor", claimed=True, known={"dominant": 0, "attributed": 0}, known_share=None,
        worst_case_share=0.0, worst_case_low=0.0, verdicts={**samples.ZERO, "unknown": 9},
        evidence=[said("pile_up", "8 of 9 ended within 20 ms of 2,000 ms", 411)],
    )  # fmt: skip


def consequence(of: str = "inc-3f9a1c20") -> dict[str, Any]:
    """Our own queue, because of the vendor."""
    return unknown(
        id="inc-77aa0001", verdict="app_bottleneck", lean=None, responsible="checkout", functions=["checkout"],
        consequence_of=of, symptomatic=310, invocations=3310, failure_rate=0.0937, worst_case_share=1.0,
        worst_case_low=0.988, verdicts={**samples.ZERO, "app_bottleneck": 310}, missing_evidence=[],
        symptoms={"failed": 0, "slow": 310, "unfinished": 0}, known={"dominant": 310, "attributed": 310},
        evidence=[said("time_split", "1,900 of 2,100 ms were our own", 500, **TIMES)],
    )  # fmt: skip


def timeless() -> dict[str, Any]:
    """No time in the log at all."""
    return vendor(
        id="inc-0000aaaa", start=None, end=None, onset=None, peak=None, timeline=None, whole_log=True,
        baseline_rate=None,
    )  # fmt: skip


def whole_log() -> dict[str, Any]:
    """A grep of errors."""
    return vendor(id="inc-0000bbbb", whole_log=True, failure_rate=None, baseline_rate=None, invocations=1204)


def forced() -> dict[str, Any]:
    """The window that the user named; slow, and one function without a name."""
    return vendor(
        id="inc-0000cccc", forced=True, functions=["checkout", "refund", "invoice", "receipt", "mail"],
        via=[CHAIN], symptoms={"failed": 4, "slow": 1200, "unfinished": 0},
        counter_evidence=[said("x", "mail-api answered all calls."), said("y", "v41 fails alike"), said("z", "more")],
    )  # fmt: skip


def nothing() -> dict[str, Any]:
    """A window in which nothing failed."""
    return unknown(
        id="inc-0000dddd", lean=None, forced=True, symptomatic=0, failure_rate=0.0, known_share=None,
        worst_case_share=None, worst_case_low=None, verdicts=samples.ZERO, rules={}, evidence=[], missing_evidence=[],
        known={"dominant": 0, "attributed": 0}, symptoms={"failed": 0, "slow": 0, "unfinished": 0},
    )  # fmt: skip


def report(*incidents: dict[str, Any], **more: Any) -> dict[str, Any]:
    return samples.rich() | {"incidents": list(incidents)} | more


MARKS = [
    {"time": "2026-11-20T14:01:33Z", "text": "deploy v42"},
    {"time": "2026-11-20T14:12:00Z", "text": "status page: investigating"},
]


def outage() -> dict[str, Any]:
    """The story of the sketch: a vendor with a consequence, and an unknown beside it."""
    first = vendor(consequences=["inc-77aa0001"])
    return report(first, consequence(), unknown(), marks=MARKS, sampled=False, baseline=None)


def ten() -> dict[str, Any]:
    return report(*(vendor(id=f"inc-{at:08x}", functions=[f"function-{at}"]) for at in range(10)))


def hostile() -> dict[str, Any]:
    """Every text of an incident is out to do harm."""
    found = []
    for at, text in enumerate(samples.HOSTILE):
        bad = {"kind": text, "statement": f"{text} said {text}", "data": {"rows": [{"field": text, "value": text}]},
               "examples": [{"file": text, "line": 1, "request_id": text, "statement": text}]}  # fmt: skip
        rows = {"rows": [{"upstream": text, "status": text, "count": text, "failing": text, "lift": text}, text]}
        matrix = {**bad, "kind": "status_matrix", "data": rows}
        contrast = {**bad, "kind": "contrast", "data": {"rows": [{"field": text, "value": text, "failing": 7}]}}
        split = {**bad, "kind": "time_split", "data": {"latency": {"p50": text}, "before": text, "own": text}}
        found.append(
            vendor(
                id=f"inc-{at:08x}", responsible=text, functions=[text, text, "x" * 200], upstreams=[text],
                evidence=[matrix, contrast, split, bad], counter_evidence=[bad], missing_evidence=[bad],
                suspects=[{"component": text, "kind": "upstream", "score": 1.0}], rules={text: 1}, via=[[text, text]],
                parties={text: "own"}, actions=[{"kind": "escalate", "text": text}],
            )
        )  # fmt: skip
    return report(
        *found,
        marks=[{"time": "2026-11-20T14:01:33Z", "text": text} for text in samples.HOSTILE],
        rules=samples.rich()["rules"] | {"config": {"path": samples.HOSTILE[0], "digest": "sha256:00"}},
    )


ALL: dict[str, Callable[[], dict[str, Any]]] = {
    "vendor": lambda: report(vendor()), "unknown": lambda: report(unknown()), "claimed": lambda: report(claimed()),
    "outage": outage, "timeless": lambda: report(timeless()), "whole_log": lambda: report(whole_log()),
    "forced": lambda: report(forced()), "nothing": lambda: report(nothing()), "ten": ten, "hostile": hostile,
    "sampled": lambda: report(vendor(sampled=True, failure_rate=None, baseline_rate=None), sampled=True,
                              baseline={"files": ["a", "b"], "records": 1200, "invocations": 1100}),
}  # fmt: skip
