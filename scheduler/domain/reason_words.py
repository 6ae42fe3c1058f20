"""The words of reasons in English and Spanish."""

from enum import StrEnum

DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "es": ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
}
UNITS = {
    "en": {"months": ("month", "months"), "weeks": ("week", "weeks"), "days": ("day", "days")},
    "es": {"months": ("mes", "meses"), "weeks": ("semana", "semanas"), "days": ("día", "días")},
}
FIRST_DAY, ELSEWHERE = "the order's first day", "the last dose elsewhere"
GAP_END, EARLIER = "the end of the minimum gap", "a dose elsewhere"
SPANISH = {
    FIRST_DAY: "el primer día de la orden",
    ELSEWHERE: "la última dosis recibida en otro lugar",
    GAP_END: "el final del intervalo mínimo",
    EARLIER: "una dosis recibida en otro lugar",
    "relapse order": "la orden por recaída",
    "relapse onset": "el inicio de la recaída",
    "plasma exchange": "recambio plasmático",
    "IVIG": "IGIV",
    "live vaccine": "vacuna viva",
    "non-live vaccine": "vacuna inactivada",
    "meningococcal vaccine": "vacuna meningocócica",
    "vaccine": "vacuna",
}


def dose_name(ordinal: int) -> str:
    """Return how reasons name a dose; one before the first has no number that anybody knows."""
    return f"dose {ordinal}" if ordinal > 0 else EARLIER


class Why(StrEnum):
    """The kinds of reasons."""

    FIRST = "first"
    DUE = "due"
    EVENT = "event"
    COURSE_DAY = "course_day"
    MOVED = "moved"
    NOT_BEFORE = "not_before"
    HELD_BACK = "held_back"
    NO_RUN_IN_TIME = "no_run_in_time"
    NO_OPEN_DAY = "no_open_day"
    NEEDS_WEIGHT = "needs_weight"
    OVER_LIMIT = "over_limit"
    TREATED_BEFORE = "treated_before"
    LONG_GAP = "long_gap"
    EARLIER_EXPOSURE = "earlier_exposure"
    VACCINE = "vaccine"
    PARTIAL = "partial"
    OTHER_BAND = "other_band"
    AS_SOON_AS_POSSIBLE = "as_soon_as_possible"
    GIVE_UNTIL = "give_until"
    NO_CATCH_UP = "no_catch_up"
    ON_HOLD = "on_hold"
    NOT_PASSED = "not_passed"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    CLOSED = "closed"
    EARLIER_THAN_WINDOW = "earlier_than_window"
    LATER_THAN_WINDOW = "later_than_window"
    ALLOWED = "allowed"
    WISHED = "wished"
    FIRST_DAY_HERE = "first_day_here"


SENTENCES = {
    "en": {
        Why.FIRST: "The first day of the order",
        Why.DUE: "Due {span} after {what} ({day})",
        Why.EVENT: "Due on {day}: {what}",
        Why.COURSE_DAY: "Day {count} of a course that begins on {day}",
        Why.MOVED: "moved from {day} to {other}: closed",
        Why.NOT_BEFORE: "not before {day}: {span} after {what}",
        Why.HELD_BACK: "later than its window, since it must not be given before {day}",
        Why.NO_RUN_IN_TIME: "later than its window, which ends on {day}: the course needs open days in a row",
        Why.NO_OPEN_DAY: "no open day from {day} to {other}",
        Why.NEEDS_WEIGHT: "the amount needs a weight and, for mg/m2, a height",
        Why.OVER_LIMIT: "over the limit of {what}",
        Why.TREATED_BEFORE: "not for anybody who had {what} before",
        Why.LONG_GAP: "more than {span} since {what}: a pharmacist decides",
        Why.EARLIER_EXPOSURE: "earlier doses of this drug are known: a pharmacist decides",
        Why.VACCINE: "{what} on {other}: {span} before the first dose, so from {day} on; a pharmacist decides",
        Why.PARTIAL: "the dose before was given in part: a pharmacist decides",
        Why.OTHER_BAND: "the weight now asks for another schedule: a pharmacist decides",
        Why.AS_SOON_AS_POSSIBLE: "missed on {day}: to be given as soon as possible",
        Why.GIVE_UNTIL: "missed on {day}: may be given until {other}, the later doses keep their days",
        Why.NO_CATCH_UP: "missed on {day}: no rule says how to catch up, the prescriber decides;"
        " the first open day after it is {other}",
        Why.ON_HOLD: "the plan is on hold since {day}",
        Why.NOT_PASSED: "not passed: {what}",
        Why.TOO_EARLY: "{day} is too early: it must not be given before {other}",
        Why.TOO_LATE: "{day} is too late: its window ends on {other}",
        Why.CLOSED: "{day} is closed; the first open day from then on is {other}",
        Why.EARLIER_THAN_WINDOW: "earlier than its window, which begins on {day}: needs a reason",
        Why.LATER_THAN_WINDOW: "later than its window, which ends on {day}: needs a reason",
        Why.ALLOWED: "{day} is allowed",
        Why.WISHED: "planned on {day}, a wished weekday",
        Why.FIRST_DAY_HERE: "not here before {day}, the order's first day",
    },
    "es": {
        Why.FIRST: "El primer día de la orden",
        Why.DUE: "Toca {span} después de {what} ({day})",
        Why.EVENT: "Toca el {day}: {what}",
        Why.COURSE_DAY: "Día {count} de un ciclo que empieza el {day}",
        Why.MOVED: "movida del {day} al {other}: cerrado",
        Why.NOT_BEFORE: "no antes del {day}: {span} después de {what}",
        Why.HELD_BACK: "más tarde que su plazo, porque no debe darse antes del {day}",
        Why.NO_RUN_IN_TIME: "más tarde que su plazo, que termina el {day}: el ciclo necesita días abiertos seguidos",
        Why.NO_OPEN_DAY: "ningún día abierto del {day} al {other}",
        Why.NEEDS_WEIGHT: "la cantidad necesita un peso y, para mg/m2, una estatura",
        Why.OVER_LIMIT: "por encima del límite de {what}",
        Why.TREATED_BEFORE: "no es para quien ya recibió {what}",
        Why.LONG_GAP: "más de {span} desde {what}: decide farmacia",
        Why.EARLIER_EXPOSURE: "se conocen dosis anteriores de este fármaco: decide farmacia",
        Why.VACCINE: "{what} el {other}: {span} antes de la primera dosis, así que desde el {day}; decide farmacia",
        Why.PARTIAL: "la dosis anterior se dio en parte: decide farmacia",
        Why.OTHER_BAND: "el peso pide ahora otro calendario: decide farmacia",
        Why.AS_SOON_AS_POSSIBLE: "no se dio el {day}: debe darse lo antes posible",
        Why.GIVE_UNTIL: "no se dio el {day}: puede darse hasta el {other}, las siguientes conservan sus días",
        Why.NO_CATCH_UP: "no se dio el {day}: ninguna regla dice cómo recuperarla, decide quien prescribe;"
        " el primer día abierto después es el {other}",
        Why.ON_HOLD: "el plan está en pausa desde el {day}",
        Why.NOT_PASSED: "no superado: {what}",
        Why.TOO_EARLY: "el {day} es demasiado pronto: no debe darse antes del {other}",
        Why.TOO_LATE: "el {day} es demasiado tarde: su plazo termina el {other}",
        Why.CLOSED: "el {day} está cerrado; el primer día abierto desde entonces es el {other}",
        Why.EARLIER_THAN_WINDOW: "antes de su plazo, que empieza el {day}: necesita un motivo",
        Why.LATER_THAN_WINDOW: "después de su plazo, que termina el {day}: necesita un motivo",
        Why.ALLOWED: "el {day} está permitido",
        Why.WISHED: "prevista el {day}, un día de la semana deseado",
        Why.FIRST_DAY_HERE: "aquí no antes del {day}, el primer día de la orden",
    },
}


def spoken_thing(what: str, language: str = "en") -> str:
    """Return what a reason counts from, such as "dose 3" or "relapse order", in words."""
    if language == "es":
        number = what.removeprefix("dose ")
        return f"la dosis {number}" if number != what else SPANISH.get(what, what)
    return what
