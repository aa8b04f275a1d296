"""What `attrib report lint` prints: a line for each finding, and their number."""

from __future__ import annotations

from collections.abc import Sequence

from attrib.reports.figures import plural
from attrib.reports.lint.document import Finding
from attrib.safe.terminal import visible


def told(found: Sequence[Finding], *, strict: bool = False, quiet: bool = False) -> str:
    """`review.md:12: “rewrote orders” has no rollback. ...`; then `1 fault, 9 fields open`."""
    faults = [one for one in found if one.fails or strict]
    shown = faults if quiet else found
    lines = [f"{one.file}:{one.line}: {'' if one.fails or strict else 'note: '}{one.text}" for one in shown]
    left = len(found) - len(faults)
    count = plural(len(faults), "fault") + (f", {plural(left, 'note')} (--strict makes them faults)" if left else "")
    return "".join(f"{visible(line)}\n" for line in [*lines, f"{count}."])
