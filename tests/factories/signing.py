"""Signing a regimen version for tests, as a pharmacist does."""

from scheduler.domain.ids import RegimenVersionId
from scheduler.domain.roles import Actor
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.regimen_approval import ApproveRegimen, ConfirmNumber, approve, confirm
from scheduler.services.regimen_review import review
from tests.factories.people import NOW


def confirm_all(uow: UnitOfWork, version_id: RegimenVersionId, pharmacist: Actor) -> None:
    """Confirm each number that asks for it."""
    for number in review(uow, version_id).unconfirmed:
        request = ConfirmNumber(version_id=version_id, item=number.item, document="Policy 7")
        confirm(uow, request, now=NOW, actor=pharmacist)


def sign_version(uow: UnitOfWork, version_id: RegimenVersionId, pharmacist: Actor) -> None:
    """Confirm what is to confirm, and approve the version."""
    confirm_all(uow, version_id, pharmacist)
    request = ApproveRegimen(version_id=version_id, document="Label")
    approve(uow, request, now=NOW, actor=pharmacist)
