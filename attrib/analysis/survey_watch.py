"""What the survey sees of each line that is read one by one."""

from __future__ import annotations

from attrib.analysis.careful import COPY
from attrib.analysis.time_faults import TimeFaults
from attrib.records.model import Record
from attrib.records.parse import BLANK, Bad, Parser
from attrib.sources.lines import Line
from attrib.survey.survey import Survey


class SurveyWatch:
    """A `careful.Watch`; one per run."""

    def __init__(self, survey: Survey, parser: Parser) -> None:
        """`parser`: the one that reads the records."""
        self._survey = survey
        self._faults = TimeFaults(parser)

    def __call__(self, line: Line, result: object, file: int) -> None:
        """See one line and what became of it; a copy comes a second time, as such."""
        if result is COPY:
            self._survey.copies.add((file, line.number))
            return
        if result is not BLANK:
            self._survey.see_line(line.data, file, line.number)
        if isinstance(result, Record):
            self._survey.see_record(result, self._faults.bits())
        elif isinstance(result, Bad):
            self._survey.quarantine.see(result.reason, result.field, (file, line.number))
