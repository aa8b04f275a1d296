"""Figures as people read them."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from attrib.reports import figures


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "-"), (0, "0 %"),
        (1, "100 %"), (0.0001, "<0.1 %"), (0.9999, ">99.9 %"), (0.002, "0.2 %"), (0.36, "36 %"),
        (0.0999, "10.0 %"), (0.993, "99.3 %"),
    ],
)  # fmt: skip
def test_percent_never_rounds_to_none_or_all(share: float | None, shown: str) -> None:
    assert figures.percent(share) == shown


def test_numbers() -> None:
    assert figures.number(12304) == "12,304"
    assert figures.number(12.5) == "12.5"
    assert figures.number(None) == "-"
    assert figures.part(1, 0) == "-"
    assert figures.plural(1, "line") == "1 line"
    assert figures.plural(2000, "line") == "2,000 lines"
    assert figures.milliseconds(0.04) == "0 ms"


def test_times_carry_their_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert figures.clock("2026-11-20T14:02:11.48Z", UTC, full=True) == "2026-11-20 14:02:11.480 UTC"
    assert figures.clock("nonsense", UTC) == "-"
    assert (
        figures.span("2026-11-20T23:30:00Z", "2026-11-21T00:30:00Z", UTC) == "2026-11-20 23:30 to 2026-11-21 00:30 UTC"
    )
    assert figures.span("2026-11-20T13:00:00Z", "2026-11-20T13:00:09Z", berlin) == (
        "2026-11-20 14:00:00 to 14:00:09 Europe/Berlin"
    )
    assert figures.span(None, None, UTC) is None
