"""The demonstration's center: eight chairs, its hours, half days and closures."""

from datetime import time

from scheduler.domain.people import ChairKind, MailMode, OrganizationMode
from scheduler.services.demonstration.opening import (
    LOOKS_AHEAD,
    ZONE,
    Opening,
    half_days,
    kept_holidays,
)
from scheduler.services.demonstration.staff import new_people
from scheduler.services.setup_facts import NewChair, NewClosure, OpeningHours, SetupCenter

HOURS = tuple(
    OpeningHours(weekday=weekday, opens=time(7, 30), closes=time(17, 30)) for weekday in range(5)
)
CHAIRS = (
    NewChair(name="Chair 1", near_nurses=True),
    *(NewChair(name=f"Chair {number}") for number in range(2, 8)),
    NewChair(name="Bed 8", kind=ChairKind.BED, lift=True, isolation=True),
)
TRAINING_FROM = time(12, 30)


def demonstration_center(
    opening: Opening, *, seed: int, offset_seconds: int, password_hash: str
) -> SetupCenter:
    """Return what the demonstration is set up with; ``offset_seconds`` as ``Opening`` says."""
    return SetupCenter(
        organization="Harborview demonstration",
        center="Harborview Infusion Center",
        neutral_name="Harborview Clinic",
        zone=str(ZONE),
        hours=HOURS,
        chairs=CHAIRS,
        people=new_people(password_hash, opening.day),
        closures=_closures(opening),
        address="14 Pier Street, Second Floor",
        phone_open="(555) 010-7000",
        phone_closed="(555) 010-7099",
        mail_host="harborview.example",
        mail_mode=MailMode.OUTBOX,
        send_at=time(10),
        mode=OrganizationMode.DEMONSTRATION,
        effective_from=opening.first_day,
        clock_offset_seconds=offset_seconds,
        demonstration_seed=seed,
    )


def _closures(opening: Opening) -> tuple[NewClosure, ...]:
    first, last = opening.first_day, opening.day + LOOKS_AHEAD
    kept = {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in kept_holidays(year).items()
    }
    closed = [
        NewClosure(first_day=day, last_day=day, reason=name.removesuffix(" (observed)"))
        for day, name in kept.items()
        if first <= day <= last
    ]
    training = [
        NewClosure(first_day=day, last_day=day, reason="Staff training", from_time=TRAINING_FROM)
        for day in half_days(first, last)
    ]
    return (*closed, *training)
