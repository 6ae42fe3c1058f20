"""The demonstration's patients with their orders, as the desk and the pharmacist enter them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

from scheduler.domain.ids import PatientId, PlanId
from scheduler.domain.people import ChairKind, Channel, Relation
from scheduler.domain.plans import AuthorizationStatus, OrderKind, RequirementStatus
from scheduler.domain.programs import Subject
from scheduler.domain.regimen import Regimen
from scheduler.domain.timing import Instant
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.authorizations import RecordAuthorization, record_authorization
from scheduler.services.contacts import ContactFacts
from scheduler.services.demonstration.cast import Person
from scheduler.services.demonstration.mix import Treatment
from scheduler.services.demonstration.simulation import Enrolled, Simulation, at
from scheduler.services.measures import MeasureKind, RecordMeasure, record_measure
from scheduler.services.order_forms import EarlierDose, EnterOrder
from scheduler.services.orders import enter_order
from scheduler.services.patients import AddPatient, add_patient
from scheduler.services.plan_facts import Overrides
from scheduler.services.requirements import RecordRequirement, record_requirement
from scheduler.services.supplies import RecordRems, record_rems

PRESCRIBERS = ("Dr. Amelia Rivera", "Dr. Jonas Beck", "Dr. Noor Haddad", "Dr. Ines Carvalho")
NOT_READY = 0.05
"""The share of patients who lack a result or an authorization."""
WITHOUT_REACTION = 0.75
"""The share of patients on treatment whose order names the shorter visit."""
ENTERED_BEFORE = timedelta(days=9)


def enrol(uow: UnitOfWork, sim: Simulation, person: Person, treatment: Treatment) -> None:
    """Add a patient, enter the order and record what is known of its requirements."""
    day = entered_on(sim, treatment)
    now = at(day, 8, person.number % 50)
    patient_id = add_patient(uow, _patient(sim, person), now=now, actor=sim.cast.desk)
    _, rule = sim.regimens[treatment.share.regimen]
    if treatment.share.weight:
        _weigh(uow, sim, patient_id, day, now=now)
    request = _order(sim, patient_id, treatment, day)
    plan_id = enter_order(uow, request, now=now, actor=sim.cast.desk)
    _clear(uow, sim, plan_id, rule, request, now=now)
    sim.enrolled[plan_id] = Enrolled(patient_id=patient_id, plan_id=plan_id, treatment=treatment)
    sim.to_book[day].append(plan_id)


def entered_on(sim: Simulation, treatment: Treatment) -> date:
    """Return the day on which an order is entered: at once, or some days before a new start."""
    if treatment.first_day is None:
        return sim.opening.first_day
    return max(sim.opening.first_day, treatment.first_day - ENTERED_BEFORE)


def _patient(sim: Simulation, person: Person) -> AddPatient:
    dice = sim.dice
    contact = ContactFacts(
        email="" if person.wants_calls else person.email,
        phone=person.phone,
        channel=Channel.PHONE if person.wants_calls else Channel.EMAIL,
        language=person.language,
    )
    return AddPatient(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        mrn=person.mrn,
        sex="female" if person.sex == "woman" else "male",
        spoken_language=person.language,
        written_language=person.language,
        needs_kind=ChairKind.BED if dice.random() < 0.01 else None,
        needs_near_nurses=dice.random() < 0.02,
        wished_weekdays=frozenset(dice.sample(range(5), 2)) if dice.random() < 0.3 else frozenset(),
        wished_time=time(dice.choice((8, 9, 10, 13, 14))) if dice.random() < 0.3 else None,
        contact=contact,
        confirmed=True,
    )


def _weigh(
    uow: UnitOfWork, sim: Simulation, patient_id: PatientId, day: date, *, now: Instant
) -> None:
    for kind, low, high in ((MeasureKind.WEIGHT, 52, 98), (MeasureKind.HEIGHT, 155, 190)):
        value = Decimal(sim.dice.randint(low, high))
        request = RecordMeasure(
            patient_id=patient_id, kind=kind, value=value, measured_on=day, confirmed=True
        )
        record_measure(uow, request, now=now, actor=sim.cast.nurse)


def _order(sim: Simulation, patient_id: PatientId, treatment: Treatment, day: date) -> EnterOrder:
    share = treatment.share
    version, rule = sim.regimens[share.regimen]
    continuing = treatment.first_day is None
    return EnterOrder(
        patient_id=patient_id,
        center_id=sim.center_id,
        regimen=version,
        product=share.product,
        kind=OrderKind.CONTINUING if continuing else OrderKind.NEW_START,
        first_day=treatment.first_day or treatment.next_due or day,
        indication=share.indication or next(iter(rule.indications), ""),
        prescriber=sim.dice.choice(PRESCRIBERS),
        signed_on=day - timedelta(days=sim.dice.randint(0, 20)),
        valid_until=day + timedelta(days=344),
        earlier=tuple(EarlierDose(day=each, product=share.product) for each in treatment.earlier),
        overrides=_overrides(sim, treatment),
        confirmed=True,
    )


def _overrides(sim: Simulation, treatment: Treatment) -> Overrides:
    """Most patients on treatment have had no reaction, and their order says so."""
    shorter = treatment.share.shorter
    if not shorter or treatment.first_day is not None or sim.dice.random() > WITHOUT_REACTION:
        return Overrides()
    return Overrides(alternatives=frozenset({shorter}))


def _clear(
    uow: UnitOfWork,
    sim: Simulation,
    plan_id: PlanId,
    rule: Regimen,
    request: EnterOrder,
    *,
    now: Instant,
) -> None:
    """Record results and authorization; of a few patients something is missing."""
    missing = sim.dice.random() < NOT_READY
    day = request.signed_on
    for number, code in enumerate(_open_rules(rule, request)):
        if missing and number == 0:
            continue
        record = RecordRequirement(
            plan_id=plan_id,
            code=code,
            status=RequirementStatus.MET,
            result_on=day,
            valid_until=day + timedelta(days=400),
        )
        record_requirement(uow, record, now=now, actor=sim.cast.pharmacist)
    if not missing:
        _enrol_in_program(uow, sim, rule, request, now=now)
    _authorize(uow, sim, plan_id, request, approved=not missing, now=now)


def _enrol_in_program(
    uow: UnitOfWork, sim: Simulation, rule: Regimen, request: EnterOrder, *, now: Instant
) -> None:
    program = next((p.rems_program for p in rule.products if p.name == request.product), "")
    if program:
        own = RecordRems(
            patient_id=request.patient_id,
            program=program,
            enrolled_on=request.signed_on,
            valid_until=request.signed_on + timedelta(days=400),
        )
        record_rems(uow, own, now=now, actor=sim.cast.pharmacist)
        _enrol_others(uow, sim, own, now=now)


def _enrol_others(uow: UnitOfWork, sim: Simulation, own: RecordRems, *, now: Instant) -> None:
    """Enrol the center and every prescriber in a program once, on the day of its first patient."""
    if own.program in sim.programs:
        return
    sim.programs.add(own.program)
    site = replace(own, subject=Subject.SITE, center_id=sim.center_id, valid_until=None)
    record_rems(uow, site, now=now, actor=sim.cast.pharmacist)
    for name in PRESCRIBERS:
        theirs = replace(own, subject=Subject.PRESCRIBER, prescriber=name, valid_until=None)
        record_rems(uow, theirs, now=now, actor=sim.cast.pharmacist)


def _authorize(
    uow: UnitOfWork,
    sim: Simulation,
    plan_id: PlanId,
    request: EnterOrder,
    *,
    approved: bool,
    now: Instant,
) -> None:
    found = RecordAuthorization(
        plan_id=plan_id,
        status=AuthorizationStatus.APPROVED if approved else AuthorizationStatus.PENDING,
        number=f"PA-{request.patient_id.int % 1_000_000:06d}",
        from_day=request.signed_on,
        until_day=request.signed_on + timedelta(days=364),
    )
    record_authorization(uow, found, now=now, actor=sim.cast.pharmacist)


def _open_rules(rule: Regimen, request: EnterOrder) -> Iterator[str]:
    """Yield the requirements that somebody has to clear before the day; a program clears its own."""
    for each in rule.requirements:
        first_only = each.before == "first" and request.kind is OrderKind.CONTINUING
        if not each.at_chair and not first_only and "rems" not in each.id:
            yield each.id


def with_unusual(people: Iterator[Person]) -> Iterator[Person]:
    """Yield the patients, a few of them unusual: one minor, and two who share an address."""
    for person in people:
        if person.number == 40:
            yield replace(person, birth_date=person.birth_date.replace(year=2011))
        elif person.number == 51:
            yield replace(person, email="patient0050@mail.example", wants_calls=False)
        else:
            yield person


CAREGIVER = ContactFacts(
    relation=Relation.CAREGIVER,
    name="Rosa Calloway",
    email="rosa.calloway@mail.example",
    phone="(555) 010-0990",
)
