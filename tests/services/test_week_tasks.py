"""A week that cannot hold its doses comes to the worklist months early, once, and goes when it holds."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.errors import InvalidError, NotAllowedError
from scheduler.domain.ids import OrganizationId
from scheduler.domain.people import CallOutcome, TaskOutcome
from scheduler.domain.roles import Role
from scheduler.persistence import organizations
from scheduler.persistence.database import Database
from scheduler.persistence.models import Closure, Task
from scheduler.persistence.unit_of_work import UnitOfWork
from scheduler.services.closures import AddClosure, add_closure, lift_closure
from scheduler.services.frame import frame_of
from scheduler.services.tasks import CloseTask, LogCall, close_task, log_call, own_task
from scheduler.services.week_tasks import KIND, raise_short_weeks
from scheduler.services.worklist import WorkLine, worklist
from tests.factories.center import CenterMade, make_treatment, make_world
from tests.factories.people import NOW, make_actor
from tests.factories.plan_scene import at

# natalizumab every four weeks from March 23: the fifth dose is due on July 13, within July 10 to 20
WEEK = date(2026, 7, 13)
TODAY = date(2026, 3, 17)
DAY = timedelta(days=1)
MANAGER = make_actor(Role.MANAGER)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A center with one chair and one nurse, and the two ways to its database."""

    uow: UnitOfWork
    reading: UnitOfWork
    center: CenterMade

    def look(self, day: date = TODAY) -> int:
        """Let the worker look ahead on a day; return how many weeks are asked about anew."""
        return raise_short_weeks(self.reading, self.uow, self.center.id, now=at(day))

    def asked(self) -> list[WorkLine]:
        lines = worklist(self.uow, self.center.id, today=TODAY)
        return [line for line in lines if line.kind is KIND]

    def ended(self) -> list[tuple[TaskOutcome | None, str]]:
        """Return how each task about a week ended, and by whom."""
        with self.uow:
            rows = self.uow.session.scalars(select(Task).where(Task.kind == KIND))
            return [(row.outcome, row.closed_by) for row in rows]

    def marks(self) -> tuple[int, int, date | None]:
        """Return what tells others that the center changed, and when it was looked at."""
        with self.uow:
            row = organizations.center(self.uow, self.center.id)
            return row.version, row.settings_mark, row.looked_ahead_on

    def treat(self, patients: int) -> None:
        for _ in range(patients):
            make_treatment(self.uow, self.center.id)

    def close_the_window(self) -> None:
        """Close the center on every day on which the fifth doses may be."""
        closing = AddClosure(
            center_id=self.center.id,
            first_day=date(2026, 7, 10),
            last_day=date(2026, 7, 20),
            reason="New floor",
        )
        add_closure(self.uow, closing, now=NOW, actor=MANAGER)

    def open_again(self) -> None:
        with self.uow:
            (closure,) = self.uow.session.scalars(select(Closure.id))
        lift_closure(self.uow, closure, now=NOW, actor=MANAGER)


@pytest.fixture
def place(database: Database, organization: OrganizationId) -> Place:
    uow = database.write(organization)
    center = make_world(database, uow, chairs=1, nurses=1)
    return Place(uow=uow, reading=database.read(organization), center=center)


def short_week(place: Place) -> WorkLine:
    """Return what the worklist says of the week of two patients whose dose has no open day."""
    place.treat(2)
    place.close_the_window()
    place.look()
    (line,) = place.asked()
    return line


@pytest.mark.slow
def test_each_week_that_one_chair_cannot_hold_is_named_months_early(place: Place) -> None:
    place.treat(30)

    count = place.look()

    lines = place.asked()
    assert count == len(lines) == 10
    assert [line.lead for line in lines] == [
        (date(2026, 3, 23) + timedelta(weeks=4 * n)).isoformat() for n in range(10)
    ]
    assert lines[-1].detail == (
        "The week of November 30, 2026 cannot hold 9 doses, even when spread (chair time)."
        " Add a nurse or hours there, or ask prescribers about other days."
    )
    assert [line.due_on for line in lines[:4]] == [
        TODAY,
        TODAY,
        date(2026, 3, 23),
        date(2026, 4, 20),
    ]


def test_a_center_that_holds_its_doses_asks_nothing(place: Place) -> None:
    place.treat(5)

    assert place.look() == 0
    assert place.ended() == []


def test_the_task_is_about_the_center_and_says_that_it_is_closed(place: Place) -> None:
    line = short_week(place)
    assert (line.lead, line.patient_id, line.phones) == (WEEK.isoformat(), None, ())
    assert (
        "cannot hold 2 doses, even when spread (closed). Open on a day of that week" in line.detail
    )


def test_it_is_looked_for_once_a_day(place: Place) -> None:
    place.treat(1)
    assert place.look() == 0
    place.close_the_window()

    assert (place.look(), place.asked()) == (0, [])
    assert place.look(TODAY + DAY) == 1
    assert place.look(TODAY + 2 * DAY) == 0
    assert len(place.asked()) == 1


def test_it_says_how_many_doses_it_is_now(place: Place) -> None:
    line = short_week(place)
    place.open_again()
    place.treat(1)
    place.close_the_window()

    assert place.look(TODAY + DAY) == 0

    (after,) = place.asked()
    assert (after.id, "cannot hold 3 doses" in after.detail) == (line.id, True)


def test_it_goes_when_the_week_holds_and_comes_back_when_it_is_short_once_more(
    place: Place,
) -> None:
    line = short_week(place)
    place.open_again()
    assert place.look(TODAY + DAY) == 0
    assert place.ended() == [(TaskOutcome.DONE, "worker")]

    place.close_the_window()
    assert place.look(TODAY + 2 * DAY) == 1
    assert [each.id for each in place.asked()] == [line.id]


def test_it_goes_when_the_week_is_over(place: Place) -> None:
    short_week(place)
    place.look(WEEK + timedelta(weeks=1))

    assert place.ended() == [(TaskOutcome.NOT_NEEDED, "worker")]


def test_what_a_person_closed_stays_closed(place: Place) -> None:
    line = short_week(place)
    closing = CloseTask(task_id=line.id, outcome=TaskOutcome.DONE)
    close_task(place.uow, closing, now=NOW, actor=MANAGER)

    assert place.look(TODAY + DAY) == 0
    assert place.asked() == []


def test_only_who_manages_the_center_takes_or_closes_it(place: Place) -> None:
    line = short_week(place)
    desk = make_actor(Role.FRONT_DESK)
    closing = CloseTask(task_id=line.id, outcome=TaskOutcome.DONE)

    with pytest.raises(NotAllowedError, match="charge nurse or manager"):
        close_task(place.uow, closing, now=NOW, actor=desk)
    with pytest.raises(NotAllowedError):
        own_task(place.uow, line.id, None, now=NOW, actor=desk)
    counts = [
        frame_of(place.uow, place.center.id, now=NOW, actor=actor).tasks
        for actor in (desk, MANAGER)
    ]
    assert counts == [0, 1]


def test_nobody_is_called_about_a_week(place: Place) -> None:
    line = short_week(place)
    call = LogCall(task_id=line.id, outcome=CallOutcome.NO_ANSWER)

    with pytest.raises(InvalidError, match="No patient"):
        log_call(place.uow, call, today=TODAY, now=NOW, actor=MANAGER)


def test_looking_is_not_in_the_way_of_who_edits_the_center(place: Place) -> None:
    version, mark, _ = place.marks()

    place.look()

    assert place.marks() == (version, mark, TODAY)
