"""Setting a center up: shifts from a day on, care per step, competencies that count, finer slots."""

from datetime import date, time

import pytest

from scheduler.domain.appointments import CancellationReason
from scheduler.domain.competencies import FIRST_DOSE, PORT
from scheduler.domain.errors import InvalidError, NoCapacityError, NotAllowedError
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import Competency
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.cancelling import CancelAppointment, cancel_appointment
from scheduler.services.center_effects import days_over
from scheduler.services.center_hours import SetHours, WeekdayHours, set_hours
from scheduler.services.center_limits import LimitsWanted, SetLimits, limits_in_force, set_limits
from scheduler.services.center_shifts import SetShifts, WeekShift, list_nurses, set_shifts
from scheduler.services.days import day_curve
from scheduler.services.sample_day import sample_day
from scheduler.services.why_day import WhyAsked, why_on_day
from tests.factories.center import CenterMade, book, make_treatment, make_world
from tests.factories.people import NOW, make_actor
from tests.factories.sound import damage

TODAY = date(2026, 3, 17)
MONDAY = date(2026, 3, 23)
FULL = LimitsWanted(nurse_rule="H", patients_per_nurse=4)


@pytest.fixture
def center(database: Database, uow: UnitOfWork) -> CenterMade:
    return make_world(database, uow)


def limit(uow: UnitOfWork, center: CenterMade, since: date = TODAY, **values: object) -> None:
    slot = values.pop("slot_minutes", 15)
    facts = {"nurse_rule": "H", "patients_per_nurse": 4} | values
    wanted = SetLimits(
        center_id=center.id,
        effective_from=since,
        slot_minutes=int(str(slot)),
        wanted=LimitsWanted(**facts),  # type: ignore[arg-type]  # a test names what it changes
    )
    set_limits(uow, wanted, now=NOW, actor=make_actor())


def week(*days: int) -> tuple[WeekShift, ...]:
    there = WeekShift(starts=time(7), ends=time(18))
    return tuple(there if n in days else WeekShift() for n in range(7))


def test_a_first_dose_is_refused_while_nobody_there_may_give_one(
    uow: UnitOfWork, center: CenterMade
) -> None:
    limit(uow, center, required_competencies=frozenset({FIRST_DOSE}))
    plan = make_treatment(uow, center.id)

    with pytest.raises(NoCapacityError, match="first_dose competency"):
        book(uow, plan.dose(), MONDAY, "10:00")
    with uow:
        uow.add(Competency(staff_id=center.nurses[0], code=FIRST_DOSE))
        uow.commit()
    limit(uow, center, required_competencies=frozenset({FIRST_DOSE}), keep_minutes=9)

    assert book(uow, plan.dose(), MONDAY, "10:00")


def test_a_competency_counts_until_its_last_day_and_only_for_who_asks(
    database: Database, uow: UnitOfWork, center: CenterMade
) -> None:
    with uow:
        uow.add(Competency(staff_id=center.nurses[0], code=PORT, expires_on=MONDAY))
        uow.commit()
    limit(uow, center, required_competencies=frozenset({PORT}))
    with_port = make_treatment(uow, center.id, patient={"iv_access": "Port, right chest"})
    without = make_treatment(uow, center.id)

    with pytest.raises(NoCapacityError, match="port competency"):
        book(uow, with_port.dose(), date(2026, 3, 24), "10:00")
    assert book(uow, without.dose(), date(2026, 3, 24), "10:00")
    assert book(uow, with_port.dose(), MONDAY, "10:00")
    assert damage(database, uow.organization_id) == []


def test_care_per_step_changes_what_a_day_holds_and_the_day_is_counted_anew(
    database: Database, uow: UnitOfWork, center: CenterMade
) -> None:
    for _ in range(2):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "09:00")
    asked = WhyAsked(center_id=center.id, day=MONDAY, minutes=60)
    before = {one.at: one.sentence for one in why_on_day(uow, asked, now=NOW).answers}

    limit(uow, center, care_infusion=1)
    after = {one.at: one.sentence for one in why_on_day(uow, asked, now=NOW).answers}

    assert before[time(10)] == ""
    assert "2 of 2 nurses are busy" in after[time(10)]
    assert damage(database, uow.organization_id) == []


def test_fewer_nurses_than_booked_is_a_state_that_names_who_is_affected(
    uow: UnitOfWork, center: CenterMade
) -> None:
    book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    for nurse in center.nurses:
        wanted = SetShifts(
            center_id=center.id, staff_id=nurse, effective_from=MONDAY, days=week(1, 2, 3, 4)
        )
        effects = set_shifts(uow, wanted, now=NOW, actor=make_actor())

    assert [one.day for one in effects] == [MONDAY]
    assert effects[0].patients[0].name.startswith("Ann")
    assert days_over(uow, center.id, now=NOW) == effects
    assert [n.days[0].starts for n in list_nurses(uow, center.id, MONDAY)] == [None, None]
    assert [n.days[0].starts for n in list_nurses(uow, center.id, TODAY)] == [None, None]
    with pytest.raises(NoCapacityError):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "13:00")


def test_a_nurses_own_number_of_patients_counts(uow: UnitOfWork, center: CenterMade) -> None:
    for nurse in center.nurses:
        wanted = SetShifts(
            center_id=center.id,
            staff_id=nurse,
            effective_from=TODAY,
            days=week(*range(5)),
            watches=1,
        )
        set_shifts(uow, wanted, now=NOW, actor=make_actor())
    for start in ("08:00", "08:30"):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, start)

    with pytest.raises(NoCapacityError, match="the nurses watch 2 of 2 patients"):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "09:00")


def test_slots_of_five_minutes_hold_for_new_days_and_booked_days_keep_theirs(
    database: Database, uow: UnitOfWork, center: CenterMade
) -> None:
    book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")

    limit(uow, center, slot_minutes=5)

    with pytest.raises(InvalidError, match="every 15 minutes"):
        book(uow, make_treatment(uow, center.id).dose(), MONDAY, "12:05")
    assert book(uow, make_treatment(uow, center.id).dose(), date(2026, 3, 24), "12:05")
    assert damage(database, uow.organization_id) == []


def test_doors_mixing_and_the_last_drug_bind_once_they_are_set(
    uow: UnitOfWork, center: CenterMade
) -> None:
    day = WeekdayHours(
        opens=time(7, 30), closes=time(17, 30), doors=time(8), last_drug_end=time(15)
    )
    open_as(uow, center, day)

    for start, words in (("07:45", "let in from 8:00"), ("14:30", "no drug may run after 15:00")):
        with pytest.raises(NoCapacityError, match=words):
            book(uow, make_treatment(uow, center.id).dose(), MONDAY, start)


def open_as(uow: UnitOfWork, center: CenterMade, day: WeekdayHours) -> None:
    hours = SetHours(
        center_id=center.id, effective_from=TODAY, days=(*[day] * 5, *[WeekdayHours()] * 2)
    )
    set_hours(uow, hours, now=NOW, actor=make_actor())


@pytest.mark.parametrize("closes", [time(17, 37), time(19)])
def test_in_longer_hours_a_chair_still_counts_while_it_is_cleaned(
    database: Database, uow: UnitOfWork, center: CenterMade, closes: time
) -> None:
    visit = book(uow, make_treatment(uow, center.id).dose(), MONDAY, "15:00")  # leaves at closing

    open_as(uow, center, WeekdayHours(opens=time(7, 30), closes=closes))
    longer = damage(database, uow.organization_id)
    (before,) = [point for point in day_curve(uow, center.id, MONDAY) if point.at == time(17, 30)]
    off = CancelAppointment(appointment_id=visit, reason=CancellationReason.PATIENT)
    cancel_appointment(uow, off, now=NOW, actor=make_actor())

    assert longer == []
    assert (before.patients, before.chairs) == (0, 1)
    assert all(point.chairs == 0 for point in day_curve(uow, center.id, MONDAY))
    assert damage(database, uow.organization_id) == []


def test_trying_limits_changes_nothing(uow: UnitOfWork, center: CenterMade) -> None:
    book(uow, make_treatment(uow, center.id).dose(), MONDAY, "10:00")
    asked = SetLimits(
        center_id=center.id,
        effective_from=TODAY,
        wanted=LimitsWanted(patients_per_nurse=1, starts_per_slot=1, care_infusion=1),
    )

    sample = sample_day(uow, center.id, asked, now=NOW)

    assert sample is not None
    assert (sample.day, sample.visits) == (MONDAY, 1)
    assert max(point.patients_allowed for point in sample.now) == 8
    assert max(point.patients_allowed for point in sample.then) == 2
    assert limits_in_force(uow, center.id, MONDAY) == FULL


def test_only_who_manages_the_center_sets_it_up(uow: UnitOfWork, center: CenterMade) -> None:
    asked = SetLimits(center_id=center.id, effective_from=TODAY, wanted=FULL)

    with pytest.raises(NotAllowedError):
        set_limits(uow, asked, now=NOW, actor=make_actor(Role.FRONT_DESK))
