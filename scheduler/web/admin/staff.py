"""Pages on people: the list, inviting, changing, resetting a password, deactivating."""

from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import CenterId, StaffId
from scheduler.services import staff as services
from scheduler.services.staff import COMPETENCIES, Invited, Member
from scheduler.web import context
from scheduler.web.admin import admin
from scheduler.web.admin.staff_forms import (
    Centers,
    InviteForm,
    MemberForm,
    edit_request,
    invite_form,
    member_form,
    role_field,
    stored_values,
)
from scheduler.web.forms import id_typed
from scheduler.web.fragments import page
from scheduler.web.stale import compare


@admin.get("/staff")
def staff() -> Response:
    """List everybody."""
    people = services.list_staff(context.read_uow(), actor=context.actor())
    return page("admin/staff.html", people=people, competencies=COMPETENCIES)


@admin.get("/staff/invite")
def invite() -> Response:
    """Show the form for a new person."""
    return _invitation_form(invite_form(_centers()))


@admin.post("/staff/invite")
def invite_now() -> ResponseReturnValue:
    """Add a person and show the one-time link, once."""
    form = invite_form(_centers())
    if form.validate():
        try:
            made = services.invite_staff(
                context.unit_of_work(),
                form.request(CenterId(id_typed(form["center"].data or "", "center"))),
                now=context.now(),
                system_now=context.system_now(),
                actor=context.actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _link(made, form.name.data or "")
    return _invitation_form(form)


@admin.get("/staff/<uuid:staff_id>")
def member(staff_id: UUID) -> Response:
    """Show a person with the form."""
    person = _person(staff_id)
    centers = _centers()
    return _member_form(person, member_form(centers, person), centers)


@admin.post("/staff/<uuid:staff_id>")
def save_member(staff_id: UUID) -> ResponseReturnValue:
    """Change a person."""
    person, centers = _person(staff_id), _centers()
    form = member_form(centers, person)
    if form.validate():
        try:
            services.edit_staff(
                context.unit_of_work(),
                edit_request(form, person.staff_id, centers),
                now=context.now(),
                actor=context.actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            compare(form, stored_values(person))
        else:
            flash("Saved.", "ok")
            return redirect(url_for("admin.staff"), 303)
    return _member_form(person, form, centers)


@admin.post("/staff/<uuid:staff_id>/reset")
def reset(staff_id: UUID) -> ResponseReturnValue:
    """End the password and every session; show the link for a new one, once."""
    person = _person(staff_id)
    try:
        made = services.reset_password(
            context.unit_of_work(),
            person.staff_id,
            now=context.now(),
            system_now=context.system_now(),
            actor=context.actor(),
        )
    except InvalidError as refusal:
        flash(str(refusal), "stop")
        return redirect(url_for("admin.member", staff_id=staff_id), 303)
    return _link(made, person.name)


@admin.post("/staff/<uuid:staff_id>/deactivate")
def deactivate(staff_id: UUID) -> ResponseReturnValue:
    """Let a person sign in no more."""
    person = _person(staff_id)
    services.deactivate(
        context.unit_of_work(),
        person.staff_id,
        now=context.now(),
        system_now=context.system_now(),
        actor=context.actor(),
    )
    flash(f"{person.name} can sign in no more; open sessions have ended.", "ok")
    return redirect(url_for("admin.staff"), 303)


@admin.post("/staff/<uuid:staff_id>/reactivate")
def reactivate(staff_id: UUID) -> ResponseReturnValue:
    """Let a person sign in again."""
    person = _person(staff_id)
    services.reactivate(
        context.unit_of_work(), person.staff_id, now=context.now(), actor=context.actor()
    )
    flash(f"{person.name} can sign in again.", "ok")
    return redirect(url_for("admin.staff"), 303)


def _person(staff_id: UUID) -> Member:
    return services.show_member(context.read_uow(), StaffId(staff_id), actor=context.actor())


def _centers() -> Centers:
    return services.centers_managed(context.read_uow(), actor=context.actor())


def _invitation_form(form: InviteForm) -> Response:
    return page("admin/invite.html", form=form, status=form.status)


def _member_form(person: Member, form: MemberForm, centers: Centers) -> Response:
    return page(
        "admin/member.html",
        person=person,
        form=form,
        roles=[form[role_field(center_id)] for center_id, _ in centers],
        able=[(form[f"able_{code}"], form[f"until_{code}"]) for code in COMPETENCIES],
        oneself=person.staff_id == context.signed_in().staff_id,
        status=form.status,
    )


def _link(made: Invited, name: str) -> Response:
    address = context.runtime().settings.public_url + url_for(
        "public.invitation", secret=made.secret
    )
    return page(
        "admin/link.html", name=name, address=address, until=made.expires_at, zone=context.zone()
    )
