"""Orders that nobody may enter, whatever page or program asks."""

import pytest

from scheduler.domain.errors import InvalidError
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.services.deceased import MarkDeceased, mark_deceased
from scheduler.services.orders import enter_order
from tests.factories.people import (
    NOW,
    make_actor,
    make_organization,
    make_patient,
    make_plain_center,
    make_regimens,
    order_for,
)


def test_no_order_is_saved_for_a_patient_who_has_died(database: Database) -> None:
    make_regimens(database)
    uow = database.write(make_organization(database))
    center_id = make_plain_center(uow)
    patient_id = make_patient(uow)
    died = MarkDeceased(patient_id=patient_id, deceased_on=NOW.date())
    mark_deceased(uow, died, now=NOW, actor=make_actor())

    with pytest.raises(InvalidError, match="marked deceased"):
        enter_order(uow, order_for(uow, patient_id, center_id), now=NOW, actor=make_actor())

    with uow:
        assert stored.plans_of(uow, patient_id) == []
