"""What cases ask of clocks and calendars alone: local times, reminders, lengths of months, missed days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.cases.asks import first_open
from scheduler.domain.cases.case import Answer, CaseError, Inputs
from scheduler.domain.cases.keys import day_of
from scheduler.domain.cases.question import Known, calendar_of
from scheduler.domain.dates import Interval, due, parse_interval
from scheduler.domain.regimen import Regimen

# every start day of eight years, so that each month meets each kind of year
FIRST_START, LAST_START = date(2024, 1, 1), date(2031, 12, 31)


def clock(_regimen: Regimen, _region: str, inputs: Inputs, _known: Known, _detail: str) -> Answer:
    """Answer with the local time a span later, its instant, and the hours between."""
    zone, step = ZoneInfo(inputs.need("tz")), parse_interval(inputs.need("step"))
    start = datetime.fromisoformat(inputs.need("start")).replace(tzinfo=zone)
    inputs.done()
    then = datetime.combine(due(start.date(), step, 1), start.time(), tzinfo=zone)
    hours = (then.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 3600
    instant = then.astimezone(UTC)
    return Answer(parts=(f"{then:%Y-%m-%dT%H:%M}", f"{instant:%Y-%m-%dT%H:%MZ}", f"{hours:g}h"))


def span_days(
    _regimen: Regimen, _region: str, inputs: Inputs, _known: Known, _detail: str
) -> Answer:
    """Answer with the smallest and the largest number of days of a span of months."""
    months = Interval(months=int(inputs.need("months")))
    inputs.done()
    starts = (FIRST_START + timedelta(days=n) for n in range((LAST_START - FIRST_START).days + 1))
    lengths = {(due(start, months, 1) - start).days for start in starts}
    return Answer(parts=(f"{min(lengths)}..{max(lengths)}",))


def sample_time(
    regimen: Regimen, _region: str, inputs: Inputs, _known: Known, _detail: str
) -> Answer:
    """Answer with the earliest time of a sample that is fresh enough, for each infusion."""
    hours = next((rule.max_age_hours for rule in regimen.requirements if rule.max_age_hours), None)
    named = inputs.take("max_age").removeprefix("PT").removesuffix("H")
    hours = int(named) if named else hours
    if hours is None:
        raise CaseError("the regimen has no requirement in hours")
    zone = ZoneInfo(inputs.take("tz") or "UTC")
    texts = [part for value in inputs.rest().values() for part in value.split("|")]
    starts = [datetime.fromisoformat(text).replace(tzinfo=zone) for text in texts]
    times = [_before(start, f"PT{hours}H", zone) for start in starts]
    return Answer(parts=tuple(f"{each:%Y-%m-%dT%H:%M}" for each in times))


def leads(_regimen: Regimen, _region: str, inputs: Inputs, _known: Known, _detail: str) -> Answer:
    """Answer with the local time of reminders: hours are counted on the clock of the world, days on the wall's."""
    zone = ZoneInfo(inputs.need("tz"))
    start = datetime.fromisoformat(inputs.need("start")).replace(tzinfo=zone)
    spans = [span for value in inputs.rest().values() for span in value.split("|")]
    times = [_before(start, span, zone) for span in spans]
    return Answer(parts=tuple(f"{each:%Y-%m-%dT%H:%M}" for each in times))


def missed_day(
    _regimen: Regimen, _region: str, inputs: Inputs, known: Known, _detail: str
) -> Answer:
    """Answer that a person decides, with the first open day after the course as a candidate."""
    calendar = calendar_of(inputs, known)
    last = day_of(inputs.need("course").rpartition("..")[2])
    inputs.take("missed")
    inputs.done()
    return Answer(parts=("MANUAL", str(first_open(calendar, last + timedelta(days=1)))))


def _before(start: datetime, span: str, zone: ZoneInfo) -> datetime:
    hours = span.removeprefix("PT").removesuffix("h").removesuffix("H")
    if hours.isdigit():
        return (start.astimezone(UTC) - timedelta(hours=int(hours))).astimezone(zone)
    back = parse_interval(span if span.startswith("P") else f"P{span.upper()}")
    day = due(start.date(), Interval(months=-back.months, days=-back.days), 1)
    return datetime.combine(day, start.time(), tzinfo=zone)
