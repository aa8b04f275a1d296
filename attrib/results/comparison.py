"""The result of `attrib.compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrib.frames import comparison_frame
from attrib.options import Options
from attrib.results.base import Inputs, Result

if TYPE_CHECKING:
    import polars as pl

    from attrib.reports.compare_model import Comparison as Document


class Comparison(Result):
    """The result of `compare`. In a notebook it shows itself: what got worse, what got better, what is new."""

    def __init__(self, document: dict[str, Any], inputs: Inputs, options: Options) -> None:
        """Made by `compare`; `document` is as the pipeline gives it, not redacted yet."""
        from attrib.reports.compare_model import Comparison as Document

        super().__init__(document, inputs, options)
        self.report: Document = Document.model_validate(self._shown)
        """The whole document (`attrib.compare/1`), redacted unless `redact=False`."""

    @property
    def regress(self) -> bool:
        """Whether a figure is worse or an incident is new: what `--fail-on regress` asks."""
        return self.report.summary.regress

    @property
    def frame(self) -> pl.DataFrame:
        """The figures as a table, one row each: before, after, the change and its limits, and the result."""
        return comparison_frame(self.report.figures)

    def to_text(self, width: int = 80, verbose: bool = False) -> str:
        """The comparison as `attrib compare` prints it without colour, for so many columns; `verbose` is `-v`."""
        from attrib.reports import compare_text

        return compare_text.render_text(self._document, self._view(width, verbose))

    def to_markdown(self) -> str:
        """The comparison as `attrib compare --to markdown` prints it. Log text in it is escaped: no live markup."""
        from attrib.reports import compare_text

        return compare_text.render_markdown(self._document, self._view())

    def _repr_html_(self) -> str:
        from attrib.reports import notebook

        return notebook.comparison(self._document, self._view())

    def __repr__(self) -> str:
        summary = self.report.summary
        return (
            f"<attrib.Comparison: {summary.worse} worse, {summary.better} better, "
            f"{summary.new_incidents} new and {summary.gone_incidents} gone incidents>"
        )
