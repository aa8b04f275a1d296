"""Bundles: an analysis with what proves it, and one request explained from that proof alone.

`analyze` gives the report and what goes into the bundle beside it (attrib.reports.bundle writes the file). `explain`
judges the records of a bundle again, with the bundle's own rules: the logs may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from attrib.analysis.cited import Cited, canonical, cited, places_of
from attrib.analysis.explained import request_report
from attrib.comparing import figures_of
from attrib.errors import InputError, UsageError
from attrib.invocations.ids import usable_id
from attrib.invocations.join import build
from attrib.options import Options
from attrib.pipeline import Analysed, Outcome, analysed
from attrib.records.model import Record
from attrib.records.parse import Parser
from attrib.reports.bundle import Contents, Entry
from attrib.reports.bundle_reading import Bundle, CitedRecord
from attrib.reports.saved import Saved
from attrib.rules.load import pack_text, rules_of
from attrib.rules.ruleset import RuleSet

IDS_SHOWN: Final = 10
"""Request ids named where one is asked for that a bundle does not hold."""


def analyze(inputs: Sequence[str], options: Options | None = None) -> tuple[Outcome, Contents]:
    """`attrib analyze`, with what a bundle holds beside the report. Raises AttribError."""
    with analysed(inputs, options) as found:
        return found.outcome, contents_of(found)


def contents_of(found: Analysed) -> Contents:
    """What a bundle holds beside the report; good while the run of the analysis is open."""
    run, report = found.run, found.outcome.report
    places = places_of(report)
    records = cited(run, places, found.records)
    numbers = _numbers(records, run.ruleset)
    entries = [
        Entry(
            run.paths[one.file], one.line, numbers.get(one.request_id), (run.paths[one.file], one.line) in places,
            canonical(one),
        )
        for one in records.records
    ]  # fmt: skip
    upstreams = sorted({one.upstream for one in records.records if one.upstream is not None})
    facts = {
        "several_hosts": [name for name in upstreams if found.several(name)],
        "several_hosts_unnamed": found.several(None),
        "silent": sorted(
            ([numbers[one], function] for one, function in found.silent if one in numbers),
            key=lambda one: (one[0], one[1] is not None, one[1] or ""),
        ),
        "cut": sorted(numbers[one] for one in records.cut if one in numbers),
        "missing": records.missing,
    }
    packs = [(name, pack_text(pack)) for name, pack in zip(run.ruleset.packs, _packs(run.options), strict=True)]
    config = None if run.options.config is None else _text(run.options.config.path)
    return Contents(entries, facts, packs, config, figures_of(found))


def _packs(options: Options) -> list[str]:
    return list(dict.fromkeys(options.rules))


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the configuration {path} again: {error}.") from None


def _numbers(found: Cited, ruleset: RuleSet) -> dict[str | None, int]:
    """Usable request id -> its number, from 1, in the order of the logs."""
    ids = (one.request_id for one in found.records if usable_id(one.request_id, ruleset.words))
    return {one: number for number, one in enumerate(dict.fromkeys(ids), 1)}


def explain(request_id: str, saved: Saved) -> Outcome:
    """One request from a bundle: its records judged again with the bundle's rules, as `attrib.pipeline.explain`.

    Raises UsageError for a saved report without records and for an id that the bundle does not hold, InputError for a
    bundle that is damaged.
    """
    if saved.bundle is None:
        raise UsageError(
            f"{saved.path}: a saved report holds no records; name the logs, or a bundle (attrib analyze --bundle)."
        )
    bundle = saved.bundle
    ruleset = _rules(saved, bundle)
    records = _records(saved, bundle, ruleset)
    number = _asked(request_id, records, saved)
    chosen = [record for one, record in records if one.request == number]
    traces = {record.trace_id for record in chosen if usable_id(record.trace_id, ruleset.words)}
    requests = {number, *(one.request for one, record in records if record.trace_id in traces)} - {None}
    near = [record for one, record in records if one.request in requests or record.trace_id in traces]
    invocations = list(build(near, ruleset.words, ruleset.parameters, _parties(saved), _several(bundle)))
    silent = {(one[0], one[1]) for one in bundle.facts["silent"]}
    by_record = {id(record): one.request for one, record in records}
    for invocation in invocations:
        request = by_record[id(invocation.records[0])]
        if invocation.symptom is None and not invocation.ended and (request, invocation.function) in silent:
            invocation.symptom = "unfinished"
    report = request_report(request_id, invocations, ruleset, _files(saved))
    cut = number in bundle.facts["cut"]
    report["bundle"] = {"path": saved.path, "records": len(records), "redacted": bundle.redacted, "cut": cut}
    return Outcome(report, 0)


def _files(saved: Saved) -> list[str]:
    return [str(file["path"]) for file in saved.report["input"]["files"]]


def _rules(saved: Saved, bundle: Bundle) -> RuleSet:
    """The bundle's packs with the thresholds of its report."""
    packs = [(name, f"{saved.path}:{name}", text) for name, text in bundle.packs]
    thresholds = saved.report["rules"]["thresholds"]
    ruleset = rules_of(packs, [f"{name}={value!r}" for name, value in thresholds.items()])
    if ruleset.digest != saved.report["rules"]["digest"]:
        raise InputError(
            f"{saved.path}: its rules do not come to the digest in its report: another version of attrib reads them in "
            "another way, or they were changed."
        )
    return ruleset


def _records(saved: Saved, bundle: Bundle, ruleset: RuleSet) -> list[tuple[CitedRecord, Record]]:
    parser = Parser(ruleset.words)
    files = {path: index for index, path in enumerate(_files(saved))}
    found = []
    for one in bundle.records:
        record = parser.parse(one.text.encode("utf-8", "surrogatepass"), files.get(one.file, -1), one.line)
        if not isinstance(record, Record) or record.file < 0:
            raise InputError(f"{saved.path}: the record of {one.file}:{one.line} is none; the bundle is damaged.")
        found.append((one, record))
    return found


def _asked(request_id: str, records: Sequence[tuple[CitedRecord, Record]], saved: Saved) -> int:
    """The number of the request that is asked for."""
    by_number = {one.request: record.request_id for one, record in records if one.request is not None}
    named = [number for number, name in by_number.items() if name == request_id]
    if len(named) == 1:
        return named[0]
    if named:
        raise UsageError(
            f"{saved.path}: {len(named)} requests are redacted to {request_id}; their logs tell them apart."
        )
    ids = [name for name in dict.fromkeys(by_number.values()) if name is not None]
    shown = ", ".join(ids[:IDS_SHOWN]) + (f" and {len(ids) - IDS_SHOWN:,} more" if len(ids) > IDS_SHOWN else "")
    raise UsageError(
        f"no request {request_id} in {saved.path}: a bundle holds what its report cites"
        + (f": {shown}." if ids else ", and this one cites no request with an id.")
    )


def _parties(saved: Saved) -> Callable[[str | None], str]:
    parties = {entry["upstream"]: str(entry["party"]) for entry in saved.report["parties"]}
    return lambda upstream: parties.get(upstream, "unknown" if upstream is not None else "external")


def _several(bundle: Bundle) -> Callable[[str | None], bool]:
    facts = bundle.facts
    return lambda upstream: facts["several_hosts_unnamed"] if upstream is None else upstream in facts["several_hosts"]
