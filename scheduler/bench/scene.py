"""A center to measure at, patients with plans, and a token for programs."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from scheduler.clock import system_clock
from scheduler.domain.dates import OpenDays
from scheduler.domain.ids import CenterId, DoseId, OrganizationId, PatientId, PlanId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.roles import COMMAND, Role
from scheduler.domain.timing import Instant
from scheduler.persistence import plans
from scheduler.persistence.database import Database
from scheduler.services.order_forms import EnterOrder
from scheduler.services.orders import enter_order
from scheduler.services.passwords import hashed
from scheduler.services.patients import AddPatient, add_patient
from scheduler.services.regimens import orderable, sync_formulary
from scheduler.services.setup import setup_center
from scheduler.services.setup_facts import NewChair, NewPerson, OpeningHours, SetupCenter
from scheduler.services.tokens import CreateToken, create_token

ADMIN_EMAIL = "ada@bench.example"
PASSWORD = "a bench in the park"  # noqa: S105 - of a database that is thrown away
REGIMEN, PRODUCT = "natalizumab-iv", "Tysabri"
FIVE_DAYS = tuple(OpeningHours(weekday=n, opens=time(7, 30), closes=time(17, 30)) for n in range(5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An organization with one center and what its programs need."""

    database: Database
    organization_id: OrganizationId
    center_id: CenterId
    token: str
    now: Instant


def make_scene(database: Database, *, chairs: int, nurses: int) -> Scene:
    """Set up a demonstration organization, where the shipped regimens take orders."""
    now = system_clock()
    sync_formulary(database.system(), now=now)
    request = _center(chairs, nurses)
    made = setup_center(database.system(), request, now=now)
    wanted = CreateToken(
        center_id=made.center_id,
        role=Role.CHARGE_NURSE,
        name="bench",
        expires_at=now + timedelta(days=1),
    )
    uow = database.write(made.organization_id)
    token = create_token(uow, wanted, now=now, actor=COMMAND).secret
    return Scene(
        database=database,
        organization_id=made.organization_id,
        center_id=made.center_id,
        token=token,
        now=now,
    )


def _center(chairs: int, nurses: int) -> SetupCenter:
    roles = frozenset({Role.ADMIN, Role.MANAGER})
    staff = [
        NewPerson(name="Ada Quill", email=ADMIN_EMAIL, roles=roles, password_hash=hashed(PASSWORD))
    ]
    staff += [
        NewPerson(name=f"Nurse {n}", roles=frozenset({Role.NURSE}), on_shift=True)
        for n in range(nurses)
    ]
    return SetupCenter(
        organization="Bench",
        center="Bench center",
        neutral_name="Bench Clinic",
        zone="America/New_York",
        hours=FIVE_DAYS,
        chairs=tuple(NewChair(name=f"Chair {n}") for n in range(1, chairs + 1)),
        people=tuple(staff),
        mode=OrganizationMode.DEMONSTRATION,
    )


def add_plans(scene: Scene, count: int, first_day: date) -> list[tuple[PlanId, list[DoseId]]]:
    """Add patients who start on a day, each with a plan and the ids of its doses."""
    found = []
    with scene.database.write(scene.organization_id) as uow:
        lines = {line.id: line.version_id for line in orderable(uow)}
        for number in range(count):
            patient = _patient(number, scene)
            patient_id = add_patient(uow, patient, now=scene.now, actor=COMMAND)
            order = EnterOrder(
                patient_id=PatientId(patient_id),
                center_id=scene.center_id,
                regimen=lines[REGIMEN],
                product=PRODUCT,
                first_day=first_day,
                prescriber="Dr. Bench",
                signed_on=scene.now.date() - timedelta(days=1),
                valid_until=scene.now.date() + timedelta(days=900),
                confirmed=True,
            )
            plan = enter_order(uow, order, now=scene.now, actor=COMMAND)
            found.append((plan, [row.id for row in plans.doses_of(uow, plan)]))
        uow.commit()
    return found


def _patient(number: int, scene: Scene) -> AddPatient:
    return AddPatient(
        given_name=f"Given{number}",
        family_name=f"Family{scene.now:%H%M%S%f}",
        birth_date=date(1960, 1, 1) + timedelta(days=number),
        confirmed=True,
    )


def weekday_after(day: date, days: int) -> date:
    """Return an open weekday at least so many days later."""
    found, calendar = day + timedelta(days=days), OpenDays()
    while not calendar.is_open(found):
        found += timedelta(days=1)
    return found


def weekdays_after(day: date, days: int, count: int) -> list[date]:
    """Return different open weekdays in order, the first at least so many days later."""
    found = [weekday_after(day, days)]
    while len(found) < count:
        found.append(weekday_after(found[-1], 1))
    return found
