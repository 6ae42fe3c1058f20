"""What must never happen, as the database refuses it: overlaps and changed records, on both engines."""

from sqlalchemy.exc import IntegrityError

from scheduler.domain.errors import (
    AlreadyBookedError,
    ChairTakenError,
    DomainError,
    InvalidError,
)

LIVE = "live AND parked IS NULL"

EXCLUSIONS = {
    "ex_appointment_chair": ("chair_key", "starts_at", "chair_free_at"),
    "ex_appointment_patient": ("patient_key", "starts_at", "ends_at"),
}
APPEND_ONLY = (
    "audit",
    "given_dose",
    "consent_event",
    "plan_event",
    "message_attempt",
    "contact_attempt",
)

# no visit, cleaning included, is longer: it bounds the overlap query from below, so that an index serves it
LONGEST_VISIT = "-24 hours"

REFUSALS: dict[str, DomainError] = {
    "ex_appointment_chair": ChairTakenError(
        "This chair was taken a moment ago. Choose another time."
    ),
    "ex_appointment_patient": AlreadyBookedError("The patient is already here at that time."),
    "uq_appointment_item_live_dose": AlreadyBookedError("This dose is booked already."),
    "appointment_item.dose_id": AlreadyBookedError("This dose is booked already."),
    "uq_staff_email_index": InvalidError(
        "Somebody signs in with this address already.", field="email"
    ),
    "staff.email_index": InvalidError(
        "Somebody signs in with this address already.", field="email"
    ),
    "uq_idempotency_key_key_organization_id": AlreadyBookedError(
        "This was sent twice; the first one counts."
    ),
    "idempotency_key.key, idempotency_key.organization_id": AlreadyBookedError(
        "This was sent twice; the first one counts."
    ),
    "uq_planned_dose_plan_id_ordinal": AlreadyBookedError(
        "The plan was changed a moment ago. Look again."
    ),
}


def refusal_of(error: IntegrityError) -> DomainError | None:
    """Return the domain's word for a constraint's refusal, or None if no constraint of ours explains it."""
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    said = name or str(error.orig)
    for known, refusal in REFUSALS.items():
        if known in said:
            return type(refusal)(str(refusal), field=refusal.field)
    return None


def rule_names(*, postgresql: bool) -> list[str]:
    """Return what the statements below make: constraints and triggers by name."""
    if postgresql:
        records = (
            f"append_only_{table}{what}" for table in APPEND_ONLY for what in ("", "_truncate")
        )
        return [*EXCLUSIONS, *records]
    overlaps = [f"{name}_{when}" for name in EXCLUSIONS for when in ("insert", "update")]
    return overlaps + [f"append_only_{t}_{w}" for t in APPEND_ONLY for w in ("update", "delete")]


def postgresql_statements() -> list[str]:
    """Return the statements that give PostgreSQL what the models cannot say."""
    exclusions = [
        f"ALTER TABLE appointment ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"(int8range({key}, {key}, '[]') WITH &&, tstzrange({start}, {end}, '[)') WITH &&) WHERE ({LIVE})"
        for name, (key, start, end) in EXCLUSIONS.items()
    ]
    function = (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    triggers = [
        f"CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ]
    return [*exclusions, function, *triggers, *truncate_statements()]


def truncate_statements() -> list[str]:
    """Return the triggers that refuse to empty a record at one stroke: PostgreSQL asks no row then."""
    return [
        f"CREATE TRIGGER append_only_{table}_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ]


def sqlite_statements() -> list[str]:
    """Return the triggers that do on SQLite what exclusion constraints do on PostgreSQL."""
    overlaps = [
        _overlap_trigger(name, when, *columns)
        for name, columns in EXCLUSIONS.items()
        for when in ("INSERT", "UPDATE")
    ]
    records = [
        f"CREATE TRIGGER append_only_{table}_{when.lower()} BEFORE {when} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        for table in APPEND_ONLY
        for when in ("UPDATE", "DELETE")
    ]
    return [*overlaps, *records]


def _overlap_trigger(name: str, when: str, key: str, start: str, end: str) -> str:
    return (  # names of ours alone
        f"CREATE TRIGGER {name}_{when.lower()} BEFORE {when} ON appointment "
        "WHEN NEW.live AND NEW.parked IS NULL AND EXISTS ("
        f"SELECT 1 FROM appointment AS other WHERE other.{key} = NEW.{key} AND other.id <> NEW.id "
        f"AND other.{start} < NEW.{end} AND other.{start} > strftime('%Y-%m-%d %H:%M:%S', NEW.{start}, '{LONGEST_VISIT}') "
        f"AND other.{end} > NEW.{start} AND other.live AND other.parked IS NULL) "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
    )
