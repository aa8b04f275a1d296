"""Request ids that break the form of their own kind: a UUID that was cut or has a version that there is not, a
traceparent in upper case or of zeros, a ULID with letters that it cannot have, 64 bits that went through a float.

One finding per function. What merely differs is no fault: a random token is left alone. Trace ids, hex ids and ULIDs
have too plain a form to be told from other tokens, so a broken one counts only where most ids of its function are sound
ones of that kind. Where the whole log has more broken than sound ids of a kind (UUIDs made from random digits), whoever
makes them does not keep the form; they still join records, and the finding is info.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from attrib.checks.facts import Facts
from attrib.checks.ids._table import Ids, by_file, functions, named, places
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.id_kinds import BROKEN, family

_NAMES: Final[dict[str, str]] = {
    "uuid": "UUIDs (length, version or variant)",
    "traceparent": "traceparents (length, letter case, zeros or version)",
    "xray": "X-Ray trace ids (length or letter case)",
    "b3": "B3 headers (length, letter case or sampling state)",
    "hex32": "trace ids (length or letter case)",
    "hex16": "64-bit hex ids (length or letter case)",
    "ulid": "ULIDs (length, letters or size)",
    "decimal64": "64-bit numbers (rounded by a float)",
}
_PLAIN: Final = frozenset({"hex32", "hex16", "ulid"})
"""Families whose broken ids look like other tokens."""
_BY_CHANCE: Final = "decimal64"
"""The family of which no maker breaks the form on purpose."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    everywhere: Counter[tuple[str, bool]] = Counter()
    for ids in functions(facts).values():
        everywhere.update(_families(ids))
    for function, ids in functions(facts).items():
        broken = _broken(ids)
        if not broken:
            continue
        n, total = sum(broken.values()), ids.usable.total()
        said = ", ".join(f"{count:,} are broken {_NAMES[name]}" for name, count in broken.items())
        lost = any(name == _BY_CHANCE or everywhere[name, True] >= everywhere[name, False] for name in broken)
        kinds = {BROKEN + name for name in broken}
        yield Finding(
            {"function": function},
            f"{named(function)}: of {total:,} request ids, {said}.",
            f"Pass ids through as text, unchanged, in a column that holds 64 characters; compare the {n:,} with the "
            "caller's log by grep. Done when attrib check counts 0 of them.",
            n,
            total,
            places(facts, function, kinds),
            severity=None if lost else "info",
            data={
                "function": function,
                "kinds": broken,
                "files": by_file(facts, ids, kinds),
            },
        )


def _families(ids: Ids) -> Counter[tuple[str, bool]]:
    """(family, whether sound) -> records."""
    found: Counter[tuple[str, bool]] = Counter()
    for kind, n in ids.usable.items():
        found[family(kind), not kind.startswith(BROKEN)] += n
    return found


def _broken(ids: Ids) -> Mapping[str, int]:
    """Family -> broken ids, of those that can be told for certain; the most first."""
    families = _families(ids)
    found = {
        name: n
        for (name, sound), n in families.items()
        if not sound and (name not in _PLAIN or families[name, True] > ids.usable.total() / 2)
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _cut(n: int) -> str:
    return f"{n:08x}-7a1c-4e5b-9d3f-{n:05x}"


def _hex(n: int, digits: int) -> str:
    return f"{n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}"[:digits]


SAMPLES = (
    Sample("cut UUIDs beside whole ones", lambda: quiet(100) + log(*(line(n, request_id=_cut(n)) for n in range(5)))),
    Sample(
        "zeros and upper case in a traceparent",
        lambda: log(
            line(1, request_id="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            line(2, request_id="00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01"),
            line(3, request_id="00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
        ),
    ),
    Sample(
        "trace ids that lost their leading zero",
        lambda: log(*(line(n, request_id=_hex(n, 32 if n % 10 else 31)) for n in range(1, 60))),
    ),
    Sample("a number that was a float", lambda: quiet(20) + log(line(30, request_id="1.8446744073709552e+19"))),
    Sample("tokens of another kind", lambda: log(*(line(n, request_id=_hex(n, 31)) for n in range(1, 60))), finds=0),
    Sample("a suffix makes another id", lambda: log(line(1), line(2, request_id=_cut(2) + "-retry-1")), finds=0),
    Sample("sound UUIDs", quiet, finds=0),
)
