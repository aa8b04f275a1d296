"""Names by which a log calls one component: as an upstream, and as a function or service."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_PRIVATE: Final = (".local", ".internal", ".svc")
"""Endings of private names, whose first label is the service (`payments.prod.svc`)."""
_REMEMBERED: Final = 8192


class Names:
    """A set of components' names, compared without case and outer space."""

    __slots__ = ("folded",)

    def __init__(self, names: Iterable[str | None]) -> None:
        """None, for a name that is not logged, is left out."""
        self.folded = frozenset(_fold(name) for name in names if name is not None and name.strip())

    def known(self, names: Iterable[str]) -> bool:
        """Whether any of these folded names is among them."""
        return not self.folded.isdisjoint(names)


def met(upstreams: Iterable[str], components: Iterable[str]) -> frozenset[str]:
    """The folded names of functions and services (`components`) that some upstream goes by: only these can be linked
    by name."""
    folded = Names(components).folded
    return frozenset(name for upstream in upstreams for name in names_of(upstream) if name in folded)


@lru_cache(maxsize=_REMEMBERED)
def names_of(upstream: str) -> frozenset[str]:
    """All names that an upstream may have as a component, folded: as written, its host, and the service in a private
    host name (`http://payments.prod.svc:8080/charge` is also `payments`)."""
    name = _fold(upstream)
    host = re.sub(r"^[a-z][a-z0-9+.\-]*://", "", name)
    host = re.split(r"[/?#]", host, maxsplit=1)[0].rsplit("@", 1)[-1]
    if host.count(":") == 1:
        host = host.split(":", 1)[0]
    host = host.rstrip(".")
    names = {name, host}
    if host.endswith(_PRIVATE) or ".svc." in host:
        names.add(host.split(".", 1)[0])
    return frozenset(names - {""})


@lru_cache(maxsize=_REMEMBERED)
def _fold(name: str) -> str:
    return name.strip().casefold()
