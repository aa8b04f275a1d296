"""Findings of an earlier run: `--known FINDINGS.json` leaves them out, so that a build fails on new ones only.

A finding is the same when its check and its subject are, whatever the counts, lines and files of the two runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from attrib.errors import UsageError

SARIF_KEY: Final = "attribFinding/v1"
"""Under `partialFingerprints` of a SARIF result."""
_LISTS: Final = ("known", "unlisted")
"""What a document holds besides its findings: those it left out in its turn, and those it had no room for."""


def read_known(path: str) -> frozenset[str]:
    """The fingerprints in a saved `attrib check --to json` or `--to sarif`. Raises UsageError for any other file."""
    try:
        document = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise UsageError(f"--known {path}: {(error.strerror or str(error)).lower()}.") from None
    except (ValueError, RecursionError):
        document = None
    try:
        found = list(_fingerprints(document))
    except (AttributeError, KeyError, TypeError):
        found = [None]
    if not all(isinstance(one, str) for one in found):
        raise UsageError(f"--known {path}: not a saved report of attrib check (--to json or --to sarif).")
    return frozenset(found)


def _fingerprints(document: Any) -> Iterator[Any]:
    if document.get("schema") == "attrib.checks/1":
        yield from (finding["fingerprint"] for finding in document["findings"])
        for name in _LISTS:
            yield from document.get(name, ())
        return
    for run in document["runs"]:
        yield from (result["partialFingerprints"][SARIF_KEY] for result in run["results"])
        for name in _LISTS:
            yield from run.get("properties", {}).get(name, ())
