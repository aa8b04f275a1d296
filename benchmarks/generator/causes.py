"""Kinds by cause: what a vendor, our code, our time or our configuration does. One function, one fault each."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.generator import world as w
from benchmarks.generator.model import Effect, Scenario
from benchmarks.generator.plan import Plan, incident, own_fault, unknown_fault, vendor_fault

CANARY = "5.1.0"
STABLE = "5.0.7"


def _vendor(plan: Plan, *effects: Effect, low: float = 0.6, high: float = 1.0, missing: float = 0.02) -> Scenario:
    scenario = plan.scenario(plan.routes())
    effect = replace(plan.rnd.choice(effects), missing=plan.number("missing", missing, missing))
    scenario.faults = [vendor_fault(scenario.routes[0], effect, plan.span(scenario), plan.share(low, high))]
    return scenario


def _own(plan: Plan, *effects: Effect, verdict: str = "application", low: float = 0.5, high: float = 1.0) -> Scenario:
    scenario = plan.scenario(plan.routes())
    effect = plan.rnd.choice(effects)
    scenario.faults = [own_fault(scenario.routes[0], effect, plan.span(scenario), plan.share(low, high), verdict)]
    return scenario


@incident
def vendor_errors(plan: Plan) -> Scenario:
    """The vendor answers 5xx and so do we."""
    return _vendor(plan, w.VENDOR_5XX)


@incident
def vendor_passed_on(plan: Plan) -> Scenario:
    """The vendor answers 5xx and we make a 424 of it."""
    return _vendor(plan, Effect((424,), (503, 500), ("UPSTREAM_ERROR",), 45))


@incident
def vendor_timeouts(plan: Plan) -> Scenario:
    """The vendor does not answer before a deadline far above its usual times."""
    return _vendor(plan, w.TIMEOUT, w.TIMEOUT_504)


@incident
def vendor_slow(plan: Plan) -> Scenario:
    """The vendor answers well, late."""
    return _vendor(plan, w.SLOW_VENDOR, replace(w.SLOW_VENDOR, upstream_ms=3500), missing=0.0)


@incident
def vendor_partial(plan: Plan) -> Scenario:
    """8 to 15 % of the calls fail for half an hour."""
    scenario = plan.scenario(plan.routes())
    span = plan.span(scenario, 30, 45)
    scenario.faults = [vendor_fault(scenario.routes[0], w.VENDOR_5XX, span, plan.share(0.08, 0.15))]
    return scenario


@incident
def vendor_refused(plan: Plan) -> Scenario:
    """Connections to the vendor are refused or reset."""
    reset = Effect((502,), ("ECONNRESET", 0), ("ECONNRESET",), 8, upstream_failed=True)
    return _vendor(plan, w.REFUSED, reset)


@incident
def vendor_aborts(plan: Plan) -> Scenario:
    """The vendor hangs, and the clients give up after nine seconds (499)."""
    return _vendor(plan, w.ABORTED, missing=0.0)


@incident
def vendor_breaker(plan: Plan) -> Scenario:
    """The vendor fails, and our circuit breaker answers most requests."""
    scenario = _vendor(plan, w.VENDOR_5XX, low=0.85)
    scenario.faults[0].breaker = True
    return scenario


@incident
def application_errors(plan: Plan) -> Scenario:
    """Our code throws after a good answer of the upstream."""
    return _own(plan, w.BUG)


@incident
def application_deploy(plan: Plan) -> Scenario:
    """A new version on some hosts throws; the old one does not."""
    scenario = _own(plan, w.BUG, low=0.8)
    fault = scenario.faults[0]
    new = set(plan.rnd.sample(scenario.hosts, 2))
    scenario.versions = lambda second, host: CANARY if host in new and fault.begin <= second < fault.end else STABLE
    fault.only = ("service.version", CANARY)
    return scenario


@incident
def validation_burst(plan: Plan) -> Scenario:
    """Requests are refused by our own validation (400, 422) though the upstream answered well."""
    return _own(plan, w.VALIDATION, low=0.35, high=0.9)


@incident
def bottleneck(plan: Plan) -> Scenario:
    """1.5 s of own time on top; the upstream is quick."""
    return _own(plan, w.BOTTLENECK, replace(w.BOTTLENECK, own_ms=2500), verdict="app_bottleneck")


@incident
def quota(plan: Plan) -> Scenario:
    """The upstream answers 429: the rate is ours."""
    return _own(plan, w.QUOTA_5XX, w.QUOTA_4XX)


@incident
def credential(plan: Plan) -> Scenario:
    """Our credential expired: 401 or 403 from the upstream, its 2xx vanish; answered 5xx, or passed on."""
    return _own(plan, w.CREDENTIAL_5XX, w.CREDENTIAL_4XX, low=0.97)


@incident
def callers_ask_for_nothing(plan: Plan) -> Scenario:
    """A crawler asks for what is not there: the upstream's 404 is passed on, nobody of us and no vendor failed."""
    scenario = plan.scenario(plan.routes())
    fault = unknown_fault(scenario.routes[0], w.NOT_FOUND, plan.span(scenario), plan.share(0.4, 0.8), "caller")
    fault.verdict, fault.accept_unknown = "caller", True
    scenario.faults = [fault]
    return scenario


@incident
def own_upstream(plan: Plan) -> Scenario:
    """A datastore of ours fails, times out or is slow: it is named, and no vendor."""
    scenario = _own(plan, w.VENDOR_5XX, w.TIMEOUT, w.REFUSED, w.SLOW_VENDOR, low=0.6)
    scenario.routes[0] = replace(scenario.routes[0], upstream=plan.rnd.choice(("users-mysql", "redis-2", "10.0.7.4")))
    scenario.faults[0].responsible = scenario.routes[0].upstream
    return scenario


@incident
def missing_some(plan: Plan) -> Scenario:
    """10 to 30 % of the failing lines lack the upstream status: the verdict stands all the same."""
    effect = w.VENDOR_5XX if plan.rnd.random() < 0.6 else w.BUG
    effect = replace(effect, missing=plan.number("missing", 0.1, 0.3))
    scenario = plan.scenario(plan.routes())
    route, span, share = scenario.routes[0], plan.span(scenario), plan.share()
    of_vendor = effect.upstream_failed
    scenario.faults = [(vendor_fault if of_vendor else own_fault)(route, effect, span, share)]
    return scenario


@incident
def missing_most(plan: Plan) -> Scenario:
    """60 to 85 % of the failing lines lack it: unknown, probably the vendor."""
    scenario = plan.scenario(plan.routes())
    effect = replace(w.VENDOR_5XX, missing=plan.number("missing", 0.6, 0.85))
    scenario.faults = [
        unknown_fault(scenario.routes[0], effect, plan.span(scenario), plan.share(), "vendor", accept_unknown=True)
    ]
    return scenario


@incident
def missing_all(plan: Plan) -> Scenario:
    """No failing line has it: unknown; where the error codes claim an upstream failure, that is the lean."""
    scenario = plan.scenario(plan.routes())
    claims = plan.rnd.random() < 0.5
    effect = replace(w.VENDOR_5XX, missing=1.0) if claims else w.NO_STATUS
    lean = "vendor" if claims else None
    fault = unknown_fault(scenario.routes[0], effect, plan.span(scenario), plan.share(), lean, accept_unknown=True)
    scenario.faults = [fault]
    return scenario


@incident
def unfinished(plan: Plan) -> Scenario:
    """Requests start and never end: unknown."""
    scenario = plan.scenario(plan.routes(shape="stages"))
    effect = Effect(unfinished=True)
    share = plan.share(0.3, 0.8)
    scenario.faults = [unknown_fault(scenario.routes[0], effect, plan.span(scenario), share, None, accept_unknown=True)]
    return scenario


@incident
def confined_to_version(plan: Plan) -> Scenario:
    """A vendor's 5xx meets only our new version while the old one is served: unknown, leaning to us."""
    scenario = plan.scenario(plan.routes())
    span = plan.span(scenario)
    new = plan.rnd.choice(scenario.hosts)
    scenario.versions = lambda second, host: CANARY if host == new and span[0] <= second < span[1] else STABLE
    fault = unknown_fault(scenario.routes[0], w.VENDOR_5XX, span, plan.share(0.8), "application")
    fault.only = ("service.version", CANARY)
    scenario.faults = [fault]
    return scenario


@incident
def our_deadline(plan: Plan) -> Scenario:
    """We set a deadline below what the vendor usually takes: timeouts pile up there; unknown, leaning to us."""
    scenario = plan.scenario(plan.routes())
    route = scenario.routes[0]
    effect = replace(w.TIMEOUT, cut_ms=route.upstream_ms * plan.rnd.uniform(0.9, 1.2))
    scenario.faults = [unknown_fault(route, effect, plan.span(scenario), 1.0, "application")]
    return scenario


@incident
def our_network(plan: Plan) -> Scenario:
    """Four unrelated vendors cannot be reached in the same minutes: unknown, leaning to us."""
    scenario = plan.scenario(plan.routes(target=0.25))
    effect = plan.rnd.choice((w.REFUSED, w.TIMEOUT))
    functions = tuple(route.function for route in scenario.routes[:4])
    fault = unknown_fault(scenario.routes[0], effect, plan.span(scenario), plan.share(), "application", split=True)
    fault.functions = functions
    scenario.faults = [fault]
    return scenario
