"""Joined invocations kept on disk, in short: memory may not hold them all, and scenes want some of them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from attrib.incidents.buckets import Minute, minute_of
from attrib.incidents.histogram import bin_of, whole_us
from attrib.incidents.scene import Example, values_of
from attrib.invocations.model import Invocation


class Sighting(msgspec.Struct, array_like=True):
    """What scenes want to know of one invocation; its kind by number."""

    kind: int
    ts: int | None
    request_id: str
    function: str
    file: int
    line: int
    latency: int | None
    """Bins of the three durations."""
    upstream: int | None
    own: int | None
    values: dict[str, str]

    @property
    def minute(self) -> Minute:
        """Minutes since the epoch."""
        return minute_of(self.ts)

    @property
    def example(self) -> Example:
        """The invocation to cite."""
        return Example(-1 if self.ts is None else self.ts, self.request_id, self.function, self.file, self.line)


def sighting(invocation: Invocation, kind: int) -> Sighting:
    """The short form of an invocation."""
    at = invocation.decisive
    return Sighting(
        kind,
        invocation.ts,
        invocation.request_id or "",
        invocation.function or "",
        at.file,
        at.line,
        _bin(invocation.latency_ms),
        _bin(invocation.upstream_latency_ms),
        _bin(invocation.own_ms),
        values_of(invocation),
    )


def _bin(ms: float | None) -> int | None:
    return None if ms is None else bin_of(whole_us(ms))


class Sightings:
    """A file of sightings, one per line."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder(Sighting).decode
        self.n = 0

    def write(self, found: Iterable[Sighting]) -> None:
        """Add some."""
        with Path(self._path).open("ab") as out:
            for one in found:
                out.write(self._encode(one) + b"\n")
                self.n += 1

    def __iter__(self) -> Iterator[Sighting]:
        """All of them."""
        if self.n:
            with Path(self._path).open("rb") as file:
                for line in file:
                    yield self._decode(line)
