"""Surveying a large input: what was proven is asked in queries, the rest was seen line by line while it was read."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from attrib.analysis import survey_content, survey_idempotency, survey_propagation, survey_traits, survey_values
from attrib.analysis.reading import Reading
from attrib.survey.survey import Survey


@contextmanager
def text_beside(reading: Reading) -> Iterator[None]:
    """Begin to search the text of an input that has been read, where a survey is asked for.

    Judging is Python's, and the query of the traits numbers its rows, so both run in one thread: the other processors
    search the text meanwhile. Nothing else fills that part of the survey, and it asks the engine for nothing.
    """
    survey = reading.run.survey
    if survey is None:
        yield
        return
    with ThreadPoolExecutor(1) as beside:
        reading.text = beside.submit(survey_content.fill, reading, survey)
        yield


def survey_all(reading: Reading, survey: Survey) -> None:
    """Complete the survey of an input that has been read and judged."""
    there = survey_traits.fill(reading, survey)
    survey_propagation.fill(reading, survey)
    survey_values.fill(reading, survey, {path for path, keys in there.items() if not keys.labels})
    survey_idempotency.fill(reading, survey, {path for path, keys in there.items() if not keys.idempotency})
    if reading.text is not None:
        reading.text.result()
