"""Waits for a datastore past the bound (5 s): upstream_latency_ms where the upstream has a datastore's name.

Which names those are, attrib tells as it does for parties: a product's name as the whole or one word of it
(`orders-postgres`, `redis-1`), or `db`, `cache`, `queue` alone; whoever runs it. A few such waits, or few of very many
calls, are told for information only. Other upstreams are looked at by
unbounded-wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.parties import is_datastore
from attrib.survey.traits import Bit


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function and datastore."""
    long: Counter[tuple[str | None, str]] = Counter()
    total: Counter[tuple[str | None, str]] = Counter()
    stores = {name for name in {trait.upstream for trait, _ in facts.survey.traits} if name and is_datastore(name)}
    for trait, seen in facts.survey.traits:
        if trait.upstream is not None and trait.upstream in stores:
            total[trait.function, trait.upstream] += seen.n
            long[trait.function, trait.upstream] += seen.n if trait.bits & Bit.LONG_STORE_WAIT else 0
    for (function, store), n in long.items():
        if n:
            yield _finding(facts, function, store, n, total[function, store])


def _finding(facts: Facts, function: str | None, store: str, n: int, total: int) -> Finding:
    bound = facts.settings("slow-datastore-wait", "seconds")
    records, share = facts.settings("slow-datastore-wait", "records"), facts.settings("slow-datastore-wait", "share")
    few = n < records or (not facts.sampled and n < share * total)
    places = facts.first(
        lambda trait: trait.function == function and trait.upstream == store and trait.bits & Bit.LONG_STORE_WAIT != 0
    )
    return Finding(
        {"function": function, "upstream": store},
        f"{function or 'no function'}: {n:,} of {total:,} records waited more than {bound:g} s for {store}.",
        f"Set a statement timeout of at most {bound:g} s for {store}, take the slowest queries from its slow query log "
        "and add the index they lack; then attrib check counts 0 here.",
        n,
        None if facts.sampled else total,
        places,
        facts.slowest(
            lambda trait: (
                trait.function == function and trait.upstream == store and trait.bits & Bit.LONG_STORE_WAIT != 0
            )
        ),
        severity="info" if few else None,
        data={"function": function, "upstream": store},
    )


SAMPLES = (
    Sample(
        "a query of 6 s",
        lambda: quiet() + log(line(300, upstream="orders-postgres", latency_ms=6_100, upstream_latency_ms=6_000)),
    ),
    Sample("redis, twice", lambda: quiet(2, upstream="redis-1", latency_ms=6_100, upstream_latency_ms=6_000)),
    Sample("a vendor that takes 6 s", lambda: quiet(latency_ms=6_100, upstream_latency_ms=6_000), finds=0),
    Sample("a quick database", lambda: quiet(upstream="orders-postgres"), finds=0),
    Sample("our own 6 s", lambda: quiet(upstream="postgres", latency_ms=6_100, upstream_latency_ms=3), finds=0),
)
