"""A place for each unbooked dose of a plan, proposed on top of what is booked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from scheduler.domain.crowding import Window
from scheduler.domain.ids import DoseId
from scheduler.domain.plans import DoseState
from scheduler.domain.refusals import Refusal
from scheduler.domain.regimen import Phase
from scheduler.domain.series_places import SeriesDose, SeriesPlace, place_series
from scheduler.domain.timing import Instant, days_between, local_day
from scheduler.domain.visits import VisitProfile
from scheduler.domain.wishes import TimesOf, Wish
from scheduler.persistence import given, organizations, plans
from scheduler.persistence.appointments import booked
from scheduler.persistence.models import Patient, PlannedDose, TreatmentPlan
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorized import Unauthorized, sentences_of
from scheduler.services.bookable import Bookable, needs_of, require_running
from scheduler.services.center_facts import CenterFacts, facts_of
from scheduler.services.crowding import crowding_of
from scheduler.services.days import day_states
from scheduler.services.elsewhere import elsewhere
from scheduler.services.floors import FOLLOWS_ANY_PLAN, floor_of, phase_of
from scheduler.services.offer_lines import OfferLine, line_of
from scheduler.services.why_not import day_words
from scheduler.services.wishes import read_time, read_weekdays

COURSE_RUNS_ON = 10


LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """A dose (of a course, its first day) and the time for it, or why there is none.

    Args:
        unauthorized: Why no prior authorization holds for that day; empty when one does.
    """

    dose_id: DoseId
    ordinal: int
    offer: OfferLine | None = None
    sentence: str = ""
    unauthorized: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """The doses of a series that are not booked yet, with a place or a refusal each.

    Args:
        profiles: What each visit of a place takes; empty where there is none.
        lines: The same as a desk reads them.
    """

    targets: tuple[Bookable, ...]
    places: tuple[SeriesPlace, ...]
    profiles: tuple[tuple[VisitProfile, ...], ...]
    lines: tuple[SeriesLine, ...]
    facts: CenterFacts


def proposed(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    patient: Patient,
    until: date | None,
    *,
    now: Instant,
    explained: bool = True,
) -> Proposal:
    """Return a place or a refusal for each dose of a plan that is not booked yet.

    ``explained``: each place with its reasons, for somebody who reads them.
    """
    require_running(plan, patient)
    facts = facts_of(uow, plan.center_id)
    today = local_day(now, facts.zone)
    rows = plans.doses_of(uow, plan.id)
    at = booked(uow, [row.id for row in rows])
    targets = _targets(uow, plan, patient, rows, taken=set(at), until=until)
    last = _last_booked(rows, at, facts)
    doses = _besides(uow, facts, patient, [_dose(uow, t, today, last) for t in targets])
    needs = needs_of(patient, today)
    states = day_states(uow, facts.id, _days(doses), needs=needs, now=now)
    crowding = crowding_of(uow, facts.id, states, _waiting(targets), now=now)
    places = place_series(doses, list(states.values()), crowding=crowding, explained=explained)
    return _authorized(uow, plan, _in_lines(facts, today, targets, places))


def _in_lines(
    facts: CenterFacts,
    today: date,
    targets: Sequence[Bookable],
    places: tuple[SeriesPlace, ...],
) -> Proposal:
    profiles = tuple(map(_profiles, targets, places))
    lines = tuple(map(partial(_line, facts, today), targets, places, profiles))
    return Proposal(
        targets=tuple(targets), places=places, profiles=profiles, lines=lines, facts=facts
    )


def _authorized(uow: UnitOfWork, plan: TreatmentPlan, found: Proposal) -> Proposal:
    """Say which times no prior authorization covers; where the organization refuses those, they are none."""
    days = {line.dose_id: line.offer.day for line in found.lines if line.offer}
    said = sentences_of(uow, plan, days)
    if not said:
        return found
    refuses = organizations.organization(uow).unauthorized == Unauthorized.REFUSED
    lines = [replace(x, unauthorized=said.get(x.dose_id, "")) for x in found.lines]
    if not refuses:
        return replace(found, lines=tuple(lines))
    return replace(
        found,
        lines=tuple(
            replace(x, offer=None, sentence=f"{x.unauthorized}.") if x.unauthorized else x
            for x in lines
        ),
        places=tuple(
            replace(place, visits=()) if line.unauthorized else place
            for place, line in zip(found.places, lines, strict=True)
        ),
        profiles=tuple(
            () if line.unauthorized else each
            for each, line in zip(found.profiles, lines, strict=True)
        ),
    )


def _waiting(targets: Iterable[Bookable]) -> dict[Window, float]:
    """Return the chair minutes of the series itself by first and last possible day."""
    minutes: dict[Window, float] = {}
    for dose in (each for target in targets for each in target.doses):
        window = max(dose.earliest, dose.not_before or dose.earliest), dose.latest
        taken = dose.patient_minutes + dose.turnover
        minutes[window] = minutes.get(window, 0) + taken
    return minutes


def _targets(
    uow: UnitOfWork,
    plan: TreatmentPlan,
    patient: Patient,
    rows: Sequence[PlannedDose],
    *,
    taken: set[DoseId],
    until: date | None,
) -> list[Bookable]:
    """Return the unbooked doses, those of a course together; a course that is booked in part is left."""
    facts = given.given_to(uow, plan.patient_id, plan.ingredient)
    asked = facts_of(uow, plan.center_id).asked
    groups: dict[object, list[PlannedDose]] = {}
    for row in rows:
        if row.state is DoseState.PLANNED and (until is None or row.due_on <= until):
            key = row.id if row.course is None else (row.phase, row.course)
            groups.setdefault(key, []).append(row)
    return [
        Bookable(
            doses=tuple(group),
            plan=plan,
            patient=patient,
            floor=floor_of(uow, plan, group[0], facts),
            asked=asked,
        )
        for group in groups.values()
        if not any(row.id in taken for row in group)
    ]


def _last_booked(
    rows: Iterable[PlannedDose], at: dict[DoseId, Instant], facts: CenterFacts
) -> dict[int, date]:
    """Return the day of each booked dose by ordinal."""
    return {row.ordinal: local_day(at[row.id], facts.zone) for row in rows if row.id in at}


def _dose(uow: UnitOfWork, target: Bookable, today: date, days: dict[int, date]) -> SeriesDose:
    dose, plan = target.first, target.plan
    floor = max([target.floor.day] if target.floor else [dose.earliest], default=dose.earliest)
    before = [day for ordinal, day in days.items() if ordinal < dose.ordinal]
    after = days_apart(phase_of(uow, plan, dose))
    if before:
        floor = max(floor, max(before) + timedelta(days=after))
    time = read_time(plan.wished_time)
    wish = Wish(
        earliest=max(dose.earliest, today),
        latest=max(dose.latest, dose.earliest),
        due=dose.due_on,
        aim=dose.aim,
        not_before=max(floor, today),
        weekdays=read_weekdays(plan.wished_weekdays),
        times=(time,) if time else (),
        times_of=TimesOf.USUAL,
    )
    return SeriesDose(
        key=dose.id,
        wish=wish,
        visits=target.profiles(wish.first_day),
        days_after_previous=after,
        not_on=frozenset(days.values()),
    )


def _besides(
    uow: UnitOfWork, facts: CenterFacts, patient: Patient, doses: list[SeriesDose]
) -> list[SeriesDose]:
    """Return the doses with the times at which the patient is in another visit already."""
    if not doses:
        return doses
    first = min(dose.wish.first_day for dose in doses)
    last = max(first, *(dose.wish.latest for dose in doses)) + timedelta(days=COURSE_RUNS_ON)
    busy = elsewhere(uow, facts, patient.id, (first, last))
    if not busy:
        return doses
    return [replace(dose, wish=replace(dose.wish, elsewhere=busy)) for dose in doses]


def days_apart(phase: Phase | None) -> int:
    """Return how many days two bookings of a series lie apart at least, months of a gap counted long.

    Without a gap of its own a dose never shares a day with the one before it.
    """
    gap = phase.min_gap if phase else None
    spread = phase.spread.gap if phase and phase.spread else 1
    if gap is None or gap.start not in FOLLOWS_ANY_PLAN:
        return spread
    return max(spread, gap.span.days + LONGEST_MONTH * gap.span.months)


def _days(doses: Iterable[SeriesDose]) -> set[date]:
    """Return every day on which one of the doses could be."""
    days: set[date] = set()
    for dose in doses:
        runs_on = COURSE_RUNS_ON if len(dose.visits) > 1 else 0
        last = dose.wish.latest + timedelta(days=runs_on)
        if dose.wish.first_day <= last:
            days.update(days_between(dose.wish.first_day, last))
    return days


def _profiles(target: Bookable, place: SeriesPlace) -> tuple[VisitProfile, ...]:
    return target.profiles(place.visits[0].day) if place.visits else ()


def _line(
    facts: CenterFacts,
    today: date,
    target: Bookable,
    place: SeriesPlace,
    profiles: Sequence[VisitProfile],
) -> SeriesLine:
    dose = target.first
    if not place.visits:
        words = place.refusal.sentence if isinstance(place.refusal, Refusal) else "No place."
        if dose.latest < today:
            words = f"Its window ended on {day_words(dose.latest)}; find a time for it by itself."
        return SeriesLine(dose_id=dose.id, ordinal=dose.ordinal, sentence=words)
    offer = line_of(facts, place.visits, profiles)
    return SeriesLine(dose_id=dose.id, ordinal=dose.ordinal, offer=offer)
