"""The sentences of mails in English and Spanish; at the least privacy level they must pass as they are."""

from dataclasses import dataclass

from scheduler.domain.messages import MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """Everything a mail says in one language besides facts and guidance.

    ``subjects``, ``titles`` and ``openings`` are by kind; braces are filled with ``day``, ``when``, ``was``
    and ``count``.
    """

    language: str
    hello: str
    subjects: dict[MessageKind, str]
    titles: dict[MessageKind, str]
    openings: dict[MessageKind, str]
    when: str
    stay: str
    where: str
    ill: str
    ill_at_home: str
    see_visit: str
    birth_date: str
    ready: str
    plan_to_stay: str
    visits: str
    each_mail: str
    calendar_gone: str
    questions: str
    closed: str
    emergency: str
    stop: str
    about_minutes: str
    about_hour: str
    about_hours: str
    calendar_title: str
    plan_about: str


ENGLISH = MailWords(
    language="en",
    hello="Hello",
    subjects={
        MessageKind.CONFIRMATION: "Your visit on {day}",
        MessageKind.PREPARATION: "How to get ready for {day}",
        MessageKind.REMINDER: "Reminder: your visit on {day}",
        MessageKind.MOVED: "New time: your visit is now on {day}",
        MessageKind.CANCELLED: "Cancelled: your visit on {day}",
        MessageKind.SERIES_SUMMARY: "Your next {count} visits",
        MessageKind.COURSE: "Your visits from {day}",
    },
    titles={
        MessageKind.CONFIRMATION: "Your visit on {day}",
        MessageKind.PREPARATION: "Getting ready for {day}",
        MessageKind.REMINDER: "Your visit is on {day}",
        MessageKind.MOVED: "Your visit has a new time",
        MessageKind.CANCELLED: "Your visit is cancelled",
        MessageKind.SERIES_SUMMARY: "Your next visits",
        MessageKind.COURSE: "Your visits, day by day",
    },
    openings={
        MessageKind.CONFIRMATION: "You have a visit with us. Please tell us if you can come.",
        MessageKind.PREPARATION: "Your visit is in a few days. Here is how to get ready.",
        MessageKind.REMINDER: "We look forward to seeing you.",
        MessageKind.MOVED: "Your visit has moved. Before, it was on {was}. Please note the new time.",
        MessageKind.CANCELLED: (
            "This visit will not take place. You do not need to come."
            " We will call you, or call us, to find another day."
        ),
        MessageKind.SERIES_SUMMARY: "These are your next visits with us. Please note the dates.",
        MessageKind.COURSE: "Please come on each of these days. They belong together.",
    },
    when="When",
    stay="Plan to stay",
    where="Where",
    ill="If you have a fever or feel ill, call us before you come:",
    ill_at_home="If you have a fever or feel ill, call us:",
    see_visit="See your visit",
    birth_date=(
        "We ask for your birth date first. There you can confirm the visit, ask us to call you,"
        " and read more."
    ),
    ready="How to get ready",
    plan_to_stay="Plan to stay {stay}.",
    visits="Your visits",
    each_mail="We write to you again a few days before each visit.",
    calendar_gone="If you saved the visit in your calendar, please delete it there.",
    questions="Questions? {phone}.",
    closed="When we are closed: {phone}.",
    emergency="In an emergency call {phone}.",
    stop="Stop these mails",
    about_minutes="about {count} minutes",
    about_hour="about 1 hour",
    about_hours="about {count} hours",
    calendar_title="Visit, {center}",
    plan_about="Plan {stay}.",
)

SPANISH = MailWords(
    language="es",
    hello="Hola",
    subjects={
        MessageKind.CONFIRMATION: "Su visita del {day}",
        MessageKind.PREPARATION: "Cómo prepararse para el {day}",
        MessageKind.REMINDER: "Recordatorio: su visita del {day}",
        MessageKind.MOVED: "Nueva hora: su visita es ahora el {day}",
        MessageKind.CANCELLED: "Cancelada: su visita del {day}",
        MessageKind.SERIES_SUMMARY: "Sus próximas {count} visitas",
        MessageKind.COURSE: "Sus visitas desde el {day}",
    },
    titles={
        MessageKind.CONFIRMATION: "Su visita del {day}",
        MessageKind.PREPARATION: "Cómo prepararse para el {day}",
        MessageKind.REMINDER: "Su visita es el {day}",
        MessageKind.MOVED: "Su visita tiene una nueva hora",
        MessageKind.CANCELLED: "Su visita está cancelada",
        MessageKind.SERIES_SUMMARY: "Sus próximas visitas",
        MessageKind.COURSE: "Sus visitas, día por día",
    },
    openings={
        MessageKind.CONFIRMATION: "Tiene una visita con nosotros. Díganos, por favor, si puede venir.",
        MessageKind.PREPARATION: "Su visita es en unos días. Así puede prepararse.",
        MessageKind.REMINDER: "Le esperamos.",
        MessageKind.MOVED: "Su visita cambió. Antes era el {was}. Por favor, anote la nueva hora.",
        MessageKind.CANCELLED: (
            "Esta visita no tendrá lugar. No hace falta que venga."
            " Le llamaremos, o llámenos, para buscar otro día."
        ),
        MessageKind.SERIES_SUMMARY: "Estas son sus próximas visitas. Por favor, anote las fechas.",
        MessageKind.COURSE: "Por favor, venga cada uno de estos días. Van juntos.",
    },
    when="Cuándo",
    stay="Duración",
    where="Dónde",
    ill="Si tiene fiebre o se siente mal, llámenos antes de venir:",
    ill_at_home="Si tiene fiebre o se siente mal, llámenos:",
    see_visit="Ver su visita",
    birth_date=(
        "Primero le pedimos su fecha de nacimiento. Allí puede confirmar la visita, pedir que le"
        " llamemos y leer más."
    ),
    ready="Cómo prepararse",
    plan_to_stay="Cuente con estar {stay}.",
    visits="Sus visitas",
    each_mail="Le escribiremos otra vez unos días antes de cada visita.",
    calendar_gone="Si guardó la visita en su calendario, bórrela allí, por favor.",
    questions="¿Preguntas? {phone}.",
    closed="Cuando está cerrado: {phone}.",
    emergency="En una emergencia llame al {phone}.",
    stop="No recibir más correos",
    about_minutes="unos {count} minutos",
    about_hour="1 hora más o menos",
    about_hours="unas {count} horas",
    calendar_title="Visita, {center}",
    plan_about="Cuente con {stay}.",
)

WORDS = {"en": ENGLISH, "es": SPANISH}


def words_of(language: str) -> MailWords:
    """Return the words of a language; English when we do not have it."""
    return WORDS.get(language, ENGLISH)
