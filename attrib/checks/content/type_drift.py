"""Known fields that come with several JSON types, in one file or from file to file, or with one they cannot have.

Looked at are the lines of records, also those that were quarantined for it. A number in a text field is a habit where
it is one in every line, and left alone; so are words in the status fields, whole numbers beside fractions in latencies,
and null. A code outside of 100 to 599 (0 aside) is no status. One finding per field (key); digits in a text where the
schema has a number, in every line, is info.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log, quiet
from attrib.fields import KEYS
from attrib.survey.types import DIGITS, USUAL, Seen


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per key."""
    for key, files in facts.survey.content.types.by_key():
        usual = USUAL[KEYS[key].kind] if key in KEYS else ()
        firsts = _firsts(files)
        wrong = [kind for kind in firsts if kind not in usual]
        if len(firsts) == 1 and not wrong:
            continue
        main, others = next(iter(firsts)), list(firsts)[1:]
        n = sum(seen.n for by_type in files.values() for kind, seen in by_type.items() if kind != main)
        n = n or sum(by_type[main].n for by_type in files.values())
        listed = ", ".join(f"{kind} (first {facts.paths[at.file]}:{at.line})" for kind, at in firsts.items())
        content = facts.survey.content
        least = "at least " if content.flooded or any((key, file) in content.types.partial for file in files) else ""
        lines = f"{n:,} line{'s' if n != 1 else ''}"
        count = f", the others in {least}{lines}" if others else f" in {least}{lines}"
        yield Finding(
            {"field": key},
            f"{key} comes as {listed}{count}; the schema has {' or '.join(usual) or 'a text or a number'}.",
            f"Log {key} as {usual[0] if usual else 'text'} everywhere (attrib schema record, in the logger's test). "
            "Outcome: attrib check finds one type for it.",
            n,
            examples=list(firsts.values())[:3],
            severity="info" if list(firsts) == [DIGITS] else None,
            data={
                "field": key,
                "types": [{"type": kind, "file": facts.paths[at.file], "line": at.line} for kind, at in firsts.items()],
                "files": [
                    {"file": facts.paths[file], "types": sorted(by_type)} for file, by_type in list(files.items())[:20]
                ],
            },
        )


def _firsts(files: Mapping[int, Mapping[str, Seen]]) -> dict[str, Place]:
    """Type -> its first place, in the order of the places."""
    firsts: dict[str, Place] = {}
    for file, by_type in files.items():
        for kind, seen in by_type.items():
            firsts[kind] = min(firsts.get(kind, Place(file, seen.line)), Place(file, seen.line))
    return dict(sorted(firsts.items(), key=lambda item: item[1]))


SAMPLES = (
    Sample("a status as text in one line", lambda: log(*(line(n) for n in range(20)), line(20, status="500"))),
    Sample("a time as a number in one line", lambda: log(line(), line(1, ts=1795246011710))),
    Sample("a truth and a list in fields of text", lambda: log(line(), line(1, service=True, level=["x"])), finds=2),
    Sample("a code that is none", lambda: log(line(), line(1, upstream_status=777, status=500))),
    Sample("digits in every status", lambda: log(*(line(n, status="200") for n in range(5)))),
    Sample(
        "words, nulls, whole and broken numbers, a level that is always a number",
        lambda: log(
            line(status="timeout", level=30), line(1, latency_ms=40, level=30), line(2, upstream_status=None, level=50)
        ),
        finds=0,
    ),
    Sample("an ordinary log", quiet, finds=0),
)
