"""What a booking is when no prior authorization holds for its day: allowed, tentative or refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.authorizations import Allotted
from scheduler.domain.errors import DomainError
from scheduler.domain.ids import DoseId, PlanId
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import organizations
from scheduler.persistence import plans as stored
from scheduler.persistence import requirements as records
from scheduler.persistence.models import Appointment, PlannedDose, TreatmentPlan
from scheduler.persistence.requirements import PlanRecords
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.allotting import allotted
from scheduler.services.bookable import Bookable
from scheduler.services.center_facts import facts_of
from scheduler.services.notices import owe_promised
from scheduler.services.recalculating import RecalculationLine


class Unauthorized(StrEnum):
    """What the organization chose a booking to be while no prior authorization holds."""

    ALLOWED = "allowed"
    TENTATIVE = "tentative"
    REFUSED = "refused"


TENTATIVE = "tentative: "


class NotAuthorizedError(DomainError):
    """No prior authorization holds for the day, and the organization books nothing without one."""

    field = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRules:
    """What an organization chose about bookings and signatures."""

    unauthorized: Unauthorized
    second_approval: bool


def booking_rules(uow: UnitOfWork) -> BookingRules:
    """Return what the organization chose."""
    with uow:
        row = organizations.organization(uow)
        return BookingRules(
            unauthorized=Unauthorized(row.unauthorized), second_approval=row.second_approval
        )


def choose_booking_rules(
    uow: UnitOfWork, rules: BookingRules, *, now: Instant, actor: Actor
) -> None:
    """Choose what a booking without a prior authorization is, and how many pharmacists sign."""
    actor.require(Permission.MANAGE_STAFF)
    with uow:
        row = organizations.organization(uow)
        before = f"unauthorized {row.unauthorized}, second signature {row.second_approval}"
        row.unauthorized = rules.unauthorized.value
        row.second_approval = rules.second_approval
        after = f"unauthorized {row.unauthorized}, second signature {row.second_approval}"
        uow.audit(actor, "changed", "booking rules", row.id, at=now, before=before, after=after)
        uow.commit()


def sentences_of(
    uow: UnitOfWork, plan: TreatmentPlan, days: dict[DoseId, date]
) -> dict[DoseId, str]:
    """Return for doses, were they on these days, why no authorization holds; nothing for those that are fine.

    Doses of the plan that are not named stay on the day they are booked, planned or due. A plan for which
    nobody asked for an authorization needs none.
    """
    if not records.authorizations_of(uow, [plan.id]):
        return {}
    known, doses = _placed(uow, plan)
    return _said(uow, plan, known, doses, days)


def _said(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    known: PlanRecords,
    doses: list[tuple[PlannedDose, date]],
    days: Mapping[DoseId, date],
) -> dict[DoseId, str]:
    found = allotted(uow, known, plan.id, [(d, days.get(d.id) or day) for d, day in doses])
    nothing = Allotted()
    named = {key: found.get(key, nothing).sentence for key in days}
    return {key: sentence for key, sentence in named.items() if sentence}


def _placed(
    uow: UnitOfWork, plan: TreatmentPlan
) -> tuple[PlanRecords, list[tuple[PlannedDose, date]]]:
    """Return what is recorded of a plan, and its doses with the days they are booked, planned or due."""
    zone = facts_of(uow, plan.center_id).zone
    booked = stored.booked_doses(uow, [plan.id])
    at = {dose: local_day(row.starts_at, zone) for dose, row in booked.items()}
    doses = stored.doses_of(uow, plan.id)
    placed = [(d, at.get(d.id) or d.planned_on or d.due_on) for d in doses]
    return records.records_of(uow, {plan.id}), placed


def status_on(uow: UnitOfWork, target: Bookable, day: date) -> tuple[AppointmentStatus, str]:
    """Return what a booking on a day is, and why when it is tentative.

    Raises:
        NotAuthorizedError: no authorization holds, and the organization refuses such bookings.
    """
    chosen = organizations.organization(uow).unauthorized
    if chosen == Unauthorized.ALLOWED:
        return AppointmentStatus.BOOKED, ""
    said = [
        sentence
        for each in (target, *target.others)
        for sentence in sentences_of(uow, each.plan, {dose.id: day for dose in each.doses}).values()
    ]
    if not said:
        return AppointmentStatus.BOOKED, ""
    sentence = said[0]
    if chosen == Unauthorized.REFUSED:
        raise NotAuthorizedError(f"{sentence}. This center books nothing without one.")
    return AppointmentStatus.PENDING, f"{TENTATIVE}{sentence}"


def settle_status(row: Appointment, why: str) -> None:
    """Make a visit tentative with the reason, or booked again when that reason is gone.

    A visit that a person booked as tentative stays so.
    """
    reasons = [part for part in row.override_reason.split("; ") if part]
    was = [part for part in reasons if part.startswith(TENTATIVE)]
    kept = [part for part in reasons if not part.startswith(TENTATIVE)]
    if why:
        row.status = AppointmentStatus.PENDING
    elif was:
        row.status = AppointmentStatus.BOOKED
    row.override_reason = "; ".join([*kept, *([why] if why else [])])


def settle_tentative(uow: UnitOfWork, plan: TreatmentPlan, *, now: Instant) -> list[Appointment]:
    """Book what was tentative for want of an authorization that holds by now; return those visits.

    Now they are promised: the patient is owed the confirmation, or the change of what was told before.
    """
    visits = stored.upcoming_visits(uow, after=now, plan_id=plan.id)
    waiting = [row for row in visits if TENTATIVE in row.override_reason]
    promised = [row for row in waiting if not lacking(uow, row)]
    for row in promised:
        settle_status(row, "")
    owe_promised(uow, plan.id, promised, now=now)
    return promised


def lacking(uow: UnitOfWork, row: Appointment) -> str:
    """Return why no authorization holds for a visit where it stands; empty when one does for all it is for."""
    day = local_day(row.starts_at, facts_of(uow, row.center_id).zone)
    items = stored.items_of(uow, [row.id]).get(row.id, ())
    doses = {item.dose_id: day for item in items if item.dose_id}
    plans = sorted({dose.plan_id for dose in stored.doses_by_id(uow, doses).values()})
    said = (sentences_of(uow, stored.plan(uow, each), doses) for each in plans)
    return next((sentence for each in said for sentence in each.values()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysWithout:
    """On which days no prior authorization would hold for a dose, and what a booking is then."""

    rule: Unauthorized
    days: Mapping[date, str]


def days_without(uow: UnitOfWork, dose_id: DoseId, days: Iterable[date]) -> DaysWithout:
    """Return the days among some on which no authorization would hold for a dose, each with why."""
    with uow:
        plan = stored.plan(uow, stored.dose(uow, dose_id).plan_id)
        rule = Unauthorized(organizations.organization(uow).unauthorized)
        if not records.authorizations_of(uow, [plan.id]):
            return DaysWithout(rule=rule, days={})
        known, doses = _placed(uow, plan)
        said = {day: _said(uow, plan, known, doses, {dose_id: day}) for day in set(days)}
        return DaysWithout(
            rule=rule, days={day: each[dose_id] for day, each in said.items() if each}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationChange:
    """What new dates do to the authorization of a dose: why none holds, before and after; empty when one does."""

    ordinal: int
    old: str
    new: str


def authorization_changes(
    uow: UnitOfWork, plan_id: PlanId, lines: Sequence[RecalculationLine]
) -> tuple[AuthorizationChange, ...]:
    """Return the doses whose authorization would hold no longer, or again, on their new days."""
    with uow:
        plan = stored.plan(uow, plan_id)
        old = {line.dose_id: line.old.planned_on or line.old.due_on for line in lines}
        new = {line.dose_id: line.new.planned_on or line.new.due_on for line in lines}
        was, becomes = sentences_of(uow, plan, old), sentences_of(uow, plan, new)
        found = [
            AuthorizationChange(
                ordinal=line.ordinal,
                old=was.get(line.dose_id, ""),
                new=becomes.get(line.dose_id, ""),
            )
            for line in lines
        ]
        return tuple(one for one in found if bool(one.old) is not bool(one.new))
