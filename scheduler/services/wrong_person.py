"""A mail that reached somebody else: its address is taken out of use, and a person asks for the right one."""

from zoneinfo import ZoneInfo

from scheduler.domain.people import AddressStatus, TaskKind
from scheduler.domain.timing import Instant, local_day
from scheduler.persistence import links
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.contacts import mark_address
from scheduler.services.link_holders import LinkHolder
from scheduler.services.tasks import NewTask, raise_task


def note_wrong_person(uow: UnitOfWork, holder: LinkHolder, *, now: Instant) -> None:
    """Note that whoever reads these mails is not the contact: no more mails go there, and the link closes."""
    with uow:
        mark_address(uow, holder.contact_id, AddressStatus.NOT_ME, now=now, actor=holder.actor)
        task = NewTask(
            center_id=holder.center_id,
            patient_id=holder.patient_id,
            kind=TaskKind.UNDELIVERABLE,
            subject_id=holder.contact_id,
            due_on=local_day(now, ZoneInfo(holder.zone)),
            detail="Somebody else reads this address. Ask for the right one.",
            contact_id=holder.contact_id,
        )
        raise_task(uow, task, now=now)
        link = links.link(uow, holder.link_id)
        if link is not None:
            link.revoked_at = now
        uow.commit()
