"""Large inputs: DuckDB groups what is proven, the reference code judges the groups and joins what must be joined."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from attrib.analysis.careful import Seen
from attrib.analysis.groups import Judge, far_hosts
from attrib.analysis.locate import cited, cited_anywhere, recurring
from attrib.analysis.reading import Reading, Settled, bounds_of, read_all
from attrib.analysis.run import Run
from attrib.analysis.span import Limits, inside
from attrib.analysis.tally import Tally, Wanted
from attrib.engines import correlate, scan
from attrib.engines.connect import Engine
from attrib.engines.scan import Group
from attrib.invocations.join import build
from attrib.parties import Parties
from attrib.records.model import Record
from attrib.verdicts.decide import judge


def analyze_large(run: Run) -> tuple[Tally, Parties, Limits]:
    """The tally of a large input. Memory is bounded by --memory, the parts' queries and `HOT_AT_ONCE` ids."""
    paths = [source.path for source in run.sources if source.kind == "file" and source.error is None]
    with Engine(paths, run.options.memory, run.options.threads) as engine:
        reading = Reading(run, engine, bounds_of(run.ruleset))
        read_all(reading)
        return _count(reading)


def _count(reading: Reading) -> tuple[Tally, Parties, Limits]:
    run, engine = reading.run, reading.engine
    _see_times(reading)
    limits = run.limits()
    parties = _parties(reading)
    tally = Tally()
    judged = Judge(run, parties, _hosts(reading))
    again = correlate.find_recurring(engine, [(s.table, s.piece.shape) for s in reading.settled])
    filtered = limits != (None, None)
    where = correlate.FRESH if again else "true"
    if again:
        correlate.begin(engine)
    for settled in reading.settled:
        if again or filtered:
            settled.groups = _regroup(reading, settled, limits, where)
        if again:
            correlate.add(engine, settled.piece.path, settled.piece.shape, reading.bounds)
        for group in settled.groups:
            judged.add(tally, group, limits)
    if again:
        _join(reading, tally, judged, limits)
    _cite(reading, tally, judged, limits)
    return tally, parties, limits


def _see_times(reading: Reading) -> None:
    for settled in reading.settled:
        for group in settled.groups:
            reading.run.times.add(group.first)
            reading.run.times.add(group.last)
            if group.odd_time is not None:
                reading.run.times.add(reading.run.parser.time(group.odd_time)[0])


def _parties(reading: Reading) -> Parties:
    groups = [group for settled in reading.settled for group in settled.groups]
    names = {name for group in groups for name in (group.function, group.service) if name}
    return Parties(reading.run.options.vendors, reading.run.options.own, names)


def _regroup(reading: Reading, settled: Settled, limits: Limits, where: str) -> list[Group]:
    piece = settled.piece
    rows = scan.rows_sql(piece.path, piece.shape, reading.bounds, limits)
    filtered = limits != (None, None)
    reading.engine.execute(scan.group_sql(settled.table, rows, piece.shape, filtered, where))
    groups = scan.read_groups(reading.engine, settled.table, piece.shape, filtered)
    return [group for group in groups if piece.shape.ours or not group.skipped]


def _hosts(reading: Reading) -> Callable[[str | None], bool]:
    """Whether several of our hosts saw an upstream's dns or tls failures; looked up only where there are such."""
    return far_hosts(reading.run, reading.engine, [(s.piece, s.groups) for s in reading.settled])


def _join(reading: Reading, tally: Tally, judged: Judge, limits: Limits) -> None:
    """Recurring ids: calm ones are counted, hot ones read again and joined by the reference code."""
    run, engine = reading.run, reading.engine
    value = run.ruleset.parameters.value
    everything = limits != (None, None)
    hot = correlate.find_hot(engine, value("reuse_gap_s"), value("reuse_max_terminals"), everything=everything)
    for function, n in correlate.calm_invocations(engine):
        tally.add_ok(function or None, n)
    for upstream, n in correlate.calm_upstreams(engine):
        tally.upstreams[upstream if upstream not in ("", "-") else None] += n
    seen = Seen(run.ruleset.words)
    for start in range(0, len(hot), correlate.HOT_AT_ONCE):
        chosen: set[str | None] = set(hot[start : start + correlate.HOT_AT_ONCE])
        records = _fresh(run, recurring(run, chosen), seen)
        _judge_all(run, tally, judged, list(records), limits)


def _fresh(run: Run, found: Iterator[tuple[Record, bytes]], seen: Seen) -> Iterator[Record]:
    for record, line in found:
        if seen.again(record, line):
            run.accounts.files[record.file].duplicates += 1
        else:
            yield record


def _judge_all(run: Run, tally: Tally, judged: Judge, records: list[Record], limits: Limits) -> None:
    words, parameters = run.ruleset.words, run.ruleset.parameters
    for record in records:
        tally.see(record)
    for invocation in build(records, words, parameters, judged.party, judged.several):
        if inside(invocation, limits):
            tally.add(invocation, judge(invocation, run.ruleset))


def _cite(reading: Reading, tally: Tally, judged: Judge, limits: Limits) -> None:
    """Find the lines of the isolated failures among the groups."""
    run = reading.run
    few = {pair: wanted for pair, wanted in tally.pending.items() if wanted}
    if not few:
        return
    placed = {pair: tuple(tally.singles.get(pair, ())) for pair in few}
    _place(reading, tally, judged, limits, few, cited(run, [s.piece for s in reading.settled], _all(few.values())))
    far = {pair: wanted for pair, wanted in few.items() if not tally.placed(pair)}
    if far:  # lines far from where their time belongs: another look, at everything
        tally.singles.update({pair: list(placed[pair]) for pair in far})
        _place(reading, tally, judged, limits, far, cited_anywhere(run, _all(far.values())))


def _all(lists: Iterable[list[Wanted]]) -> list[Wanted]:
    return [want for wants in lists for want in wants]


def _place(
    reading: Reading,
    tally: Tally,
    judged: Judge,
    limits: Limits,
    pairs: Container[tuple[str | None, str]],
    records: Iterator[Record],
) -> None:
    ruleset = reading.run.ruleset
    for invocation in build(records, ruleset.words, ruleset.parameters, judged.party, judged.several):
        verdict = judge(invocation, ruleset)
        pair = (invocation.function, verdict.verdict)
        if inside(invocation, limits) and pair in pairs:
            tally.place(invocation, verdict)


def records_of(run: Run, request_id: str | None = None) -> tuple[list[Record], Parties, Callable[[str | None], bool]]:
    """The records that a list of single invocations needs, whose the upstreams are, what is known of hosts.

    All records of one request; or, without one named, those of all requests that may have a symptom and all
    uncorrelated ones. Memory: about 1 kB for each of these records.
    """
    paths = [source.path for source in run.sources if source.kind == "file" and source.error is None]
    with Engine(paths, run.options.memory, run.options.threads) as engine:
        reading = Reading(run, engine, bounds_of(run.ruleset))
        read_all(reading)
        _see_times(reading)
        ids: set[str | None] = {request_id}
        if request_id is None:
            ids.clear()
            for settled in reading.settled:
                ids.update(correlate.noisy_ids(engine, settled.piece.path, settled.piece.shape, reading.bounds))
                if any(not group.usable for group in settled.groups):
                    ids.add(None)
        records = list(_fresh(run, recurring(run, ids), Seen(run.ruleset.words)))
        return records, _parties(reading), _hosts(reading)
