"""The remedy half of a fault: the near name, or what is allowed."""

from __future__ import annotations

from collections.abc import Iterable


def hint(value: object, allowed: Iterable[str]) -> str:
    """` Did you mean "5xx"?` where one is near, else ` Allowed: ...`, with a space before; empty with none allowed."""
    import difflib

    names = list(allowed)
    lowered = {name.lower(): name for name in names}
    near = difflib.get_close_matches(str(value).lower(), lowered, n=1, cutoff=0.6)
    if near:
        return f' Did you mean "{lowered[near[0]]}"?'
    return f" Allowed: {', '.join(names)}." if names else ""


def shown(value: object) -> str:
    """A value as a pack's author wrote it, cut to a readable length."""
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def listed(values: Iterable[object]) -> str:
    """`a, b and c`."""
    *first, last = [str(value) for value in values] or [""]
    return f"{', '.join(first)} and {last}" if first else last
