"""Errors a user can meet, and the exit code each one ends the program with.

    AttribError                 one sentence: what is wrong, where, what to do
    ├── UsageError        (2)   the call is wrong: option, time, rule pack, parameter
    ├── InputError        (3)   some input could not be read whole
    ├── NoRecordsError    (4)   no record at all in the input
    └── DeliveryError     (5)   the result is there but could not be delivered, or the machinery is missing

Exit codes are fixed by the contract (docs/exit-codes.md). The command line is the only place that turns an error
into an exit code; everywhere else they are ordinary exceptions.
"""

from __future__ import annotations


class AttribError(Exception):
    """Base of every error that bad input or a wrong call can raise; `str(error)` is the sentence the user reads."""

    exit_code = 2


class UsageError(AttribError):
    """The call is wrong; mending the call mends it."""

    exit_code = 2


class InputError(AttribError):
    """An input could not be read whole (missing, unreadable, truncated, corrupt)."""

    exit_code = 3


class NoRecordsError(AttribError):
    """Not one record in all the input: nothing to attribute."""

    exit_code = 4


class DeliveryError(AttribError):
    """The result exists but could not be written, or a needed engine is not there."""

    exit_code = 5
