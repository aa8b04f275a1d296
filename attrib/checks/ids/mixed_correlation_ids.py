"""Several kinds of request ids in one function, each with its share of them: some are made anew on the way, or callers
send different ones.

One finding per function. Kinds are told by form (UUID by version, trace id, ULID, X-Ray ...); integers and tokens of no
known form count as one kind, since short tokens may be digits by chance, and so do a kind and its malformed sister.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrib.checks.facts import Facts
from attrib.checks.ids._table import Ids, by_file, functions, named, places
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.id_kinds import BROKEN, INTEGER, OTHER, family

_LEAST: Final = 2
"""Kinds that make a mixture."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    share = facts.settings("mixed-correlation-ids", "share")
    for function, ids in functions(facts).items():
        kinds = _kinds(ids)
        total = kinds.total()
        counted = sorted(((kind, n) for kind, n in kinds.items() if n >= share * total), key=lambda one: (-one[1], one))
        if len(counted) < _LEAST:
            continue
        main, rest = counted[0][0], {kind for kind, _ in counted[1:]}
        n = sum(count for kind, count in counted if kind != main)
        said = ", ".join(f"{count:,} {kind}" for kind, count in counted)
        yield Finding(
            {"function": function},
            f"{named(function)}: {total:,} request ids are of {len(counted)} kinds: {said}.",
            f"Find who makes the {n:,} that are not {main} (see the examples), and let the edge alone make ids. Done "
            f"when at least {1 - share:.0%} of this function's ids are of one kind.",
            n,
            total,
            places(facts, function, rest),
            data={
                "function": function,
                "kinds": dict(counted),
                "files": by_file(facts, ids, rest),
            },
        )


def _kinds(ids: Ids) -> Counter[str]:
    """Kind -> records, with those taken together that chance or a fault tells apart."""
    usable = ids.usable
    found: Counter[str] = Counter()
    for kind, n in usable.items():
        if kind in (INTEGER, OTHER):
            found[OTHER] += n
        elif not kind.startswith(BROKEN):
            found[kind] += n
    for kind, n in usable.items():
        if kind.startswith(BROKEN):
            _add_broken(found, family(kind), n)
    return found


def _add_broken(found: Counter[str], name: str, n: int) -> None:
    """Broken ids go with the sound ones of their family; where they are the most, these were sound by chance."""
    sound = {kind: count for kind, count in found.items() if family(kind) == name}
    if sum(sound.values()) >= n:
        found[min(sound, key=lambda kind: (-sound[kind], kind))] += n
        return
    for kind, count in sound.items():
        n += count
        del found[kind]
    found[OTHER] += n


def _trace(n: int) -> str:
    return f"{n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}"


def _short(n: int) -> str:
    return f"{n * 2654435761 % 65536:04x}"


def _cut(n: int) -> str:
    return f"{n:08x}-7a1c-4e5b-9d3f-{n:05x}"


SAMPLES = (
    Sample("UUIDs and trace ids", lambda: quiet(100) + log(*(line(n, request_id=_trace(n)) for n in range(1, 40)))),
    Sample(
        "in one function of two",
        lambda: quiet(50) + quiet(50, function="search") + log(*(line(n, request_id=_trace(n)) for n in range(1, 40))),
    ),
    Sample(
        "each function has its own",
        lambda: quiet(50) + log(*(line(n, function="search", request_id=_trace(n)) for n in range(1, 40))),
        finds=0,
    ),
    Sample("a stray one", lambda: quiet(200) + log(line(300, request_id=_trace(1))), finds=0),
    Sample(
        "short hex, digits by chance",
        lambda: log(*(line(n, request_id=_short(n)) for n in range(1, 300))),
        finds=0,
    ),
    Sample(
        "cut ones of the same kind",
        lambda: quiet(50) + log(*(line(n, request_id=_cut(n)) for n in range(9))),
        finds=0,
    ),
)
