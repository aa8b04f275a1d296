"""The verdict on an incident: the worst case, leans, credentials that expired, and ids."""

from __future__ import annotations

import pytest

from attrib.incidents.buckets import Buckets, Cause
from attrib.incidents.draft import Demotion, Draft, Judged
from attrib.incidents.find import settle
from attrib.incidents.verdict import incident_id, judge_draft
from tests.incidents.counting import APPLICATION, failed, fill, fine, found, judged, outage, quiet

UNSURE = failed(Cause("unknown", None))


def verdict(log: Buckets) -> Judged:
    (draft,) = judged(log)
    assert draft.judged is not None
    return draft.judged


def draft_of(log: Buckets) -> Draft:
    (draft,) = found(log).drafts
    return draft


def test_all_of_one_cause() -> None:
    one = verdict(outage())
    assert (one.verdict, one.responsible, one.lean) == ("vendor", "payments-api", None)
    assert (one.known_share, one.worst_case_share, one.dominant, one.attributed) == (1, 1, 225, 225)
    assert one.method == "wilson"
    assert one.worst_case_low == pytest.approx(0.983, abs=1e-3)


@pytest.mark.parametrize(("unknown", "stands"), [(5, True), (12, True), (14, False), (30, False)])
def test_unknowns_count_against_it(unknown: int, stands: bool) -> None:
    """15 known failures a minute, and so many of which nothing is known."""
    one = verdict(fill(outage(), UNSURE, range(60, 75), unknown))
    assert one.worst_case_share == 15 / (15 + unknown)
    assert one.worst_case_low is not None
    assert (one.worst_case_low > 0.5) is stands
    assert (one.verdict, one.lean, one.responsible) == (
        ("vendor", None, "payments-api") if stands else ("unknown", "vendor", None)
    )
    assert one.known_share == 1


def test_unknowns_as_usual_do_not() -> None:
    rejected = failed(Cause("unknown", None), status=401, lean="caller")
    always = fill(quiet(), rejected, range(120), 15)
    one = verdict(fill(always, failed(), range(60, 75), 15))
    assert (one.verdict, one.worst_case_share) == ("vendor", 1)


def test_few_failures_prove_little() -> None:
    assert verdict(fill(fill(quiet(), failed(), [60, 61], 4), UNSURE, [60, 61], 2)).verdict == "unknown"


def test_what_joined_counts_against_it() -> None:
    one = verdict(fill(outage(), failed(APPLICATION), [60, 61, 62], 3))
    assert (one.dominant, one.attributed) == (225, 234)
    assert one.known_share == one.worst_case_share == 225 / 234
    # So few are what may be seen on any day.
    assert verdict(fill(outage(), failed(APPLICATION), [60], 1)).attributed == 225


def test_failures_in_clusters_are_resampled() -> None:
    log = quiet()
    for minute in range(60, 90):
        fill(log, failed() if minute % 2 else UNSURE, [minute], 30)
        fill(log, failed(), [minute], 5)
    one = verdict(log)
    assert one.method == "resampling"
    assert one.worst_case_low is not None
    assert one.worst_case_share is not None
    assert one.worst_case_low < one.worst_case_share - 0.1  # Wilson would be 0.03 below
    assert one == verdict(log)


def test_unknown_with_a_lean_of_its_own() -> None:
    one = verdict(outage(kind=UNSURE._replace(lean="caller")))
    assert (one.verdict, one.lean, one.claimed, one.worst_case_share) == ("unknown", "caller", False, None)
    assert verdict(outage(kind=UNSURE)).lean is None


def test_unknown_with_something_known_beside_it() -> None:
    one = verdict(fill(outage(kind=UNSURE), failed(), [60, 61], 4))
    assert (one.verdict, one.lean, one.responsible, one.attributed) == ("unknown", "vendor", None, 8)


def test_claims_are_no_proof() -> None:
    one = judge_draft(draft_of(outage(kind=UNSURE)), lambda _: ("vendor", "error codes say so"), lambda _: ())
    assert (one.verdict, one.lean, one.claimed) == ("unknown", "vendor", True)
    known = judge_draft(draft_of(outage()), lambda _: ("application", "never asked"), lambda _: ())
    assert (known.verdict, known.lean, known.claimed) == ("vendor", None, False)


def test_demotion() -> None:
    demotion = Demotion("confined", "all on app-2", {})
    one = judge_draft(draft_of(outage()), lambda _: None, lambda _: [demotion])
    assert (one.verdict, one.lean, one.responsible, one.demotions) == ("unknown", "application", None, [demotion])
    own = judge_draft(draft_of(outage(kind=failed(APPLICATION))), lambda _: None, lambda _: [demotion])
    assert (own.verdict, own.demotions) == ("application", [])


class TestCredential:
    refused = failed(Cause("unknown", None), status=401, outcome="4xx", code=401, lean="caller")

    def log(self, well: int) -> Buckets:
        before = quiet([*range(60), *range(75, 120)])
        return fill(fill(before, self.refused, range(60, 75), 20), fine(), range(60, 75), well)

    def test_expired(self) -> None:
        one = verdict(self.log(well=1))
        assert (one.verdict, one.responsible, one.lean) == ("application", "checkout", None)

    def test_not_while_others_get_through(self) -> None:
        one = verdict(self.log(well=5))
        assert (one.verdict, one.responsible, one.lean) == ("unknown", None, "caller")

    def test_not_by_other_codes(self) -> None:
        log = fill(quiet([*range(60), *range(75, 120)]), self.refused._replace(code=404), range(60, 75), 20)
        assert verdict(log).verdict == "unknown"


def test_ids_say_when_where_and_who() -> None:
    one = judged(outage())[0].id
    assert one.startswith("inc-")
    assert len(one) == 12
    more = fill(outage(), failed(), [70], 3)
    assert judged(more)[0].id == one  # counts are no part of it
    others = [
        outage(61, 74), outage(kind=failed(APPLICATION)), outage(kind=failed(Cause("vendor", "mail-api"))),
        outage(kind=UNSURE), fill(quiet(function="search"), failed(function="search"), range(60, 75), 15),
    ]  # fmt: skip
    assert len({one, *(judged(log)[0].id for log in others)}) == 6


def test_ids_of_two_at_one_time_differ() -> None:
    """Two vendors of one function, both demoted: same minute, functions, nobody responsible, and verdict."""
    log = fill(outage(), failed(Cause("vendor", "mail-api"), upstream="mail-api"), range(60, 75), 15)
    demotion = Demotion("confined", "all on app-2", {})
    made = settle(found(log), lambda _: None, lambda _: [demotion])
    assert [draft.judged and draft.judged.verdict for draft in made] == ["unknown", "unknown"]
    first, second = sorted(draft.id for draft in made)
    assert second == f"{first}-2"
    assert incident_id(made[0], made[0].judged or verdict(outage())) == first


def test_largest_first() -> None:
    log = outage(60, 62)
    log.merge(fill(quiet(function="search"), failed(Cause("application", "search"), "search"), range(60, 75), 15))
    assert [draft.functions for draft in judged(log)] == [["search"], ["checkout"]]
