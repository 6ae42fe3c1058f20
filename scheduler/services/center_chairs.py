"""The chairs, beds and rooms of a center: adding and changing them, and giving one up."""

from dataclasses import dataclass

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import CenterId, ChairId
from scheduler.domain.people import ChairKind
from scheduler.domain.roles import Actor, Permission
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import center_setup, centers
from scheduler.persistence.models import Chair
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.center_effects import DayEffect, counted_anew
from scheduler.services.center_facts import facts_of

LONGEST_NAME = 40


class ChairInUseError(DomainError):
    """Visits are booked in the chair: they have to be moved before it is given up."""

    field = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairLine:
    """A chair as its page shows it; ``booked`` are the visits that are still to come in it."""

    id: ChairId
    name: str
    kind: ChairKind
    pod: str
    position: int
    near_nurses: bool
    lift: bool
    isolation: bool
    active: bool
    booked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairWanted:
    """What a chair is to be; ``chair_id`` None adds one."""

    center_id: CenterId
    chair_id: ChairId | None = None
    name: str
    kind: ChairKind = ChairKind.CHAIR
    pod: str = ""
    position: int | None = None
    near_nurses: bool = False
    lift: bool = False
    isolation: bool = False
    active: bool = True


def list_chairs(uow: UnitOfWork, center_id: CenterId, *, now: Instant) -> tuple[ChairLine, ...]:
    """Return every chair of a center in its order, those given up last."""
    with uow:
        rows = center_setup.all_chairs(uow, center_id)
        lines = [_line(row, center_setup.booked_in(uow, row.key, now)) for row in rows]
        return tuple(sorted(lines, key=lambda line: (not line.active, line.position)))


def show_chair(
    uow: UnitOfWork, center_id: CenterId, chair_id: ChairId, *, now: Instant
) -> ChairLine:
    """Return one chair.

    Raises:
        NotFoundError: the center has none of that id.
    """
    with uow:
        row = centers.chair(uow, center_id, chair_id)
        return _line(row, center_setup.booked_in(uow, row.key, now))


def save_chair(
    uow: UnitOfWork, request: ChairWanted, *, now: Instant, actor: Actor
) -> tuple[DayEffect, ...]:
    """Add or change a chair; booked visits stay, and who is affected is named.

    Raises:
        InvalidError: no name, or one that another chair has.
        ChairInUseError: it would be given up with visits booked in it.
        NotFoundError: the center has none of that id.
    """
    actor.require(Permission.MANAGE_CENTER)
    with uow:
        others = center_setup.all_chairs(uow, request.center_id)
        name = _checked_name(request, others)
        row = _row(uow, request, others)
        if not request.active and row.active:
            _require_empty(uow, row, now)
        row.name, row.kind, row.pod = name, request.kind, request.pod.strip()[:LONGEST_NAME]
        row.near_nurses, row.lift = request.near_nurses, request.lift
        row.isolation, row.active = request.isolation, request.active
        if request.position is not None:
            row.position = request.position
        today = local_day(now, facts_of(uow, request.center_id).zone)
        effects = counted_anew(uow, request.center_id, today, now=now)
        action = "changed chair" if request.chair_id else "added chair"
        uow.audit(actor, action, "chair", row.id, at=now, after=_words(row))
        uow.commit()
        return effects


def _row(uow: UnitOfWork, request: ChairWanted, others: list[Chair]) -> Chair:
    if request.chair_id is not None:
        return centers.chair(uow, request.center_id, request.chair_id)
    last = max((chair.position for chair in others), default=0)
    row = Chair(center_id=request.center_id, name=request.name.strip(), position=last + 1)
    row.active = True
    uow.add(row)
    return row


def _checked_name(request: ChairWanted, others: list[Chair]) -> str:
    name = request.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise InvalidError(f"Give it a name of 1 to {LONGEST_NAME} letters.", field="name")
    same = [chair for chair in others if chair.name.casefold() == name.casefold()]
    if any(chair.id != request.chair_id for chair in same):
        raise InvalidError(f"There is a “{name}” already; choose another name.", field="name")
    return name


def _require_empty(uow: UnitOfWork, row: Chair, now: Instant) -> None:
    count = center_setup.booked_in(uow, row.key, now)
    if count:
        visits = "1 visit is" if count == 1 else f"{count} visits are"
        raise ChairInUseError(
            f"{visits} still to come in {row.name}. Take it out of service first: its visits are then"
            " moved, and it can be given up."
        )


def _line(row: Chair, booked: int) -> ChairLine:
    return ChairLine(
        id=row.id,
        name=row.name,
        kind=row.kind,
        pod=row.pod,
        position=row.position,
        near_nurses=row.near_nurses,
        lift=row.lift,
        isolation=row.isolation,
        active=row.active,
        booked=booked,
    )


def _words(row: Chair) -> str:
    has = {"near nurses": row.near_nurses, "lift": row.lift, "isolation": row.isolation}
    said = [word for word, is_so in has.items() if is_so]
    return ", ".join([row.name, row.kind.value, *said, "" if row.active else "given up"]).strip(
        ", "
    )
