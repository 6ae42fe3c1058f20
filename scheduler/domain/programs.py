"""REMS programs: who is enrolled, and until when: the patient, the prescriber, the site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.domain.authorizations import spoken_day


class Subject(StrEnum):
    """Who enrols in a program."""

    PATIENT = "patient"
    PRESCRIBER = "prescriber"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """One enrolment that bears on a dose: of its patient, its prescriber or its site."""

    subject: Subject
    enrolled_on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A product's program: who has to be enrolled, and who is.

    Args:
        enrolments: In the order in which they were recorded: what is recorded again puts an earlier record right.
    """

    name: str
    enrols: tuple[Subject, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()

    def enrolled(self, subject: Subject, on: date) -> Enrolment | None:
        """Return of the enrolments that had begun by a day the one recorded last, whether or not it still holds."""
        begun = [e for e in self.enrolments if e.subject is subject and e.enrolled_on <= on]
        return begun[-1] if begun else None

    def others(self) -> Iterable[Subject]:
        """Return who has to be enrolled besides the patient."""
        return (subject for subject in self.enrols if subject is not Subject.PATIENT)

    def sentence(self, subject: Subject, on: date) -> str:
        """Return what is wrong with an enrolment on a day; nothing when it holds."""
        held = self.enrolled(subject, on)
        if held is None:
            return f"{self.name}: the {subject.value} is not enrolled"
        if held.valid_until is not None and held.valid_until < on:
            return f"{self.name}: the {subject.value}'s enrolment ends on {spoken_day(held.valid_until)}"
        return ""
