"""The result of `attrib.analyze`, and of `attrib.open_report`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from attrib import pipeline
from attrib.errors import UsageError
from attrib.frames import Files, incident_frame, verdict_frame
from attrib.options import Options
from attrib.results.base import Inputs, Result, refuse_pipes

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from attrib.reports.model import Report
    from attrib.reports.notebook import Incident
    from attrib.reports.notebook_charts import Kind
    from attrib.results.tables import Tabled

    Chart = alt.LayerChart | alt.VConcatChart


class Analysis(Result):
    """The result of `analyze`. In a notebook it shows itself: its incidents over time, and what is said of them."""

    def __init__(self, document: dict[str, Any], inputs: Inputs, options: Options, saved: str | None = None) -> None:
        """Made by `analyze`, or by `open_report`, which names the file that was `saved` and has no logs."""
        from attrib.reports.model import Report
        from attrib.reports.notebook import incidents_of

        super().__init__(document, inputs, options)
        self._saved = saved
        self._rows: dict[bool, pl.DataFrame] = {}
        self._tabled: Tabled | None = None
        report = Report.model_validate(self._shown)
        shown = incidents_of(self._shown, self._document, self._view())
        self.report: Report = report.model_copy(update={"incidents": shown})
        """The whole document (contract: `attrib.report/1`), redacted unless `redact=False`."""

    @property
    def incidents(self) -> list[Incident]:
        """The incidents, largest first. Each has a verdict, its evidence, and what would settle it; each shows itself
        in a notebook and has the charts of this analysis."""
        return self.report.incidents  # type: ignore[return-value] # put there above

    @property
    def frame(self) -> pl.DataFrame:
        """The incidents as a table, one row each; the columns are there even when it is empty. Times are UTC."""
        return incident_frame(self.report.incidents)

    def verdicts(self, all: bool = False) -> pl.LazyFrame:  # noqa: A002 - the option's name
        """One row per failed or slow invocation (`all`: per invocation), the columns of `attrib verdicts`.

        Reads the logs again, once. `ts` is UTC; status and upstream_status are text, because a log may hold a word
        there. Raises UsageError where the logs were standard input or a pipe, which cannot be read again, and for a
        saved report, which has none.
        """
        if all not in self._rows:
            self._need_logs("verdicts()")
            with Files(self._inputs) as files:
                options = replace(self._options, rejects=None, shown_as=files.shown_as)
                rows = pipeline.verdict_rows(files.paths, options, every=all).rows
            self._rows[all] = verdict_frame([self._view().display.json(row) for row in rows])
        return self._rows[all].lazy()

    def sql(self, query: str) -> pl.DataFrame:
        """The rows of a query over the tables `records`, `invocations` and `incidents` (columns: docs/python.md).

        It only reads, and it reaches nothing but these tables. Values are redacted unless `redact=False`. A table is
        made at its first use: records and invocations read the logs again. Raises UsageError for a wrong query, for
        more than a million records, invocations or rows of the result, and where the logs cannot be read again;
        DeliveryError where the memory given to `analyze` is too small.
        """
        from attrib.results.tables import Tabled

        if self._tabled is None:
            self._tabled = Tabled(self, self._inputs, self._options, self._need_logs)
        return self._tabled.query(query, self._view().display)

    def timeline(self, incident: str | Incident | None = None) -> Chart:
        """All incidents on one axis of time; of one incident (it, or its id): the failed or slow over all requests.

        Raises UsageError where there is nothing to draw or no such incident, DeliveryError without altair; so do the
        other charts.
        """
        return self._chart("timeline", incident)

    def breakdown(self, incident: str | Incident | None = None) -> Chart:
        """Where the time went, p95 in ms, before and during: of one incident, else of each."""
        return self._chart("breakdown", incident)

    def latency(self, incident: str | Incident | None = None) -> Chart:
        """How slow the requests were, p50, p95 and p99 in ms, before and during: of one incident, else of each."""
        return self._chart("latency", incident)

    def suspects(self, incident: str | Incident | None = None) -> Chart:
        """The components that may have caused it, the likeliest first: of one incident, else of each."""
        return self._chart("suspects", incident)

    def ticket(self, vendor: str, incident: str | None = None) -> Text:
        """What the support of a vendor needs, as `attrib report vendor` writes it: Markdown that shows itself.

        Reads the logs again. `incident`: its id; None: the largest that points to the vendor. Raises UsageError for an
        upstream that is ours or not in the logs.
        """
        from attrib.reports.vendor.story import as_markdown
        from attrib.ticketing import Asked
        from attrib.ticketing import ticket as make

        self._need_logs("ticket()")
        with Files(self._inputs) as files:
            options = replace(self._options, rejects=None, shown_as=files.shown_as)
            return Text(as_markdown(make(files.paths, Asked(vendor, incident), options).document, self._view()))

    def to_text(self, width: int = 80, verbose: bool = False) -> str:
        """The report as `attrib analyze` prints it without colour, for so many columns; `verbose` is `-v`."""
        from attrib.reports import text

        return text.render(self._document, self._view(width, verbose))

    def to_markdown(self, verbose: bool = False) -> str:
        """The report as `attrib analyze --to markdown` prints it. Log text in it is escaped: no live markup."""
        from attrib.reports import markdown

        return markdown.render(self._document, self._view(verbose=verbose))

    def _repr_html_(self) -> str:
        from attrib.reports import notebook

        return notebook.analysis(self._document, self._view())

    def __repr__(self) -> str:
        summary = self.report.summary
        counts = ", ".join(f"{n:,} {verdict}" for verdict, n in summary.verdicts.model_dump().items() if n)
        return (
            f"<attrib.Analysis: {summary.symptomatic:,} of {summary.invocations:,} invocations failed or slow"
            f"{f' ({counts})' if counts else ''}, {len(self.incidents)} incident{'s'[: len(self.incidents) != 1]}>"
        )

    def _chart(self, kind: Kind, incident: str | Incident | None) -> Chart:
        from attrib.reports import notebook_charts

        name = incident if isinstance(incident, str | None) else incident.id
        chart: Chart = notebook_charts.chart(kind, self._document, self._view(), name)
        return chart

    def _need_logs(self, what: str) -> None:
        """Raises UsageError where the logs cannot be read again."""
        if self._saved is not None:
            raise UsageError(f"{what} needs the logs; {self._saved} holds a report on them. Analyze the logs for it.")
        refuse_pipes(self._inputs, what)


class Text(str):
    """Markdown that shows itself in a notebook."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)
