"""How charts look: their colours, their fonts, and what they have in common. The page's theme has the same names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import altair as alt

COLOURS: Final = {
    "ink": "#1f2329", "muted": "#5b636e", "rule": "#c9cfd6", "calls": "#c3cad3", "failing": "#c8372d",
    "usual": "#98a2ae", "during": "#33598f", "mark": "#1f6feb",
    "vendor": "#c8372e", "application": "#9a6700", "app_bottleneck": "#8250df", "caller": "#0e7490",
    "unknown": "#656d76",
}  # fmt: skip
"""Name -> the colour on white paper. In an SVG each becomes `var(--c-NAME, COLOUR)`, so that a page's theme decides.
Each value is there once: it stands for its name."""

FONT: Final = "system-ui, sans-serif"

WIDE: Final = 1060
"""Pixels: a chart over the whole width of a page on a desk."""
NARROW: Final = 290
"""Pixels: the same on a phone, and beside another one."""
LETTER: Final = 6.6
"""Pixels that a letter of a label takes, about and rather too many."""


def config() -> dict[str, Any]:
    """Vega-Lite's configuration of every chart: no frame, a light grid for the figures only, words in one size."""
    muted, ink, rule = COLOURS["muted"], COLOURS["ink"], COLOURS["rule"]
    axis = {
        "labelColor": muted, "titleColor": muted, "domainColor": rule, "tickColor": rule, "gridColor": rule,
        "gridOpacity": 0.5, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelFont": FONT,
        "titleFont": FONT, "titlePadding": 6,
    }  # fmt: skip
    return {
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
        "legend": {
            "labelColor": muted, "labelFont": FONT, "labelFontSize": 11, "title": None, "orient": "top",
            "offset": 4, "symbolType": "square", "symbolSize": 80, "symbolStrokeWidth": 0, "columnPadding": 14,
        },
        "title": {
            "color": ink, "font": FONT, "fontSize": 12.5, "fontWeight": 600, "anchor": "start", "frame": "group",
            "offset": 8, "subtitleColor": muted, "subtitleFont": FONT, "subtitleFontSize": 11,
        },
        "text": {"font": FONT, "fontSize": 11, "color": ink},
    }  # fmt: skip


def dressed(layers: Sequence[Any], width: int, height: int, title: str) -> alt.LayerChart:
    """Layers as one chart with its size, its title (words of ours) and the look of all."""
    import altair as alt

    # All at once: `.properties()` afterwards would copy every row.
    return alt.LayerChart(layer=list(layers), width=width, height=height, title=title, config=config())


def names(field: str, rows: list[dict[str, Any]], limit: int) -> alt.Y:
    """The y of a chart with one row per name, in the order of the data; `limit` in pixels.

    The room is reckoned from the letters: fonts of those who look are others than those of the machine that draws.
    """
    import altair as alt

    room = min(limit, 10 + round(LETTER * max(len(row[field]) for row in rows)))
    labels = alt.Axis(
        title=None, labelLimit=room, minExtent=room, maxExtent=room, labelColor=COLOURS["ink"], domain=False
    )
    return alt.Y(f"{field}:N", sort=None).axis(labels)
