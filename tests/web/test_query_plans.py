"""No statement of a day's work walks a table: SQLite without statistics finds every row by an index."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from scheduler.persistence.database import Database
from tests.web.test_api_booking import Desk
from tests.web.test_api_booking import desk as api_desk

booking_desk = api_desk


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """SQLite alone: PostgreSQL plans by statistics, which an empty database does not have."""
    return sqlite_database


# a few rows for a whole center, however long it works
SHORT = {"center", "organization", "chair", "center_hours", "closure", "audit_head"}
WALKS = re.compile(r"^(?:SCAN (?P<scanned>\w+)|SEARCH (?P<found>\w+) .*\(organization_id=\?\)$)")


@contextmanager
def walked(database: Database) -> Iterator[set[str]]:
    """Collect the tables that statements walk, with the statement."""
    tables: set[str] = set()

    def explain(_c: Any, cursor: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        if many or not statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            return
        rows = cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
        for *_, detail in rows.fetchall():
            found = WALKS.match(detail)
            table = found and (found["scanned"] or found["found"])
            if table and table not in SHORT | {"CONSTANT"}:
                tables.add(f"{detail}: {statement}")

    sa.event.listen(database.engine, "before_cursor_execute", explain)
    yield tables
    sa.event.remove(database.engine, "before_cursor_execute", explain)


def book_move_and_cancel(desk: Desk) -> None:
    first, second = desk.offers(limit=2)
    made = desk.program.post(
        "/api/v1/appointments", json={"dose_id": desk.doses[0], "starts_at": first["starts_at"]}
    )
    assert made.json is not None
    visit = f"/api/v1/appointments/{made.json['id']}"
    there = {"version": made.json["version"], "starts_at": second["starts_at"]}
    moved = desk.program.post(f"{visit}/move", json=there)
    assert moved.status_code == 200, moved.json
    assert moved.json is not None
    why = {"version": moved.json["version"], "reason": "patient"}
    gone = desk.program.post(f"{visit}/cancel", json=why)
    assert gone.status_code == 200, gone.json


def book_a_series(desk: Desk) -> None:
    answer = desk.program.post(f"/api/v1/plans/{desk.plan}/book", json={"mode": "fitting"})
    assert answer.status_code == 201, answer.json


def read_the_day(desk: Desk) -> None:
    assert desk.program.get("/api/v1/days/2026-04-06").status_code == 200
    assert desk.program.get(f"/api/v1/plans/{desk.plan}").status_code == 200


@pytest.mark.parametrize("work", [book_move_and_cancel, book_a_series, read_the_day])
def test_no_statement_walks_a_table(work: Any, booking_desk: Desk, database: Database) -> None:
    with walked(database) as tables:
        work(booking_desk)

    assert tables == set()
