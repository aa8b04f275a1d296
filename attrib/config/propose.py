"""A report -> the text of a commented `attrib.toml`: what was seen, and what could be said about it.

Only the parties are set, and as the report guessed them, so the file changes no verdict. All else stands behind a `#`
with no space after it, which marks a setting to take into use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from attrib.config.toml import toml_key, toml_string
from attrib.parties import host_of
from attrib.rules.model import Parameter

MOST_LISTED: Final = 200
"""Upstreams, functions and fields of a kind that are listed; the rest is counted. Nobody reads on."""
LONGEST_NAME: Final = 200
"""Characters; a longer name is no name but a value that got into the field."""
_PROBE_WORDS: Final = frozenset(
    {"health", "healthz", "healthcheck", "heartbeat", "live", "liveness", "livez", "ping", "probe", "readiness",
     "ready", "readyz"}
)  # fmt: skip
_GLOB: Final = re.compile(r"([*?[])")

Redact = Callable[[str], str]


def propose(report: dict[str, Any], parameters: Sequence[Parameter], redact: Redact) -> str:
    """The file's text. `report` is that of `attrib analyze`; a name that `redact` changes is shown and never set."""
    functions = [entry for entry in report["functions"] if entry["function"] is not None]
    parts = [
        _header(report),
        _top(report, functions, redact),
        _parties(report["parties"], redact),
        _thresholds(report, parameters),
        _functions(functions, report, parameters, redact),
    ]
    return "\n".join(line for part in parts for line in (*part, "")).rstrip("\n") + "\n"


def _header(report: dict[str, Any]) -> Iterator[str]:
    read = report["input"]["totals"]["lines_read"]
    span = report["input"]["time_range"] or {}
    when = f", {span['start']} to {span['end']}" if span.get("start") else ""
    yield "# What attrib cannot read from the logs. It holds in this folder and below it; options win."
    yield f"# Written by attrib init from {read:,} lines{when}."
    yield "# The parties are guesses: read them once. A # with no space after it stands before a setting that is off."


def _top(report: dict[str, Any], functions: list[dict[str, Any]], redact: Redact) -> Iterator[str]:
    """The keys above the first table."""
    yield "# Rule packs: shipped ones by name, your own by path, seen from this folder."
    yield f"#rules = [{', '.join(map(toml_string, report['rules']['packs']))}]"
    yield ""
    zoneless = sum(file.get("zone_less_time") or 0 for file in report["input"]["files"])
    yield f"# Zone of the times shown and typed; zone of log times that name none ({zoneless:,} in these logs)."
    yield '#tz = "UTC"'
    yield '#input_tz = "UTC"'
    yield ""
    fields = sorted(report["input"]["unknown_fields"].items(), key=lambda item: (-item[1], item[0]))
    yield "# Fields beside the record that are kept as labels: what sets the failing apart is looked for in them too."
    yield from _list("labels", ((name, f"on {n:,} records") for name, n in fields), redact, off=True)
    yield ""
    probes = [
        (_GLOB.sub(r"[\1]", f["function"]), f"{f['invocations']:,} invocations") for f in functions if _is_probe(f)
    ]
    yield "# Functions that only probe (health checks): names or globs."
    yield from _list("probes", probes, redact, off=True)
    yield ""
    yield "# Logs that show the usual state: files, folders or globs, seen from this folder."
    yield "#baseline = []"


def _is_probe(function: dict[str, Any]) -> bool:
    return not _PROBE_WORDS.isdisjoint(re.split(r"[^a-z]+", function["function"].lower()))


def _parties(rows: list[dict[str, Any]], redact: Redact) -> Iterator[str]:
    yield "[parties]"
    seen: dict[str, set[str]] = {}
    for row in rows:
        if row["upstream"] is not None:
            for key in _keys(row["upstream"]):
                seen.setdefault(key, set()).add(row["party"])
    named = [row for row in rows if row["upstream"] is not None]
    sure = [row for row in named if _can_be_listed(row, seen)]
    for key, party, about in (
        ("vendors", "external", "A third party's: only these can be called the vendor."),
        ("own", "own", "Ours, whoever runs them: their failures are our application's."),
    ):
        yield f"# {about}"
        yield from _list(key, ((row["upstream"], _reason(row)) for row in sure if row["party"] == party), redact)
    left = [row for row in named if not _can_be_listed(row, seen)]
    for row in left[:MOST_LISTED]:
        name = toml_string(redact(row["upstream"])[:LONGEST_NAME])
        about = f"{row['records']:,} records; a guess: {row['party']}"
        yield f"# Not listed, for it could match others too: {name}  # {about}"


def _keys(name: str) -> set[str]:
    """The forms under which a listed name is looked for."""
    folded = name.strip().casefold()
    return {folded, host_of(folded)}


def _can_be_listed(row: dict[str, Any], seen: dict[str, set[str]]) -> bool:
    """Whether the name in the list means what was seen under it and nothing else.

    A name with signs of a glob would match others, and a host stands in the list for every address on it: where another
    upstream on it is another's, listing it would change verdicts.
    """
    folded = row["upstream"].strip().casefold()
    return bool(folded) and row["party"] != "unknown" and not _GLOB.search(folded) and len(seen[folded]) == 1


def _reason(row: dict[str, Any]) -> str:
    if row["party"] == "external":
        return f"{row['records']:,} records; a guess, nothing says that it is ours: if it is, move it to own"
    return f"{row['records']:,} records; {row['reason']}"


def _thresholds(report: dict[str, Any], parameters: Sequence[Parameter]) -> Iterator[str]:
    yield "[thresholds]"
    for parameter in parameters:
        own = "; also for one function" if parameter.per_function else ""
        bounds = f"{_number(parameter.low)} to {_number(parameter.high)}"
        yield f"# {parameter.meaning}"
        yield f"#{parameter.name} = {_value(report, parameter)}  # {parameter.unit}, {bounds}{own}"


def _functions(
    functions: list[dict[str, Any]], report: dict[str, Any], parameters: Sequence[Parameter], redact: Redact
) -> Iterator[str]:
    yield "# One function's own thresholds, for what says so above."
    listed = [f for f in functions if _is_plain(f["function"], redact)]
    first = next((parameter for parameter in parameters if parameter.per_function), None)
    for entry in listed[:MOST_LISTED]:
        counts = f"{entry['invocations']:,} invocations, {entry['failed']:,} failed, {entry['slow']:,} slow"
        times = [f"{key.removesuffix('_ms')} {entry[key]:g} ms" for key in ("p50_ms", "p99_ms") if entry.get(key)]
        yield f"# {', '.join([counts, *times])}"
        yield f"#[functions.{toml_key(entry['function'])}]"
        if first is not None:
            yield f"#{first.name} = {_value(report, first)}"
    if (more := len(functions) - len(listed[:MOST_LISTED])) > 0:
        yield f"# and {more:,} more functions"


def _value(report: dict[str, Any], parameter: Parameter) -> str:
    return _number(report["rules"]["thresholds"].get(parameter.name, parameter.default))


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _list(key: str, items: Iterable[tuple[str, str]], redact: Redact, *, off: bool = False) -> Iterator[str]:
    """A list with one name a line and what is known of it; `off`: commented out."""
    mark = "#" if off else ""
    found = list(items)
    listed = [(name, about) for name, about in found if _is_plain(name, redact)]
    if not listed:
        yield f"{mark}{key} = []"
    else:
        yield f"{mark}{key} = ["
        for name, about in listed[:MOST_LISTED]:
            yield f"{mark}  {toml_string(name)},  # {about}"
        yield f"{mark}]"
    if (more := len(found) - len(listed[:MOST_LISTED])) > 0:
        yield f"# and {more:,} more, too many or too odd to list"


def _is_plain(name: str, redact: Redact) -> bool:
    """Whether a name can stand in the file as it is."""
    return bool(name.strip()) and len(name) <= LONGEST_NAME and redact(name) == name
