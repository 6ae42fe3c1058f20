"""Machines that open every address in a mail change nothing, on both databases."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from scheduler.persistence.base import Base
from scheduler.persistence.database import Database
from tests.web.patient.conftest import Phone


def stored(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with database.look() as uow:
        return {
            name: sorted((tuple(row) for row in uow.session.execute(select(table))), key=repr)
            for name, table in Base.metadata.tables.items()
        }


def paths_of(app: Flask, secret: str) -> list[str]:
    """Return every address that starts with a patient's link."""
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if "secret" in rule.arguments]
    return [
        rule.rule.replace("<secret>", secret)
        for rule in rules
        if rule.endpoint.startswith("patient.")
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_that_opens_every_address_behind_a_link_changes_nothing(
    app: Flask, phone: Phone, database: Database, method: str
) -> None:
    paths = paths_of(app, phone.secret)
    before = stored(database)

    codes = {path: app.test_client().open(path, method=method).status_code for path in paths}

    assert len(paths) > 4
    assert max(codes.values()) < 500
    assert stored(database) == before


def test_opening_the_pages_after_the_birth_date_answers_nothing_and_is_noted(
    app: Flask, phone: Phone, database: Database
) -> None:
    phone.enter()
    before = stored(database)

    for path in paths_of(app, phone.secret):
        phone.browser.get(f"{path}?answer=coming")
        phone.browser.head(path)

    after = stored(database)
    assert {name for name in before if after[name] != before[name]} == {"audit", "audit_head"}
