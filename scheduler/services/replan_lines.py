"""A proposal for crowded days as a charge nurse reads it: one line a visit, nothing to look up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.counting import counted
from scheduler.domain.displaced import NewPlace
from scheduler.domain.ids import AppointmentId, CenterId, PatientId
from scheduler.domain.roles import Actor
from scheduler.domain.timing import Instant, days_between, instant_at, local
from scheduler.persistence import appointments, patients
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.batch_moves import MovedVisit
from scheduler.services.batch_refusals import BatchRefusedError
from scheduler.services.crowded_days import CrowdedDay, crowded_days
from scheduler.services.message_facts import contacts_of
from scheduler.services.plans import regimen_of_plan
from scheduler.services.replanning import Proposed, ReplanWanted, VisitToMove, proposed_for


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """A visit as a charge nurse names it."""

    id: AppointmentId
    patient_id: PatientId
    patient: str
    what: str
    starts_at: datetime
    days: int
    by_mail: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """A visit and where it would go.

    Args:
        visit: The visit.
        to: The new start on the center's clock.
        minutes: By how many minutes it moves on its day; None to another day.
        days: By how many days it moves.
        window: First and last day that its dose allows, None when it has no dose.
        moves: The same as the form sends it back.
    """

    visit: VisitLine
    to: datetime
    minutes: int | None
    days: int
    window: tuple[date, date] | None
    moves: tuple[MovedVisit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftLine:
    """A visit that cannot stay and cannot move, and why."""

    visit: VisitLine
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanLines:
    """What a charge nurse sees before anything is saved.

    Args:
        days: The days that need a person, and what is wrong with each in a sentence.
        moves: Who moves where.
        left: Who cannot stay and has no other place.
        over: By what days stay over capacity, in sentences.
        chairs: Days on which visits only change chairs, and how many.
    """

    days: tuple[tuple[date, str], ...]
    moves: tuple[MoveLine, ...]
    left: tuple[LeftLine, ...]
    over: tuple[str, ...]
    chairs: tuple[tuple[date, int], ...]

    @property
    def calls(self) -> int:
        """How many patients have to be phoned."""
        return sum(not line.visit.by_mail for line in self.moves)

    @property
    def minutes(self) -> int:
        """By how many minutes visits move that stay on their day, all together."""
        return sum(abs(line.minutes) for line in self.moves if line.minutes is not None)


def replan_lines(
    uow: UnitOfWork, wanted: ReplanWanted, *, now: Instant, actor: Actor
) -> ReplanLines:
    """Return a proposal for days whose visits no longer fit; nothing is saved.

    Raises:
        NotAllowedError, InvalidError: as ``proposed_for``.
    """
    with uow:
        proposed = proposed_for(uow, wanted, now=now, actor=actor)
        found = proposed.found
        left = [
            LeftLine(visit=_visit(uow, proposed, visit), sentence=_hand(visit))
            for visit in proposed.by_hand
        ]
        for behind in found.left:
            visit = _visit(uow, proposed, proposed.visits[behind.movable.key])
            left.append(LeftLine(visit=visit, sentence=behind.refusal.sentence))
        moves = sorted((_move(uow, proposed, new) for new in found.moved), key=_by_start)
        return ReplanLines(
            days=tuple((day.day, trouble(day)) for day in proposed.crowded),
            moves=tuple(moves),
            left=tuple(left),
            over=tuple(
                f"{day:%a, %b} {day.day}: {refusal.sentence}"
                for day, refusals in found.over.items()
                for refusal in refusals
            ),
            chairs=tuple((day.day, len(day.chairs)) for day in proposed.crowded if day.chairs),
        )


def _by_start(line: MoveLine) -> datetime:
    return line.visit.starts_at


def _hand(visit: VisitToMove) -> str:
    return f"{visit.obstacle} Move it by hand or cancel it."


def trouble(on: CrowdedDay) -> str:
    """Return what is wrong with a day, in a sentence or two."""
    if on.frame.closed:
        return f"The center is closed: {on.frame.closed}."
    sentences = [refusal.sentence for refusal in on.over]
    sentences += [refusal.sentence for refusal in on.cannot_stay.values()][:1]
    chairs = counted(len(on.chairs), "visit")
    moves = f"A chair is out of service: {chairs} can sit elsewhere." if on.chairs else ""
    return " ".join(dict.fromkeys([*sentences, moves])).strip()


def _move(uow: UnitOfWork, proposed: Proposed, new: NewPlace) -> MoveLine:
    visit, zone = proposed.visits[new.movable.key], proposed.facts.zone
    starts = [instant_at(offer.day, offer.starts, zone) for offer in new.visits]
    to = local(starts[0], zone)
    was = local(visit.rows[0].starts_at, zone)
    days = (to.date() - was.date()).days
    span = visit.span
    return MoveLine(
        visit=_visit(uow, proposed, visit),
        to=to,
        minutes=None if days else _minutes(starts[0] - visit.rows[0].starts_at),
        days=days,
        window=(span.earliest, span.latest) if span and span.targets else None,
        moves=tuple(
            MovedVisit(appointment_id=row.id, version=row.version, starts_at=at)
            for row, at in zip(visit.rows, starts, strict=True)
        ),
    )


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _visit(uow: UnitOfWork, proposed: Proposed, visit: VisitToMove) -> VisitLine:
    return visit_line(
        uow, visit, proposed.facts.zone, visit.why.sentence if visit.why else "Relieves its day."
    )


def visit_line(uow: UnitOfWork, visit: VisitToMove, zone: ZoneInfo, why: str) -> VisitLine:
    """Return a visit as a charge nurse names it."""
    row = visit.rows[0]
    patient = patients.patient(uow, row.patient_id)
    contacts = contacts_of(uow, patients.contacts_of(uow, row.patient_id))
    return VisitLine(
        id=row.id,
        patient_id=row.patient_id,
        patient=patient.name,
        what=_what(uow, visit),
        starts_at=local(row.starts_at, zone),
        days=len(visit.rows),
        by_mail=any(contact.by_mail for contact in contacts),
        why=why,
    )


def _what(uow: UnitOfWork, visit: VisitToMove) -> str:
    targets = visit.span.targets if visit.span else ()
    named = [f"{regimen_of_plan(uow, t.plan).title}, dose {t.first.ordinal}" for t in targets]
    return "; ".join(named)


def days_to_put_right(
    uow: UnitOfWork, center_id: CenterId, first: date, last: date, *, now: Instant
) -> tuple[tuple[date, str], ...]:
    """Return the days of a span that need a person, and what is wrong with each."""
    with uow:
        found = crowded_days(uow, center_id, days_between(first, last), now=now)
        return tuple((day.day, trouble(day)) for day in found)


def refused_lines(uow: UnitOfWork, refusal: BatchRefusedError) -> tuple[tuple[str, str], ...]:
    """Return patient and sentence of each visit that could not move."""
    with uow:
        ids = [each.appointment_id for each in refusal.refused]
        rows = {row.id: row for row in appointments.by_id(uow, ids)}
        return tuple(
            (patients.patient(uow, rows[each.appointment_id].patient_id).name, each.sentence)
            for each in refusal.refused
            if each.appointment_id in rows
        )
