"""Forms of the center set-up: hours of a week, a chair, a nurse's week, limits in plain words."""

from datetime import date
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from scheduler.domain.competencies import WORDS
from scheduler.domain.hours import WEEKDAYS, WeekHours
from scheduler.domain.ids import CenterId, ChairId, StaffId
from scheduler.domain.people import ChairKind
from scheduler.services.center_chairs import ChairLine, ChairWanted
from scheduler.services.center_hours import SetHours, WeekdayHours
from scheduler.services.center_limits import MOST, NAMES, PLAIN, PUBLISH_AT, LimitsWanted, SetLimits
from scheduler.services.center_shifts import NurseLine, SetShifts, WeekShift
from scheduler.web.forms import (
    ChecksField,
    DayField,
    Form,
    TimeField,
    WholeField,
    choices_of,
    enum_choice,
    required,
)

HOURS = {
    "opens": "opens",
    "closes": "closes",
    "doors": "doors open",
    "mixing_from": "mixing from",
    "mixing_until": "mixing until",
    "last_drug_end": "last drug ends",
}


class SinceForm(Form):
    """Settings that hold from a day on."""

    effective_from = DayField("Holds from", [required("Enter the day from which it holds.")])


def _weekly(parts: dict[str, str]) -> dict[str, Any]:
    return {
        f"{part}_{n}": TimeField(f"{name} {words}")
        for n, name in enumerate(WEEKDAYS)
        for part, words in parts.items()
    }


HoursForm = type("HoursForm", (SinceForm,), _weekly(HOURS))


def hours_form(week: WeekHours | None, today: date) -> SinceForm:
    """Return the form on a week's hours, filled with what is in force unless it was sent."""
    values: dict[str, Any] = {"effective_from": today}
    for n, day in enumerate(week.days if week else ()):
        values |= {f"{part}_{n}": getattr(day, part) for part in HOURS if day is not None}
    form: SinceForm = HoursForm(data=values)
    return form


def hours_wanted(form: SinceForm, center_id: CenterId, since: date) -> SetHours:
    """Return what was typed."""
    days = tuple(
        WeekdayHours(**{part: form[f"{part}_{n}"].data for part in HOURS}) for n in range(7)
    )
    return SetHours(center_id=center_id, effective_from=since, days=days)


class ChairForm(Form):
    """A chair, bed or room."""

    name = StringField("Name", [required("Enter a name.")])
    kind = enum_choice("Kind", ChairKind)
    pod = StringField("Pod")
    position = WholeField(
        "Place on the board",
        [Optional(), NumberRange(1, 999, "Write a whole number from 1 to 999.")],
    )
    near_nurses = BooleanField("Near the nurses")
    lift = BooleanField("Has a lift")
    isolation = BooleanField("Isolation")
    active = BooleanField("In use", default=True)

    def wanted(self, center_id: CenterId, chair_id: ChairId | None) -> ChairWanted:
        """Return what was typed."""
        return ChairWanted(
            center_id=center_id,
            chair_id=chair_id,
            name=self.name.data or "",
            kind=ChairKind(self.kind.data),
            pod=self.pod.data or "",
            position=self.position.data,
            near_nurses=self.near_nurses.data,
            lift=self.lift.data,
            isolation=self.isolation.data,
            active=self.active.data if chair_id else True,
        )


def chair_form(chair: ChairLine) -> ChairForm:
    """Return the form on a chair, filled with what is stored unless it was sent."""
    names = ("name", "pod", "position", "near_nurses", "lift", "isolation", "active")
    values = {name: getattr(chair, name) for name in names}
    return ChairForm(data={**values, "kind": chair.kind.value})


class _Shifts(SinceForm):
    lunch_from = TimeField("Lunch from")
    lunch_until = TimeField("until")
    watches = WholeField("Patients to watch at most", [Optional()])


ShiftsForm = type("ShiftsForm", (_Shifts,), _weekly({"starts": "from", "ends": "until"}))


def shifts_form(nurse: NurseLine, today: date) -> SinceForm:
    """Return the form on a nurse's week, filled with what is in force unless it was sent."""
    values: dict[str, Any] = {
        "effective_from": today,
        "lunch_from": nurse.lunch_from,
        "lunch_until": nurse.lunch_until,
        "watches": nurse.watches,
    }
    for n, day in enumerate(nurse.days):
        values |= {f"starts_{n}": day.starts, f"ends_{n}": day.ends}
    form: SinceForm = ShiftsForm(data=values)
    return form


def shifts_wanted(
    form: SinceForm, center_id: CenterId, staff_id: StaffId, since: date
) -> SetShifts:
    """Return what was typed."""
    return SetShifts(
        center_id=center_id,
        staff_id=staff_id,
        effective_from=since,
        days=tuple(
            WeekShift(starts=form[f"starts_{n}"].data, ends=form[f"ends_{n}"].data)
            for n in range(7)
        ),
        lunch_from=form["lunch_from"].data,
        lunch_until=form["lunch_until"].data,
        watches=form["watches"].data,
    )


STEPS = {
    "care_intake": "During intake",
    "care_iv_start": "During an IV start",
    "care_premedication": "While premedication works",
    "care_infusion": "During the infusion",
    "care_observation": "During observation",
    "care_discharge": "During discharge",
}
RULES = (
    ("S", "A nurse at an IV start still watches other patients"),
    ("H", "A nurse at an IV start watches nobody else"),
)


class _Limits(SinceForm):
    slot_minutes = SelectField(
        "Visits start every",
        choices=choices_of((str(n), f"{n} minutes") for n in (5, 10, 15)),
    )
    nurse_rule = SelectField("At an IV start", choices=choices_of(RULES))
    interpreter_from = TimeField("Interpreters are in from")
    interpreter_until = TimeField("until")
    labs_back_at = TimeField("The morning's labs are back at")
    publish_at = TimeField("Chairs and nurses of the next day are settled at")
    required_competencies = ChecksField(
        "A visit needs a nurse who may do it", choices=choices_of(WORDS.items())
    )


LimitsForm = type(
    "LimitsForm",
    (_Limits,),
    {
        name: WholeField(
            NAMES.get(name) or STEPS[name], [Optional()], render_kw={"min": 1, "max": most}
        )
        for name, most in MOST.items()
    },
)


def limits_form(limits: LimitsWanted, slot_minutes: int, today: date) -> SinceForm:
    """Return the form on limits, filled with what is in force unless it was sent."""
    values = {name: getattr(limits, name) for name in PLAIN}
    values |= {
        "effective_from": today,
        "slot_minutes": str(slot_minutes),
        "required_competencies": sorted(limits.required_competencies),
    }
    form: SinceForm = LimitsForm(data=values)
    return form


def limits_wanted(form: SinceForm, center_id: CenterId, since: date) -> SetLimits:
    """Return what was typed; an empty number that has to be one is refused as 0 would be."""
    values = {name: form[name].data for name in PLAIN}
    values |= {name: values[name] or 0 for name in MUST if values[name] is None}
    values["publish_at"] = values["publish_at"] or PUBLISH_AT
    wanted = LimitsWanted(
        **values, required_competencies=frozenset(form["required_competencies"].data or ())
    )
    slot = str(form["slot_minutes"].data or "")
    return SetLimits(
        center_id=center_id,
        effective_from=since,
        slot_minutes=int(slot) if slot.isdigit() else 0,
        wanted=wanted,
    )


MUST = ("patients_per_nurse", "starts_per_nurse", "keep_minutes")
