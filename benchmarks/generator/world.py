"""The made-up company: its functions, its vendors, and what goes wrong there every day."""

from __future__ import annotations

import random

from benchmarks.generator.model import Effect, Route

VENDORS = (
    "payments-api", "geo-api", "mail-api", "tax-api", "sms-gateway", "kyc-provider", "maps.example.com",
    "fraud-score", "ledger.example.net", "translate-api",
)  # fmt: skip
OWN = ("orders-postgres", "redis", "catalog.svc.cluster.local", "10.0.3.17")
FUNCTIONS = (
    "checkout", "search", "profile", "orders", "refund", "login", "quote", "shipping", "invoice", "notify",
    "address", "reserve",
)  # fmt: skip
SERVICES = ("gateway", "basket", "pricing", "booking", "settlement")
"""Functions that call one another, outermost first."""

VENDOR_5XX = Effect((502, 500, 503), (503, 503, 500, 502), ("UPSTREAM_ERROR", "BAD_GATEWAY"), 45, upstream_failed=True)
TIMEOUT = Effect(
    (504, 504, "timeout"), ("timeout", "ETIMEDOUT", "deadline_exceeded"), ("UPSTREAM_TIMEOUT",), deadline=True,
    upstream_failed=True,
)  # fmt: skip
TIMEOUT_504 = Effect((504, 502), (504,), ("GATEWAY_TIMEOUT",), deadline=True, upstream_failed=True)
REFUSED = Effect((502, 503), ("ECONNREFUSED",), ("ECONNREFUSED",), 4, upstream_failed=True)
BUG = Effect((500,), (200,), ("TypeError", "TypeError", "KeyError"))
VALIDATION = Effect((400, 422), (200,), ("VALIDATION_FAILED",))
SLOW_VENDOR = Effect(upstream_ms=1500)
BOTTLENECK = Effect(own_ms=1500)
QUOTA_5XX = Effect((503,), (429,), ("RATE_LIMITED",), 12)
QUOTA_4XX = Effect((429,), (429,), ("RATE_LIMITED",), 12)
CREDENTIAL_5XX = Effect((500, 502), (401, 403), ("AUTH_FAILED",), 15)
CREDENTIAL_4XX = Effect((401, 403), (401,), ("AUTH_FAILED",), 15)
LOGIN_REJECTED = Effect((401,), (401,), ("BAD_PASSWORD",), 30)
NOT_FOUND = Effect((404,), (404,), ("NOT_FOUND",), 30)
NO_STATUS = Effect((500, 502), (None,), ("E_UNEXPECTED",), missing=1.0)
SHORT_CIRCUITED = Effect((503,), ("EOPENBREAKER",), ("EOPENBREAKER",), 0.0)
ABORTED = Effect((499,), (0,), ("CLIENT_CLOSED",), 9000)

SINGLES = (
    (0.0005, VENDOR_5XX),
    (0.0002, TIMEOUT),
    (0.0002, REFUSED),
    (0.0005, BUG),
    (0.0005, VALIDATION),
    (0.0001, QUOTA_5XX),
    (0.0001, CREDENTIAL_5XX),
    (0.0003, NO_STATUS),
)
"""The rare single failures of every function: share of its requests, and what happens."""
OK_WITHOUT_UPSTREAM = 0.02
"""Share of good lines whose logger forgot what the upstream said."""


def world(rnd: random.Random, *, routes: int = 6, target: float = 0.35, shape: str = "line") -> list[Route]:
    """Routes of one company; the first is the one that faults like to hit, with `target` of all requests.

    No two share an upstream; one of the others calls a datastore of ours, and one has a steady share of 404.
    """
    functions = rnd.sample(FUNCTIONS, routes)
    vendors = rnd.sample(VENDORS, routes)
    if routes > 2:
        vendors[-1] = rnd.choice(OWN)
    rest = [rnd.uniform(0.4, 2.0) for _ in range(routes - 1)]
    scale = (1 - target) / sum(rest) if rest else 0.0
    made = []
    for index, (function, upstream) in enumerate(zip(functions, vendors, strict=True)):
        made.append(
            Route(
                function,
                upstream,
                target if index == 0 else rest[index - 1] * scale,
                rnd.uniform(25, 110),
                rnd.uniform(8, 35),
                rnd.choice((3000.0, 5000.0, 8000.0, 10000.0)),
                shape if index == 0 else "line",
                ((rnd.uniform(0.02, 0.04), NOT_FOUND),) if index == 1 else (),
            )
        )
    return made
