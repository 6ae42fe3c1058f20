"""What cases ask of a series, and how the engine's answer is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from scheduler.domain.cases.case import Answer, CaseError, Inputs
from scheduler.domain.cases.keys import day_of, question_of
from scheduler.domain.cases.question import MOST_CYCLES, Known, Question
from scheduler.domain.cases.rules import on_phases, with_gap, with_interval, with_reanchor
from scheduler.domain.dates import EVERY_DAY, Calendar
from scheduler.domain.doses import DoseStatus, PlannedDose
from scheduler.domain.monitoring import review_from
from scheduler.domain.regimen import Regimen

Ask = Callable[[Regimen, str, Inputs, Known, str], Answer]

Reading = tuple[Regimen, Inputs, Callable[[PlannedDose], str], int]
READINGS = {"rules": with_interval, "floors": with_gap, "policies": with_reanchor}


def series(regimen: Regimen, region: str, inputs: Inputs, known: Known, _detail: str) -> Answer:
    """Answer with the planned days of the doses; with an anchor, the due days after it."""
    count, cycles = int(inputs.take("n") or 0), int(inputs.take("n_cycles") or 0)
    anchored = inputs.has("anchor")
    question = question_of(regimen, region, inputs, known)
    if cycles > 1 and regimen.phases[0].kind == "course":
        question = question.asking_for(cycles - 1)
    question, doses = _reaching(question, count)
    wanted = doses[: count or _length(question, doses, cycles)]
    nominal = question.calendar is EVERY_DAY and not question.facts.given
    parts = tuple(str(dose.due) if anchored or nominal else planned(dose) for dose in wanted)
    asked = wanted[-1] if question.regimen.phases[0].spread else wanted[0]
    return _bounded(question, asked, parts)


def next_dose(regimen: Regimen, region: str, inputs: Inputs, known: Known, _detail: str) -> Answer:
    """Answer with the planned day of the next dose, or all days of the next course."""
    answers = []
    for each in _each_given(inputs):
        question = question_of(regimen, region, each, known)
        doses = question.next_doses()
        answers.append(_bounded(question, doses[0], tuple(planned(dose) for dose in doses)))
    return replace(answers[0], parts=tuple(part for answer in answers for part in answer.parts))


def due_and_planned(
    regimen: Regimen, region: str, inputs: Inputs, known: Known, _detail: str
) -> Answer:
    """Answer with the due day and the planned day of the next dose."""
    question = question_of(regimen, region, inputs, known)
    dose = question.next_doses()[0]
    return _bounded(question, dose, (str(dose.due), planned(dose)))


def dose(regimen: Regimen, region: str, inputs: Inputs, known: Known, detail: str) -> Answer:
    """Answer with the planned days of some ordinals."""
    question = question_of(regimen, region, inputs, known)
    found = [_dose(question, int(number)) for number in detail.split("|")]
    return _bounded(question, found[0], tuple(planned(each) for each in found))


def bounds(regimen: Regimen, region: str, inputs: Inputs, known: Known, detail: str) -> Answer:
    """Answer with nothing but the earliest and the latest day."""
    asked_of = detail or inputs.take("dose")
    question = question_of(regimen, region, inputs, known)
    asked = _dose(question, int(asked_of)) if asked_of else question.upcoming()
    return _bounded(question, asked, ())


def accept(regimen: Regimen, region: str, inputs: Inputs, known: Known, _detail: str) -> Answer:
    """Answer whether a wished day is allowed; with a calendar, also the first open day that is."""
    wish, has_calendar = day_of(inputs.need("request")), inputs.has("cal")
    ordinal = inputs.take("dose")
    question = question_of(regimen, region, inputs, known)
    asked = _dose(question, int(ordinal)) if ordinal else question.upcoming()
    earliest, latest = question.bounds(asked)
    fits = (earliest is None or wish >= earliest) and (latest is None or wish <= latest)
    allowed = fits and question.calendar.is_open(wish)
    parts = ["OK" if allowed else "REJECT"]
    if has_calendar:
        parts.append(str(first_open(question.calendar, max(wish, earliest or wish))))
    return _bounded(question, asked, tuple(parts))


def readings(regimen: Regimen, region: str, inputs: Inputs, known: Known, _detail: str) -> Answer:
    """Answer once for each reading of an open choice, or of a rule, gap or policy."""
    name = inputs.take("choices")
    if name:
        parts = tuple(
            planned(_about(name, question_of(regimen, region, inputs.copy(**{name: each}), known)))
            for each in _options(regimen, name)
        )
        return Answer(parts=parts)
    answers = []
    for rule, each, shown, steps in _read_otherwise(regimen, inputs):
        question = question_of(rule, region, each, known)
        after = steps - 1 if question.facts.given else steps
        answers.append(shown(question.ahead()[after]))
    if not answers:
        raise CaseError("there is nothing to read in two ways")
    return Answer(parts=tuple(answers))


def _options(regimen: Regimen, name: str) -> tuple[str, ...]:
    found = next((choice.options for choice in regimen.choices if choice.id == name), None)
    if found is None:
        raise CaseError(f"the regimen has no choice {name}")
    return found


def _about(name: str, question: Question) -> PlannedDose:
    """Return the next dose that an open choice has a say in; the first of a series cannot be one."""
    gaps = {phase.id: phase.min_gap for phase in question.regimen.phases}
    chosen = [p for p, gap in gaps.items() if gap and gap.choice and gap.choice.id == name]
    for dose in question.ahead():
        if dose.phase in chosen and dose.not_before is not None:
            return dose
    return question.upcoming()


def review_day(regimen: Regimen, region: str, inputs: Inputs, known: Known, _detail: str) -> Answer:
    """Answer with the first day on which the gap since the last dose needs a review."""
    question = question_of(regimen, region, inputs, known)
    gap = question.regimen.phase(question.upcoming().phase).review_gap
    if gap is None:
        raise CaseError("the regimen has no review gap")
    day = review_from(max(fact.day for fact in question.facts.given), gap)
    return Answer(parts=(str(day),), latest=day - timedelta(days=1))


def limit(regimen: Regimen, region: str, inputs: Inputs, known: Known, _detail: str) -> Answer:
    """Answer with the number of doses allowed, the due day of the last, and the first blocked one."""
    doses = question_of(regimen, region, inputs, known).series().doses
    stop = next((n for n, each in enumerate(doses) if each.status in BLOCKED), None)
    if stop is None:
        raise CaseError("no dose is over the limit")
    last = str(doses[stop - 1].due) if stop else "none"
    word = doses[stop].status.value.upper()
    return Answer(parts=(str(stop), last, f"{word} dose {doses[stop].ordinal}"))


BLOCKED = (DoseStatus.BLOCK, DoseStatus.REVIEW)


def planned(each: PlannedDose) -> str:
    """Return a dose's planned day as cases write it."""
    return str(each.planned) if each.planned else "CONFLICT"


def _due(each: PlannedDose) -> str:
    return str(each.due)


def _not_before(each: PlannedDose) -> str:
    return str(each.not_before)


SHOWN = {"rules": _due, "floors": _not_before, "policies": planned}


def first_open(calendar: Calendar, day: date) -> date:
    """Return the first open day from a day on."""
    while not calendar.is_open(day):
        day += timedelta(days=1)
    return day


def _bounded(question: Question, asked: PlannedDose, parts: tuple[str, ...]) -> Answer:
    earliest, latest = question.bounds(asked)
    return Answer(parts=parts, earliest=earliest, latest=latest)


def _reaching(question: Question, count: int) -> tuple[Question, Sequence[PlannedDose]]:
    """Return the question and its doses; with fewer than asked for, those of further courses too."""
    doses = question.series().doses
    if len(doses) >= count or not any(phase.clinical for phase in question.regimen.phases):
        return question, doses
    for cycles in range(1, MOST_CYCLES):
        asked = question.asking_for(cycles)
        further = asked.series().doses
        if len(further) >= count:
            return asked, further
    return question, doses


def _dose(question: Question, number: int) -> PlannedDose:
    question, _ = _reaching(question, number)
    found = question.series().dose(number)
    if found is None:
        raise CaseError(f"there is no dose {number}")
    return found


def _length(question: Question, doses: Sequence[PlannedDose], cycles: int) -> int:
    """Return how many doses a series shows that names no number: the first phase, or so many courses."""
    if question.order.continuing:
        return 1
    phases = question.regimen.phases
    first = len([each for each in doses if each.phase == doses[0].phase])
    if not cycles:
        return first if phases[0].offsets or phases[0].spread else 1
    repeating = next((phase for phase in phases[1:] if phase.every is not None), None)
    run = repeating.run.days if repeating and repeating.run else 1
    return first + cycles * run if repeating else first * cycles


def _each_given(inputs: Inputs) -> Iterator[Inputs]:
    days = inputs.take("given").split("|")
    for day in days:
        yield inputs.copy(given=day) if day else inputs.copy()


def _read_otherwise(regimen: Regimen, inputs: Inputs) -> Iterator[Reading]:
    for key, change in READINGS.items():
        for value in filter(None, inputs.take(key).split("|")):
            steps, _, rule = value.rpartition("x")
            yield on_phases(regimen, change, rule), inputs.copy(), SHOWN[key], int(steps or 1)
