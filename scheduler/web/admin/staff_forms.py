"""Forms on people: who, which roles at which center, what a nurse may do beyond the ordinary."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField, StringField

from scheduler.domain.ids import CenterId, StaffId
from scheduler.domain.roles import Role
from scheduler.services.staff import (
    COMPETENCIES,
    CompetencyLine,
    EditStaff,
    InviteStaff,
    Member,
)
from scheduler.web.forms import (
    AddressField,
    ChecksField,
    DayField,
    Form,
    choice,
    choices_of,
    required,
)
from scheduler.web.stale import version_typed

ROLES = tuple((role.value, role.words.capitalize()) for role in Role)
Centers = tuple[tuple[CenterId, str], ...]


class InviteForm(Form):
    """A new person at one center."""

    name = StringField("Name", [required("Enter the person's name.")])
    email = AddressField("Work e-mail", [required("Enter the person's work e-mail.")])
    roles = ChecksField("Roles", choices=choices_of(ROLES))

    def request(self, center_id: CenterId) -> InviteStaff:
        """Return what was typed."""
        return InviteStaff(
            name=self.name.data or "",
            email=self.email.data or "",
            center_id=center_id,
            roles=frozenset(Role(role) for role in self.roles.data or ()),
        )


def invite_form(centers: Centers) -> InviteForm:
    """Return the form with a choice of the centers whose staff one manages."""

    class Made(InviteForm):
        """With the centers of this person."""

        center = choice("Center", [(each.hex, name) for each, name in centers])

    return Made()


class MemberForm(Form):
    """A person's facts; fields for centers and competencies are added by ``member_form``."""

    version = HiddenField()
    name = StringField("Name", [required("Enter the person's name.")])
    email = AddressField("Work e-mail", [required("Enter the person's work e-mail.")])


def member_form(centers: Centers, person: Member) -> MemberForm:
    """Return the form on a person, filled with what is stored unless it was sent.

    Args:
        centers: Those whose staff one manages.
        person: As stored.
    """
    fields: dict[str, Any] = {
        role_field(center_id): ChecksField(f"Roles at {name}", choices=choices_of(ROLES))
        for center_id, name in centers
    }
    for code, words in COMPETENCIES.items():
        fields[f"able_{code}"] = BooleanField(words)
        fields[f"until_{code}"] = DayField(f"{words}: until")
    made = type("FilledMemberForm", (MemberForm,), fields)
    form: MemberForm = made(data=stored_values(person))
    return form


def role_field(center_id: CenterId) -> str:
    """Return the name of the field with the roles at a center."""
    return f"roles_{center_id.hex}"


def stored_values(person: Member) -> dict[str, Any]:
    """Return what is stored of a person by the names of the fields."""
    values: dict[str, Any] = {
        "name": person.name,
        "email": person.email,
        "version": str(person.version),
    }
    for place in person.roles:
        values[role_field(place.center_id)] = [role.value for role in place.roles]
    for line in person.competencies:
        values[f"able_{line.code}"] = True
        values[f"until_{line.code}"] = line.expires_on
    return values


def edit_request(form: MemberForm, staff_id: StaffId, centers: Centers) -> EditStaff:
    """Return what was typed."""
    return EditStaff(
        staff_id=staff_id,
        version=version_typed(form.version.data),
        name=form.name.data or "",
        email=form.email.data or "",
        roles={
            center_id: frozenset(Role(role) for role in form[role_field(center_id)].data or ())
            for center_id, _ in centers
        },
        competencies=tuple(_able(form)),
    )


def _able(form: MemberForm) -> Iterable[CompetencyLine]:
    for code in COMPETENCIES:
        if form[f"able_{code}"].data:
            yield CompetencyLine(code=code, expires_on=form[f"until_{code}"].data)
