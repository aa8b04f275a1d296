"""Whose upstream is it? (design: section of that name). Only an external upstream can ever be called a vendor."""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from attrib.errors import UsageError

DATASTORES: Final = frozenset(
    {
        "postgres", "postgresql", "pgbouncer", "mysql", "mariadb", "mssql", "sqlserver", "sqlite", "cockroachdb",
        "timescaledb", "redis", "valkey", "keydb", "memcached", "memcache", "mongodb", "mongo", "cassandra", "scylla",
        "scylladb", "couchdb", "couchbase", "neo4j", "influxdb", "clickhouse", "elasticsearch", "opensearch", "solr",
        "kafka", "rabbitmq", "activemq", "nats", "pulsar", "zookeeper", "etcd", "minio",
    }
)  # fmt: skip
"""Product names that mark a datastore or queue as ours, alone or as one word of a name (`orders-postgres`,
`redis-1`): it is ours to run or to rent, and blaming a vendor for it would be a guess."""

GENERIC: Final = frozenset({"db", "database", "cache", "queue", "datastore"})
"""Names that mean our own datastore only when they are the whole name."""

OWN_SUFFIXES: Final = (".local", ".internal", ".svc", ".localhost")
"""RFC 6762 (.local), ICANN's private-use .internal, Kubernetes service names, RFC 6761 (.localhost)."""

_OWN_NETWORKS: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/32",
        "::1/128", "fc00::/7", "fe80::/10", "::/128",
    )
)  # fmt: skip
# Not `is_private`: that also holds the documentation ranges, which stand for vendors in examples.


_BY_VANTAGE: Final = "not known as ours; --own NAME if it is"


class Party(NamedTuple):
    """Whose an upstream is."""

    party: str
    """A value of the facet `upstream_party`."""
    reason: str


class Parties:
    """Tells each upstream's party. The user's word wins over names and addresses, these over the vantage.

    M1 is written by the function about what it calls (vantage egress), so what nothing speaks about is external.
    """

    def __init__(self, vendors: Sequence[str] = (), own: Sequence[str] = (), components: Iterable[str] = ()) -> None:
        """`vendors` and `own` are names or host globs, compared without case; `components` every function and service
        seen in the logs.

        Raises UsageError where the same name is in both lists.
        """
        self._vendors = _patterns(vendors)
        self._own = _patterns(own)
        both = sorted(set(self._vendors) & set(self._own))
        if both:
            raise UsageError(f"{', '.join(both)}: named in both --vendors and --own; keep it in one of them")
        self._components = frozenset(name.strip().casefold() for name in components)
        self._seen: dict[str | None, Party] = {}

    def of(self, upstream: str | None) -> Party:
        """The party of an upstream's name, address or URL; None: the log does not name it."""
        found = self._seen.get(upstream)
        if found is None:
            found = self._seen[upstream] = self._judge(upstream)
        return found

    def table(self) -> list[tuple[str | None, str, str]]:
        """(upstream, party, reason) of every upstream asked about so far, by name, the nameless one first."""
        return [
            (name, *self._seen[name]) for name in sorted(self._seen, key=lambda name: (name is not None, name or ""))
        ]

    def _judge(self, upstream: str | None) -> Party:
        if upstream is None:
            return Party("external", "no name is logged, so not known as ours")
        name = upstream.strip().casefold()
        host = host_of(name)
        vendor, own = _best(self._vendors, name, host), _best(self._own, name, host)
        if vendor is not None and own is not None and _weight(vendor) == _weight(own):
            return Party("unknown", f"both --vendors {vendor} and --own {own} match")
        if vendor is not None and (own is None or _weight(vendor) > _weight(own)):
            return Party("external", f"--vendors {vendor}")
        if own is not None:
            return Party("own", f"--own {own}")
        if name in self._components or host in self._components:
            return Party("own", "a function or service in these logs")
        reason = _own_by_name(name, host)
        if reason is not None:
            return Party("own", reason)
        return Party("external", _BY_VANTAGE)


def host_of(name: str) -> str:
    """The host in a name, `host:port` or URL (user, path and a trailing dot left out); IPv6 without brackets."""
    rest = re.sub(r"^[a-z][a-z0-9+.\-]*://", "", name, flags=re.IGNORECASE)
    rest = re.split(r"[/?#]", rest, maxsplit=1)[0].rsplit("@", 1)[-1]
    if rest.startswith("["):
        return rest[1:].split("]", 1)[0]
    if rest.count(":") == 1:
        rest = rest.split(":", 1)[0]
    return rest.rstrip(".")


def _own_by_name(name: str, host: str) -> str | None:
    """Why a name or address is ours whoever logs it, or None."""
    if name.startswith(("unix:", "/")):
        return "local socket"
    try:
        address = ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        pass
    else:
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        inside = any(address in network for network in _OWN_NETWORKS)
        return "loopback or private address" if inside else None
    if host == "localhost" or host.endswith(OWN_SUFFIXES) or ".svc." in host:
        return "private name"
    return "well-known datastore name" if _is_store(name, host) else None


def is_datastore(name: str) -> bool:
    """Whether an upstream's name, address or URL is that of a datastore or queue, whoever runs it."""
    name = name.strip().casefold()
    return _is_store(name, host_of(name))


def _is_store(name: str, host: str) -> bool:
    scheme = name.split("://", 1)[0].split("+", 1)[0] if "://" in name else ""
    words = set() if "." in host else {word.rstrip("0123456789") or word for word in re.split(r"[-_]", host)}
    return (
        scheme in DATASTORES
        or host in GENERIC
        or bool(words & DATASTORES)
        or bool(set(re.split(r"[-_]", host)) & DATASTORES)
    )


def _patterns(names: Sequence[str]) -> tuple[str, ...]:
    """Names in the form they are compared in; blanks are left out."""
    return tuple(dict.fromkeys(name.strip().casefold() for name in names if name.strip()))


def _best(patterns: Sequence[str], name: str, host: str) -> str | None:
    """The most exact of the patterns that match."""
    hits = [p for p in patterns if p in (name, host) or fnmatch.fnmatchcase(name, p) or fnmatch.fnmatchcase(host, p)]
    return max(hits, key=lambda p: (_weight(p), p), default=None)


def _weight(pattern: str) -> tuple[bool, int]:
    """How exact a pattern is: a plain name beats every glob, a longer glob a shorter one."""
    return not any(sign in pattern for sign in "*?["), len(pattern)
