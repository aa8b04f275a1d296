"""Where single invocations of a large input stand: examples to cite, and failures that are shown one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence

from attrib.analysis.careful import Seen
from attrib.analysis.groups import Judge
from attrib.analysis.locate import Wanted, cited, cited_anywhere, recurring
from attrib.analysis.reading import Reading
from attrib.analysis.span import Limits, inside
from attrib.engines import minutes
from attrib.incidents.buckets import Buckets, Kind, Minute, kind_of, minute_of
from attrib.incidents.scene import EXAMPLES, Example
from attrib.invocations.ids import usable_id
from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.rules.words import Words
from attrib.verdicts.decide import Verdict

Cell = tuple[Minute, Kind]
Judged = tuple[Invocation, Verdict, Kind]


class Places:
    """Finds invocations of one large input again."""

    def __init__(self, reading: Reading, judged: Judge, limits: Limits) -> None:
        self._reading = reading
        self._judged = judged
        self._limits = limits

    def place(self, examples: Iterable[Example]) -> dict[Example, Example]:
        """The same examples with file and line; those that stand nowhere, or have their place already, are left out."""
        wanted = sorted({example for example in examples if example.file < 0})
        words = self._reading.run.ruleset.words
        result: dict[Example, Example] = {}
        for look in (self._near, self._anywhere):
            missing = [example for example in wanted if example not in result]
            if missing:
                result.update(self._matched(missing, look([_wanted(example, words) for example in missing])))
        return result

    def _matched(self, examples: Sequence[Example], records: Sequence[Record]) -> Iterator[tuple[Example, Example]]:
        """Each example with the invocation that it is; of several alike, in the order of their lines."""
        kinds = self._judged.kinds
        places: dict[tuple[int, int, str, str], list[tuple[int, int]]] = defaultdict(list)
        for one, _, kind in self._judge(records):
            ts = -1 if one.ts is None else one.ts
            at = one.decisive.file, one.decisive.line
            places[kinds.number(kind), ts, one.request_id or "", one.function or ""].append(at)
        numbers = [divmod(-1 - example.line, EXAMPLES) for example in examples]
        alike = Counter((number, *example[:3]) for example, (number, _) in zip(examples, numbers, strict=True))
        for example, (number, nth) in zip(examples, numbers, strict=True):
            found = sorted(set(places[number, *example[:3]]))
            if alike[number, *example[:3]] <= len(found):  # else one stands elsewhere, and they are looked for again
                file, line = found[nth]
                yield example, example._replace(file=file, line=line)

    def invocations(self, cells: Container[Cell], buckets: Buckets) -> list[Judged]:
        """All invocations of these cells (with a symptom, and few), each with its verdict."""
        asked = {cell: count.n for cell, count in buckets.counts.items() if not cell[1].ok and cell in cells}
        if not asked:
            return []
        wants = self._wants(asked)
        found: dict[tuple[int, int], Judged] = {}
        for look in (self._near, self._anywhere):
            have = Counter(_cell(one) for one in found.values())
            missing = [want for cell, wanted in wants.items() if have[cell] < asked[cell] for want in wanted]
            for one in self._judge(look(missing) if missing else []):
                if _cell(one) in asked:
                    found.setdefault((one[0].decisive.file, one[0].decisive.line), one)
        return [*found.values(), *self._joined(asked)]

    def _joined(self, asked: Container[Cell]) -> list[Judged]:
        """Those that the reference code joined."""
        sightings = self._reading.sightings
        if sightings is None:
            return []
        kinds = self._judged.kinds.all
        ids: set[str | None] = {one.request_id for one in sightings if (one.minute, kinds[one.kind]) in asked}
        if not ids:
            return []
        seen = Seen(self._reading.run.ruleset.words)
        records = (record for record, line in recurring(self._reading.run, ids) if not seen.again(record, line))
        return [one for one in self._judge(records) if _cell(one) in asked]

    def _judge(self, records: Iterable[Record]) -> Iterator[Judged]:
        judged = self._judged
        for invocation, verdict in judged.all(judged.build(records)):
            if inside(invocation, self._limits):
                yield invocation, verdict, kind_of(invocation, verdict)

    def _wants(self, asked: dict[Cell, int]) -> dict[Cell, list[Wanted]]:
        """What the groups of the query cite, by cell; of recurring ids they know nothing."""
        kinds = self._judged.kinds.all
        numbers = {number: kind for number, kind in enumerate(kinds) if any(kind == cell[1] for cell in asked)}
        of = sorted({minute for minute, _ in asked if minute is not None})
        wants: dict[Cell, list[Wanted]] = defaultdict(list)
        for settled in self._reading.settled:
            usable = {group.key: group.usable for group in settled.groups}
            chosen = [
                key
                for key, one in enumerate(settled.counted, 1)
                if one and not numbers.keys().isdisjoint((one.kind, one.late))
            ]
            if not chosen:
                continue
            for key, minute, cites in minutes.cited(
                self._reading.engine, settled.table, settled.piece.shape, self._limits != (None, None), chosen, of
            ):
                counted = settled.counted[key - 1]
                assert counted is not None  # noqa: S101 - chosen so
                at = minute if counted.moment is None else minute_of(counted.moment)
                for cite in cites:
                    ts = cite["t"] if counted.moment is None else counted.moment
                    late = counted.late if ts is not None and ts < (counted.cutoff or ts) else None
                    kind = numbers.get(counted.kind if late is None else late)
                    if kind is not None and (at, kind) in asked:
                        wants[at, kind].append(Wanted(cite["id"] if usable[key] else None, ts, kind.function))
        return wants

    def _near(self, wanted: Sequence[Wanted]) -> list[Record]:
        run = self._reading.run
        return list(cited(run, [settled.piece for settled in self._reading.settled], wanted))

    def _anywhere(self, wanted: Sequence[Wanted]) -> list[Record]:
        return list(cited_anywhere(self._reading.run, wanted))


def _wanted(example: Example, words: Words) -> Wanted:
    usable = usable_id(example.request_id or None, words)
    ts = None if example.ts == -1 else example.ts
    return Wanted(example.request_id if usable else None, ts, example.function or None)


def _cell(one: Judged) -> Cell:
    return minute_of(one[0].ts), one[2]
