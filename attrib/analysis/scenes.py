"""Scenes of a large input: only the byte ranges around an incident's minutes are read again, by one query.

What is seen must come to what was counted: the sums of the first reading say how many invocations of each kind a
scene holds. Where lines stand far from where their time belongs, that shows, and everything is read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from attrib.analysis import ranges
from attrib.analysis.canonical import SAID, VALUES
from attrib.analysis.groups import Judge
from attrib.analysis.locate import recurring
from attrib.analysis.pieces import Piece
from attrib.analysis.reading import Reading, Settled
from attrib.analysis.span import Limits, inside
from attrib.analysis.stretches import ZONES, spans_of, stretches_of
from attrib.analysis.values import Values, columns_of
from attrib.engines import correlate, scenes, scenes_calm
from attrib.engines.connect import EngineRefused
from attrib.engines.scenes import Stretch
from attrib.incidents.buckets import kind_of
from attrib.incidents.scene import EXAMPLES, Example, Scene, keep
from attrib.invocations.ids import usable_id
from attrib.records.model import Record

MOST_BYTES: Final = 256 * 1024 * 1024
"""Read again at once; a scene that alone has more is sampled."""
SAMPLE: Final = 200
"""Lines that say which fields hold texts."""
CALM_SLACK_US: Final = 60_000_000
"""A calm request's records lie within this of each other (correlate.find_hot)."""

Blocks = list[tuple[Settled, list[int]]]


class Scenes:
    """Fills scenes of one large input."""

    def __init__(self, reading: Reading, judged: Judge, limits: Limits) -> None:
        self._reading = reading
        self._judged = judged
        self._limits = limits
        self._values = Values(reading.run)
        self._fields = len(self._values.fields)
        self._again = reading.sightings is not None
        self._calm = self._again and limits == (None, None)
        self._sampled_values = False
        self._joined = scenes_calm.Seen([], {}, complete=True)
        self._slack = max(ranges.SLACK_US, CALM_SLACK_US if self._calm else 0)

    def fill(self, scenes_: Sequence[Scene]) -> None:
        """Give each scene what the reference would (incidents.scene.fill); examples without their places."""
        batch: list[Scene] = []
        for scene in scenes_:
            if batch and self._size(self._blocks([*batch, scene])) > MOST_BYTES:
                self._fill(batch)
                batch = []
            batch.append(scene)
        if batch:
            self._fill(batch)
        for scene in scenes_:
            scene.settle()

    def _blocks(self, batch: Sequence[Scene] | None) -> Blocks:
        """The blocks of every piece that a batch of scenes needs; None: all."""
        spans = None if batch is None else spans_of(batch)
        found = ((s, ranges.blocks_of(s.piece, spans, self._slack)) for s in self._reading.settled)
        return [(settled, blocks) for settled, blocks in found if blocks]

    def _size(self, found: Blocks) -> int:
        return sum(ranges.size_of(settled.piece, blocks) for settled, blocks in found)

    def _sampled(self, found: Blocks, batch: Sequence[Scene]) -> Blocks:
        """Evenly spaced blocks where all are too many."""
        step = -(-self._size(found) // MOST_BYTES)
        if step <= 1:
            return found
        for scene in batch:
            scene.sampled = True
        return [(settled, blocks[::step]) for settled, blocks in found]

    def _fill(self, batch: Sequence[Scene]) -> None:
        stretches = list(stretches_of(batch, self._judged.kinds.all))
        chosen = self._sampled(self._blocks(batch), batch)
        refused = self._see(stretches, chosen)
        complete = not refused and not any(scene.sampled for scene in batch)
        if complete and not self._complete():
            chosen = self._sampled(self._blocks(None), batch)
            refused = self._see(stretches, chosen)
        self._put(batch)
        if refused:
            self._read(batch, refused)
        self._put_joined(batch, stretches)

    def _see(self, stretches: Sequence[Stretch], chosen: Blocks) -> Blocks:
        """Fill the engine's table of what is seen. Returns what the query refuses to read."""
        if not self._sampled_values and chosen:
            self._sampled_values = True
            settled, blocks = chosen[0]
            self._values.sample(islice((line for _, line in ranges.lines_of(settled.piece, blocks[:1])), SAMPLE))
        while True:
            refused = self._look(stretches, chosen)
            doubts = self._doubts()
            if not doubts:
                return refused
            self._values.doubt(doubts)

    def _doubts(self) -> list[int]:
        """Fields whose texts may be none: they are read again as they stand."""
        texts, engine = self._values.texts, self._reading.engine
        found = scenes.doubtful(engine, "seen", texts)
        return found + (scenes.doubtful(engine, "bits", texts) if self._calm else [])

    def _look(self, stretches: Sequence[Stretch], chosen: Blocks) -> Blocks:
        """Fill the engine's table of what is seen. Returns what the query refuses to read."""
        engine, bounds = self._reading.engine, self._reading.bounds
        scenes.begin(engine, stretches, self._fields)
        if self._calm:
            scenes_calm.begin(engine, self._fields)
        kinds = {stretch.kind for stretch in stretches}
        refused: Blocks = []
        for settled, blocks in chosen:
            mine = any(one and (one.kind in kinds or one.late in kinds) for one in settled.counted)
            if not mine and not self._calm:
                continue
            columns = columns_of(self._values, settled.piece.shape, SAID, VALUES)
            if columns is None:
                refused.append((settled, blocks))
                continue
            path = ranges.copied(settled.piece, blocks, str(Path(engine.folder, "range.jsonl")))
            try:
                scenes.add_lines(
                    engine, path, settled.piece.shape, bounds, self._limits, columns, settled.table, settled.counted,
                    recurring=self._again,
                )  # fmt: skip
                if self._calm:
                    scenes_calm.add_lines(engine, path, settled.piece.shape, bounds, columns)
            except EngineRefused:
                if settled.piece.canonical:
                    raise
                refused.append((settled, blocks))
        if self._calm:
            self._joined = scenes_calm.see(engine, self._fields, everything=bool(refused))
        return refused

    def _complete(self) -> bool:
        """Whether what is seen, with what is still to be joined, is what was counted."""
        counts = Counter(scenes.counts(self._reading.engine))
        counts.update(self._joined.counts)
        return self._joined.complete and counts == scenes.expected(self._reading.engine)

    def _put(self, batch: Sequence[Scene]) -> None:
        """From the engine's table into the scenes."""
        engine, kinds = self._reading.engine, self._judged.kinds.all
        for scene, zone, kind, n, latency, upstream, own, examples in scenes.sights(engine):
            sight = batch[scene].sight(ZONES[zone], kinds[kind])
            sight.n += n
            sight.latency.update(latency or {})
            sight.upstream.update(upstream or {})
            sight.own.update(own or {})
            for example in _examples(examples, kind, kinds[kind].function or ""):
                keep(sight.examples, example)
        for at in range(self._fields):
            for scene, zone, kind, raw, n in scenes.values(engine, at):
                fields = batch[scene].sight(ZONES[zone], kinds[kind]).fields
                for name, value in self._values.read(at, raw).items():
                    fields.setdefault(name, Counter())[value] += n

    def _put_joined(self, batch: Sequence[Scene], stretches: Sequence[Stretch]) -> None:
        """Invocations that the reference code joined."""
        sightings = self._reading.sightings
        if self._joined.left:
            self._join(batch)
        if sightings is None or not sightings.n:
            return
        kinds = self._judged.kinds.all
        chosen = {stretch.kind for stretch in stretches}
        for one in sightings:
            if one.kind not in chosen:
                continue
            kind = kinds[one.kind]
            for scene in batch:
                zone = scene.frame.zone_of(scene.kind(kind).function, kind.upstream, one.minute)
                if zone is None:
                    continue
                sight = scene.sight(zone, kind)
                sight.n += 1
                for histogram, index in (
                    (sight.latency, one.latency), (sight.upstream, one.upstream), (sight.own, one.own)
                ):  # fmt: skip
                    if index is not None:
                        histogram[index] += 1
                keep(sight.examples, one.example)
                for name, value in one.values.items():
                    sight.fields.setdefault(name, Counter())[value] += 1

    def _join(self, batch: Sequence[Scene]) -> None:
        """Calm requests whose lines differ in a field."""
        run, judged = self._reading.run, self._judged
        for start in range(0, len(self._joined.left), correlate.HOT_AT_ONCE):
            ids: set[str | None] = set(self._joined.left[start : start + correlate.HOT_AT_ONCE])
            records = (record for record, _ in recurring(run, ids))
            for invocation, verdict in judged.all(judged.build(records)):
                if inside(invocation, self._limits):
                    for scene in batch:
                        scene.add(invocation, kind_of(invocation, verdict))

    def _read(self, batch: Sequence[Scene], refused: Blocks) -> None:
        """Line by line, what the query refuses (such as a line that names its host twice)."""
        words = self._reading.run.ruleset.words
        again = set(correlate.recurring_ids(self._reading.engine)) if self._again else set()
        for record in self._records(refused):
            usable = usable_id(record.request_id, words)
            if usable and record.request_id in again:
                continue
            invocation, verdict = self._judged.lone(record, usable)
            if not inside(invocation, self._limits):
                continue
            for scene in batch:
                scene.add(invocation, kind_of(invocation, verdict))

    def _records(self, refused: Blocks) -> Iterator[Record]:
        parser = self._reading.run.fresh_parser()
        for settled, blocks in refused:
            piece: Piece = settled.piece
            for number, line in ranges.lines_of(piece, blocks):
                record = parser.parse(line, piece.index, number)
                if isinstance(record, Record):
                    yield record


def _examples(found: Iterable[dict[str, Any]], kind: int, function: str) -> Iterator[Example]:
    """Examples whose place is to be found: `line` says of which kind they are, and the how manieth of those alike."""
    seen: Counter[tuple[int, str]] = Counter()
    for one in found:
        key = one["t"], one["id"]
        yield Example(one["t"], one["id"], function, -1, -1 - kind * EXAMPLES - seen[key])
        seen[key] += 1
