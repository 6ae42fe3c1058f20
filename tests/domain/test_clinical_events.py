"""What samples and first doses must not be too near to: plasma exchange, IVIG, vaccines."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.clinical_events import (
    ClinicalEvent,
    dates_named,
    event_words,
    events_named,
    latest,
    vaccine_too_near,
)
from scheduler.domain.dates import Interval, not_before, parse_interval
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.readiness import TreatmentFacts, ready_to_treat
from scheduler.domain.requirement_rules import Before, RequirementRule, Vaccine
from scheduler.domain.requirements import Need, RequirementState, requirement_need
from tests.schedules.formulary import shipped

JCV = RequirementRule(
    id="jcv",
    what="anti-JCV antibody",
    before=Before.FIRST,
    not_within=(("plasma-exchange", Interval(days=14)), ("ivig", Interval(months=6))),
)
ON = date(2026, 4, 9)
EXCHANGE = ClinicalEvent(name="plasma-exchange", day=date(2026, 3, 1))


def need(*events: ClinicalEvent, sampled: date | None = None, on: date = ON) -> Need:
    """Return how the antibody test stands: met by a sample of a day, or not done."""
    status = RequirementStatus.MET if sampled else RequirementStatus.NEEDED
    state = RequirementState(code="jcv", status=status, result_on=sampled)
    return requirement_need(JCV, state, on=on, events=events)


def test_a_sample_soon_after_plasma_exchange_says_nothing() -> None:
    found = need(EXCHANGE, sampled=date(2026, 3, 10))

    assert found.status is RequirementStatus.NEEDED
    assert found.sentence == (
        "Anti-JCV antibody of March 10 says nothing: plasma exchange on March 1; needs one from March 15 on"
    )


@pytest.mark.parametrize("sampled", [date(2026, 2, 28), date(2026, 3, 15)])
def test_a_sample_before_it_or_long_enough_after_it_counts(sampled: date) -> None:
    assert need(EXCHANGE, sampled=sampled).sentence == ""


def test_of_several_events_the_one_that_lasts_longest_counts() -> None:
    ivig = ClinicalEvent(name="ivig", day=date(2026, 2, 27))

    assert "IVIG on February 27; needs one from August 27 on" in (
        need(EXCHANGE, ivig, sampled=date(2026, 3, 10)).sentence
    )


def test_a_missing_sample_says_from_when_on_it_can_be_taken_where_that_is_too_late() -> None:
    soon = ClinicalEvent(name="plasma-exchange", day=date(2026, 3, 30))

    assert need(soon).sentence == (
        "Anti-JCV antibody: missing; after plasma exchange on March 30 a sample says something from April 13 on"
    )
    assert need(EXCHANGE).sentence == "Anti-JCV antibody: missing"


@given(
    day=st.dates(date(2024, 1, 1), date(2036, 12, 31)),
    later=st.integers(0, 400),
    name=st.sampled_from(["plasma-exchange", "ivig"]),
)
def test_a_sample_counts_again_on_the_day_that_the_span_has_passed(
    day: date, later: int, name: str
) -> None:
    sampled, span = day + timedelta(days=later), dict(JCV.not_within)[name]

    found = need(ClinicalEvent(name=name, day=day), sampled=sampled, on=sampled)

    assert (found.status is RequirementStatus.MET) == (sampled >= not_before(day, span))


def test_a_first_dose_too_soon_after_a_vaccine_is_not_ready() -> None:
    vaccines = (Vaccine(kind="live", lead=parse_interval("P4W")),)
    facts = TreatmentFacts(
        order_until=date(2027, 1, 1),
        vaccines=vaccines,
        events=(ClinicalEvent(name="vaccine-live", day=date(2026, 3, 20)),),
    )

    (found,) = ready_to_treat(facts, on=ON).missing

    assert found.sentence == (
        "Live vaccine on March 20: the first dose from April 17 on, 4 weeks later"
    )
    assert ready_to_treat(facts, on=date(2026, 4, 17)).ready


def test_a_lead_for_any_vaccine_holds_for_each_kind() -> None:
    any_kind = (Vaccine(kind="any", lead=Interval(days=42)),)
    flu = ClinicalEvent(name="vaccine-non-live", day=date(2026, 3, 20))

    assert vaccine_too_near(any_kind, (flu,), ON) is not None
    assert vaccine_too_near((Vaccine(kind="live", lead=Interval(days=28)),), (flu,), ON) is None
    assert vaccine_too_near(any_kind, (EXCHANGE,), ON) is None


def test_regimens_name_the_events_that_bear_on_them() -> None:
    assert events_named(shipped("natalizumab-iv")) == ("plasma-exchange", "ivig")
    assert events_named(shipped("ocrelizumab-iv")) == ("vaccine-live", "vaccine-non-live")
    relapse = shipped("methylprednisolone-ms-relapse")
    assert dates_named(relapse) == events_named(relapse) == ("relapse-order", "relapse-onset")


def test_the_last_of_several_events_of_a_name_is_what_days_count_from() -> None:
    again = ClinicalEvent(name="plasma-exchange", day=date(2026, 5, 1))

    assert latest((again, EXCHANGE)) == {"plasma-exchange": again.day}
    assert [event_words(name) for name in ("ivig", "vaccine-live", "snake-bite")] == [
        "IVIG",
        "live vaccine",
        "snake bite",
    ]
