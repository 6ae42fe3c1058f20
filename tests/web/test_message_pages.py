"""The message log's mails: nothing in one runs."""

from html import escape

from sqlalchemy import select

from scheduler.persistence.database import Database
from scheduler.persistence.models import Message
from tests.web.desk_person import Desk

SCRIPT = "<script>alert(1)</script>"


def mailed(database: Database) -> str:
    """Make a plain mail of the first message that is owed."""
    with database.system() as uow:
        row = uow.session.scalars(select(Message)).first()
        assert row is not None
        row.rendered = f"To: zoe@mail.example\nSubject: Your visit\n\nHello {SCRIPT}\n"
        uow.commit()
        return str(row.id)


def test_nothing_runs_in_a_mail_that_is_opened_without_its_page(
    desk: Desk, database: Database
) -> None:
    desk.booked()
    message = mailed(database)

    answer = desk.browser.get(f"/messages/{message}/body")

    assert answer.status_code == 200
    assert escape(SCRIPT) in answer.text
    assert SCRIPT not in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
