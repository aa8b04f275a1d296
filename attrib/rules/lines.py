"""Where the keys of a TOML text stand: `tomllib` tells no lines, and a fault without its line is half a fault."""

from __future__ import annotations

import re
from typing import Final

Path = tuple[str | int, ...]
"""A place in the document, e.g. ("rule", 2, "when", "status"); arrays of tables count from 0."""

_KEY: Final = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_DOTTED: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER: Final = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?")
_ASSIGN: Final = re.compile(rf"\s*({_DOTTED})\s*=")
_TOKEN: Final = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')


class Lines:
    """Line of every table and key of one TOML text. What is not found answers with its nearest known parent."""

    def __init__(self, text: str) -> None:
        self._text = text.split("\n")
        self._at: dict[Path, int] = {(): 1}
        self._counts: dict[Path, int] = {}
        self._scan()

    def of(self, *path: str | int) -> int:
        """Line, from 1, of this key or table, or of its nearest parent."""
        for end in range(len(path), -1, -1):
            if (line := self._at.get(path[:end])) is not None:
                return line
        return 1

    def of_value(self, value: object, *path: str | int) -> int:
        """Line on which a value of this key is written: in a long array that is not the key's line."""
        start = self.of(*path)
        later = [line for line in self._at.values() if line > start]
        end = min(later, default=len(self._text) + 1)
        needles = (f'"{value}"', f"'{value}'") if isinstance(value, str) else (str(value),)
        for number in range(start, end):
            if any(needle in self._text[number - 1] for needle in needles):
                return number
        return start

    def _scan(self) -> None:
        table: Path = ()
        depth = 0
        closing: str | None = None
        for number, line in enumerate(self._text, start=1):
            if depth == 0 and closing is None:
                if header := _HEADER.match(line):
                    table = self._open(_parts(header[2]), is_array=header[1] == "[[")
                    self._at.setdefault(table, number)
                    continue
                if assign := _ASSIGN.match(line):
                    self._note(table, _parts(assign[1]), number)
            depth, closing = _after(line, depth, closing)

    def _note(self, table: Path, parts: Path, number: int) -> None:
        for end in range(1, len(parts) + 1):
            self._at.setdefault(table + parts[:end], number)

    def _open(self, parts: Path, is_array: bool) -> Path:
        """The path of a header: each array of tables on the way is entered at its latest element."""
        path: Path = ()
        for position, part in enumerate(parts):
            path = (*path, part)
            if is_array and position == len(parts) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


def _after(line: str, depth: int, closing: str | None) -> tuple[int, str | None]:
    """Bracket depth and open multi-line string (its closing quotes) at the end of this line."""
    position = 0
    while position < len(line):
        if closing is not None:
            end = line.find(closing, position)
            if end < 0:
                return depth, closing
            position, closing = end + 3, None
            continue
        token = _TOKEN.search(line, position)
        if token is None or token[0].startswith("#"):
            break
        position = token.end()
        if token[0] in ('"""', "'''"):
            closing = token[0]
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth = max(0, depth - 1)
    return depth, closing
