"""When a patient is in another visit already: no offer may be at the same time."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from scheduler.domain.ids import AppointmentId, PatientId
from scheduler.domain.timing import Instant, instant_at, local, minute_of
from scheduler.domain.wishes import Elsewhere
from scheduler.persistence import appointments as stored
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_facts import CenterFacts

NOON = time(12)
A_DAY = timedelta(days=1)


def elsewhere(
    uow: UnitOfWork,
    facts: CenterFacts,
    patient_id: PatientId,
    span: tuple[date, date],
    *,
    but: Iterable[AppointmentId] = (),
) -> tuple[Elsewhere, ...]:
    """Return a patient's other visits of a span of days, on the center's clock; visits about to move left out."""
    first, last = (instant_at(day, NOON, facts.zone) for day in span)
    gone = set(but)
    return tuple(
        _on_its_day(facts, starts_at, ends_at)
        for visit_id, starts_at, ends_at in stored.live_of(
            uow, patient_id, first - A_DAY, last + A_DAY
        )
        if visit_id not in gone
    )


def _on_its_day(facts: CenterFacts, starts_at: Instant, ends_at: Instant) -> Elsewhere:
    begins = local(starts_at, facts.zone)
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    at = minute_of(begins.time())
    return Elsewhere(day=begins.date(), begins=at, ends=at + minutes)
