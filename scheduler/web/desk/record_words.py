"""What the audit notes about a patient, as it is read on the patient's page."""

from scheduler.services.page_lines import RecordLine

RECORDED = {
    "recorded requirement": "recorded a requirement",
    "recorded authorization": "recorded a prior authorization",
    "recorded authorization use": "gave back to a prior authorization",
    "recorded REMS": "recorded a REMS enrolment",
    "recorded supply": "recorded drug for a dose",
    "recorded clinical event": "recorded a clinical event",
    "recorded clinical event in error": "took out a clinical event",
}


def record_words(line: RecordLine) -> str:
    """Return "recorded a requirement"; "viewed patient" where the action does not name its own object."""
    plain = f"{line.action} {line.entity}".replace("_", " ")
    return RECORDED.get(line.action, plain)
