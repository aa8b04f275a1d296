"""Names in bounded number: where too many functions or upstreams are told apart, they are taken together by form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

MOST_NAMES: Final = 1000
"""Names of one kind beyond which they are taken together; incidents.series.MOST_FUNCTIONS, for the same reason."""
ID: Final = "[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{12,}|[0-9]+|[A-Za-z0-9_-]{20,}"
"""What is taken for an id within a name (as in incidents.series); in the dialect that RE2 and Python share."""
HOLE: Final = "{id}"
"""Its braces are in no id: taking out twice is taking out once."""
OTHERS: Final = "(many names)"
"""Stands for all names where even their forms are too many."""
_ID: Final = re.compile(ID)
_LEVELS: Final = 2


def at_level(name: str | None, level: int) -> str | None:
    """A name as it is counted: 0 as logged, 1 with ids taken out, 2 all as one. Null stays null."""
    if name is None or level == 0:
        return name
    return _ID.sub(HOLE, name) if level == 1 else OTHERS


class Names:
    """The names met so far, and how they are counted. The level follows from the set of names, not from its order."""

    def __init__(self) -> None:
        self.level = 0
        self._known: set[str] = set()

    def see(self, names: Iterable[str | None]) -> bool:
        """Take note of names; True when names are counted otherwise from now on."""
        before = self.level
        for name in names:
            shown = at_level(name, self.level)
            if shown is not None:
                self._known.add(shown)
            while len(self._known) > MOST_NAMES and self.level < _LEVELS:
                self.level += 1
                self._known = {at_level(one, self.level) or "" for one in self._known}
        return self.level != before
