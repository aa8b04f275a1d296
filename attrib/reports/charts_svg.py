"""A chart as a piece of SVG that stands in a page: small, themed by the page, with words for who does not see it.

What Vega draws is taken apart tag by tag, and only shapes and their places are put together again: no link, script,
style, handler or address can be in it, whatever the data hold. Text stays text.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Final

from attrib.reports.charts_look import COLOURS, FONT
from attrib.safe import markup

_TOKEN: Final = re.compile(r"<(/?)([A-Za-z]+)([^<>]*?)(/?)>|([^<]+)")
"""A tag, or text. Vega writes no `<` or `>` in texts and attributes but as entities."""
_ATTRIBUTE: Final = re.compile(r'([A-Za-z][\w:-]*)="([^"]*)"')
_SHAPES: Final = {"path", "line", "rect", "circle", "text"}
_KEPT: Final = {
    "d", "transform", "fill", "fill-opacity", "opacity", "stroke", "stroke-width", "stroke-dasharray",
    "stroke-opacity", "text-anchor", "font-size", "font-weight", "x", "y", "x1", "x2", "y1", "y2", "width", "height",
    "cx", "cy", "r",
}  # fmt: skip
_THEMED: Final = {colour: f"var(--c-{name}, {colour})" for name, colour in COLOURS.items()}
_USUAL: Final = {"none", "0", "opacity=1", "stroke-width=1", "font-weight=normal", "font-size=11px"}
"""Values that need not be written: they hold without."""
_LONG: Final = re.compile(r"-?\d+\.\d{2,}")


def svg(chart: Any, title: str, description: str, key: str | None = None) -> str:
    """The chart as one `<svg>` element: `role="img"`, named by `title` and told in words by `description`.

    Same chart and words, same text. `key` begins the ids in it and has to be another one for each chart of a page; by
    default it is a digest of the drawing. Colours are `var(--c-NAME, fallback)`. Title and description are made safe
    here, and redacted by the caller.
    """
    import vl_convert

    spec = {**chart.to_dict(validate=False), "background": "transparent"}
    spec.pop("title", None)  # the page has a heading there, which a reader can search and jump to
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=_version(), allowed_base_urls=[])
    width, height = re.findall(r'(?:width|height)="([\d.]+)"', drawn)[:2]
    body = _Body().take(drawn)
    key = key or "c" + sha256(f"{title}{description}{body}".encode(errors="backslashreplace")).hexdigest()[:8]
    return (
        f'<svg class="chart" role="img" aria-labelledby="{key}-t {key}-d" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" fill="none" font-family="{FONT}" font-size="11">'
        f'<title id="{key}-t">{markup.text(title)}</title><desc id="{key}-d">{markup.text(description)}</desc>'
        f"{body}</svg>"
    )


def _version() -> str:
    """The Vega-Lite that this Altair writes for."""
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


class _Body:
    """Puts the shapes together again; groups that place nothing, or hold nothing, are left out."""

    def __init__(self) -> None:
        self._parts: list[list[str]] = [[]]
        self._open: list[tuple[str, str]] = []

    def take(self, drawn: str) -> str:
        """What is in Vega's `<svg>`, without that element."""
        for found in _TOKEN.finditer(drawn):
            closing, name, attributes, single, text = found.groups()
            if text is not None:
                if self._open and self._open[-1][0] == "text":
                    self._parts[-1].append(text)
            elif closing:
                self._end()
            else:
                self._parts.append([])
                self._open.append((name, attributes))
                if single:
                    self._end()
        return "".join(self._parts[0])

    def _end(self) -> None:
        name, attributes = self._open.pop()
        inner = "".join(self._parts.pop())
        kept = {key: value for key, value in _ATTRIBUTE.findall(attributes) if key in _KEPT}
        if name == "g":
            self._parts[-1].append(_group(kept, inner))
        elif name == "svg":
            self._parts[-1].append(inner)
        elif name in _SHAPES and _paints(kept) and (inner or name != "text"):
            self._parts[-1].append(
                f"<{name}{_written(kept)}>{inner}</{name}>" if inner else f"<{name}{_written(kept)}/>"
            )


def _group(attributes: dict[str, str], inner: str) -> str:
    place = attributes.get("transform")
    if not inner or place in (None, "translate(0,0)"):
        return inner
    return f"<g{_written({'transform': attributes['transform']})}>{inner}</g>"


def _paints(attributes: dict[str, str]) -> bool:
    """Whether anything is seen of it: the whole drawing has no fill of its own."""
    fill, stroke = attributes.get("fill", "none"), attributes.get("stroke", "none")
    return {fill, stroke} - {"none", "transparent"} != set() and attributes.get("opacity") != "0"


def _written(attributes: dict[str, str]) -> str:
    written = ((key, value) for key, value in attributes.items() if not {value, f"{key}={value}"} & _USUAL)
    return "".join(f' {key}="{_value(key, value)}"' for key, value in written)


def _value(key: str, value: str) -> str:
    if key in ("fill", "stroke"):
        return _THEMED.get(value.lower(), value if re.fullmatch(r"#[0-9a-fA-F]{3,8}|\w+", value) else "none")
    return value if "opacity" in key else _LONG.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
