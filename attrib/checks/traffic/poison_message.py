"""One request id whose executions of one function fail again and again with the same error.

Executions are counted by their ends (a terminal stage with a status of 400 or more, or a timeout), minutes or hours
apart or not, with the same stage and error. An id that is plainly reused counts too: a message that comes back every
few minutes looks so. Left out: ids that succeeded before their last failure, ids whose executions ran side by side (one
id for many requests), answers after which clients ask again (401, 403, 404, 408, 409, 423, 425, 429, 499), clients that
ask again with fresh ids, and probe traffic.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log, quiet
from attrib.checks.traffic._names import worst_of
from attrib.survey.executions import spots_from


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    least = facts.settings("poison-message", "failures")
    for function, failing in facts.survey.requests.executions.failing.items():
        counts = {n: ids for n, ids in failing.failures.items() if n >= least}
        if not counts or facts.is_probe(function):
            continue
        ids = sum(counts.values())
        again = sum(n * some for n, some in counts.items())
        most = failing.worst.measure
        yield Finding(
            {"function": function},
            f"{function or 'no function'}: {ids:,} request{'s'[: ids != 1]} failed {least:g} times or more with the "
            f"same error, {again:,} executions in all; the worst {most:,} times ({failing.error}).",
            f"Move a message to a dead-letter queue after {least:g} deliveries (SQS maxReceiveCount, RabbitMQ "
            f"x-delivery-limit), and mend what {failing.error} means for it; then no request fails {least:g} times.",
            ids,
            None,
            [Place(*spot) for spot in spots_from(failing, int(least))],
            worst_of(failing.worst),
            data={"function": function, "executions": again, "most": most, "error": failing.error},
        )


def _delivered(number: int, times: int, every: float = 30.0, **fields: Any) -> str:
    given: dict[str, Any] = {
        "status": 500,
        "error_code": "PARSE_ERROR",
        "upstream": None,
        "upstream_status": None,
    } | fields
    return log(*(line(number, at * every, function="worker", upstream_latency_ms=None, **given) for at in range(times)))


SAMPLES = (
    Sample("a message that fails six times, 30 s apart", lambda: quiet(50) + _delivered(99, 6)),
    Sample("minutes apart, so that the id looks reused", lambda: quiet(50) + _delivered(99, 8, every=300)),
    Sample("five times, and then it was mended", lambda: _delivered(9, 5) + log(line(9, 999, function="worker"))),
    Sample("four times", lambda: quiet(50) + _delivered(99, 4), 0),
    Sample("a client that waits for an answer", lambda: _delivered(9, 30, status=404, error_code="NOT_FOUND"), 0),
    Sample("six requests that fail once each", lambda: "".join(_delivered(n, 1) for n in range(6)), 0),
    Sample("one id for all, side by side", lambda: _delivered(9, 30, every=0.01), 0),
    Sample(
        "one id for all, some of it fine",
        lambda: (
            "".join(_delivered(9, 1).replace("14:00:00", f"14:{n:02}:00") for n in range(9))
            + log(line(9, 30, function="worker"))
        ),
        0,
    ),
    Sample("nothing fails", quiet, 0),
)
