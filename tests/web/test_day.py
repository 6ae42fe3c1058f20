"""The day board over HTTP: what it shows, when it answers 304, what a poll writes, whom it lets in."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from scheduler.domain.appointments import AppointmentStatus
from scheduler.domain.ids import AppointmentId, CenterId
from scheduler.domain.plans import RequirementStatus
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import Appointment, Audit, ClinicDay
from scheduler.persistence.unit_of_work import UnitOfWork
from tests.factories.people import make_patient, make_plain_center
from tests.factories.stored_day import make_clinic_day, make_stored_chairs, make_stored_visit
from tests.web.conftest import SignedIn

FRAGMENT = {"Accept": "text/vnd.fragment+html"}


@pytest.fixture
def visit(uow: UnitOfWork, center: CenterId) -> AppointmentId:
    """A visit today at 9:00 whose REMS authorization is missing."""
    patient = make_patient(uow, given_name="Imani", family_name="Castellan")
    key = make_stored_chairs(uow, center, 1)[0]
    with uow:
        day = make_clinic_day(uow, center)
        made = make_stored_visit(uow, day, key, patient, requirement=RequirementStatus.NEEDED)
        uow.commit()
    return made


def test_the_board_shows_today_with_name_drug_and_what_is_missing(
    signed_in: SignedIn, visit: AppointmentId
) -> None:
    answer = signed_in().get("/day")

    assert answer.status_code == 200
    assert "Tuesday, March 17" in answer.text
    assert "Imani Castellan" in answer.text
    assert "Fictiomab, dose 5" in answer.text
    assert "REMS missing" in answer.text


def test_the_fragment_is_the_board_without_its_frame(
    signed_in: SignedIn, visit: AppointmentId
) -> None:
    answer = signed_in().get("/day", headers=FRAGMENT)

    assert answer.mimetype == "text/vnd.fragment+html"
    assert "Imani Castellan" in answer.text
    assert "<html" not in answer.text


def test_a_board_that_has_not_changed_answers_304_and_writes_nothing(
    database: Database, signed_in: SignedIn, visit: AppointmentId
) -> None:
    browser = signed_in()
    etag = browser.get("/day", headers=FRAGMENT).headers["ETag"]
    statements: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        statements.append(statement.split(maxsplit=1)[0].upper())

    sa.event.listen(database.engine, "before_cursor_execute", note)
    answer = browser.get("/day", headers=FRAGMENT | {"If-None-Match": etag})
    sa.event.remove(database.engine, "before_cursor_execute", note)

    assert answer.status_code == 304
    assert not {"INSERT", "UPDATE", "DELETE"} & set(statements)
    assert statements.count("SELECT") <= 3


def test_a_new_revision_is_a_new_board(
    uow: UnitOfWork, signed_in: SignedIn, visit: AppointmentId
) -> None:
    browser = signed_in()
    etag = browser.get("/day", headers=FRAGMENT).headers["ETag"]
    with uow:
        uow.session.execute(sa.update(ClinicDay).values(revision=ClinicDay.revision + 1))
        uow.commit()

    answer = browser.get("/day", headers=FRAGMENT | {"If-None-Match": etag})

    assert answer.status_code == 200


def test_roles_and_filters_have_boards_of_their_own(
    signed_in: SignedIn, visit: AppointmentId
) -> None:
    desk, nurse = signed_in(), signed_in(Role.NURSE)

    tags = {
        desk.get("/day").headers["ETag"],
        desk.get("/day?show=waiting").headers["ETag"],
        nurse.get("/day").headers["ETag"],
        nurse.get("/day", headers=FRAGMENT).headers["ETag"],
    }

    assert len(tags) == 4


def test_the_panel_shows_the_selected_visit_and_notes_who_looked(
    uow: UnitOfWork, signed_in: SignedIn, visit: AppointmentId
) -> None:
    answer = signed_in().get(f"/day?visit={visit}")

    assert "Planned and real" in answer.text
    assert "1 missing" in answer.text
    with uow:
        seen = uow.session.scalars(sa.select(Audit.action)).all()
    assert seen.count("viewed") == 1


@pytest.mark.parametrize("day", ["2026-02-30", "next week", "1850-01-01"])
def test_a_day_that_is_none_answers_404(signed_in: SignedIn, day: str) -> None:
    assert signed_in().get(f"/day?day={day}").status_code == 404


def test_nobody_sees_the_board_who_is_not_signed_in(client: FlaskClient) -> None:
    assert client.get("/day").status_code == 303


def test_another_center_has_another_board(
    uow: UnitOfWork, signed_in: SignedIn, visit: AppointmentId
) -> None:
    elsewhere = make_plain_center(uow, name="Hillside")

    answer = signed_in(at=elsewhere).get("/day")

    assert "Imani Castellan" not in answer.text


def test_the_day_prints_with_birth_dates_and_boxes(
    signed_in: SignedIn, visit: AppointmentId
) -> None:
    answer = signed_in().get("/day/print")

    assert "Imani Castellan" in answer.text
    assert 'class="tick"' in answer.text


def test_one_press_notes_that_somebody_arrived(
    uow: UnitOfWork, signed_in: SignedIn, visit: AppointmentId
) -> None:
    form = {"step": "arrived", "version": "1"}

    answer = signed_in().post(f"/visits/{visit}/step", data=form)

    assert answer.status_code == 303
    with uow:
        assert uow.session.get_one(Appointment, visit).status is AppointmentStatus.ARRIVED


def test_a_step_from_a_stale_board_is_refused_with_a_sentence(
    signed_in: SignedIn, visit: AppointmentId
) -> None:
    browser = signed_in()

    answer = browser.post(
        f"/visits/{visit}/step", data={"step": "arrived", "version": "9"}, follow_redirects=True
    )

    assert "Somebody else changed this" in answer.text


def test_a_step_can_be_taken_back(
    uow: UnitOfWork, signed_in: SignedIn, visit: AppointmentId
) -> None:
    browser = signed_in()
    browser.post(f"/visits/{visit}/step", data={"step": "arrived", "version": "1"})

    browser.post(f"/visits/{visit}/step/undo", data={"version": "2"})

    with uow:
        assert uow.session.get_one(Appointment, visit).status is AppointmentStatus.BOOKED


def test_a_visit_that_is_not_ours_answers_404(signed_in: SignedIn) -> None:
    answer = signed_in().post(f"/visits/{uuid4()}/step", data={"step": "arrived"})

    assert answer.status_code == 404
