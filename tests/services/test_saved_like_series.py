"""Whatever is known of a plan, its saved doses are those that ``scheduler series`` prints for the same facts."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.domain.plan_life import PlanChangeKind
from scheduler.domain.plans import DoseState, GivenOutcome, OrderKind, RequirementStatus
from scheduler.persistence import plans as stored
from scheduler.persistence.database import Database
from scheduler.services.dose_fates import Fate
from scheduler.services.extending import RecordElsewhere, record_elsewhere
from scheduler.services.measures import MeasureKind
from scheduler.services.orders import EarlierDose
from scheduler.services.plan_changes import PlanChange, change_plan
from scheduler.services.plans import resolve_plan
from scheduler.services.requirements import RecordRequirement, record_requirement
from scheduler.services.weight_bands import accept_schedule
from tests.factories.people import NOW
from tests.factories.plan_scene import at
from tests.factories.series_place import ALL_HANDS, FIRST, Place, make_series_place
from tests.schedules.commanding import told


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    """Return a center without closures, and a patient of whom nothing is known."""
    return make_series_place(database, tmp_path)


def test_an_untouched_plan(place: Place) -> None:
    place.is_like_series(place.plan("ocrelizumab-iv"))


def test_late_and_partial_doses_and_one_not_given(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)
    place.give(plan_id, 2, date(2026, 5, 11))
    part = {"outcome": GivenOutcome.PART, "amount": Decimal(100), "reason": "Stopped."}
    place.give(plan_id, 3, date(2026, 6, 8), **part)
    nothing = {"outcome": GivenOutcome.NONE, "reason": "No vein."}
    place.give(plan_id, 4, date(2026, 7, 6), **nothing)

    given = ["1=2026-03-23", "2=2026-05-11", "3=2026-06-08:100", "4=2026-07-06:none"]
    place.is_like_series(plan_id, *(word for each in given for word in ("--given", each)))


@pytest.mark.family
@pytest.mark.parametrize(
    ("regimen", "ordinal", "marked_on"),
    [
        ("natalizumab-iv", 2, date(2026, 4, 21)),  # as soon as possible
        ("lecanemab-iv", 2, date(2026, 4, 7)),
        ("efgartigimod-iv", 2, date(2026, 3, 31)),  # given until three days later
        ("alemtuzumab-iv", 3, date(2026, 3, 26)),  # a person decides
    ],
)
def test_a_missed_dose_follows_the_rule_of_its_phase(
    place: Place, regimen: str, ordinal: int, marked_on: date
) -> None:
    place.measure(MeasureKind.WEIGHT, 70, NOW.date())
    plan_id = place.plan(regimen)
    for earlier in range(1, ordinal):
        place.give(plan_id, earlier, place.dose(plan_id, earlier).planned_on)
    given = [f"{n}={place.dose(plan_id, n).planned_on}" for n in range(1, ordinal)]

    place.settle(plan_id, ordinal, Fate.MISSED, marked_on)

    facts = [word for each in given for word in ("--given", each)]
    place.is_like_series(plan_id, *facts, "--missed", str(ordinal), "--weight", "70")


def test_a_missed_dose_past_its_last_day_is_left_out_and_due_again_after_all(place: Place) -> None:
    place.measure(MeasureKind.WEIGHT, 70, NOW.date())
    plan_id = place.plan("efgartigimod-iv")
    place.give(plan_id, 1, FIRST)

    place.settle(plan_id, 2, Fate.MISSED, date(2026, 4, 6))

    facts = ("--given", "1=2026-03-23", "--weight", "70")
    assert place.dose(plan_id, 2).state is DoseState.SKIPPED
    place.is_like_series(plan_id, *facts, "--leave-out", "2")
    place.settle(plan_id, 2, Fate.DUE_AGAIN, date(2026, 4, 6))
    place.is_like_series(plan_id, *facts)


def test_a_dose_that_a_person_left_out(place: Place) -> None:
    plan_id = place.plan("ocrelizumab-iv")
    place.give(plan_id, 1, FIRST)

    place.settle(plan_id, 2, Fate.LEFT_OUT, FIRST)

    place.is_like_series(plan_id, "--given", "1=2026-03-23", "--leave-out", "2")


def test_a_hold_and_its_end(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)
    day = date(2026, 4, 2)
    hold = PlanChange(
        plan_id=plan_id,
        kind=PlanChangeKind.HOLD,
        reason="Infection.",
        review_on=day + timedelta(days=60),
    )
    change_plan(place.uow, hold, now=at(day), actor=ALL_HANDS)
    place.is_like_series(plan_id, "--given", "1=2026-03-23", "--held", "2026-04-02")

    resume = PlanChange(plan_id=plan_id, kind=PlanChangeKind.RESUME)
    change_plan(place.uow, resume, now=at(day + timedelta(days=30)), actor=ALL_HANDS)

    place.is_like_series(plan_id, "--given", "1=2026-03-23")


def test_a_check_that_was_not_passed_until_it_is(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    said = {"plan_id": plan_id, "code": "mri-baseline", "result_on": date(2026, 3, 10)}
    failed = RecordRequirement(**said, status=RequirementStatus.FAILED, note="New lesions.")  # type: ignore[arg-type]
    record_requirement(place.uow, failed, now=NOW, actor=ALL_HANDS)
    place.is_like_series(plan_id, "--failed", "mri-baseline")
    assert place.dose(plan_id, 1).status == "hold"

    passed = RecordRequirement(**said, status=RequirementStatus.MET)  # type: ignore[arg-type]
    record_requirement(place.uow, passed, now=NOW, actor=ALL_HANDS)

    place.is_like_series(plan_id)


def test_the_end_of_treatment(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)
    stop = PlanChange(plan_id=plan_id, kind=PlanChangeKind.STOP, reason="Moved away.")

    change_plan(place.uow, stop, now=at(date(2026, 5, 1)), actor=ALL_HANDS)

    facts = ("--given", "1=2026-03-23", "--ended", "2026-05-01")
    asked = ("--regimen", "natalizumab-iv", "--region", "US", "--start", "2026-03-23")
    ordinals = [dose["ordinal"] for dose in told(*asked, *facts)["doses"]]
    with place.uow:
        plan = stored.plan(place.uow, plan_id)
        assert [dose.ordinal for dose in resolve_plan(place.uow, plan).doses] == ordinals


def test_a_weight_in_another_band_until_a_pharmacist_accepts_its_schedule(place: Place) -> None:
    place.measure(MeasureKind.WEIGHT, 19, NOW.date())
    plan_id = place.plan("ravulizumab-iv")
    place.is_like_series(plan_id, "--weight", "19")

    place.measure(MeasureKind.WEIGHT, 21, date(2026, 3, 24))
    place.is_like_series(plan_id, "--weight", "21", "--weight-before", "19")
    assert place.dose(plan_id, 3).status == "review"
    accept_schedule(place.uow, plan_id, reason="Grows.", now=at(date(2026, 3, 25)), actor=ALL_HANDS)

    place.is_like_series(plan_id, "--weight", "21", "--weight-before", "21")


def test_a_dose_of_the_plan_that_another_place_gave(place: Place) -> None:
    plan_id = place.plan("ocrelizumab-iv")
    place.give(plan_id, 1, FIRST)
    elsewhere = RecordElsewhere(
        plan_id=plan_id, dose_id=place.dose(plan_id, 2).id, day=date(2026, 4, 10), place="City"
    )

    record_elsewhere(place.uow, elsewhere, now=at(date(2026, 4, 12)), actor=ALL_HANDS)

    place.is_like_series(plan_id, "--given", "1=2026-03-23", "--given", "2=2026-04-10")


def test_earlier_doses_of_a_patient_who_starts_anew(place: Place) -> None:
    earlier = (EarlierDose(day=date(2025, 12, 1), amount=Decimal(600)),)

    plan_id = place.plan("ocrelizumab-iv", earlier=earlier)

    place.is_like_series(plan_id, "--earlier", "ocrelizumab=2025-12-01:600")


def test_earlier_doses_of_a_patient_on_treatment(place: Place) -> None:
    earlier = (EarlierDose(day=date(2026, 3, 16)),)

    plan_id = place.plan("natalizumab-iv", earlier=earlier, kind=OrderKind.CONTINUING)

    place.is_like_series(plan_id, "--earlier", "natalizumab=2026-03-16", start=False)


def test_earlier_exposure_counts_as_opening_balance(place: Place) -> None:
    place.measure(MeasureKind.WEIGHT, 80, NOW.date())
    place.measure(MeasureKind.HEIGHT, 180, NOW.date())

    plan_id = place.plan(
        "mitoxantrone-iv",
        prior_amount=Decimal(90),
        earlier=(EarlierDose(day=date(2025, 11, 3), amount=Decimal(48)),),
    )

    body = ("--weight", "80", "--height", "180")
    facts = ("--prior", "90", "--earlier", "mitoxantrone=2025-11-03:48")
    place.is_like_series(plan_id, *body, *facts)
    assert place.dose(plan_id, 3).status == "block"


def test_a_relapse_that_days_and_windows_count_from(place: Place) -> None:
    plan_id = place.plan("methylprednisolone-ms-relapse")
    now = date(2026, 3, 20)

    place.happened(plan_id, "relapse-onset", date(2026, 3, 16), now=now)
    place.happened(plan_id, "relapse-order", now, now=now)

    facts = ("--event", "relapse-onset=2026-03-16", "--event", "relapse-order=2026-03-20")
    place.is_like_series(plan_id, *facts)


def test_a_vaccine_soon_before_the_first_dose(place: Place) -> None:
    plan_id = place.plan("ocrelizumab-iv")

    place.happened(plan_id, "vaccine-live", date(2026, 3, 10), now=NOW.date())

    place.is_like_series(plan_id, "--event", "vaccine-live=2026-03-10")
    assert place.dose(plan_id, 1).status == "review"


def test_doses_given_out_of_their_order(place: Place) -> None:
    plan_id = place.plan("natalizumab-iv")
    place.give(plan_id, 1, FIRST)
    place.give(plan_id, 3, date(2026, 4, 27))
    place.give(plan_id, 2, date(2026, 5, 18))

    given = [row for row in place.rows(plan_id) if row.ordinal > 3]
    assert (
        given[0].told["days"][4] == "2026-06-08"
    )  # 21 days after the last one given, whatever its number


def test_a_dose_elsewhere_never_shifts_the_ordinals_of_a_patient_on_treatment(place: Place) -> None:
    earlier = (EarlierDose(day=date(2026, 3, 2)),)
    plan_id = place.plan("natalizumab-iv", earlier=earlier, kind=OrderKind.CONTINUING)
    before = [(row.ordinal, row.told["days"][0]) for row in place.rows(plan_id)]

    place.plan("natalizumab-iv", earlier=(EarlierDose(day=date(2026, 3, 9)),), second_plan=True)
    with place.uow:
        series = resolve_plan(place.uow, stored.plan(place.uow, plan_id))

    after = {dose.ordinal: dose.due for dose in series.doses}
    assert [number for number, _ in before] == list(after)[: len(before)]
