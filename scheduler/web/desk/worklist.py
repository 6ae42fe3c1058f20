"""The worklist: what a person must do, by queue; calls with what to say; taken, logged, closed."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler.domain.errors import DomainError, InvalidError
from scheduler.domain.ids import StaffId, TaskId
from scheduler.domain.names import day_typed
from scheduler.domain.people import CallOutcome, TaskKind, TaskOutcome
from scheduler.domain.roles import Permission
from scheduler.services import tasks as services
from scheduler.services.authorization_renewals import LEAD as AUTHORIZATION
from scheduler.services.phase_tasks import PostponePhase, postpone_phase
from scheduler.services.raising import ORDER
from scheduler.services.renewals import LEAD as RENEWAL
from scheduler.services.tasks import CloseTask, LogCall
from scheduler.services.worklist import WorkLine
from scheduler.services.worklist import worklist as read_worklist
from scheduler.web import context
from scheduler.web.desk import desk
from scheduler.web.forms import text_typed
from scheduler.web.fragments import page

QUEUES = (
    (TaskKind.OVERDUE, "Overdue"),
    (TaskKind.NOT_READY, "Not ready"),
    (TaskKind.REBOOK, "To book"),
    (TaskKind.PHONE, "To phone"),
    (TaskKind.CALL_BACK, "Call back"),
    (TaskKind.UNDELIVERABLE, "Undeliverable"),
    (TaskKind.REVIEW, "Reviews"),
    (TaskKind.SHORT_WEEK, "Short weeks"),
)
CALLS = (
    TaskKind.PHONE,
    TaskKind.CALL_BACK,
    TaskKind.OVERDUE,
    TaskKind.REBOOK,
    TaskKind.UNDELIVERABLE,
)


@desk.get("/worklist")
def worklist() -> Response:
    """Show what waits, one queue or all."""
    return _page("", 200)


@desk.post("/tasks/<uuid:task_id>/call")
def log_call(task_id: UUID) -> ResponseReturnValue:
    """Keep an attempt to reach somebody."""

    def log() -> None:
        call = LogCall(
            task_id=TaskId(task_id),
            outcome=_call_outcome(),
            spoke_with=text_typed("spoke_with"),
            note=text_typed("note"),
            next_try_on=_day("next_try_on", "Try again on"),
        )
        services.log_call(
            context.unit_of_work(),
            call,
            today=context.today(),
            now=context.now(),
            actor=context.actor(),
        )

    return _done(task_id, log, "Noted.")


@desk.post("/tasks/<uuid:task_id>/close")
def close_task(task_id: UUID) -> ResponseReturnValue:
    """Close a task with its outcome."""

    def close() -> None:
        closing = CloseTask(
            task_id=TaskId(task_id),
            outcome=_task_outcome(),
            note=text_typed("note"),
        )
        services.close_task(
            context.unit_of_work(), closing, now=context.now(), actor=context.actor()
        )

    return _done(task_id, close, "Closed.")


@desk.post("/tasks/<uuid:task_id>/own")
def own_task(task_id: UUID) -> ResponseReturnValue:
    """Take a task, or leave it."""

    def own() -> None:
        mine = StaffId(context.signed_in().staff_id) if request.form.get("take") else None
        services.own_task(
            context.unit_of_work(),
            TaskId(task_id),
            mine,
            now=context.now(),
            actor=context.actor(),
        )

    return _done(task_id, own, "Noted.")


@desk.post("/tasks/<uuid:task_id>/later")
def put_off_task(task_id: UUID) -> ResponseReturnValue:
    """Put off the decision about a phase that waits for the prescriber."""

    def put_off() -> None:
        again_on = _day("again_on", "Look again on")
        if again_on is None:
            raise InvalidError("Say on which day to look again.", field="again_on")
        wanted = PostponePhase(
            task_id=TaskId(task_id), again_on=again_on, reason=text_typed("reason")
        )
        postpone_phase(context.unit_of_work(), wanted, now=context.now(), actor=context.actor())

    return _done(task_id, put_off, "Put off.")


def _day(field: str, label: str) -> date | None:
    text = request.form.get(field, "").strip()
    day = day_typed(text) if text else None
    if text and day is None:
        raise InvalidError(
            f"{label}: “{text}” is not a day of the calendar. Write it as 2026-03-24.",
            field=field,
        )
    return day


def _call_outcome() -> CallOutcome:
    try:
        return CallOutcome(request.form.get("outcome", ""))
    except ValueError:
        raise InvalidError("Choose what came of the call.", field="outcome") from None


def _task_outcome() -> TaskOutcome:
    try:
        return TaskOutcome(request.form.get("outcome", ""))
    except ValueError:
        raise InvalidError("Choose how the task ended.", field="outcome") from None


def _done(task_id: UUID, work: Callable[[], None], words: str) -> ResponseReturnValue:
    services.require_task(context.read_uow(), TaskId(task_id))
    try:
        work()
    except DomainError as refusal:
        return _page(str(refusal), refusal.status, task_id)
    flash(words, "ok")
    return redirect(url_for("desk.worklist", queue=request.args.get("queue") or None), 303)


def _page(refusal: str, status: int, refused: UUID | None = None) -> Response:
    today, actor = context.today(), context.actor()
    queues = [(kind, words) for kind, words in QUEUES if services.concerns(kind, actor)]
    found = read_worklist(context.read_uow(), context.center_id(), today=today)
    lines = [line for line in found if services.concerns(line.kind, actor)]
    counts = Counter(line.kind for line in lines)
    queue = request.args.get("queue", "")
    shown = [line for line in lines if queue in ("", line.kind.value)]
    return page(
        "desk/worklist.html",
        status=status,
        groups=[
            (kind.value, words, [line for line in shown if line.kind is kind])
            for kind, words in queues
        ],
        tabs=[("", "All", len(lines))] + [(k.value, words, counts[k]) for k, words in queues],
        queue=queue,
        today=today,
        late=sum(_is_late(line, today) for line in lines),
        refusal=refusal,
        me=context.signed_in().staff_id,
        zone=context.zone(),
        calls=CALLS,
        review_link=_review_link,
        may_decide=actor.may(Permission.CHANGE_PLAN),
        refused_task=refused,
        asked=request.path.rsplit("/", 1)[-1],
        typed=request.form,
    )


def _review_link(line: WorkLine) -> tuple[str, str]:
    """Return the words and the address of the page on which a review is settled."""
    if line.lead in (RENEWAL, AUTHORIZATION):
        return "Requirements", url_for("desk.requirements", plan_id=line.plan_id)
    if line.visit_at and line.appointment_id:
        day = line.visit_at.astimezone(context.zone()).date()
        return "Its visit", url_for("desk.day", day=day, visit=line.appointment_id)
    if line.on_hold:
        return "Resume, stop …", url_for("desk.plan_change", plan_id=line.plan_id)
    if line.lead == ORDER and line.plan_id:
        return "The plan", url_for(
            "desk.patient", patient_id=line.patient_id, _anchor=f"plan-{line.plan_id.hex}"
        )
    if line.dose_id:
        return "The dose", url_for("desk.dose", dose_id=line.dose_id)
    return "New dates", url_for("desk.recalculation", plan_id=line.plan_id)


def _is_late(line: WorkLine, today: date) -> bool:
    return (line.next_try_on or line.due_on) < today
