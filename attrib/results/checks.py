"""The result of `attrib.check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrib import checking
from attrib.frames import finding_frame
from attrib.options import Options
from attrib.results.base import Inputs, Result

if TYPE_CHECKING:
    import polars as pl

    from attrib.reports.findings import ChecksReport, Finding


class Checks(Result):
    """The result of `check`. In a notebook it shows itself: the findings, the weightiest first."""

    def __init__(self, document: dict[str, Any], inputs: Inputs, options: Options, code: int) -> None:
        """Made by `check`; `document` is the report as it is given, not redacted yet."""
        from attrib.reports.findings import ChecksReport

        super().__init__(document, inputs, options)
        self._code = code
        self.report: ChecksReport = ChecksReport.model_validate(self._shown)
        """The whole document (contract: `attrib.checks/1`), redacted unless `redact=False`."""

    @property
    def findings(self) -> list[Finding]:
        """The findings, weightiest first. Each has its figures, lines to look at, and what to do."""
        return self.report.findings

    @property
    def frame(self) -> pl.DataFrame:
        """The findings as a table, one row each; the columns are there even when it is empty."""
        return finding_frame(self.findings)

    def to_text(self, width: int = 80, verbose: bool = False) -> str:
        """The report as `attrib check` prints it without colour, for so many columns; `verbose` is `-v`."""
        from attrib.reports import checks_text

        return checks_text.render(self._document, self._view(width, verbose))

    def to_markdown(self) -> str:
        """The report as `attrib check --to markdown` prints it. Log text in it is escaped: no live markup."""
        from attrib.reports import checks_markdown

        return checks_markdown.render(self._document, self._view())

    def to_sarif(self) -> str:
        """The report as `attrib check --to sarif` prints it."""
        from attrib.reports import checks_sarif

        rules = checking.descriptions(self._document["ran"])
        return checks_sarif.render(self._document, rules, self._view(), self._code)

    def _repr_html_(self) -> str:
        from attrib.reports import notebook

        return notebook.checks(self._document, self._view())

    def __repr__(self) -> str:
        severities = [finding.severity for finding in self.findings]
        counts = ", ".join(f"{severities.count(name)} {name}" for name in dict.fromkeys(severities))
        found = f"{len(severities)} finding{'s'[: len(severities) != 1]}"
        return f"<attrib.Checks: {found}{f' ({counts})' if counts else ''} of {len(self.report.ran)} checks>"
