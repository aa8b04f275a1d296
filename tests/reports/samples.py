"""Reports to draw: an empty one, a rich one, and one in which every text is hostile."""

from __future__ import annotations

from typing import Any

HOSTILE = [
    "a\x1b[2J\x1b[1;1H\x1b]0;pwned\x07z", "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "\x9b31mred\x7f",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<iframe src=javascript:alert(1)></iframe>\\",
    "=cmd|'/c calc'!A1", "@SUM(1+1)*cmd", "+1+1", "-2+3", "  =1+1", "\t=1", "\r=1", "svc[/foo]x", "[bold red]FAKE[/]",
    "[link=http://evil.example]ok[/link]", "a|b\\|c`d``e", "| x | y |", "---", "# top\n\n<b>", "\u202eevil\u2066",
    "www.evil.example http://evil.example joe`@`x", "\\", "`", "```", "~~~", "1. x", "    code", "&lt;b&gt;", ":smile:",
    "\ud800", "{{ 7*7 }}", "![x](http://evil.example/x.png)", "[x](javascript:alert(1))", "\u2028\u2029\x85\x0b\x0c",
]  # fmt: skip

ZERO = {"unknown": 0, "vendor": 0, "application": 0, "app_bottleneck": 0, "caller": 0}


def entry(path: str = "a.jsonl", **more: Any) -> dict[str, Any]:
    counts = {"lines_read": 0, "records": 0, "accepted": 0, "quarantined": 0, "skipped": 0, "blank": 0}
    base = {"path": path, "format": "m1", **counts, "duplicates": 0, "repaired": 0, "unreadable_time": 0, "error": None}
    return {**base, **more}


def empty() -> dict[str, Any]:
    """Nothing but another program's lines."""
    totals = {
        "lines_read": 1,
        "accepted": 0,
        "quarantined": 0,
        "skipped": 1,
        "blank": 0,
        "duplicates": 0,
        "repaired": 0,
    }
    return {
        "schema": "attrib.report/1",
        "attrib_version": "0.1.0",
        "input": {
            "files": [entry(lines_read=1, skipped=1)],
            "totals": totals,
            "reasons": {"not_m1": 1},
            "unknown_fields": {},
            "unknown_fields_sampled": False,
            "time_range": {"start": None, "end": None},
        },
        "rules": {"packs": ["m1", "extended"], "digest": "sha256:00", "thresholds": {"latency_high_ms": 500}},
        "summary": {
            "invocations": 0, "ok": 0, "symptomatic": 0, "verdicts": dict(ZERO), "masked_upstream_failures": 0,
            "uncorrelated": 0, "evidence_coverage": None,
        },
        "incidents": [],
        "isolated": [],
        "background": [],
        "checks": None,
        "parties": [],
        "verdict_counts": [],
        "functions": [],
        "window": None,
        "notes": [],
    }  # fmt: skip


def quiet() -> dict[str, Any]:
    """All went well."""
    report = empty()
    report["summary"] |= {"invocations": 3310, "ok": 3310, "evidence_coverage": None}
    return report


def rich() -> dict[str, Any]:
    """A day with a vendor's outage and a bit of everything else."""
    report = empty()
    report["input"] = {
        "files": [
            entry(
                "logs/api-1.jsonl", lines_read=12304, records=12288, accepted=12288, quarantined=8, skipped=7, blank=1,
                duplicates=14, unreadable_time=2, zone_less_time=3, type_drift=5,
            ),
            entry("logs/api-2.jsonl.gz", lines_read=1, quarantined=1,
                  error="the gzip data ends early: 1 line was read before the break"),
        ],
        "totals": {
            "lines_read": 12305, "accepted": 12288, "quarantined": 9, "skipped": 7, "blank": 1, "duplicates": 14,
            "repaired": 0,
        },
        "reasons": {"invalid_json": 6, "bad_value": 2, "truncated_line": 1, "not_m1": 7},
        "unknown_fields": {"customer_tier": 6012, "build": 6},
        "unknown_fields_sampled": True,
        "time_range": {"start": "2026-11-20T13:00:00Z", "end": "2026-11-20T15:00:00Z"},
    }  # fmt: skip
    report["summary"] = {
        "invocations": 5310, "ok": 4070, "symptomatic": 1240,
        "verdicts": {"unknown": 36, "vendor": 1168, "application": 34, "app_bottleneck": 1, "caller": 1},
        "masked_upstream_failures": 12, "uncorrelated": 3, "evidence_coverage": 0.971,
    }  # fmt: skip
    lost = {"check": "missing-m1-field", "function": "checkout", "field": "upstream_status", "symptomatic_unknown": 36}
    report["checks"] = {"ran": ["error-rate"], "error": 0, "warning": 1, "info": 0, "lost": [lost]}
    report["functions"] = [
        {"function": "checkout", "invocations": 3310, "ok": 2105, "failed": 1204, "slow": 31},
        {"function": "search", "invocations": 2000, "ok": 1965, "failed": 34, "slow": 1},
    ]
    columns = ("function", "upstream", "verdict", "rule", "responsible", "count")
    report["verdict_counts"] = [
        dict(zip(columns, row, strict=True))
        for row in (
            ("checkout", "payments-api", "vendor", "m1-vendor", "payments-api", 1168),
            ("checkout", "payments-api", "unknown", "m1-unknown", None, 36),
            ("search", "catalog.internal", "application", "x-own-upstream-failed", "catalog.internal", 31),
            ("search", None, "application", "m1-application", "search", 3),
            ("search", "catalog.internal", "app_bottleneck", "m1-bottleneck", "search", 1),
            ("checkout", None, "caller", "x-client-gone", None, 1),
        )
    ]
    report["isolated"] = [
        {
            "verdict": "application", "rule": "m1-application", "responsible": "search", "function": "search",
            "request_id": "f47ac10b-58cc-4372-a567-0e02b2c3d479", "file": "logs/api-1.jsonl", "line": 8812,
            "statement": "search answered 500 though its upstream answered 200 in 12 ms.",
        },
        {
            "verdict": "unknown", "rule": "m1-unknown", "responsible": None, "function": None, "request_id": None,
            "file": "logs/api-1.jsonl", "line": 9, "statement": "502 with nothing said about the upstream.",
        },
    ]  # fmt: skip
    report["background"] = [
        {"function": "search", "status": 404, "verdict": "application", "rule": "m1-application", "count": 31,
         "rate": 0.0155},
    ]  # fmt: skip
    report["parties"] = [
        {
            "upstream": "payments-api",
            "party": "external",
            "reason": "the caller wrote the log",
            "records": 3310,
        },
        {"upstream": "catalog.internal", "party": "own", "reason": "a name under .internal", "records": 1900},
    ]
    report["notes"] = ["2 of 12,288 records have no time: they count, and stand in no time range."]
    return report


def with_incident() -> dict[str, Any]:
    """The rich one with the outage found as an incident."""
    report = rich()
    example = {"file": "logs/api-1.jsonl", "line": 8811, "request_id": "7f3c91d2"}
    evidence = {"kind": "status_matrix", "statement": "payments-api answered 503 to 1,144 of them.", "data": {}}
    report["incidents"] = [
        {
            "id": "inc-3f9a1c20", "verdict": "vendor", "lean": None, "responsible": "payments-api", "known_share": 1.0,
            "worst_case_share": 0.97, "worst_case_low": 0.959, "start": "2026-11-20T14:02:00Z",
            "end": "2026-11-20T14:19:00Z", "onset": "2026-11-20T14:02:11Z", "functions": ["checkout"],
            "upstreams": ["payments-api"], "symptomatic": 1204, "invocations": 3310, "failure_rate": 0.36,
            "baseline_rate": 0.002, "verdicts": {**ZERO, "vendor": 1168, "unknown": 36},
            "rules": {"m1-vendor": 1168, "m1-unknown": 36},
            "suspects": [{"component": "payments-api", "kind": "upstream", "score": 0.97}],
            "evidence": [{**evidence, "examples": [example]}],
            "counter_evidence": [{**evidence, "statement": "mail-api answered all calls.", "examples": []}],
            "missing_evidence": [], "consequence_of": None, "parties": {"payments-api": "external"},
            "actions": [{"kind": "stop_rule", "text": "No data rewrite without a replay plan and a rollback."}],
        }
    ]  # fmt: skip
    return report


def hostile() -> dict[str, Any]:
    """Every text that can come from a log is out to do harm."""
    report = with_incident()
    texts = HOSTILE
    report["input"]["unknown_fields"] = dict.fromkeys(texts, 1)
    report["input"]["files"][1] |= {"path": texts[0], "error": f"no such file: {texts[3]}"}
    report["functions"] = [{"function": t, "invocations": 9, "ok": 0, "failed": 9, "slow": 0} for t in texts]
    report["verdict_counts"] = [
        {"function": t, "upstream": t, "verdict": "vendor", "rule": t, "responsible": t, "count": 1} for t in texts
    ]
    report["isolated"] = [
        {
            "verdict": "application", "rule": "m1-application", "responsible": t, "function": t, "request_id": t,
            "file": t, "line": 1, "statement": f"{t} answered 500 {t}",
        }
        for t in texts
    ]  # fmt: skip
    report["background"] = [
        {"function": t, "status": t, "verdict": "unknown", "rule": "none", "count": 5, "rate": 1.0} for t in texts
    ]
    report["parties"] = [{"upstream": t, "party": "own", "reason": t, "records": 1} for t in texts]
    report["checks"]["lost"] = [{"check": t, "function": t, "field": t, "symptomatic_unknown": 1} for t in texts]
    report["notes"] = list(texts)
    incident = report["incidents"][0]
    incident |= {"responsible": texts[0], "functions": list(texts), "upstreams": list(texts)}
    incident["evidence"][0]["statement"] = " ".join(texts)
    return report


def verdict_rows(texts: list[str] | None = None) -> list[dict[str, Any]]:
    """Rows of `attrib verdicts`."""
    names = texts or ["checkout"]
    return [
        {
            "request_id": texts[at] if texts else "f47ac10b-58cc-4372-a567-0e02b2c3d479", "function": name,
            "stage": "response", "ts": "2026-11-20T14:02:11.480Z", "status": 502,
            "upstream": name if texts else "payments-api", "upstream_outcome": "5xx",
            "upstream_status": 503, "latency_ms": 61.0, "upstream_latency_ms": 52.0, "own_ms": 9.0,
            "error_code": name if texts else None, "attempts": 2, "symptom": "failed",
            "verdict": "vendor", "rule": "m1-vendor", "also_matched": ["x-a", "x-b"],
            "responsible": name if texts else "payments-api", "via": [name], "correlated": True,
            "file": "logs/api-1.jsonl", "line": 8812,
        }
        for at, name in enumerate(names)
    ]  # fmt: skip


def explained(text: str | None = None) -> dict[str, Any]:
    """One request with two attempts."""
    name = text or "payments-api"
    first = {
        "stage": "call", "attempt": 1, "ts": "2026-11-20T14:02:11.431Z", "status": None, "latency_ms": 12.0,
        "error_code": text, "upstream": name, "upstream_outcome": "5xx", "upstream_status": 503,
        "upstream_latency_ms": 12.0, "file": "logs/api-1.jsonl", "line": 8810,
    }  # fmt: skip
    second = {
        **first,
        "attempt": 2,
        "ts": "2026-11-20T14:02:11.471Z",
        "latency_ms": 31.0,
        "upstream_latency_ms": 31.0,
        "line": 8811,
    }
    last = {
        **first, "stage": "response", "attempt": None, "ts": "2026-11-20T14:02:11.480Z", "status": 502,
        "latency_ms": 61.0, "upstream": None, "upstream_outcome": "missing", "upstream_status": None,
        "upstream_latency_ms": None, "line": 8812,
    }  # fmt: skip
    return {
        "request_id": text or "7f3c91d2",
        "invocations": [
            {
                "function": text or "checkout", "ts": "2026-11-20T14:02:11.480Z", "status": 502, "latency_ms": 61.0,
                "own_ms": 9.0, "retry_wait_ms": 9.0, "symptom": "failed", "verdict": "vendor", "rule": "m1-vendor",
                "responsible": name, "lean": None, "reason": f"{name} failed and the function failed with it.",
                "correlated": True, "masked": False, "via": [], "file": "logs/api-1.jsonl", "line": 8812,
                "contradiction": None, "records": [first, second, last],
                "rules": [
                    {"id": "m1-unknown", "title": "upstream missing", "matched": False, "won": False,
                     "why": f"{name} answered 503 at logs/api-1.jsonl:8811", "missed": ["upstream"]},
                    {"id": "m1-vendor", "title": "upstream 5xx, external, status 5xx", "matched": True, "won": True,
                     "why": "upstream 5xx (503), upstream party external, status 5xx", "missed": []},
                    {"id": "m1-bottleneck", "title": "latency high", "matched": False, "won": False,
                     "why": "status is 5xx, needs 2xx", "missed": ["status", "latency", "upstream_latency"]},
                ],
            }
        ],
    }  # fmt: skip
