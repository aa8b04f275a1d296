"""The invocations that explaining one request needs: its own, and those that share a trace with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrib.analysis.run import Run
from attrib.invocations.ids import usable_id
from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.invocations.silence import mark_unfinished
from attrib.records.model import Record
from attrib.rules.words import Words


def around(
    run: Run,
    chosen: Sequence[Record],
    records: Sequence[Record],
    facet: Callable[[str | None], str],
    several: Callable[[str | None], bool],
) -> list[Invocation]:
    """The invocations of the chosen records and those that share a trace with them, silence told where it can be.

    `facet`: an upstream's party. `several`: whether several of our hosts saw an upstream's dns or tls failures.
    """
    words, parameters = run.ruleset.words, run.ruleset.parameters
    near = related(chosen, records, words)
    found = list(build(near, words, parameters, facet, several))
    if run.large or all(invocation.ended for invocation in found):
        return found
    everything = list(build(records, words, parameters, facet, several))
    mark_unfinished(everything, parameters)
    wanted = {id(record) for record in near}
    return [invocation for invocation in everything if id(invocation.records[0]) in wanted]


def related(chosen: Sequence[Record], records: Sequence[Record], words: Words) -> list[Record]:
    """The records of the same requests and traces as the chosen ones, in the order of `records`."""
    traces = {record.trace_id for record in chosen if usable_id(record.trace_id, words)}
    ids = {record.request_id for record in records if record.trace_id in traces and usable_id(record.request_id, words)}
    ids |= {record.request_id for record in chosen}
    return [record for record in records if record.request_id in ids or record.trace_id in traces]
