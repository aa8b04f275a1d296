"""The parts of a bundle that are neither report nor records, as pydantic models: proven before they are believed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attrib.reports.model_base import Model

_Count = Annotated[int, Field(ge=0, le=10**15)]
_Bin = Annotated[int, Field(ge=0, le=4096)]
"""A bin of a latency histogram (incidents.histogram); the longest time it knows has bin 2,624."""
_Dispersion = dict[str, Annotated[float, Field(ge=1, le=1e12)]]


class FunctionFigures(Model):
    """Counts of one function."""

    function: str | None
    invocations: _Count
    failed: _Count
    slow: _Count
    masked: _Count | None = Field(description="invocations that answered well although an upstream failed")
    dispersion: _Dispersion = Field(description="figure -> how much more its minutes differ than by chance")
    latency: list[tuple[_Bin, _Count]] | None = Field(description="latency histogram: (bin, count)")


class UpstreamFigures(Model):
    """Counts of one upstream."""

    upstream: str
    calls: _Count
    failed: _Count
    dispersion: _Dispersion
    latency: list[tuple[_Bin, _Count]] | None = Field(description="histogram of the upstream's times")


class AllFigures(Model):
    """Of all functions together."""

    dispersion: _Dispersion


class Figures(Model):
    """`figures.json`: what `attrib compare` reads."""

    functions: list[FunctionFigures]
    upstreams: list[UpstreamFigures] | None
    all: AllFigures


class Facts(Model):
    """`facts.json`: what judging one request needs to know of the whole log. Requests are named by their number."""

    several_hosts: list[str] = Field([], description="upstreams whose dns or tls failures several of our hosts saw")
    several_hosts_unnamed: bool = Field(False, description="the same of calls whose upstream is not named")
    silent: list[tuple[int, str | None]] = Field([], description="(request, function) that never ended")
    cut: list[int] = Field([], description="requests of which records were left out")
    missing: _Count = Field(0, description="lines cited whose records could not be read again")
