"""Who looks after whom on a day: found the day before, by hand, and again when somebody is out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from scheduler.domain.errors import InvalidError
from scheduler.domain.ids import AppointmentId, CenterId, PatientId, StaffId
from scheduler.domain.nurse_assignment import HOUR, Care, Nurse, assign_nurses
from scheduler.domain.nursing import NURSE, NurseRule
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_time, minute_of, time_of
from scheduler.domain.visits import Step
from scheduler.persistence import center_setup
from scheduler.persistence import nurse_days as stored
from scheduler.persistence.models import NurseAssignment, Staff
from scheduler.persistence.nurse_days import CaredFor
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services import footprints
from scheduler.services.center_facts import CenterFacts, facts_of, required_on, rule_on
from scheduler.services.days import LockedDay, lock_day
from scheduler.services.nurses_on_duty import shifts_by_nurse

USUAL_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class CareLine:
    """A visit of a nurse's day; times on the center's clock."""

    appointment_id: AppointmentId
    name: str
    starts: time
    ends: time
    first: bool
    usual: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseLoad:
    """A nurse's day: when she is there, her visits, and her work in hours of being fully busy.

    ``there`` is empty when she is out.
    """

    staff_id: StaffId
    name: str
    there: tuple[tuple[time, time], ...]
    visits: tuple[CareLine, ...]
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseSheet:
    """The nurses of a day by name, those without visits too, and the visits that nobody has.

    Args:
        to_hand_over: Visits whose nurse is not there any more for all of the stay.
    """

    nurses: tuple[NurseLoad, ...]
    without: tuple[CareLine, ...]
    to_hand_over: int


def find_nurses(
    uow: UnitOfWork, center_id: CenterId, day: date, *, anew: bool, now: Instant, actor: Actor
) -> int:
    """Give every visit of a day a nurse, and return how many have another one than before.

    Args:
        uow: The unit of work.
        center_id: Where.
        day: When.
        anew: Forget who was announced; else a visit leaves its nurse only if she is not there.
        now: The present.
        actor: Who asks for it.

    Raises:
        NoCapacityError: the center is closed on that day.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        locked = lock_day(uow, center_id, day)
        known = stored.assigned(uow, center_id, day)
        rows = stored.cared_for_on(uow, center_id, day)
        care = _care(uow, locked, rows, {} if anew else known)
        found = assign_nurses(_nurses(locked.facts, day), care).nurse_of
        changed = {row.id: found[row.id] for row in rows if found[row.id] != known.get(row.id)}
        _write(uow, center_id, day, changed)
        locked.store()
        uow.audit(
            actor, "found nurses", "center", center_id, at=now, after=f"{day}: {len(changed)}"
        )
        uow.commit()
        return len(changed)


def _write(
    uow: UnitOfWork, center_id: CenterId, day: date, nurse_of: Mapping[AppointmentId, object]
) -> None:
    stored.forget(uow, nurse_of)
    uow.add(
        *(
            NurseAssignment(center_id=center_id, day=day, staff_id=nurse, appointment_id=visit)
            for visit, nurse in nurse_of.items()
            if nurse is not None
        )
    )


def choose_nurse(
    uow: UnitOfWork,
    center_id: CenterId,
    day: date,
    pair: tuple[AppointmentId, StaffId],
    *,
    now: Instant,
    actor: Actor,
) -> None:
    """Give a visit to a nurse by hand.

    Raises:
        InvalidError: the visit is not of that day, or she is none of the center's nurses.
    """
    actor.require(Permission.MANAGE_CENTER)
    appointment_id, staff_id = pair
    with uow:
        locked = lock_day(uow, center_id, day)
        if appointment_id not in {row.id for row in stored.cared_for_on(uow, center_id, day)}:
            raise InvalidError("Choose a visit of this day.", field="visit")
        if staff_id not in {person.id for person in center_setup.nurses_at(uow, center_id)}:
            raise InvalidError("Choose a nurse of this center.", field="nurse")
        _write(uow, center_id, day, {appointment_id: staff_id})
        locked.store()
        uow.audit(actor, "chose nurse", "appointment", appointment_id, at=now)
        uow.commit()


def nurse_sheet(uow: UnitOfWork, center_id: CenterId, day: date) -> NurseSheet:
    """Return who looks after whom on a day, and how the work is spread."""
    with uow:
        facts = facts_of(uow, center_id)
        known = stored.assigned(uow, center_id, day)
        rows = stored.cared_for_on(uow, center_id, day)
        there = {nurse.id: nurse for nurse in _nurses(facts, day)}
        lines = _lines(uow, facts, rows, day, known)
        loads = [
            _load_of(
                person,
                there.get(person.id),
                [row for row in rows if known.get(row.id) == person.id],
                lines,
                rule_on(facts, day),
            )
            for person in center_setup.nurses_at(uow, center_id)
        ]
        return NurseSheet(
            nurses=tuple(load for load in loads if load.visits or load.there),
            without=tuple(lines[row.id] for row in rows if row.id not in known),
            to_hand_over=sum(
                row.id in known and _is_lost(facts, row, there.get(known[row.id])) for row in rows
            ),
        )


def _load_of(
    person: Staff,
    nurse: Nurse | None,
    mine: Sequence[CaredFor],
    lines: Mapping[AppointmentId, CareLine],
    rule: NurseRule,
) -> NurseLoad:
    parts = nurse.parts if nurse else ()
    return NurseLoad(
        staff_id=person.id,
        name=person.name,
        there=tuple((time_of(p.shift.begins), time_of(p.shift.ends)) for p in parts),
        visits=tuple(lines[row.id] for row in mine),
        hours=sum(_work(row, rule) for row in mine) / (NURSE * HOUR),
    )


def _lines(
    uow: UnitOfWork,
    facts: CenterFacts,
    rows: Sequence[CaredFor],
    day: date,
    known: Mapping[AppointmentId, StaffId],
) -> dict[AppointmentId, CareLine]:
    names = center_setup.names_of(uow, [row.id for row in rows])
    usual = _usual(uow, rows, day)
    return {
        row.id: CareLine(
            appointment_id=row.id,
            name=names[row.id],
            starts=local_time(row.starts_at, facts.zone),
            ends=local_time(row.ends_at, facts.zone),
            first=row.ordinal == 1,
            usual=row.id in known and usual.get(row.patient_id) == known[row.id],
        )
        for row in rows
    }


def _usual(uow: UnitOfWork, rows: Sequence[CaredFor], day: date) -> dict[PatientId, StaffId]:
    patients = {row.patient_id for row in rows}
    return stored.usual_nurses(uow, patients, since=day - USUAL_FOR, before=day)


def _nurses(facts: CenterFacts, day: date) -> list[Nurse]:
    """Return who is there on a day; who is out all day has no part of it."""
    shifts = shifts_by_nurse(facts.shifts, facts.absences, facts.able, day)
    most = rule_on(facts, day).patients_per_nurse
    return [
        Nurse(id=staff_id, parts=tuple(parts), most=parts[0].watches or most)
        for staff_id, parts in sorted(shifts.items())
        if parts
    ]


def _care(
    uow: UnitOfWork,
    locked: LockedDay,
    rows: Sequence[CaredFor],
    known: Mapping[AppointmentId, StaffId],
) -> list[Care]:
    facts, day = locked.facts, locked.day
    rule, asked = rule_on(facts, day), frozenset(required_on(facts, day))
    there = {nurse.id: nurse for nurse in _nurses(facts, day)}
    usual = _usual(uow, rows, day)
    care = []
    for row in rows:
        nurse = known.get(row.id)
        stays = nurse is not None and not _is_lost(facts, row, there.get(nurse))
        care.append(
            Care(
                id=row.id,
                begins=_minute(facts, row.starts_at),
                ends=_minute(facts, row.ends_at),
                load=_work(row, rule),
                first=row.ordinal == 1,
                competencies=footprints.read(row.footprint).competencies & asked,
                usual=usual.get(row.patient_id),
                current=nurse if stays else None,
            )
        )
    return care


def _minute(facts: CenterFacts, at: Instant) -> int:
    return minute_of(local_time(at, facts.zone))


def _is_lost(facts: CenterFacts, row: CaredFor, nurse: Nurse | None) -> bool:
    """Say whether a visit's nurse is not there for all of it."""
    begins, ends = _minute(facts, row.starts_at), _minute(facts, row.ends_at)
    return nurse is None or nurse.away(Care(id=row.id, begins=begins, ends=ends))


def _work(row: CaredFor, rule: NurseRule) -> int:
    """Return what a visit takes of a nurse, in units of ``NURSE`` times minutes."""
    work = rule.work
    weights = {
        Step.INTAKE: work.intake,
        Step.IV_START: work.iv_start,
        Step.PREPARATION: work.premedication,
        Step.INFUSION: work.infusion,
        Step.OBSERVATION: work.observation,
        Step.DISCHARGE: work.discharge,
    }
    steps = footprints.read(row.footprint).steps if row.footprint else ()
    return sum(weights[span.step] * (span.ends - span.begins) for span in steps)
