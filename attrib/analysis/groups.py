"""Groups of the query as records, so that the code that judges a line judges a million alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import msgspec

from attrib.analysis.pieces import Piece
from attrib.analysis.run import Run
from attrib.analysis.span import Limits
from attrib.analysis.tally import Tally, Wanted
from attrib.engines import scan
from attrib.engines.connect import Engine
from attrib.engines.scan import Group
from attrib.fields import KEYS, RECORD_KEYS
from attrib.invocations.context import Context
from attrib.invocations.context import Limits as Thresholds
from attrib.invocations.hosts import hosts_seen, several_hosts
from attrib.invocations.join import single
from attrib.invocations.outcome import record_outcome
from attrib.parties import Parties
from attrib.records.model import Record
from attrib.records.parse import Parser
from attrib.sources.find import Source
from attrib.sources.lines import iter_blocks
from attrib.sources.open import open_source
from attrib.verdicts.decide import judge

_ENCODE = msgspec.json.Encoder().encode
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
    if group.high is None:
        return record
    record.latency_ms = latency = limits.high_ms * 2 + 1 if group.high else limits.high_ms
    share = (None, limits.low / 2, (limits.low + limits.dominant) / 2, 1.0, None)[group.share]
    if share is not None:
        record.upstream_latency_ms = latency * share
    elif group.share == 4:
        record.upstream_latency_ms = latency * 2 + 10
    return record


class Judge:
    """Judges groups; one per run."""

    def __init__(self, run: Run, parties: Parties, several: Callable[[str | None], bool]) -> None:
        self._run = run
        self.several = several
        self.party: Callable[[str | None], str] = lambda upstream: parties.of(upstream).party
        self._context = Context(run.ruleset.words, run.ruleset.parameters, self.party, several)

    def add(self, tally: Tally, group: Group, limits: Limits) -> None:
        """Count a group's invocations, each of one record, that fall into the time asked for."""
        record = group_record(self._run.parser, group)
        assert record is not None  # noqa: S101 - every group was tried when its piece was settled
        tally.see(record, group.n)
        if not self._inside(group, limits):
            return
        with_times(record, group, self._context.limits(record.function))
        invocation = single(record, self._context, correlated=group.usable)
        wanted = [Wanted(c["id"] if group.usable else None, c["t"], record.function) for c in group.cited]
        tally.add(invocation, judge(invocation, self._run.ruleset), group.n, wanted)

    def _inside(self, group: Group, limits: Limits) -> bool:
        since, until = limits
        if since is None and until is None:
            return True
        if group.odd_time is None:
            return group.in_range
        at, _ = self._run.parser.time(group.odd_time)
        return at is not None and (since is None or at >= since) and (until is None or at < until)


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
