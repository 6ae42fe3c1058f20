"""Every page there is: axe in both themes, nothing cut off, and no request that leaves this machine (``open_page``)."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, ViewportSize
from sqlalchemy import select

from scheduler.domain.roles import Role
from scheduler.persistence.models import (
    Chair,
    Contact,
    Message,
    PlannedDose,
    RegimenVersion,
    StaffRole,
)
from scheduler.services.staff import InviteStaff, invite_staff
from tests.browser.conftest import OpenPage
from tests.browser.small_center import SmallCenter
from tests.browser.test_patient_pages import enter
from tests.factories.people import NOW, make_actor

pytestmark = pytest.mark.browser

NO_PAGES = {
    "static",
    "bootstrap.static",
    "public.ping",
    "public.healthz",
    "patient.calendar",
    "account.settings_again",
    "desk.mail_body",
    "desk.regimen_file",
}
"""What answers GET and is no page: files, what programs ask, a redirect, the mail inside the outbox's frame."""

ASKED = (
    "/day?day=2026-03-24&visit={appointment_id}",
    "/day?day=2026-03-24&rows=compact",
    "/day/nurses?day=2026-03-24",
    "/day/why?day=2026-03-24&at=10:15",
    "/doses/{dose_id}/times?day=2026-03-25",
    "/formulary?find=MS",
    "/patients/{patient_id}/orders/new?find=Ocrevus",
    "/rearrange?day=2026-03-24",
    "/replan?first=2026-03-24",
    "/worklist?queue=overdue",
)
"""Pages that say more when they are asked something."""

SECOND = 2
PHONE: ViewportSize = {"width": 390, "height": 844}
SLIVERS = "[...document.querySelectorAll('th.wrap')].some(each => 0 < each.clientWidth && each.clientWidth < 100)"
DESK: ViewportSize = {"width": 1440, "height": 900}
CONTRAST = (
    "async () => (await axe.run(document, {runOnly: ['color-contrast']})).violations"
    ".map(v => v.id + ' ' + v.nodes[0].html.slice(0, 200))"
)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def invited(site: SmallCenter) -> str:
    """Return the secret of somebody's invitation."""
    asked = InviteStaff(
        center_id=site.center_id,
        name="Nia Lind",
        email="nia@center.example",
        roles=frozenset({Role.NURSE}),
    )
    return invite_staff(site.uow, asked, now=NOW, system_now=NOW, actor=make_actor()).secret


@pytest.fixture
def named(site: SmallCenter) -> dict[str, UUID | str]:
    """Something there is for each name in an address."""
    ann = site.ann
    with site.uow as uow:
        versions = uow.session.scalars(select(RegimenVersion.id).order_by(RegimenVersion.regimen))
        version_id, other_id = versions.all()[:2]
        first = {
            "chair_id": select(Chair.id),
            "contact_id": select(Contact.id).where(Contact.patient_id == ann.patient_id),
            "dose_id": select(PlannedDose.id).where(
                PlannedDose.plan_id == ann.plan_id, PlannedDose.ordinal == SECOND
            ),
            "message_id": select(Message.id).where(Message.rendered_sealed.is_not(None)),
            "staff_id": select(StaffRole.staff_id).where(StaffRole.role == Role.NURSE),
        }
        found: dict[str, UUID | str] = {
            name: UUID(str(uow.session.scalar(asked))) for name, asked in first.items()
        }
    return found | {
        "appointment_id": ann.visit_id,
        "other_id": other_id,
        "patient_id": ann.patient_id,
        "plan_id": ann.plan_id,
        "secret": ann.secret,
        "version_id": version_id,
        "invitation": invited(site),
    }


def pages(app: Flask, named: dict[str, UUID | str]) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of each page; a name that nothing stands for is an error."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        is_page = rule.endpoint not in NO_PAGES and not rule.endpoint.startswith("api.")
        if is_page and "GET" in (rule.methods or ()):
            values = {name: named[name] for name in rule.arguments}
            if rule.endpoint == "public.invitation":
                values = {"secret": named["invitation"]}
            built = rule.build(values, append_unknown=False)
            assert built is not None
            yield rule.endpoint, built[1]


def faults(page: Page, address: str) -> list[str]:
    """Return what is wrong with a page: at all, and in the dark."""
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        return [f"{address}: {answer and answer.status}"]
    said = Axe().run(page).response["violations"]
    found = [f"{each['id']} {each['nodes'][0]['html'][:200]}" for each in said]
    if page.evaluate(WIDER) > 0:
        found.append("is wider than the window")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += page.evaluate(CONTRAST)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    if page.evaluate(WIDER) > 0:
        found.append("is wider than a phone")
    if page.evaluate(SLIVERS):
        found.append("breaks the words of a row's heading on a phone")
    return [f"{address}: {each}" for each in found]


def test_nothing_is_wrong_with_any_page_in_light_and_dark(
    open_page: OpenPage, site: SmallCenter, named: dict[str, UUID | str]
) -> None:
    page = open_page(staff=True)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    enter(page, site.ann.secret)
    found = []

    for endpoint, address in pages(site.app, named):
        page.set_viewport_size(PHONE if endpoint.startswith("patient.") else DESK)
        found += faults(page, address)
    for asked in ASKED:
        page.set_viewport_size(DESK)
        found += faults(page, asked.format(**named))

    assert "\n".join(found) == ""
