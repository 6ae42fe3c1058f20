"""Setting up an organization with its first center, in one transaction."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.ids import CenterId, ChairId, OrganizationId, StaffId
from scheduler.domain.roles import COMMAND, Role
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import audit
from scheduler.persistence import staff as stored
from scheduler.persistence.base import Tenant
from scheduler.persistence.models import (
    Center,
    CenterHours,
    CenterLimits,
    Chair,
    Closure,
    Competency,
    Invitation,
    NurseShift,
    Organization,
    Staff,
    StaffRole,
)
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_hours import require_steady_clock
from scheduler.services.passwords import new_secret, secret_hash
from scheduler.services.setup_facts import (
    Limits,
    NewChair,
    NewClosure,
    NewPerson,
    OpeningHours,
    SetupCenter,
    require_sound,
    require_zone,
)
from scheduler.services.staff import LINK_LASTS

__all__ = [
    "Limits",
    "NewChair",
    "NewClosure",
    "NewPerson",
    "OpeningHours",
    "SetUp",
    "SetupCenter",
    "setup_center",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What was set up; ``links`` are the secrets of one-time sign-up links, shown once.

    Args:
        chairs: In the order of the request.
        people: In the order of the request.
    """

    organization_id: OrganizationId
    center_id: CenterId
    chairs: tuple[ChairId, ...]
    people: tuple[StaffId, ...]
    links: dict[StaffId, str]


class _Building:
    """Adds rows of one organization to work that is across organizations."""

    def __init__(self, uow: UnitOfWork, organization_id: OrganizationId) -> None:
        self.uow = uow
        self.organization_id = organization_id

    def add(self, *rows: Tenant) -> None:
        """Add rows, giving each the organization."""
        for row in rows:
            row.organization_id = self.organization_id
            self.uow.session.add(row)
        self.uow.session.flush()


def setup_center(
    uow: UnitOfWork, request: SetupCenter, *, now: Instant, system_now: Instant | None = None
) -> SetUp:
    """Set up an organization with a center, its hours, limits, chairs and people.

    Args:
        uow: Across organizations.
        request: What it is made of.
        now: The organization's time; a demonstration's may lie in the past.
        system_now: The system's time, from which links last; ``now`` unless given.

    Raises:
        InvalidError: names the field.
    """
    require_sound(request)
    since = _since(request, now)
    with uow:
        organization = _organization(request, now)
        uow.session.add(organization)
        uow.session.flush()
        building = _Building(uow, organization.id)
        center = _center(request)
        building.add(center)
        building.add(*_rules(request, center.id, since))
        chairs = _chairs(request, center.id)
        building.add(*chairs)
        people = [_person(each, now) for each in request.people]
        building.add(*people)
        building.add(*_places(request, people, center.id, since))
        links = _links(building, request, people, system_now or now)
        _note(building, request, center.id, now)
        uow.commit()
    return SetUp(
        organization_id=organization.id,
        center_id=center.id,
        chairs=tuple(chair.id for chair in chairs),
        people=tuple(person.id for person in people),
        links=links,
    )


def _since(request: SetupCenter, now: Instant) -> date:
    """Return the day from which the hours hold, if a clock runs steadily through all of them."""
    zone = require_zone(request.zone)
    since = request.effective_from or local_day(now, zone)
    week = {day.weekday: (day.opens, day.closes) for day in request.hours}
    require_steady_clock(week, zone, since)
    return since


def _organization(request: SetupCenter, now: Instant) -> Organization:
    return Organization(
        name=request.organization.strip(),
        mode=request.mode,
        clock_offset_seconds=request.clock_offset_seconds,
        demonstration_seed=request.demonstration_seed,
        second_approval=request.second_approval,
        created_at=now,
    )


def _center(request: SetupCenter) -> Center:
    return Center(
        name=request.center.strip(),
        neutral_name=request.neutral_name.strip(),
        zone=request.zone,
        address=request.address,
        phone_open=request.phone_open,
        phone_closed=request.phone_closed or request.phone_open,
        phone_emergency=request.phone_emergency,
        mail_mode=request.mail_mode,
        send_at=request.send_at,
        mail_from=request.mail_from,
        mail_host=request.mail_host,
    )


def _rules(request: SetupCenter, center_id: CenterId, since: date) -> list[Tenant]:
    hours = {day.weekday: day for day in request.hours}
    week = [_weekday(center_id, since, number, hours.get(number)) for number in range(7)]
    limits = request.limits
    closures = [
        Closure(
            center_id=center_id,
            first_day=each.first_day,
            last_day=each.last_day,
            from_time=each.from_time,
            until_time=each.until_time,
            reason=each.reason,
        )
        for each in request.closures
    ]
    values = {name: getattr(limits, name) for name in Limits.__dataclass_fields__}
    return [*week, CenterLimits(center_id=center_id, effective_from=since, **values), *closures]


def _weekday(
    center_id: CenterId, since: date, number: int, day: OpeningHours | None
) -> CenterHours:
    row = CenterHours(center_id=center_id, effective_from=since, weekday=number)
    if day is not None:
        row.opens, row.closes = day.opens, day.closes
        row.mixing_from, row.mixing_until = day.mixing_from, day.mixing_until
        row.last_drug_end = day.last_drug_end
    return row


def _chairs(request: SetupCenter, center_id: CenterId) -> list[Chair]:
    return [
        Chair(
            center_id=center_id,
            name=chair.name.strip(),
            position=position,
            pod=chair.pod,
            kind=chair.kind,
            near_nurses=chair.near_nurses,
            lift=chair.lift,
            isolation=chair.isolation,
        )
        for position, chair in enumerate(request.chairs, 1)
    ]


def _person(new: NewPerson, now: Instant) -> Staff:
    row = Staff(password_hash=new.password_hash, language=new.language, created_at=now)
    row.name, row.email = new.name.strip(), new.email.strip()
    row.email_index = stored.email_index(row.email) if row.email else stored.no_email_index(row.id)
    return row


def _places(
    request: SetupCenter, people: list[Staff], center_id: CenterId, since: date
) -> list[Tenant]:
    rows: list[Tenant] = []
    for new, person in zip(request.people, people, strict=True):
        rows += [
            StaffRole(staff_id=person.id, center_id=center_id, role=role)
            for role in sorted(new.roles)
        ]
        rows += [
            Competency(staff_id=person.id, code=code, expires_on=until)
            for code, until in new.competencies
        ]
        if new.on_shift:
            rows += [_shift(new, person, day, center_id, since) for day in request.hours]
    return rows


def _shift(
    new: NewPerson, person: Staff, day: OpeningHours, center_id: CenterId, since: date
) -> NurseShift:
    lunch_from, lunch_until = new.lunch or (None, None)
    return NurseShift(
        center_id=center_id,
        staff_id=person.id,
        weekday=day.weekday,
        effective_from=since,
        starts=day.opens,
        ends=day.closes,
        lunch_from=lunch_from,
        lunch_until=lunch_until,
    )


def _links(
    building: _Building, request: SetupCenter, people: list[Staff], system_now: Instant
) -> dict[StaffId, str]:
    """Draw a link for each admin who has no password; managers invite the others."""
    links: dict[StaffId, str] = {}
    for new, person in zip(request.people, people, strict=True):
        if Role.ADMIN not in new.roles or new.password_hash or not new.email:
            continue
        secret = new_secret()
        expires_at = system_now + LINK_LASTS
        building.add(
            Invitation(
                staff_id=person.id,
                secret_hash=secret_hash(secret),
                created_at=system_now,
                expires_at=expires_at,
            )
        )
        links[person.id] = secret
    return links


def _note(building: _Building, request: SetupCenter, center_id: CenterId, now: Instant) -> None:
    entry = audit.Entry(
        actor=COMMAND,
        action="set up",
        entity="center",
        entity_id=center_id,
        at=now,
        patient_id=None,
        before="",
        after=f"{request.organization}, {request.center}",
        reason="",
    )
    audit.append(building.uow.session, [entry], building.organization_id)
