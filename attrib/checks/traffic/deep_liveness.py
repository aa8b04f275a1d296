"""A probe that calls an upstream: when the upstream fails, the probe fails, and healthy instances are killed for it.

Probes are the functions that the user's configuration names, and those with a probe's own name (healthz, livez, ping).
A liveness route is a warning; another probe (`/health`) is told for information, for its name does not say what acts on
it. Readiness and start-up probes may ask their dependencies and are left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrib.checks.facts import Facts, kinds
from attrib.checks.model import Finding, Needs, Place, Sample
from attrib.checks.samples import line, log, quiet

NEEDS = Needs.BUCKETS
_LIVENESS: Final = re.compile(r"(^|[^a-z])live(z|ness)?([^a-z]|$)")
_MAY_ASK: Final = re.compile(r"(^|[^a-z])(ready|readyz|readiness|startup|startupz)([^a-z]|$)")
_NO_CALL: Final = ("missing", "not_contacted")


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per probe and upstream."""
    calls: Counter[tuple[str, str | None]] = Counter()
    total: Counter[str] = Counter()
    for kind, n in facts.once(kinds).items():
        if kind.function is None or not facts.is_probe(kind.function) or _MAY_ASK.search(kind.function.casefold()):
            continue
        total[kind.function] += n
        if kind.outcome not in _NO_CALL:
            calls[kind.function, kind.upstream] += n
    for (function, upstream), n in calls.items():
        live = _LIVENESS.search(function.casefold()) is not None
        yield Finding(
            {"function": function, "upstream": upstream},
            f"{function}: {n:,} of {total[function]:,} probes called {upstream or 'an upstream without a name'}.",
            f"Take the call to {upstream or 'the upstream'} out of {function} and into the readiness probe; then "
            "attrib check counts 0 calls of it.",
            n,
            None if facts.sampled else total[function],
            _places(facts, function, upstream),
            severity="warning" if live and upstream is not None else "info",
            data={"function": function, "upstream": upstream},
        )


def _places(facts: Facts, function: str, upstream: str | None) -> list[Place]:
    if not facts.surveyed:
        return []
    from attrib.survey.traits import Bit  # analyze has no survey, and does not load one

    return facts.first(
        lambda trait: (
            trait.function == function and trait.upstream == upstream and not trait.bits & Bit.NO_UPSTREAM_STATUS
        )
    )


SAMPLES = (
    Sample(
        "liveness asks the payment vendor",
        lambda: quiet(20) + log(*(line(n, function="/livez") for n in range(20, 30))),
    ),
    Sample(
        "health asks the database",
        lambda: log(*(line(n, function="GET /health", upstream="postgres") for n in range(5))),
    ),
    Sample(
        "healthz asks the database", lambda: log(*(line(n, function="healthz", upstream="postgres") for n in range(5)))
    ),
    Sample("readiness asks", lambda: quiet(20, function="readyz"), finds=0),
    Sample(
        "liveness asks nobody",
        lambda: quiet(20) + quiet(5, function="livez", upstream=None, upstream_status=None, upstream_latency_ms=None),
        finds=0,
    ),
    Sample("a function that is no probe", lambda: quiet(20, function="delivery"), finds=0),
)
