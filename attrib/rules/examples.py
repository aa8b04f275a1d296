"""A rule's examples: facets written out, or one M1 record that is turned into facets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from attrib.rules.facets import Facets
from attrib.rules.words import Words, fold

RECORD_KEYS: Final = (
    "status",
    "latency_ms",
    "error_code",
    "upstream_status",
    "upstream_latency_ms",
    "upstream_party",
    "upstream_hosts",
)
"""Keys of an example's `record`: the M1 fields that make facets, and the two facets that no single line tells."""

_UNSAID: Final = {"upstream_party": "external", "latency": "normal", "upstream_latency": "missing"}
"""What an example's `facets` leave out: the plainest case. `upstream` and `status` must be said."""

_CLIENT_CLOSED: Final = (0, 499)
"""Own statuses by which proxies log that the client went away (499: nginx; 0: no status was ever sent)."""


def facets_of_example(example: Mapping[str, Any], words: Words, parameter: Callable[[str], float]) -> Facets:
    """The facets of one example table, which has either `facets` or `record`.

    A record without `upstream_party` is M1's own vantage: external. Latencies in ms; a latency of 0 or none is
    missing. Raises KeyError when neither form is there.
    """
    if "facets" in example:
        return Facets(**{**_UNSAID, **example["facets"]})
    record = example["record"]
    upstream, code, phase = _upstream(record.get("upstream_status"), record.get("error_code"), words)
    latency_ms = record.get("latency_ms") or None
    share = _share(record.get("upstream_latency_ms"), latency_ms)
    return Facets(
        upstream=upstream,
        upstream_party=record.get("upstream_party", "external"),
        status=_status(record.get("status"), words),
        latency=_latency(latency_ms, parameter("latency_high_ms")),
        upstream_latency=_part(share, parameter("upstream_latency_low"), parameter("upstream_latency_dominant")),
        upstream_code=code,
        upstream_phase=phase,
        upstream_hosts=record.get("upstream_hosts", "one"),
    )


def _status(value: int | str | None, words: Words) -> str:
    number, word = _number_or_word(value)
    if number is not None:
        return "client_abort" if number in _CLIENT_CLOSED else _class_of(number)
    if word in words.timeout:
        return "timeout"
    return "client_abort" if word in words.client_abort else "missing"


def _upstream(value: int | str | None, error_code: str | None, words: Words) -> tuple[str, int | None, str]:
    """Outcome, exact code, and phase of a no_response."""
    number, word = _number_or_word(value)
    if number == 0 or word in words.no_response:
        phase = words.no_response.get(word, "none")
        return "no_response", None, phase if phase != "none" else words.phase_of(error_code)
    if number is not None:
        return _class_of(number), number, "none"
    for outcome, known in (
        ("timeout", words.timeout),
        ("not_contacted", words.not_contacted),
        ("short_circuited", words.short_circuited),
    ):
        if word in known:
            return outcome, None, "none"
    if error_code is not None and fold(error_code) in words.short_circuited:
        return "short_circuited", None, "none"
    return "missing", None, "none"


def _number_or_word(value: int | str | None) -> tuple[int | None, str]:
    if isinstance(value, int):
        return value, ""
    if value is not None and value.isascii() and value.isdigit():
        return int(value), ""
    return None, fold(value or "")


def _class_of(code: int) -> str:
    return f"{code // 100}xx" if 100 <= code <= 599 else "missing"


def _latency(latency_ms: float | None, high_ms: float) -> str:
    if latency_ms is None:
        return "missing"
    return "high" if latency_ms > high_ms else "normal"


def _share(upstream_ms: float | None, latency_ms: float | None) -> float | None:
    """Upstream time over latency; None when either is not known or the part is over 5 % longer than the whole."""
    if upstream_ms is None or latency_ms is None or upstream_ms > latency_ms * 1.05:
        return None
    return min(1.0, upstream_ms / latency_ms)


def _part(share: float | None, low: float, dominant: float) -> str:
    if share is None:
        return "missing"
    if share <= low:
        return "low"
    return "dominant" if share >= dominant else "middle"
