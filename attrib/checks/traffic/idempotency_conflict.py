"""One idempotency key that came with two different requests, told by their fingerprints.

Only lines with both idempotency_key and request_fingerprint count. A key means something for one function and one
tenant, so the same key elsewhere is another one. Both are compared by digest and never shown. A copy of a line, or the
same request sent again, has the same fingerprint and is what the key is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.checks.traffic._names import first_of


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    survey = facts.survey.idempotency
    among = f" (1 in {survey.one_in:,} of all keys was looked at)" if survey.one_in > 1 else ""
    for function, seen in survey.by_function().items():
        if seen.conflicts:
            name = function or "no function"
            yield Finding(
                {"function": function},
                f"{name}: {seen.conflicts:,} of {seen.keys:,} idempotency keys came with more than one "
                f"request_fingerprint{among}.",
                "Make one key per request body (a UUID when the request is created, kept for its retries), and refuse "
                "a known key with another fingerprint with 422; then attrib check counts 0 here.",
                seen.conflicts,
                seen.keys,
                first_of(seen.examples),
                data={"function": function, "keys": seen.keys},
            )


def _keyed(number: int, key: str, body: str, **fields: Any) -> str:
    return line(number, idempotency_key=key, request_fingerprint=body, **fields)


SAMPLES = (
    Sample("one key, two bodies", lambda: quiet() + log(_keyed(300, "k1", "a"), _keyed(301, "k1", "b"))),
    Sample(
        "the other names of the fields",
        lambda: log(line(1, idempotency__key="k", request_fingerprint="a"), _keyed(2, "k", "b")),
    ),
    Sample("the same request sent again", lambda: log(*(_keyed(n, "k1", "a") for n in range(9))), 0),
    Sample("keys of two functions", lambda: log(_keyed(1, "k", "a"), _keyed(2, "k", "b", function="refund")), 0),
    Sample("keys of two tenants", lambda: log(_keyed(1, "k", "a", tenant="x"), _keyed(2, "k", "b", tenant="y")), 0),
    Sample("no fingerprints", lambda: log(*(line(n, idempotency_key="k") for n in range(9))), 0),
    Sample("no keys", quiet, 0),
)
