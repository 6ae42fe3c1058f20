"""Answers for setting up a center, as ``scheduler init`` would ask for them."""

from datetime import time

from scheduler.domain.roles import Role
from scheduler.services.setup_facts import NewChair, NewPerson, OpeningHours, SetupCenter

ADMIN = NewPerson(name="Ada Quill", email="ada@cedar.example", roles=frozenset({Role.ADMIN}))


def make_nurse(name: str) -> NewPerson:
    """Return a nurse who is there during the opening hours and cannot sign in."""
    return NewPerson(name=name, roles=frozenset({Role.NURSE}), on_shift=True)


NURSE = make_nurse("Nia Lind")


def make_setup_request(**values: object) -> SetupCenter:
    """Return answers for a center in Chicago with 4 chairs and 3 nurses, open on weekdays."""
    facts: dict[str, object] = {
        "organization": "Cedar Hollow",
        "center": "Infusion center",
        "neutral_name": "Cedar Hollow Clinic",
        "zone": "America/Chicago",
        "hours": tuple(
            OpeningHours(weekday=day, opens=time(7, 30), closes=time(17, 30)) for day in range(5)
        ),
        "chairs": tuple(NewChair(name=f"Chair {number}") for number in range(1, 5)),
        "people": (ADMIN, NURSE, make_nurse("Rui Hale"), make_nurse("Jo Oduya")),
        "phone_open": "312 555 0100",
    }
    return SetupCenter(**(facts | values))  # type: ignore[arg-type]  # a test names what it changes
