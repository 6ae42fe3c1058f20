"""Ready to treat: what is missing, by when and by whom, whatever day the visit moves to."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.dates import Interval
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.programs import Enrolment, Program, Subject
from scheduler.domain.readiness import TreatmentFacts, ready_to_treat
from scheduler.domain.requirement_rules import Before, RequirementRule
from scheduler.domain.requirements import RequirementState, fresh_until
from scheduler.domain.roles import Role
from scheduler.domain.supply import SupplyFact

DAY = date(2026, 4, 9)
MET = RequirementStatus.MET
EVERYBODY = (Subject.PATIENT, Subject.PRESCRIBER, Subject.SITE)


def make_rule(id: str = "cbc", **values: Any) -> RequirementRule:
    known: dict[str, Any] = {"id": id, "what": "CBC", "max_age": Interval(days=30)}
    return RequirementRule(**known | values)


def make_facts(*rules: RequirementRule, **values: Any) -> TreatmentFacts:
    known: dict[str, Any] = {"rules": rules, "order_until": date(2040, 1, 1)}
    return TreatmentFacts(**known | values)


def met(on: date, code: str = "cbc", until: date | None = None) -> dict[str, RequirementState]:
    return {code: RequirementState(code=code, status=MET, result_on=on, valid_until=until)}


def sentences(facts: TreatmentFacts, on: date = DAY) -> list[str]:
    return [need.sentence for need in ready_to_treat(facts, on=on).missing]


def test_a_result_that_is_too_old_names_the_first_day_that_is_not() -> None:
    facts = make_facts(make_rule(), states=met(date(2026, 3, 3)))

    assert sentences(facts) == ["CBC of March 3 is too old for April 9: needs one from March 10 on"]
    assert sentences(facts, date(2026, 4, 2)) == []


def test_the_year_is_said_when_it_is_another() -> None:
    facts = make_facts(make_rule(), states=met(date(2025, 12, 3)))

    assert sentences(facts, date(2026, 1, 8)) == [
        "CBC of December 3, 2025 is too old for January 8: needs one from December 9, 2025 on"
    ]


def test_a_result_that_is_young_enough_but_has_run_out_says_until_when_it_held() -> None:
    ended = met(date(2026, 3, 20), until=date(2026, 4, 5))

    said = "CBC of March 20 holds until April 5: needs one that holds on April 9"
    assert sentences(make_facts(make_rule(), states=ended)) == [said]
    aged = met(date(2026, 3, 3), until=date(2026, 4, 5))
    assert sentences(make_facts(make_rule(), states=aged)) == [
        "CBC of March 3 is too old for April 9: needs one from March 10 on"
    ]
    ageless = make_facts(make_rule(max_age=None), states=ended)
    assert sentences(ageless) == [said]
    undated = {"cbc": replace(ended["cbc"], result_on=None)}
    assert sentences(make_facts(make_rule(), states=undated)) == [said.replace(" of March 20", "")]


@given(
    result=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    late=st.integers(0, 400),
    age=st.sampled_from([Interval(days=14), Interval(days=30), Interval(months=3)]),
)
def test_moving_a_visit_judges_freshness_anew_and_never_changes_back(
    result: date, late: int, age: Interval
) -> None:
    rule, states = make_rule(max_age=age), met(result)
    day = result + timedelta(days=late)
    last = fresh_until(rule, states["cbc"])

    assert last is not None
    assert ready_to_treat(make_facts(rule, states=states), on=day).ready is (day <= last)


def test_a_result_for_each_dose_serves_the_next_one_alone() -> None:
    rule = make_rule("pregnancy", what="pregnancy test", before=Before.EACH, max_age=None)
    facts = make_facts(rule, states=met(date(2026, 3, 3), "pregnancy"))

    assert sentences(replace(facts, previous=date(2026, 2, 1))) == []
    assert sentences(replace(facts, previous=date(2026, 3, 12))) == [
        "Pregnancy test of March 3 was for the dose before: needs one after March 12"
    ]
    kept = replace(facts, states=met(date(2026, 3, 3), "pregnancy", date(2026, 12, 31)))
    assert sentences(replace(kept, previous=date(2026, 3, 12))) == []


def test_what_is_checked_at_the_chair_does_not_stand_in_the_way_before() -> None:
    assert sentences(make_facts(make_rule("fever", at_chair=True))) == []


def test_what_is_missing_says_by_when_and_by_whom_most_urgent_first() -> None:
    facts = make_facts(make_rule(), authorization="The prior authorization is denied")

    missing = ready_to_treat(facts, on=DAY).missing

    assert [(need.code, need.needed_by) for need in missing] == [
        ("cbc", date(2026, 4, 6)),
        ("authorization", DAY),
    ]
    assert missing[1].roles == {Role.FRONT_DESK, Role.PHARMACIST}


def test_an_order_that_ends_before_the_visit_is_missing() -> None:
    assert sentences(make_facts(order_until=date(2026, 4, 8))) == [
        "The order ends on April 8, before this visit: ask the prescriber for a new one"
    ]


def test_patient_prescriber_and_site_are_each_enrolled_in_the_program() -> None:
    rule = make_rule("rems", what="TOUCH", before=Before.EACH, max_age=None)
    program = Program(name="TOUCH", enrols=EVERYBODY)
    facts = make_facts(rule, program=program)
    assert sentences(facts) == [
        "TOUCH: missing",
        "TOUCH: the prescriber is not enrolled",
        "TOUCH: the site is not enrolled",
    ]

    all_in = tuple(Enrolment(subject=one, enrolled_on=date(2026, 1, 1)) for one in EVERYBODY)
    assert sentences(replace(facts, program=replace(program, enrolments=all_in))) == []

    ends = replace(all_in[2], valid_until=date(2026, 4, 8))
    over = replace(program, enrolments=(*all_in[:2], ends))
    assert sentences(replace(facts, program=over)) == [
        "TOUCH: the site's enrolment ends on April 8, 2026"
    ]


def test_of_several_enrolments_that_had_begun_the_one_recorded_last_holds() -> None:
    site = Enrolment(subject=Subject.SITE, enrolled_on=date(2026, 1, 1))
    put_right = replace(site, valid_until=date(2026, 4, 8))
    program = Program(name="TOUCH", enrolments=(site, put_right))

    assert program.enrolled(Subject.SITE, date(2026, 4, 9)) == put_right
    assert program.enrolled(Subject.SITE, date(2025, 12, 31)) is None


def test_too_little_drug_is_not_enough() -> None:
    here = SupplyFact(status="received", amount=Decimal(300))
    facts = make_facts(supply=here, amount=Decimal(600))

    assert sentences(facts) == ["300 mg are here for a dose of 600 mg"]
    assert sentences(replace(facts, amount=Decimal(300))) == []


def test_a_pharmacy_sends_each_dose_by_itself() -> None:
    of_plan = SupplyFact(route="specialty_pharmacy", status="received", of_plan=True)

    assert sentences(make_facts(supply=of_plan)) == [
        "Drug from the specialty pharmacy: none received for this dose yet"
    ]
    assert sentences(make_facts(supply=replace(of_plan, of_plan=False))) == []
    assert sentences(make_facts(supply=replace(of_plan, route="stock"))) == []
