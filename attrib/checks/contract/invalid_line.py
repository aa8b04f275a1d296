"""Lines that are no record because they are broken: cut, no JSON, no UTF-8, or with a value that its field cannot have.

One finding per reason and field. Lines of other programs (sound JSON without function, status and upstream_status) are
left alone, and so are blank ones. Below the share of lines it is told as info: a few cut lines are a restart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Needs, Place, Sample
from attrib.checks.samples import line, log, quiet

NEEDS = Needs.BUCKETS
_SKIPPED: Final = "not_m1"
_WHAT: Final = {
    "invalid_json": ("no JSON", "Write one JSON object per line with a JSON library, never by joining texts"),
    "truncated_line": ("cut at the end of the file", "Flush whole lines, and rotate between lines"),
    "invalid_utf8": ("no UTF-8", "Write UTF-8, and escape what is none"),
    "not_object": ("JSON, but no object", "Write one JSON object per line"),
    "line_too_long": ("over 16 MB", "Keep bodies and dumps out of the log"),
    "too_deep": ("nested too deep", "Keep documents out of the log"),
    "bad_value": ("a value that {} cannot have", "Write {} as the schema has it (attrib schema record)"),
}


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per reason and, of values, field."""
    total = facts.account.totals()["lines_read"]
    least = facts.settings("invalid-line", "share")
    for (reason, name), n, places in _found(facts):
        what, remedy = (text.format(name or "its field") for text in _WHAT[reason])
        yield Finding(
            {"reason": reason, "field": name},
            f"{n:,} of {total:,} lines {'is' if n == 1 else 'are'} no record: {what}.",
            f"{remedy}; attrib analyze --rejects FILE lists all {n:,}. Done when attrib check counts 0 of them.",
            n,
            total,
            places,
            severity=None if n >= least * total else "info",
            data={"reason": reason, "field": name},
        )


def _found(facts: Facts) -> Iterator[tuple[tuple[str, str | None], int, list[Place]]]:
    if facts.surveyed:
        for key, alike in facts.survey.quarantine:
            yield key, alike.n, [Place(*spot) for spot in alike.examples.spots]
        return
    reasons: Counter[str] = facts.account.reasons()
    for reason, n in sorted(reasons.items()):
        if reason != _SKIPPED and n:
            yield (reason, None), n, []


SAMPLES = (
    Sample("one line is cut in the middle", lambda: quiet() + '{"ts": "2026-11-20T14:00:\n' + log(line(300))),
    Sample(
        "a latency in words and a status that is a list",
        lambda: log(line(1), line(2, latency_ms="fast"), line(3, status=[500])),
        finds=2,
    ),
    Sample("a stack trace between the lines", lambda: quiet(9) + "Traceback (most recent call last):\n  File\n"),
    Sample("another program's lines", lambda: quiet(9) + '{"msg": "started"}\n', finds=0),
    Sample("blank lines", lambda: quiet(9) + "\n \t\r\n" + log(line(10)), finds=0),
    Sample("numbers as texts are read", lambda: log(line(1, status="200", latency_ms="12.5")), finds=0),
)
