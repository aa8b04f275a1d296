"""Which of our hosts saw an upstream's dns and tls failures: seen from one host only, they may be that host's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrib.invocations.outcome import record_outcome
from attrib.records.model import Record
from attrib.rules.words import Words


def hosts_seen(records: Iterable[Record], words: Words) -> dict[str | None, set[str]]:
    """Upstream (None: not named) -> hosts whose records show a no_response in phase dns or tls.

    A host is `host.name`, else `k8s.pod.name`; records with neither add none.
    """
    seen: dict[str | None, set[str]] = {}
    for record in records:
        found = record_outcome(record.upstream_status, record.upstream_word, record.error_code, words)
        host = record.extra.get("host.name") or record.extra.get("k8s.pod.name")
        if found.phase in ("dns", "tls") and host:
            seen.setdefault(record.upstream, set()).add(str(host))
    return seen


def several_hosts(seen: dict[str | None, set[str]]) -> Callable[[str | None], bool]:
    """The question `build` asks: did two or more hosts see it? Hosts that are not logged prove nothing."""
    return lambda upstream: len(seen.get(upstream, ())) > 1
