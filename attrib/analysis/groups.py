"""Groups of the query as records, so that the code that judges a line judges a million alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from attrib.analysis.pieces import Piece
from attrib.analysis.run import Run
from attrib.analysis.silence import UNFINISHED, Silence, is_silent
from attrib.analysis.span import Limits
from attrib.analysis.tally import Tally
from attrib.engines import scan
from attrib.engines.connect import Engine
from attrib.engines.grouping import Group
from attrib.engines.minutes import Counted, Sums
from attrib.fields import KEYS, RECORD_KEYS
from attrib.incidents.buckets import Buckets, Count, Kind, kind_of
from attrib.invocations.context import Context
from attrib.invocations.context import Limits as Thresholds
from attrib.invocations.hosts import hosts_seen, several_hosts
from attrib.invocations.join import build, single
from attrib.invocations.model import Invocation
from attrib.invocations.outcome import record_outcome
from attrib.parties import Parties
from attrib.records.model import Record
from attrib.records.parse import Parser
from attrib.sources.find import Source
from attrib.sources.lines import iter_blocks
from attrib.sources.open import open_source
from attrib.verdicts.chain import judge_all
from attrib.verdicts.decide import Verdict, judge

_ENCODE = msgspec.json.Encoder().encode
_NO_SHARE: Final = 5
"""grouping.Group.share of an upstream time that is known, and no share of anything."""
_FAR: Final = ("dns", "tls")
_NAMES = msgspec.json.Decoder(dict[str, msgspec.Raw])


def group_record(parser: Parser, group: Group) -> Record | None:
    """A record with the group's texts and statuses, read by the parser itself; None where that refuses them."""
    fields: dict[str, Any] = {
        "function": group.function, "stage": group.stage, "status": _code(group.status), "error_code": group.error_code,
        "upstream_status": _code(group.upstream_status), "upstream": group.upstream, "service": group.service,
        "attempt": group.attempt,
    }  # fmt: skip
    record = parser.parse(_ENCODE(fields))
    return record if isinstance(record, Record) else None


def _code(value: str | float | None) -> str | int | float | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def with_times(record: Record, group: Group, limits: Thresholds) -> Record:
    """Give a group's record a latency and an upstream time of the group's classes."""
    if group.share == _NO_SHARE:
        record.upstream_latency_ms = 0.0
    if group.high is None:
        return record
    record.latency_ms = latency = limits.high_ms * 2 + 1 if group.high else limits.high_ms
    share = (None, limits.low / 2, (limits.low + limits.dominant) / 2, 1.0, None, None)[group.share]
    if share is not None:
        record.upstream_latency_ms = latency * share
    elif group.share == 4:
        record.upstream_latency_ms = latency * 2 + 10
    return record


class Kinds:
    """The kinds met so far, numbered: the engine counts by number."""

    def __init__(self) -> None:
        self.all: list[Kind] = []
        self._numbers: dict[Kind, int] = {}

    def number(self, kind: Kind) -> int:
        """The number of a kind."""
        number = self._numbers.setdefault(kind, len(self.all))
        if number == len(self.all):
            self.all.append(kind)
        return number

    def fill(self, buckets: Buckets, rows: Iterable[Sums]) -> None:
        """Put the engine's sums, each (kind, minute) once, into buckets that have none of them yet."""
        kinds, counts = self.all, buckets.counts
        for kind, minute, n, first, last, latency_us, timed, upstream_us, upstream_timed in rows:
            counts[minute, kinds[kind]] = Count(n, first, last, latency_us, timed, upstream_us, upstream_timed)


class Silent(NamedTuple):
    """A group of invocations that have not ended; whether they ever will is known when all of the log has been seen."""

    group: Group
    invocation: Invocation
    first: int
    """The oldest time, epoch microseconds."""
    moment: int | None
    """The one time of all, where the query could not read it."""


class Judge:
    """Judges groups; one per run."""

    def __init__(self, run: Run, parties: Parties, several: Callable[[str | None], bool]) -> None:
        self._run = run
        self.several = several
        self.party: Callable[[str | None], str] = lambda upstream: parties.of(upstream).party
        self.kinds = Kinds()
        self.silence = Silence(run.ruleset.parameters)
        self._context = Context(run.ruleset.words, run.ruleset.parameters, self.party, several)

    def add(self, tally: Tally, group: Group, limits: Limits) -> Counted | Silent | None:
        """Count a group's invocations, each of one record, that fall into the time asked for; None: they do not.

        Silent ones are not counted yet: when all of the log has been seen, `settle` says what they are.
        """
        record = group_record(self._run.parser, group)
        assert record is not None  # noqa: S101 - every group was tried when its piece was settled
        tally.see(record, group.n)
        moment = None if group.odd_time is None else self._run.parser.time(group.odd_time)[0]
        with_times(record, group, self._context.limits(record.function))
        invocation = single(record, self._context, correlated=group.usable)
        self.silence.see(
            invocation.function, group.n, correlated=group.usable, ended=invocation.ended, slowest=group.slowest
        )
        if not _inside(group, moment, limits):
            return None
        first = moment if moment is not None else None if group.lent else group.first
        if first is not None and is_silent(invocation):
            return Silent(group, invocation, first, moment)
        return self._count(tally, group, invocation, moment)

    def _count(self, tally: Tally, group: Group, invocation: Invocation, moment: int | None) -> Counted:
        verdict = judge(invocation, self._run.ruleset)
        tally.add(invocation, verdict, group.n)
        return Counted(self.kinds.number(kind_of(invocation, verdict)), _spent(invocation), moment)

    def settle(self, tally: Tally, silent: Silent) -> Counted:
        """What a silent group counts as. Where its time decides, it is for `tell` to count it in the tally."""
        invocation, cutoff = silent.invocation, self.silence.cutoff(silent.invocation.function)
        if cutoff is None or silent.first >= cutoff:
            return self._count(tally, silent.group, invocation, silent.moment)
        fine = self.kinds.number(kind_of(invocation, judge(invocation, self._run.ruleset)))
        invocation.symptom = UNFINISHED
        if silent.moment is not None:
            return self._count(tally, silent.group, invocation, silent.moment)
        late = self.kinds.number(kind_of(invocation, judge(invocation, self._run.ruleset)))
        return Counted(fine, _spent(invocation), None, late, cutoff)

    def tell(self, tally: Tally, silent: Silent, late: int) -> None:
        """Count a silent group of which `late` invocations never finished."""
        invocation, group = silent.invocation, silent.group
        verdict = judge(invocation, self._run.ruleset)
        if late:
            tally.add(invocation, verdict, late)
        if group.n > late:
            invocation.symptom = None
            tally.add(invocation, judge(invocation, self._run.ruleset), group.n - late)

    def lone(self, record: Record, correlated: bool) -> tuple[Invocation, Verdict]:
        """The invocation of one record that stands alone, and its verdict."""
        invocation = single(record, self._context, correlated=correlated)
        self.silence.mark((invocation,))
        return invocation, judge(invocation, self._run.ruleset)

    def all(self, invocations: Sequence[Invocation]) -> Iterator[tuple[Invocation, Verdict]]:
        """Invocations with their verdicts: all of the requests that they belong to."""
        self.silence.mark(invocations)
        return zip(invocations, judge_all(invocations, self._run.ruleset), strict=True)

    def build(self, records: Iterable[Record]) -> list[Invocation]:
        """The invocations of records."""
        return list(build(records, self._run.ruleset.words, self._run.ruleset.parameters, self.party, self.several))


def _spent(invocation: Invocation) -> bool:
    return (invocation.records[0].attempt or 0) <= 1


def _inside(group: Group, moment: int | None, limits: Limits) -> bool:
    since, until = limits
    if since is None and until is None:
        return True
    if group.odd_time is None:
        return group.in_range
    return moment is not None and (since is None or moment >= since) and (until is None or moment < until)


def far_hosts(run: Run, engine: Engine, settled: Sequence[tuple[Piece, list[Group]]]) -> Callable[[str | None], bool]:
    """Whether several of our hosts saw an upstream's dns or tls failures; asks the files only where there are such."""
    words = run.ruleset.words
    seen: dict[str | None, set[str]] = {}
    for piece, groups in settled:
        records = [group_record(run.parser, group) for group in groups]
        if not any(
            record_outcome(record.upstream_status, record.upstream_word, record.error_code, words).phase in _FAR
            for record in records
            if record is not None
        ):
            continue
        found = hosts_seen(_host_records(run, engine, piece), words)
        for upstream, hosts in found.items():
            seen.setdefault(upstream, set()).update(hosts)
    return several_hosts(seen)


def _host_records(run: Run, engine: Engine, piece: Piece) -> Iterable[Record]:
    for row in scan.host_rows(engine, piece.path, piece.shape):
        record = run.parser.parse(_ENCODE({"function": None, **row}))
        if isinstance(record, Record):
            yield record


def names_of(run: Run, piece: Piece) -> Counter[str]:
    """The unknown keys of a piece's records, with the number of lines that have each."""
    labels = frozenset(run.options.labels)
    shapes: Counter[tuple[str, ...]] = Counter()
    with open_source(Source(piece.path)) as stream:
        for block in iter_blocks(stream):
            shapes.update(map(tuple, _NAMES.decode_lines(block.data)))
    names: Counter[str] = Counter()
    for keys, n in shapes.items():
        if any(key in RECORD_KEYS for key in keys):
            for key in keys:
                if key not in KEYS and key not in labels:
                    names[key[:200]] += n
    return names
