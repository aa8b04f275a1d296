"""JSON text that loses nothing and is still safe to show in a terminal."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from attrib.safe.terminal import is_hidden

_OTHER_THAN_PLAIN: Final = re.compile(r"[^\x20-\x7e\n]")


def dumps(value: Any, *, indent: int | None = None) -> str:
    """Strict JSON in the dict's own key order; raises ValueError for NaN and infinities.

    Text stays readable in its own script. Controls, bidi signs and lone surrogates (file names may hold them) are
    written as `\\uXXXX`: a reader gets the very same text back, a terminal gets none of it.
    """
    separators = (",", ": ") if indent is not None else (", ", ": ")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    return text if text.isascii() and "\x7f" not in text else _OTHER_THAN_PLAIN.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    # Outside of strings JSON is plain ASCII, so whatever is found here stands inside a string.
    char = match[0]
    if char == "\x7f":
        return "\\u007f"  # the json module leaves DEL alone
    return json.dumps(char)[1:-1] if is_hidden(char) else char
