"""Pages on people, as a manager's browser sees them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.domain.ids import CenterId
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.persistence.models import Staff
from scheduler.persistence.unit_of_work import UnitOfWork
from tests.factories.people import make_organization, make_plain_center
from tests.factories.staff import PASSWORD, make_staff
from tests.web.conftest import SignedIn

NIA = {"name": "Nia Lind", "email": "nia@lakeside.example", "roles": ["nurse"]}


@pytest.fixture
def manager(signed_in: SignedIn) -> FlaskClient:
    return signed_in(Role.MANAGER)


def invite(browser: FlaskClient, center: CenterId, **values: object) -> str:
    answer = browser.post("/admin/staff/invite", data={**NIA, "center": center.hex, **values})
    assert answer.status_code == 200, answer.text
    found = re.search(r"http://localhost(/invitation/[\w-]+)", answer.text)
    assert found is not None
    return found[1]


def test_the_list_names_everybody(manager: FlaskClient, uow: UnitOfWork, center: CenterId) -> None:
    make_staff(uow, center, Role.CHARGE_NURSE, name="Rui Hale")

    answer = manager.get("/admin/staff")

    assert answer.status_code == 200
    assert "Rui Hale" in answer.text
    assert "charge nurse" in answer.text


def test_staff_pages_are_for_managers(signed_in: SignedIn) -> None:
    answer = signed_in(Role.FRONT_DESK).get("/admin/staff")

    assert answer.status_code == 403
    assert "These pages are for managers." in answer.text


def test_an_invited_person_signs_up_by_the_link(
    app: Flask, manager: FlaskClient, center: CenterId
) -> None:
    link = invite(manager, center)
    browser = app.test_client()
    shown = browser.get(link)
    assert "Welcome, Nia Lind." in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer"

    answer = browser.post(link, data={"password": PASSWORD, "again": PASSWORD})

    assert answer.status_code == 303
    assert browser.get("/account").status_code == 200
    assert app.test_client().get(link).status_code == 404


def test_two_passwords_that_differ_are_refused(
    app: Flask, manager: FlaskClient, center: CenterId
) -> None:
    link = invite(manager, center)

    answer = app.test_client().post(link, data={"password": PASSWORD, "again": "another one"})

    assert answer.status_code == 422
    assert "The two passwords are not the same." in answer.text


def test_a_person_without_a_role_is_refused_and_what_was_typed_stays(
    manager: FlaskClient, center: CenterId
) -> None:
    answer = manager.post(
        "/admin/staff/invite",
        data={"name": "Nia Lind", "email": "nia@x.example", "center": center.hex},
    )

    assert answer.status_code == 422
    assert "Choose at least one role." in answer.text
    assert 'value="Nia Lind"' in answer.text


def test_roles_and_competencies_are_changed_by_a_form(
    manager: FlaskClient, uow: UnitOfWork, center: CenterId
) -> None:
    person = make_staff(uow, center, Role.NURSE, name="Rui Hale", email="rui@lakeside.example")

    answer = manager.post(
        f"/admin/staff/{person}",
        data={
            "version": "1",
            "name": "Rui Hale",
            "email": "rui@lakeside.example",
            f"roles_{center.hex}": ["nurse", "charge_nurse"],
            "able_port": "y",
            "until_port": "2027-03-01",
        },
        follow_redirects=True,
    )

    assert answer.status_code == 200
    assert "charge nurse" in answer.text
    assert "Ports until Mar 1, 2027" in answer.text


def test_a_day_that_does_not_exist_is_named(
    manager: FlaskClient, uow: UnitOfWork, center: CenterId
) -> None:
    person = make_staff(uow, center, Role.NURSE, name="Rui Hale")

    answer = manager.post(
        f"/admin/staff/{person}",
        data={"version": "1", "name": "Rui", "email": "r@x.example", "until_port": "2027-02-30"},
    )

    assert answer.status_code == 422
    assert "“2027-02-30” is not a day of the calendar" in answer.text


def test_a_stale_form_is_refused(manager: FlaskClient, uow: UnitOfWork, center: CenterId) -> None:
    person = make_staff(uow, center, Role.NURSE)

    answer = manager.post(
        f"/admin/staff/{person}",
        data={
            "version": "9",
            "name": "Rui",
            "email": "r@x.example",
            f"roles_{center.hex}": "nurse",
        },
    )

    assert answer.status_code == 409
    assert "Somebody else changed this a moment ago." in answer.text


def test_a_deactivated_person_is_out_at_once(
    manager: FlaskClient, app: Flask, center: CenterId
) -> None:
    link = invite(manager, center)
    nia = app.test_client()
    nia.post(link, data={"password": PASSWORD, "again": PASSWORD})
    listed = manager.get("/admin/staff").text
    page = re.search(
        r'href="(/admin/staff/[0-9a-f-]{36})">Change<span class="visually-hidden"> Nia', listed
    )
    assert page is not None

    answer = manager.post(f"{page[1]}/deactivate", follow_redirects=True)

    assert "Nia Lind can sign in no more" in answer.text
    assert nia.get("/account").status_code == 303


def test_a_reset_shows_a_new_link(manager: FlaskClient, uow: UnitOfWork, center: CenterId) -> None:
    person = make_staff(uow, center, Role.NURSE)

    answer = manager.post(f"/admin/staff/{person}/reset")

    assert "/invitation/" in answer.text


def test_an_unknown_person_and_one_of_another_organization_answer_alike(
    manager: FlaskClient, database: Database
) -> None:
    other = database.write(make_organization(database, name="Hillside"))
    stranger = make_staff(other, make_plain_center(other), Role.NURSE)

    theirs = manager.get(f"/admin/staff/{stranger}")
    nobody = manager.get("/admin/staff/00000000-0000-7000-8000-000000000000")

    assert theirs.status_code == nobody.status_code == 404
    assert theirs.text == nobody.text


@pytest.mark.slow
def test_the_own_password_is_changed(app: Flask, uow: UnitOfWork, center: CenterId) -> None:
    make_staff(uow, center, Role.NURSE, email="jo@lakeside.example")
    browser = app.test_client()
    browser.post("/sign-in", data={"email": "jo@lakeside.example", "password": PASSWORD})
    new = "nine brown otters"

    wrong = browser.post(
        "/account/password", data={"old": "not this one", "password": new, "again": new}
    )
    right = browser.post("/account/password", data={"old": PASSWORD, "password": new, "again": new})

    assert wrong.status_code == 422
    assert "That password is not right." in wrong.text
    assert right.status_code == 303
    answer = app.test_client().post(
        "/sign-in", data={"email": "jo@lakeside.example", "password": new}
    )
    assert answer.status_code == 303


def test_a_used_link_says_that_it_opens_once(
    manager: FlaskClient, app: Flask, center: CenterId
) -> None:
    link = invite(manager, center)
    app.test_client().post(link, data={"password": PASSWORD, "again": PASSWORD})

    used = app.test_client().get(link)
    unknown = app.test_client().post("/invitation/nothing", data={"password": PASSWORD})

    assert (used.status_code, unknown.status_code) == (404, 404)
    assert "Each link opens once" in used.text
    assert "Each link opens once" in unknown.text


def test_somebody_without_an_address_gets_no_link(
    manager: FlaskClient, uow: UnitOfWork, center: CenterId
) -> None:
    person = make_staff(uow, center, name="Noor Haddad")
    with uow:
        uow.session.get_one(Staff, person).email = ""
        uow.commit()

    answer = manager.post(f"/admin/staff/{person}/reset", follow_redirects=True)

    assert "Enter a work e-mail first" in answer.text
    assert "/invitation/" not in answer.text
