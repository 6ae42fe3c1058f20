"""Loading the formulary, and which regimens take orders."""

import pytest

from scheduler.domain.errors import InvalidError, NotApprovedError, NotFoundError
from scheduler.domain.ids import RegimenVersionId
from scheduler.domain.people import OrganizationMode
from scheduler.domain.plans import ApprovalState
from scheduler.domain.roles import Role
from scheduler.persistence.base import new_id
from scheduler.persistence.database import Database
from scheduler.services.regimen_approval import ApproveRegimen, ChooseReading, approve, choose
from scheduler.services.regimens import (
    choices_of,
    orderable,
    regimen_of,
    require_orderable,
    sync_formulary,
)
from tests.factories.people import NOW, make_actor, make_organization

PHARMACIST = make_actor(Role.PHARMACIST)


def test_the_formulary_is_loaded_once(database: Database) -> None:
    first = sync_formulary(database.system(), now=NOW)

    assert first > 0
    assert sync_formulary(database.system(), now=NOW) == 0


@pytest.mark.parametrize("typed", ["natali", "TYSABRI", "tyruko", "natalizumab iv"])
def test_a_regimen_is_found_by_drug_or_brand(database: Database, typed: str) -> None:
    sync_formulary(database.system(), now=NOW)
    uow = database.read(make_organization(database))

    assert "natalizumab-iv" in [line.id for line in orderable(uow, typed)]


def test_a_draft_takes_orders_only_in_a_demonstration(database: Database) -> None:
    sync_formulary(database.system(), now=NOW)
    live = database.write(make_organization(database, mode=OrganizationMode.LIVE))
    demonstration = database.write(make_organization(database))
    with live:
        line = orderable(live, "tysabri")[0]

        with pytest.raises(NotApprovedError, match="draft"):
            require_orderable(live, line.version_id)
    with demonstration:
        assert require_orderable(demonstration, line.version_id).ingredient == "natalizumab"


def test_an_approved_regimen_takes_orders(database: Database) -> None:
    sync_formulary(database.system(), now=NOW)
    uow = database.write(make_organization(database, mode=OrganizationMode.LIVE))
    version_id = orderable(uow, "tysabri")[0].version_id

    with pytest.raises(InvalidError):
        approve(uow, ApproveRegimen(version_id=version_id), now=NOW, actor=PHARMACIST)
    approve(uow, ApproveRegimen(version_id=version_id, document="Label"), now=NOW, actor=PHARMACIST)

    line = orderable(uow, "tysabri")[0]
    assert (line.state, line.orderable) == (ApprovalState.APPROVED, True)


def test_an_open_choice_stands_in_the_way_of_approval(database: Database) -> None:
    sync_formulary(database.system(), now=NOW)
    uow = database.write(make_organization(database, mode=OrganizationMode.LIVE))
    line = next(line for line in orderable(uow) if line.open_choices)
    request = ApproveRegimen(version_id=line.version_id, document="Label")

    with pytest.raises(NotApprovedError, match=line.open_choices[0]):
        approve(uow, request, now=NOW, actor=PHARMACIST)
    with uow:
        options = {c.id: c.options for c in regimen_of(uow, line.version_id).choices}
    for name in line.open_choices:
        choice = ChooseReading(version_id=line.version_id, name=name, value=options[name][-1])
        choose(uow, choice, now=NOW, actor=PHARMACIST)
    approve(uow, request, now=NOW, actor=PHARMACIST)

    with uow:
        read = choices_of(uow, regimen_of(uow, line.version_id))
        assert read == {name: options[name][-1] for name in line.open_choices}


def test_an_unknown_regimen_is_not_found(database: Database) -> None:
    uow = database.read(make_organization(database))

    with uow, pytest.raises(NotFoundError):
        regimen_of(uow, RegimenVersionId(new_id()))
