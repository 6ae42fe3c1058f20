"""Loading the formulary, and which regimens take orders."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from scheduler.domain.errors import (
    InvalidError,
    NotAllowedError,
    NotApprovedError,
    NotFoundError,
    StaleError,
)
from scheduler.domain.ids import RegimenVersionId
from scheduler.domain.indications import NAMES
from scheduler.domain.people import OrganizationMode
from scheduler.domain.plans import ApprovalState
from scheduler.domain.roles import Role
from scheduler.persistence.base import new_id
from scheduler.persistence.database import Database
from scheduler.persistence.models import Organization
from scheduler.services.regimen_approval import (
    ApproveRegimen,
    ChooseReading,
    ConfirmNumber,
    approve,
    choose,
    confirm,
)
from scheduler.services.regimen_review import review
from scheduler.services.regimens import (
    choices_of,
    orderable,
    regimen_of,
    require_orderable,
    shipped_regimens,
    sync_formulary,
)
from tests.factories.meanwhile import meanwhile
from tests.factories.people import NOW, make_actor, make_organization, make_regimens
from tests.factories.signing import confirm_all

PHARMACIST = make_actor(Role.PHARMACIST)


def test_the_formulary_is_loaded_once(database: Database) -> None:
    first = sync_formulary(database.system(), now=NOW)

    assert first > 0
    assert sync_formulary(database.system(), now=NOW) == 0


def test_other_tests_find_the_formulary_as_it_is_loaded(database: Database) -> None:
    make_regimens(database)

    assert sync_formulary(database.system(), now=NOW) == 0
    stored = orderable(database.read(make_organization(database)))
    assert {line.id for line in stored} == {rule.id for rule in shipped_regimens()}


@pytest.mark.parametrize(
    ("typed", "regimen"),
    [
        ("multiple sclerosis", "ublituximab-iv"),
        ("MS", "ocrelizumab-iv"),
        ("rheumatoid", "tocilizumab-iv"),
        ("crohn's", "vedolizumab-iv"),
    ],
)
def test_a_regimen_is_found_by_its_indication_short_or_in_full(
    database: Database, typed: str, regimen: str
) -> None:
    make_regimens(database)
    uow = database.read(make_organization(database))

    assert regimen in [line.id for line in orderable(uow, typed)]


def test_every_shipped_regimen_says_what_it_is_for() -> None:
    silent = [rule.id for rule in shipped_regimens() if not rule.indications]

    assert silent == []


def test_every_indication_of_the_formulary_has_a_name_in_full() -> None:
    named = {name for rule in shipped_regimens() for name in rule.indications}

    assert named - set(NAMES) == set()


@pytest.mark.parametrize("typed", ["natali", "TYSABRI", "tyruko", "natalizumab iv"])
def test_a_regimen_is_found_by_drug_or_brand(database: Database, typed: str) -> None:
    make_regimens(database)
    uow = database.read(make_organization(database))

    assert "natalizumab-iv" in [line.id for line in orderable(uow, typed)]


def test_a_draft_takes_orders_only_in_a_demonstration(database: Database) -> None:
    make_regimens(database)
    live = database.write(make_organization(database, mode=OrganizationMode.LIVE))
    demonstration = database.write(make_organization(database))
    with live:
        line = orderable(live, "tysabri")[0]

        with pytest.raises(NotApprovedError, match="draft"):
            require_orderable(live, line.version_id)
    with demonstration:
        assert require_orderable(demonstration, line.version_id).ingredient == "natalizumab"


def test_an_approved_regimen_takes_orders(database: Database) -> None:
    make_regimens(database)
    uow = database.write(make_organization(database, mode=OrganizationMode.LIVE))
    version_id = orderable(uow, "tysabri")[0].version_id

    with pytest.raises(NotApprovedError, match="Window"):
        approve(uow, ApproveRegimen(version_id=version_id), now=NOW, actor=PHARMACIST)
    confirm_all(uow, version_id, PHARMACIST)
    with pytest.raises(InvalidError):
        approve(uow, ApproveRegimen(version_id=version_id), now=NOW, actor=PHARMACIST)
    approve(uow, ApproveRegimen(version_id=version_id, document="Label"), now=NOW, actor=PHARMACIST)

    line = orderable(uow, "tysabri")[0]
    assert (line.state, line.orderable) == (ApprovalState.APPROVED, True)


def test_an_open_choice_stands_in_the_way_of_approval(database: Database) -> None:
    make_regimens(database)
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
    confirm_all(uow, line.version_id, PHARMACIST)
    approve(uow, request, now=NOW, actor=PHARMACIST)

    with uow:
        read = choices_of(uow, regimen_of(uow, line.version_id))
        assert read == {name: options[name][-1] for name in line.open_choices}


def test_another_reading_makes_what_was_signed_a_draft_again(database: Database) -> None:
    make_regimens(database)
    uow = database.write(make_organization(database, mode=OrganizationMode.LIVE))
    line = next(line for line in orderable(uow) if len(line.open_choices) == 1)
    version_id, name = line.version_id, line.open_choices[0]
    with uow:
        one, other = regimen_of(uow, version_id).choices[0].options[:2]
    read_so, read_else = (
        ChooseReading(version_id=version_id, name=name, value=value) for value in (one, other)
    )
    assert not choose(uow, read_so, now=NOW, actor=PHARMACIST)
    confirm_all(uow, version_id, PHARMACIST)
    approve(uow, ApproveRegimen(version_id=version_id, document="Label"), now=NOW, actor=PHARMACIST)

    assert not choose(uow, read_so, now=NOW, actor=PHARMACIST)
    assert review(uow, version_id).state is ApprovalState.APPROVED
    assert choose(uow, read_else, now=NOW, actor=PHARMACIST)

    read = review(uow, version_id)
    assert (read.state, read.history[-1].what) == (ApprovalState.DRAFT, "made it a draft again")
    with uow, pytest.raises(NotApprovedError):
        require_orderable(uow, version_id)


def test_a_first_signature_does_not_hold_for_another_reading(database: Database) -> None:
    make_regimens(database)
    organization = make_organization(database, mode=OrganizationMode.LIVE)
    uow = database.write(organization)
    line = next(line for line in orderable(uow) if len(line.open_choices) == 1)
    with uow:
        uow.session.get_one(Organization, organization).second_approval = True
        options = regimen_of(uow, line.version_id).choices[0].options
        uow.commit()
    for value in options[:2]:
        wanted = ChooseReading(version_id=line.version_id, name=line.open_choices[0], value=value)
        choose(uow, wanted, now=NOW, actor=PHARMACIST)
        confirm_all(uow, line.version_id, PHARMACIST)
        if value == options[0]:
            signed = ApproveRegimen(version_id=line.version_id, document="Label")
            approve(uow, signed, now=NOW, actor=PHARMACIST)

    assert not review(uow, line.version_id).waits_for_second


def test_an_unknown_regimen_is_not_found(database: Database) -> None:
    uow = database.read(make_organization(database))

    with uow, pytest.raises(NotFoundError):
        regimen_of(uow, RegimenVersionId(new_id()))


def test_a_number_is_confirmed_with_a_document_by_a_pharmacist(database: Database) -> None:
    make_regimens(database)
    uow = database.write(make_organization(database))
    version_id = orderable(uow, "tysabri")[0].version_id
    item = review(uow, version_id).unconfirmed[0].item

    undocumented = ConfirmNumber(version_id=version_id, item=item, document=" ")
    documented = ConfirmNumber(version_id=version_id, item=item, document="Policy 7")
    unknown = ConfirmNumber(version_id=version_id, item="none.such", document="Policy 7")
    with pytest.raises(InvalidError):
        confirm(uow, undocumented, now=NOW, actor=PHARMACIST)
    with pytest.raises(NotAllowedError):
        confirm(uow, documented, now=NOW, actor=make_actor(Role.NURSE))
    with pytest.raises(NotFoundError):
        confirm(uow, unknown, now=NOW, actor=PHARMACIST)
    confirm_all(uow, version_id, PHARMACIST)

    read = review(uow, version_id)
    assert read.unconfirmed == ()
    assert read.confirmed[item].document == "Policy 7"


def test_where_two_pharmacists_sign_one_signature_leaves_a_draft(database: Database) -> None:
    make_regimens(database)
    uow = database.write(make_organization(database, mode=OrganizationMode.LIVE))
    with uow:
        for row in uow.session.scalars(select(Organization)):
            row.second_approval = True
        uow.commit()
    version_id = orderable(uow, "tysabri")[0].version_id
    confirm_all(uow, version_id, PHARMACIST)
    first, second = (replace(PHARMACIST, id=new_id()) for _ in range(2))
    request = ApproveRegimen(version_id=version_id, document="Label")

    approve(uow, request, now=NOW, actor=first)
    assert not orderable(uow, "tysabri")[0].orderable
    assert review(uow, version_id).waits_for_second
    with pytest.raises(NotAllowedError, match="second pharmacist"):
        approve(uow, request, now=NOW, actor=first)
    approve(uow, request, now=NOW, actor=second)

    assert orderable(uow, "tysabri")[0].orderable
    for one in (first, second):  # a second press must not make it a draft again
        with pytest.raises(StaleError, match="approved already"):
            approve(uow, request, now=NOW, actor=one)
    assert orderable(uow, "tysabri")[0].orderable


@pytest.mark.slow
def test_of_two_pharmacists_who_sign_at_once_one_signs_first_and_the_other_second(
    database: Database,
) -> None:
    make_regimens(database)
    organization = make_organization(database, mode=OrganizationMode.LIVE)
    uow = database.write(organization)
    with uow:
        uow.session.get_one(Organization, organization).second_approval = True
        uow.commit()
    version_id = orderable(uow, "tysabri")[0].version_id
    confirm_all(uow, version_id, PHARMACIST)
    first, second = (replace(PHARMACIST, id=new_id()) for _ in range(2))
    request = ApproveRegimen(version_id=version_id, document="Label")

    told = meanwhile(
        database,
        organization,
        lambda uow: approve(uow, request, now=NOW, actor=first),
        lambda uow: approve(uow, request, now=NOW, actor=second),
    )

    assert told is None
    assert review(uow, version_id).state is ApprovalState.APPROVED
