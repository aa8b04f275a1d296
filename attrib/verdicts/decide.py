"""The verdict on one invocation: contradictions and open questions first, then the decision table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from attrib.invocations.model import Invocation
from attrib.rules.facets import Decision, Facets
from attrib.verdicts.statement import statement

OK: Final = "ok"
CONTRADICTION: Final = "contradiction"
NO_RULE: Final = "none"


class Decider(Protocol):
    """A set of rules, as this room needs it."""

    def decide(self, facets: Facets) -> Decision:
        """What the decision table says of one cell."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who was responsible for one invocation, and why. Grain: one per invocation."""

    verdict: str
    """One of `facets.VERDICTS`, or `ok`: no symptom, nothing to attribute."""
    rule: str | None
    """Id of the rule that won, `none` where no rule matched or nothing could be told apart, `contradiction` where the
    log contradicts itself; None for `ok`."""
    also_matched: tuple[str, ...]
    responsible: str | None
    """The component named: the upstream's or the function's name as logged; None for `unknown`, `caller` and `ok`,
    and where the log does not name the upstream."""
    lean: str | None
    """For `unknown`: the verdict it points at without proof."""
    statement: str
    """One sentence with the figures. Log text in it is raw: it is made safe where it is shown."""
    via: tuple[str, ...] = ()
    """Functions from this one down to the hop whose verdict this is; empty where it is the invocation's own."""


def judge(invocation: Invocation, ruleset: Decider) -> Verdict:
    """The verdict on an invocation.

    No symptom: `ok`. A contradiction is decided before any rule. Where several calls could be the cause, or the
    invocation never finished, the answer is `unknown`, whatever the table says of the facets shown.
    """
    sentence = statement(invocation)
    if invocation.symptom is None:
        return Verdict(OK, None, (), None, None, sentence)
    if invocation.contradiction is not None:
        return Verdict("unknown", CONTRADICTION, (), None, None, sentence)
    decision = ruleset.decide(invocation.facets)
    if invocation.several_calls or (invocation.symptom == "unfinished" and decision.verdict != "unknown"):
        return Verdict("unknown", NO_RULE, (), None, None, sentence)
    responsible = None
    if decision.responsible == "upstream":
        responsible = invocation.upstream
    elif decision.responsible == "function":
        responsible = invocation.function
    return Verdict(decision.verdict, decision.rule, decision.also_matched, responsible, decision.lean, sentence)
