"""Kinds by shape: several faults, joined records, chains, bad ids, odd times, volumes and edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from benchmarks.generator import world as w
from benchmarks.generator.model import Effect, Fault, Route, Scenario
from benchmarks.generator.plan import Plan, incident, own_fault, vendor_fault

Make = Callable[[Route, tuple[float, float], float], Fault]


def _some(plan: Plan) -> Make:
    """One of the plain causes."""
    return plan.rnd.choice(
        (
            lambda route, span, share: vendor_fault(route, w.VENDOR_5XX, span, share),
            lambda route, span, share: vendor_fault(route, w.TIMEOUT, span, share),
            lambda route, span, share: own_fault(route, w.BUG, span, share),
        )
    )


def _hit(plan: Plan, scenario: Scenario, low: float = 10, high: float = 25) -> Scenario:
    """The scenario with one plain fault at its first route."""
    scenario.faults = [_some(plan)(scenario.routes[0], plan.span(scenario, low, high), plan.share())]
    return scenario


@incident
def overlapping(plan: Plan) -> Scenario:
    """A vendor, another vendor and our own code fail at overlapping times, each in another function."""
    scenario = plan.scenario(plan.routes(target=0.25), 14_000)
    first, _, second, third, *_ = scenario.routes
    begin, end = plan.span(scenario, 15, 25)
    later = begin + plan.rnd.uniform(60, 400)
    scenario.faults = [
        vendor_fault(first, w.VENDOR_5XX, (begin, end), plan.share()),
        vendor_fault(second, plan.rnd.choice((w.TIMEOUT, w.REFUSED)), (later, end + 240), plan.share()),
        own_fault(third, w.BUG, (begin + 120, end - 60), plan.share()),
    ]
    return scenario


@incident
def two_causes(plan: Plan) -> Scenario:
    """In one function, at the same time, a vendor fails and our code throws (or takes long): both stand."""
    scenario = plan.scenario(plan.routes())
    route = scenario.routes[0]
    begin, end = plan.span(scenario, 15, 30)
    offset = plan.rnd.uniform(0, 180)
    slow = plan.rnd.random() < 0.4
    second = own_fault(
        route, w.BOTTLENECK if slow else w.BUG, (begin + offset, end), 0.5, "app_bottleneck" if slow else "application"
    )
    scenario.faults = [vendor_fault(route, w.VENDOR_5XX, (begin, end), plan.share(0.3, 0.45)), second]
    return scenario


@incident
def minor_cause(plan: Plan) -> Scenario:
    """A vendor fails; in its minutes our code throws in 2 % of the requests, too little to stand alone."""
    scenario = plan.scenario(plan.routes())
    route, span = scenario.routes[0], plan.span(scenario)
    vendor = vendor_fault(route, w.VENDOR_5XX, span, plan.share(0.5, 0.8))
    small = own_fault(route, w.BUG, span, 0.03)
    small.labelled = False
    scenario.faults = [vendor, small]
    return scenario


@incident
def consequence(plan: Plan) -> Scenario:
    """A slow vendor holds our workers, and soon another function of the same service waits for one."""
    scenario = plan.scenario(plan.routes(target=0.45))
    scenario.service = "shop-api"
    first, _, second, *_ = scenario.routes
    begin, end = plan.span(scenario, 15, 25)
    slow = replace(w.SLOW_VENDOR, upstream_ms=4000.0)
    waiting = own_fault(
        second, w.BOTTLENECK, (begin + plan.rnd.uniform(60, 180), end + 30), plan.share(0.7), "app_bottleneck"
    )
    scenario.faults = [vendor_fault(first, slow, (begin, end), plan.share(0.9)), waiting]
    return scenario


@incident
def many_functions(plan: Plan) -> Scenario:
    """One vendor behind four functions: one incident."""
    routes = plan.routes(target=0.3)
    routes[2:5] = [replace(route, upstream=routes[0].upstream) for route in routes[2:5]]
    scenario = plan.scenario(routes)
    fault = vendor_fault(routes[0], plan.rnd.choice((w.VENDOR_5XX, w.TIMEOUT)), plan.span(scenario), plan.share())
    fault.functions = tuple(route.function for route in (routes[0], *routes[2:5]))
    scenario.faults = [fault]
    return scenario


@incident
def stages_vendor(plan: Plan) -> Scenario:
    """Start, call, exception and response of one request; only the call knows what the vendor said."""
    scenario = plan.scenario(plan.routes(shape="stages"), 16_000)
    effect = plan.rnd.choice((w.VENDOR_5XX, w.TIMEOUT))
    scenario.faults = [vendor_fault(scenario.routes[0], effect, plan.span(scenario), plan.share())]
    return scenario


@incident
def stages_application(plan: Plan) -> Scenario:
    """The same with a good call and an exception after it."""
    scenario = plan.scenario(plan.routes(shape="stages"), 16_000)
    scenario.faults = [own_fault(scenario.routes[0], w.BUG, plan.span(scenario), plan.share())]
    return scenario


@incident
def stages_bad_ids(plan: Plan) -> Scenario:
    """The same with a vendor and 12 % of the requests without a usable id: their records cannot be joined."""
    scenario = stages_vendor(plan)
    scenario.bad_ids = 0.12
    return scenario


@incident
def retries(plan: Plan) -> Scenario:
    """Up to three attempts; some requests recover, most do not."""
    scenario = plan.scenario(plan.routes(shape="retries"))
    span = plan.span(scenario)
    scenario.faults = [vendor_fault(scenario.routes[0], w.VENDOR_5XX, span, plan.share(0.75, 0.95))]
    return scenario


@incident
def bad_ids(plan: Plan) -> Scenario:
    """30 to 100 % of the lines have a placeholder for an id, or none."""
    scenario = _hit(plan, plan.scenario(plan.routes()))
    scenario.bad_ids = plan.rnd.choice((0.3, 0.6, 1.0))
    return scenario


@incident
def duplicates(plan: Plan) -> Scenario:
    """5 to 40 % of the lines are delivered twice."""
    scenario = _hit(plan, plan.scenario(plan.routes()))
    scenario.duplicates = plan.rnd.uniform(0.05, 0.4)
    return scenario


@incident
def dirty(plan: Plan) -> Scenario:
    """Malformed lines, other programs' lines, copies, late lines."""
    scenario = _hit(plan, plan.scenario(plan.routes()))
    scenario.junk, scenario.duplicates, scenario.disorder_s = 0.03, 0.05, 4.0
    return scenario


@incident
def no_time(plan: Plan) -> Scenario:
    """No ts, and ids that hold none: one window."""
    scenario = plan.scenario(plan.routes(), 8_000, 60)
    scenario.times, scenario.ids = "none", "order"
    return _hit(plan, scenario, 24, 36)


@incident
def time_in_ids(plan: Plan) -> Scenario:
    """No ts; the request ids are UUIDv7 and hold the time."""
    scenario = plan.scenario(plan.routes())
    scenario.times, scenario.ids = "none", "uuid7"
    return _hit(plan, scenario)


@incident
def mixed_times(plan: Plan) -> Scenario:
    """Each host writes time in its own way: UTC, an offset, epoch milliseconds."""
    scenario = plan.scenario(plan.routes())
    scenario.times = "mixed"
    return _hit(plan, scenario)


@incident
def gap_in_log(plan: Plan) -> Scenario:
    """An hour is missing from the log; the fault lies after it."""
    scenario = plan.scenario(plan.routes(), 14_000, 260)
    scenario.gap = (3600.0, 7200.0)
    begin = plan.rnd.uniform(9000, 12000)
    scenario.faults = [_some(plan)(scenario.routes[0], (begin, begin + plan.rnd.uniform(600, 1500)), plan.share())]
    return scenario


@incident
def low_volume(plan: Plan) -> Scenario:
    """One request a minute; the fault lasts one to two hours."""
    scenario = plan.scenario(plan.routes(routes=3, target=0.34), 2_000, 660)
    scenario.faults = [_some(plan)(scenario.routes[0], plan.span(scenario, 70, 120), plan.share(0.85))]
    return scenario


@incident
def high_volume(plan: Plan) -> Scenario:
    """1,500 requests a minute; the fault lasts 5 to 9 minutes."""
    return _hit(plan, plan.scenario(plan.routes(), 42_000, 28), 5, 9)


@incident
def burst(plan: Plan) -> Scenario:
    """90 seconds."""
    return _hit(plan, plan.scenario(plan.routes(target=0.5), 14_000, 120), 1.5, 1.5)


@incident
def slow_burn(plan: Plan) -> Scenario:
    """Two hours at 12 to 30 %."""
    scenario = plan.scenario(plan.routes(target=0.4), 15_000, 360)
    scenario.faults = [_some(plan)(scenario.routes[0], plan.span(scenario, 120, 120), plan.share(0.12, 0.3))]
    return scenario


@incident
def at_start(plan: Plan) -> Scenario:
    """Already running at the first line."""
    scenario = plan.scenario(plan.routes())
    span = (-60.0, plan.rnd.uniform(600, 1500))
    scenario.faults = [_some(plan)(scenario.routes[0], span, plan.share())]
    return scenario


@incident
def at_end(plan: Plan) -> Scenario:
    """Still running at the last line."""
    scenario = plan.scenario(plan.routes())
    last = scenario.minutes * 60
    span = (last - plan.rnd.uniform(600, 1500), last + 60)
    scenario.faults = [_some(plan)(scenario.routes[0], span, plan.share())]
    return scenario


@incident
def no_quiet_time(plan: Plan) -> Scenario:
    """The log is the last fifteen minutes of an outage."""
    scenario = plan.scenario(plan.routes(), 2_000, 15)
    span = (-60.0, scenario.minutes * 60 + 60)
    scenario.faults = [_some(plan)(scenario.routes[0], span, plan.share())]
    return scenario


@incident
def errors_only(plan: Plan) -> Scenario:
    """The log is a grep of failures."""
    scenario = _hit(plan, plan.scenario(plan.routes()))
    scenario.errors_only, scenario.noise = True, 0.25
    return scenario


def _chain(plan: Plan, effect: Effect, verdict: str) -> Scenario:
    """Two to five own functions call one another; the deepest meets the fault."""
    hops = plan.whole("hops", 2, 5)
    names = w.SERVICES[-hops:]
    base, *rest = plan.routes(target=0.4)
    deepest = replace(base, function=names[-1], through=names[:-1])
    scenario = plan.scenario([deepest, *rest], 16_000)
    scenario.links = plan.rnd.choice(("names", "spans"))
    make = vendor_fault if verdict == "vendor" else own_fault
    fault = make(deepest, effect, plan.span(scenario), plan.share())
    fault.verdict, fault.see = verdict, deepest.through
    if verdict != "vendor":
        fault.accept = ((verdict, f"{deepest.function}-svc"),)
    scenario.faults = [fault]
    return scenario


@incident
def chain_bug(plan: Plan) -> Scenario:
    """... a bug: the deepest function is named, no vendor."""
    return _chain(plan, w.BUG, "application")


@incident
def chain_bottleneck(plan: Plan) -> Scenario:
    """... a bottleneck."""
    return _chain(plan, w.BOTTLENECK, "app_bottleneck")


@incident
def chain_vendor(plan: Plan) -> Scenario:
    """... a real vendor failure: the vendor behind the deepest is named."""
    return _chain(plan, plan.rnd.choice((w.VENDOR_5XX, w.TIMEOUT)), "vendor")
