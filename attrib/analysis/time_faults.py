"""What was wrong with the time of the record read last: a parser counts it, and keeps nothing of it in the record."""

from __future__ import annotations

from attrib.records.parse import Parser
from attrib.survey.traits import Bit


class TimeFaults:
    """Follows one parser's counts, which begin anew with every tally."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._tally = parser.tally
        self._before = (self._tally.unreadable_time, self._tally.zone_less_time)

    def bits(self) -> int:
        """UNREADABLE_TIME or ZONE_LESS_TIME, where that was so since the last call; to be asked after every record."""
        tally = self._parser.tally
        unreadable, zone_less = self._before if tally is self._tally else (0, 0)
        self._tally = tally
        self._before = (tally.unreadable_time, tally.zone_less_time)
        return (Bit.UNREADABLE_TIME if tally.unreadable_time > unreadable else 0) | (
            Bit.ZONE_LESS_TIME if tally.zone_less_time > zone_less else 0
        )
