"""Quiet kinds: what looks bad to a threshold and is no incident."""

from __future__ import annotations

import math
from dataclasses import replace

from benchmarks.generator import world as w
from benchmarks.generator.model import Effect, Scenario
from benchmarks.generator.plan import Plan, quiet


def _always(plan: Plan, rate: float, effect: Effect, lines: int = 10_000) -> Scenario:
    """The first route suffers `effect` in a steady share of its requests, all day long."""
    routes = plan.routes()
    routes[0] = replace(routes[0], usual=((rate, effect),))
    return plan.scenario(routes, lines)


@quiet
def quiet_404(plan: Plan) -> Scenario:
    """A steady 12 % of 404, the upstream's or our own."""
    own = Effect((404,), (200,), ("NOT_FOUND",))
    return _always(plan, plan.rnd.uniform(0.11, 0.13), plan.rnd.choice((w.NOT_FOUND, own)))


@quiet
def quiet_singles(plan: Plan) -> Scenario:
    """Twice the usual single failures of all kinds."""
    scenario = plan.scenario(plan.routes(), 10_000)
    scenario.noise = 2.0
    return scenario


@quiet
def quiet_waves(plan: Plan) -> Scenario:
    """A day with a night: the volume goes up and down tenfold, the rates stay."""
    scenario = plan.scenario(plan.routes(), 15_000, 1440)
    scenario.volume = lambda second: 1.0 - 0.82 * math.cos(second / 86_400 * 2 * math.pi)
    return scenario


@quiet
def quiet_flash(plan: Plan) -> Scenario:
    """Ten times the requests for a quarter of an hour, nothing fails more often."""
    scenario = plan.scenario(plan.routes(), 8_000)
    begin, end = plan.span(scenario, 15, 15)
    scenario.volume = lambda second: 10.0 if begin <= second < end else 1.0
    return scenario


@quiet
def quiet_low_volume(plan: Plan) -> Scenario:
    """One request a minute and function, for a day."""
    return plan.scenario(plan.routes(routes=4, target=0.25), 5_000, 1440)


@quiet
def quiet_noisy_vendor(plan: Plan) -> Scenario:
    """A vendor that always fails 1 to 3 % of the calls."""
    return _always(plan, plan.rnd.uniform(0.01, 0.03), w.VENDOR_5XX)


@quiet
def quiet_slow_tail(plan: Plan) -> Scenario:
    """1 to 2 % of all requests are slow, for many reasons."""
    scenario = plan.scenario(plan.routes(), 10_000)
    scenario.slow_tail = plan.rnd.uniform(0.01, 0.02)
    return scenario


@quiet
def quiet_logins(plan: Plan) -> Scenario:
    """20 % of the logins are rejected, all day."""
    return _always(plan, plan.rnd.uniform(0.18, 0.22), w.LOGIN_REJECTED)


@quiet
def quiet_validation(plan: Plan) -> Scenario:
    """A steady 8 % of requests that our validation refuses."""
    return _always(plan, 0.08, w.VALIDATION)


@quiet
def quiet_unknowns(plan: Plan) -> Scenario:
    """A steady 2 % of failures without any upstream status."""
    return _always(plan, 0.02, w.NO_STATUS)


@quiet
def quiet_masked(plan: Plan) -> Scenario:
    """A vendor that fails 10 to 20 % of the attempts; the retries hide it."""
    routes = plan.routes(shape="retries")
    routes[0] = replace(routes[0], usual=((plan.rnd.uniform(0.1, 0.2), w.VENDOR_5XX),))
    return plan.scenario(routes, 10_000)


@quiet
def quiet_no_time(plan: Plan) -> Scenario:
    """No time anywhere; no function fails in more than a few percent."""
    scenario = plan.scenario(plan.routes(), 6_000)
    scenario.times, scenario.ids = "none", "order"
    return scenario


@quiet
def quiet_dirty(plan: Plan) -> Scenario:
    """Bad ids, copies, malformed lines and times in three forms, over good traffic."""
    scenario = plan.scenario(plan.routes(), 8_000)
    scenario.bad_ids, scenario.duplicates, scenario.junk, scenario.times = 0.3, 0.2, 0.05, "mixed"
    return scenario


@quiet
def quiet_short(plan: Plan) -> Scenario:
    """Forty lines with a failure or two."""
    scenario = plan.scenario(plan.routes(routes=3), 40, 4)
    scenario.noise = 8.0
    return scenario
