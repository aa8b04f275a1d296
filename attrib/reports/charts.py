"""Charts of a report, the same in the page and in a notebook: from an entry of the report's `incidents` to Altair.

Each function takes the report's own dict (`attrib.report/1`) and gives a chart, or None where the entry has no such
figures. Times are shown in `zone`, figures are counts and milliseconds as the report has them; an absent figure is
left out and never drawn as 0. Texts of the log are data of the chart: redacted and made visible by `display`, never
part of an expression, a field's name or an address. `svg` turns a chart into a piece of a page.
"""

from __future__ import annotations

from attrib.reports.charts_figures import breakdown, latency, outcomes, suspects
from attrib.reports.charts_svg import svg
from attrib.reports.charts_timeline import timeline, timeline_all

__all__ = ["breakdown", "latency", "outcomes", "suspects", "svg", "timeline", "timeline_all"]
