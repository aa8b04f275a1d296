"""One run: what the options come to, and the state that every step shares."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from types import TracebackType
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrib.analysis.accounts import Times
from attrib.analysis.careful import Watch
from attrib.analysis.rejects import RejectsFile
from attrib.analysis.span import Limits
from attrib.errors import UsageError
from attrib.options import FAST_MIN_BYTES, Options
from attrib.records.parse import Parser
from attrib.records.user_time import Mark, Span, parse_mark, parse_since_until, parse_window
from attrib.rules.load import load_rules
from attrib.rules.ruleset import RuleSet
from attrib.safe.redact import redact
from attrib.sources.accounting import FileAccount, InputAccount, Reject, shown
from attrib.sources.find import Source, find
from attrib.sources.lines import iter_lines
from attrib.sources.open import open_source

if TYPE_CHECKING:  # only `attrib check` makes one
    from attrib.survey.survey import Survey

FORMATS = ("auto", "m1")
_ZIP = "PK\x03\x04"
"""How a zip archive begins."""
_SIZE = re.compile(r"\s*\d+(\.\d+)?\s*[KMGT]i?B\s*", re.IGNORECASE)


@dataclass
class Run:
    """The state of one run; a context manager that closes the rejects file."""

    options: Options
    ruleset: RuleSet
    sources: list[Source]
    span: Span
    parser: Parser
    accounts: InputAccount
    times: Times = field(default_factory=Times)
    notes: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    sampled: bool = False
    """The log is a sample: the user says so, or a record does (`sample_rate` other than 1)."""
    rejects: RejectsFile | None = None
    survey: Survey | None = None
    """What the log shows of itself; only for `attrib check`."""
    _done: int = 0
    _watch: Watch | None = None

    @property
    def paths(self) -> list[str]:
        """The inputs as named, in order; `Record.file` counts them."""
        return [account.path for account in self.accounts.files]

    @property
    def large(self) -> bool:
        """Whether the engine pays for itself on this input. It reads some of it twice, which only files allow."""
        if any(source.kind != "file" for source in self.sources if source.error is None):
            return False
        if self.options.fast is not None:
            return self.options.fast
        return sum(source.size or 0 for source in self.sources) >= FAST_MIN_BYTES

    def fresh_parser(self) -> Parser:
        """A parser whose counts are nobody's: for reading lines again that are accounted for already."""
        return Parser(self.ruleset.words, self.options.labels, zone(self.options.input_tz, "--input-tz"))

    @property
    def watch(self) -> Watch | None:
        """What wants to see every line that is read one by one; None: nothing does."""
        if self._watch is None and self.survey is not None:
            from attrib.analysis.survey_watch import SurveyWatch

            self._watch = SurveyWatch(self.survey, self.parser)
        return self._watch

    def limits(self) -> Limits:
        """The time asked for, in epoch microseconds; call it when all of the input has been read."""
        return self.span.resolve(self.times.last)

    def detected(self, limits: Limits) -> Limits:
        """The time that counts, by --since and --until. A window leaves all: the rest is what it is compared with."""
        return (None, None) if self.options.window is not None else limits

    def reject(self, reject: Reject) -> None:
        """One quarantined line, for --rejects."""
        if self.rejects is not None:
            self.rejects.write(reject)

    def progress_of(self, source: Source) -> Callable[[int], None]:
        """What to call with the bytes read so far of one source."""
        progress = self.options.progress
        if progress is None:
            return lambda _: None
        sizes = [source.size for source in self.sources if source.error is None]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        before = self._done
        self._done += source.size or 0
        return lambda read: progress(before + read, total)

    def nothing_found(self) -> str:
        """Why there is nothing to attribute: what the lines looked like, and what to do (exit code 4)."""
        totals = self.accounts.totals()
        names = ", ".join(self.paths[:3]) + (", ..." if len(self.paths) > 3 else "")
        if not totals["lines_read"]:
            return f"no line at all in {names}: the input is empty."
        first = self._first_line()
        if first.startswith(_ZIP):
            return (
                f"no M1 record in {names}: a zip archive is no log. Unpack it; a bundle (attrib analyze --bundle) is "
                "read by attrib explain, report and compare."
            )
        count = f"{totals['lines_read']:,} line{'s'[: totals['lines_read'] != 1]}"
        return (
            f"no M1 record in {names} ({count}; the first: {first}). A record is a JSON object with function, status "
            "or upstream_status; map the log's fields onto these: attrib schema record."
        )

    def _first_line(self) -> str:
        for source in self.sources:
            if source.kind != "file" or source.error is not None:
                continue
            with open_source(source) as stream:
                for line in iter_lines(stream):
                    if line.data.strip():
                        text = redact(shown(line.data)) if self.options.redact else shown(line.data)
                        return text[:60] + ("..." if len(text) > 60 else "")
        return "not kept"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.rejects is not None:
            self.rejects.close(keep=error is None)


def start(inputs: Sequence[str], options: Options) -> Run:
    """Everything that can be told wrong before a line is read. Raises UsageError or DeliveryError."""
    if not _SIZE.fullmatch(options.memory):
        raise UsageError(f"--memory {options.memory}: not a size; write it like 800MB or 2GB.")
    if not inputs:
        raise UsageError("no LOGS given: name files, folders or globs, or - for standard input.")
    if options.from_format not in FORMATS:
        raise UsageError(f"--from {options.from_format}: no such format; this version reads m1 (attrib schema record).")
    ruleset = load_rules(options.rules, options.settings)
    shown_zone = zone(options.tz, "--tz")
    if options.window is not None and (options.since is not None or options.until is not None):
        raise UsageError("--window and --since/--until say the same thing twice; give one of them.")
    span = (
        parse_window(options.window, shown_zone)
        if options.window is not None
        else parse_since_until(options.since, options.until, shown_zone)
    )
    if not span.needs_newest:
        span.resolve(None)
    sources = find(inputs)
    parser = Parser(ruleset.words, options.labels, zone(options.input_tz, "--input-tz"))
    names = options.shown_as
    accounts = InputAccount([FileAccount(names.get(s.path, s.path), error=s.error) for s in sources])
    run = Run(options, ruleset, sources, span, parser, accounts)
    run.sampled = options.sampled
    run.marks = [parse_mark(mark, shown_zone) for mark in options.marks]
    if options.rejects is not None:
        run.rejects = RejectsFile(options.rejects, sources, redact if options.redact else str)
    return run


def zone(name: str, option: str) -> tzinfo:
    """A zone by its IANA name. Raises UsageError for an unknown one."""
    if name.upper() in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{option} {name}: no such time zone; write it like Europe/Berlin or UTC.") from None
