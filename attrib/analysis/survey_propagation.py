"""The survey's table of hops of a large input: planned from the groups, counted in the engine, examples found last."""

from __future__ import annotations

from attrib.analysis.locate import Wanted, cited, cited_anywhere
from attrib.analysis.reading import Reading
from attrib.engines import propagation
from attrib.records.model import Record
from attrib.survey.propagation import EXAMPLES, Hop, Pair, Plan, answered, time_of
from attrib.survey.survey import Survey

_NULLS = ("", "-")


def fill(reading: Reading, survey: Survey) -> None:
    """Count the hops of all that was read, whichever way. A log without such pairs costs nothing."""
    plan = _plan(reading)
    if not plan:
        return
    engine = reading.engine
    propagation.begin(engine, plan)
    for settled in reading.settled:
        propagation.add(engine, settled.piece.path, settled.piece.shape, reading.bounds)
    parse = reading.run.parser.time
    times = {text: at for text in propagation.odd_times(engine) if (at := parse(text)[0]) is not None}
    if times:
        propagation.read_times(engine, times)
    survey.propagation.hops = hops = propagation.settle(engine, plan)
    _find_examples(reading, plan, hops)
    propagation.end(engine)


def _plan(reading: Reading) -> Plan:
    groups = [group for settled in reading.settled for group in settled.every]
    calls = {(group.function or None, _named(group.upstream)) for group in groups}
    components = {name for group in groups for name in (group.function or None, _named(group.service)) if name}
    return Plan(calls, components)


def _named(text: str | None) -> str | None:
    return None if text in _NULLS else text


def _find_examples(reading: Reading, plan: Plan, hops: dict[Pair, Hop]) -> None:
    """The places of the earliest calls that were lost."""
    pairs = list(plan.target)
    wanting = [number for number, pair in enumerate(pairs) if pair in hops and hops[pair].wants_examples]
    if not wanting:
        return
    found: dict[int, dict[str, propagation.Lost]] = {number: {} for number in wanting}
    for settled in reading.settled:
        shape, path = settled.piece.shape, settled.piece.path
        for number, lost in propagation.lost(reading.engine, path, shape, reading.bounds, wanting):
            before = found[number].setdefault(lost.request_id, lost)
            found[number][lost.request_id] = min(before, lost)
    chosen = {(pairs[number], lost) for number, one in found.items() for lost in sorted(one.values())[:EXAMPLES]}
    places = _places(reading, chosen)
    for pair, lost in sorted(chosen):
        if (pair, lost) in places:
            hops[pair].examples.append(places[pair, lost])


def _places(
    reading: Reading, chosen: set[tuple[Pair, propagation.Lost]]
) -> dict[tuple[Pair, propagation.Lost], tuple[int, int]]:
    """Where each of these calls stands: its first line, where copies of it stand in several."""
    places: dict[tuple[Pair, propagation.Lost], tuple[int, int]] = {}

    def see(record: Record) -> None:
        pair, at = Pair(record.function or "", record.upstream or ""), time_of(record)
        key = pair, propagation.Lost(at is None, at or 0, record.request_id or "")
        if key in chosen and answered(record):
            spot = record.file, record.line
            places[key] = min(places.get(key, spot), spot)

    wanted = [Wanted(lost.request_id, None if lost.untimed else lost.t, pair.function) for pair, lost in sorted(chosen)]
    # Copies of a line may stand anywhere, and the first one is the record.
    if not reading.run.accounts.totals()["duplicates"]:
        for record in cited(reading.run, [settled.piece for settled in reading.settled], wanted):
            see(record)
    if len(places) < len(chosen):
        for record in cited_anywhere(reading.run, wanted):
            see(record)
    return places
