"""What the fields and tables of a regimen form are called, and what belongs into them."""

from collections.abc import Mapping

# by key, or by table and key where one key means two things
LABELS: Mapping[str, str] = {
    "id": "Short name",
    "title_es": "Title in Spanish",
    "label_date": "Label seen",
    "watched_again_after": "Watched again after a gap of",
    "iv_start": "IV start",
    "vials": "Vial sizes",
    "rems_program": "REMS program",
    "rems_enrols": "Who enrolls",
    "anchor": "Counted from",
    "trigger": "Begins",
    "first": "First dose after",
    "every": "Interval",
    "until": "Ends after",
    "count": "Number of doses",
    "offsets": "Single days",
    "tasks": "Tasks of negative days",
    "reanchor": "A late or early dose",
    "shift": "On a closed day",
    "site": "Where",
    "review_gap": "For review after a gap of",
    "one_dose": "Its infusions are one dose",
    "amount.value": "Amount",
    "maximum": "At most",
    "split": "Shared out over the days of a run",
    "min_gap.value": "Not before",
    "min_gap.from": "Counted from",
    "monitor.from": "Counted from",
    "readings.from": "Counted from",
    "readings.value": "Not before",
    "event": "Counted from an event",
    "ordinals": "Of doses",
    "early": "Earlier",
    "late": "Later",
    "days_min": "At least",
    "days_max": "At most",
    "closed_inside": "Closed days inside",
    "max_gap_days": "Days apart at most",
    "within_days": "Within days",
    "gap_days": "Days apart at least",
    "kg_from": "From kg",
    "kg_above": "Above kg",
    "kg_below": "Below kg",
    "kg_to": "Up to kg",
    "every_from": "Shortest interval",
    "every_to": "Longest interval",
    "amount_from": "Smallest amount",
    "amount_to": "Largest amount",
    "missed.until": "Given until",
    "when": "For which doses",
    "requires": "When the order says",
    "what_es": "What, in Spanish",
    "before": "Before which doses",
    "numbers": "Doses",
    "from_dose": "From dose",
    "max_age": "At most so old",
    "max_age_hours": "At most so many hours old",
    "valid_for": "Holds for",
    "between": "After the dose before",
    "may_be_not_needed": "May be not needed",
    "at_chair": "At the chair",
    "at": "First after",
    "on_exceed": "Then",
    "monitor.every": "Then every",
    "monitor.until": "Until",
    "lead": "At least so long before the first dose",
}

HINTS: Mapping[str, str] = {
    "id": "small letters, digits, hyphens",
    "regions": "US, EU, UK",
    "watched_again_after": "such as P6M",
    "anchor": "start, a dose such as induction.1, induction.last, prev_course.last, event:name",
    "every": "such as P4W",
    "offsets": "such as P0D, P14D",
    "min_gap.from": "prev_infusion, course_first, course_last, or a dose",
    "readings.from": "a dose, prev_infusion, or none",
    "visit.when": "1, 2..5, 3.., course.day 1..3, or a phase",
    "premedication.when": "doses or course days: 1..3 or 1..",
    "monitor.until": "open, last_dose, or last_dose+P48M",
    "rems_enrols": "patient, prescriber, site",
    "early": "such as P3D",
    "late": "such as P7D",
}

TABLES: Mapping[str, tuple[str, str]] = {
    "overhead": ("Around every visit, in minutes", "Minutes around every visit"),
    "product": ("Products", "Product"),
    "phase": ("Phases", "Phase"),
    "visit": ("Visits, in minutes", "Visit"),
    "premedication": ("Premedication", "Premedication"),
    "requirement": ("Requirements", "Requirement"),
    "limit": ("Limits", "Limit"),
    "monitor": ("Checks that go on", "Check"),
    "vaccine": ("Vaccines", "Vaccine"),
    "source": ("Which source each number comes from", "Number and source"),
    "sources": ("Sources", "Source"),
    "select": ("For whom", "For whom"),
    "amount": ("Amount of every dose", "Amount"),
    "amounts": ("Amounts of single doses, the last goes on", "Amount of a dose"),
    "tiers": ("Weight bands", "Weight band"),
    "by_indication": ("Other amounts by indication", "Indication"),
    "window": ("Window", "Window"),
    "windows": ("Windows of single doses", "Window of single doses"),
    "min_gap": ("Minimum gap", "Minimum gap"),
    "choice": ("Two readings", "Choice between readings"),
    "readings": ("Readings", "Reading"),
    "run": ("Days in a row", "Run of days"),
    "spread": ("Doses within a span", "Spread"),
    "missed": ("A missed dose", "Rule for a missed dose"),
    "order_range": ("What an order may name", "Range for orders"),
    "alternative": ("Shorter visits", "Shorter visit"),
    "not_within": ("Not soon after an event", "Event"),
}

KEY_AND_VALUE: Mapping[str, tuple[str, str]] = {
    "source": ("Number", "Source, or M from memory"),
    "sources": ("Short name", "Where it is written"),
    "by_indication": ("Indication", "Amount"),
    "not_within": ("Event", "So long after it"),
}

HIDDEN = frozenset({"version", "status"})


def label_of(table: str, key: str) -> str:
    """Return what a field is called."""
    plain = key.replace("_", " ").capitalize()
    return LABELS.get(f"{table}.{key}") or LABELS.get(key, plain)


def hint_of(table: str, key: str) -> str:
    """Return what belongs into a field; empty where its name says it."""
    return HINTS.get(f"{table}.{key}") or (HINTS.get(key, "") if key != "when" else "")
