"""How many distinct values there are, how often each kept one occurs, in memory that does not grow with them.

Adaptive sampling (M. Wegman; P. Flajolet, "On adaptive sampling", Computing 43, 1990): values whose hash ends in at
least `level` zero bits are kept with their exact counts, and the level rises whenever more than `bound` are kept. Which
values are kept follows from the set of values alone, so neither the order of lines nor who counted them matters, and
sketches of parts can be merged. At level 0 everything is exact; above, each kept value stands for 2 ** level.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

BOUND: Final = 10_000
"""Values kept at most; the standard error of an estimate is 1.2 / sqrt(kept), so 1.2 % to 1.7 %."""
LONGEST: Final = 200
"""Characters kept of a value; a longer one is told apart by the digest of the whole that follows them."""
_CUT: Final = "…"

Place = tuple[int, int]
"""(index of the file, line)."""


@dataclass(slots=True)
class Kept:
    """One value that is kept."""

    n: int
    """Lines that have it."""
    hash: int
    place: Place | None
    """The first line that has it; None: it was counted by a query, and nobody has looked for it yet."""


def hash_of(text: str) -> int:
    """64 bits of a text's MD5: what DuckDB's `md5_number_lower` gives, so that both engines keep the same values."""
    return int.from_bytes(_md5(text).digest()[8:], "little")


def key_of(text: str) -> str:
    """A value as it is kept: itself, or its beginning and the digest of the whole."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}{_CUT}{_md5(text).hexdigest()}"


def start_of(key: str) -> str:
    """The value of a key, or as much of it as was kept."""
    return key[:LONGEST]


def _md5(text: str) -> hashlib._Hash:
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False)


def zeros(number: int) -> int:
    """Zero bits at the end of a 64-bit hash."""
    return 64 if number == 0 else (number & -number).bit_length() - 1


class Sketch:
    """The values of one field."""

    def __init__(self, bound: int = BOUND, hashed: Callable[[str], int] = hash_of) -> None:
        """`hashed`: 64 bits of a key; keys that are hashes already need not be hashed again."""
        self.bound = bound
        self._hashed = hashed
        self.level = 0
        self.lines = 0
        """Lines with a value; exact."""
        self.kept: dict[str, Kept] = {}

    def see(self, text: str, place: Place) -> None:
        """Count one line's value."""
        key = key_of(text)
        self.lines += 1
        kept = self.kept.get(key)
        if kept is None:
            self._enter(key, 1, self._hashed(key), place)
            return
        kept.n += 1
        if kept.place is None or place < kept.place:
            kept.place = place

    def add(self, key: str, n: int, place: Place | None = None) -> None:
        """Count `n` lines with the value of a key."""
        self.lines += n
        self.put(key, n, place)

    def put(self, key: str, n: int, place: Place | None = None) -> None:
        """As `add`, of lines that are counted already: a query may leave out values that no sketch would keep."""
        kept = self.kept.get(key)
        if kept is None:
            self._enter(key, n, self._hashed(key), place)
            return
        kept.n += n
        if place is not None and (kept.place is None or place < kept.place):
            kept.place = place

    def _enter(self, key: str, n: int, number: int, place: Place | None) -> None:
        if zeros(number) < self.level:
            return
        self.kept[key] = Kept(n, number, place)
        while len(self.kept) > self.bound:
            self.level += 1
            self.kept = {key: kept for key, kept in self.kept.items() if zeros(kept.hash) >= self.level}

    @property
    def exact(self) -> bool:
        """Whether every value is kept."""
        return self.level == 0

    @property
    def distinct(self) -> int:
        """Distinct values: exact, or an estimate (see `error`)."""
        return len(self.kept) << self.level

    @property
    def error(self) -> float:
        """The relative standard error of `distinct`; 0 where it is exact."""
        return 0.0 if self.exact else 1.2 / max(len(self.kept), 1) ** 0.5

    def times(self, n: int) -> int:
        """How many values occur on exactly `n` lines: exact, or an estimate."""
        return sum(kept.n == n for kept in self.kept.values()) << self.level

    @property
    def new_per_line(self) -> float:
        """How many values that were never seen the next line brings: the share of lines whose value occurs once.

        Good and Turing's estimate. It follows from the counts alone, whatever the order of lines.
        """
        return self.times(1) / self.lines if self.lines else 0.0

    @property
    def unseen(self) -> float:
        """Values that the log has not shown yet, at least (A. Chao, 1984): much where the number still grows."""
        once, twice = self.times(1), self.times(2)
        return once * once / (2 * twice) if twice else once * (once - 1) / 2

    @property
    def in_half(self) -> float:
        """The distinct values that one half of the lines, drawn by chance, would have."""
        return sum(1 - 0.5**kept.n for kept in self.kept.values()) * (1 << self.level)

    def ordered(self) -> Iterator[tuple[str, Kept]]:
        """(key, kept), by hash: a fixed order in which the first ones are a fair sample."""
        return iter(sorted(self.kept.items(), key=lambda item: (item[1].hash, item[0])))
