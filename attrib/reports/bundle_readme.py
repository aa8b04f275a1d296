"""README.txt of a bundle: what it is, what each member holds, how to use and how to verify it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrib.reports import line
from attrib.reports.figures import plural
from attrib.reports.view import View


def readme(report: dict[str, Any], records: Sequence[Any], view: View) -> str:
    """The text, ASCII but for names from the log; ends with a line end."""
    cited = sum(record.cited for record in records)
    redacted = (
        "Secrets and personal data are replaced by markers such as [redacted:jwt]; ids stay as they are."
        if view.display.redact
        else "Nothing is redacted (--no-redact): handle this file as you handle the logs."
    )
    incidents = line.render(report, view).rstrip("\n")
    return f"""An analysis by attrib {report["attrib_version"]}, with what proves it. It outlives the logs.

{incidents}

What is in here
  report.json     the report (attrib analyze --to json; attrib schema report describes it)
  records.jsonl   {plural(len(records), "record")}: {cited:,} from lines that the report cites, the others from the same
                  requests. Each has its log file and line, the record as one canonical M1 line, and that line's sha256.
  packs/          the rule packs used, in order
  attrib.toml     the configuration file, where one was used
  facts.json      what judging one request needs to know of the whole log
  figures.json    counts and latency histograms for attrib compare
  manifest.json   the sha256 of each member

{redacted}

To use it
  attrib explain REQUEST_ID THIS.zip          one request, judged again from its records
  attrib report postmortem THIS.zip
  attrib compare THIS.zip LOGS

To verify it
  attrib verifies every digest whenever it reads this file, and refuses a member or record that was changed. Who can
  write the whole file can also write new digests: keep the sha256 of the file itself where nobody else can write.
"""
