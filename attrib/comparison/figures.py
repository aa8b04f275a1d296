"""What is compared: counts, how much they come in bursts, and latency histograms; from logs, and from a report alone.

Figures are a plain JSON-like dict, so that a bundle can hold them (`figures.json`):

    {"functions": [{"function": str?, "invocations": int, "failed": int, "slow": int,
                    "masked": int?,                                      null: the source does not tell
                    "dispersion": {"failed": float, "slow": float},      see incidents.difference.dispersion
                    "latency": [[bin, count]]?}],                        bins of incidents.histogram; null: not known
     "upstreams": [{"upstream": str, "calls": int, "failed": int, "dispersion": {"failed": float},
                    "latency": [[bin, count]]?}]?,                       null: the source does not tell
     "all": {"dispersion": {figure: float}}}

An upstream failed where it answered 5xx, timed out or did not answer, also where a retry or fallback hid it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from attrib.incidents.buckets import Buckets, Kind, Minute
from attrib.incidents.difference import dispersion
from attrib.incidents.histogram import Histogram
from attrib.incidents.scene import DURING, Frame, Scene, Zone
from attrib.rules.facets import VERDICTS

Figures = dict[str, Any]

UPSTREAM_FAILED: Final = frozenset({"5xx", "timeout", "no_response"})
MOST_FUNCTIONS: Final = 500
"""Functions whose latencies are looked at: names beyond are ids in disguise, and a comparison of each shows nothing."""
MOST_UPSTREAMS: Final = 500

_Test = Callable[[Kind], bool]


def figures_from(report: dict[str, Any], buckets: Buckets, fill: Callable[[list[Scene]], None]) -> Figures:
    """The figures of an analysis of logs. `fill`: fills scenes from the log (incidents.scene)."""
    functions = report["functions"]
    masked = Counter[str | None]()
    for _, kind, count in buckets:
        masked[kind.function] += count.n if kind.masked else 0
    latencies, upstream_latencies = _latencies([one["function"] for one in functions[:MOST_FUNCTIONS]], fill)
    by_function = _dispersions(buckets, lambda kind: kind.function, _OF_FUNCTIONS)
    by_upstream = _dispersions(buckets, lambda kind: kind.upstream, {"failed": _upstream_failed})
    return {
        "functions": [
            {
                **{key: one[key] for key in ("function", "invocations", "failed", "slow")},
                "masked": masked[one["function"]],
                "dispersion": by_function.get(one["function"], {}),
                "latency": _listed(latencies.get(one["function"])),
            }
            for one in functions
        ],
        "upstreams": [
            {
                "upstream": name,
                "calls": calls,
                "failed": failed,
                "dispersion": by_upstream.get(name, {}),
                "latency": _listed(upstream_latencies.get(name)),
            }
            for name, (calls, failed) in _upstreams(buckets)
        ],
        "all": {"dispersion": _dispersions(buckets, lambda _: None, _OF_ALL).get(None, {})},
    }


def figures_of_report(report: dict[str, Any]) -> Figures:
    """What a report alone tells: functions' counts."""
    keys = ("function", "invocations", "failed", "slow")
    unknown: Figures = {"masked": None, "dispersion": {}, "latency": None}
    functions = [{**{key: one[key] for key in keys}, **unknown} for one in report["functions"]]
    return {"functions": functions, "upstreams": None, "all": {"dispersion": {}}}


def _upstream_failed(kind: Kind) -> bool:
    return kind.masked or kind.outcome in UPSTREAM_FAILED


def _failed(kind: Kind) -> bool:
    return kind.symptom is not None and kind.symptom.startswith("failed")


def _slow(kind: Kind) -> bool:
    return kind.symptom is not None and kind.symptom.endswith("slow")


_OF_FUNCTIONS: Final[Mapping[str, _Test]] = {"failed": _failed, "slow": _slow}


def _is(verdict: str) -> _Test:
    return lambda kind: kind.verdict == verdict


_OF_ALL: Final[Mapping[str, _Test]] = {
    **_OF_FUNCTIONS,
    "masked": lambda kind: kind.masked,
    **{verdict: _is(verdict) for verdict in VERDICTS},
}


def _dispersions(
    buckets: Buckets, name_of: Callable[[Kind], str | None], tests: Mapping[str, _Test]
) -> dict[str | None, dict[str, float]]:
    """Name -> figure -> dispersion over the minutes."""
    trials: dict[str | None, Counter[Minute]] = defaultdict(Counter)
    successes: dict[tuple[str | None, str], Counter[Minute]] = defaultdict(Counter)
    for minute, kind, count in buckets:
        if minute is None:
            continue
        name = name_of(kind)
        trials[name][minute] += count.n
        for figure, test in tests.items():
            if test(kind):
                successes[name, figure][minute] += count.n
    found: dict[str | None, dict[str, float]] = defaultdict(dict)
    for (name, figure), hits in successes.items():
        # Sorted: a sum of doubles depends on its order.
        found[name][figure] = round(dispersion((hits[at], n) for at, n in sorted(trials[name].items(), key=_by)), 6)
    return found


def _by(item: tuple[Minute, int]) -> int:
    return item[0] or 0


def _upstreams(buckets: Buckets) -> list[tuple[str, tuple[int, int]]]:
    """(upstream, (invocations that called it, of which it failed)), the most called first."""
    calls: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for _, kind, count in buckets:
        if kind.upstream is not None:
            calls[kind.upstream] += count.n
            failed[kind.upstream] += count.n if _upstream_failed(kind) else 0
    names = sorted(calls, key=lambda name: (-calls[name], name))[:MOST_UPSTREAMS]
    return [(name, (calls[name], failed[name])) for name in names]


def _latencies(
    functions: Iterable[str | None], fill: Callable[[list[Scene]], None]
) -> tuple[dict[str | None, Histogram], dict[str | None, Histogram]]:
    """Latencies by function, and upstream times by upstream."""
    by_function: dict[str | None, Histogram] = defaultdict(Counter)
    by_upstream: dict[str | None, Histogram] = defaultdict(Counter)
    scene = Scene(Frame(dict.fromkeys(functions, Zone(None, None)), {}))
    if scene.frame.during:
        fill([scene])
    for (zone, kind), sight in scene.sights.items():
        if zone == DURING:
            by_function[kind.function].update(sight.latency)
            if kind.upstream is not None:
                by_upstream[kind.upstream].update(sight.upstream)
    return by_function, by_upstream


def _listed(bins: Histogram | None) -> list[list[int]] | None:
    return [[index, count] for index, count in sorted(bins.items())] if bins else None
