"""``scheduler series``: a series on the command line, for every option, and each wrong value refused in a sentence."""

import pytest

from tests.schedules.commanding import OCRELIZUMAB, days, told

THIRD = {
    "ordinal": 3,
    "phase": "maintenance",
    "due": "2026-07-05",
    "planned": "2026-07-06",
    "earliest": "2026-06-21",
    "latest": "2026-08-02",
    "not_before": "2026-06-19",
    "amount": 600,
    "unit": "mg",
    "minutes": {
        "intake": 15,
        "iv_start": 10,
        "premedication": 30,
        "infusion": 210,
        "observation": 60,
        "discharge": 5,
        "turnover": 15,
    },
    "status": "ok",
    "reasons": [
        "Due 6 months after dose 1 (Mon, Jan 5, 2026).",
        "Moved from Sun, Jul 5, 2026 to Mon, Jul 6, 2026: closed.",
        "Not before Fri, Jun 19, 2026: 5 months after dose 2.",
    ],
}


def test_ocrelizumab_on_the_federal_calendar() -> None:
    answer = told(*OCRELIZUMAB, "--count", "5", "--calendar", "us")

    assert days(answer, "due") == [
        "2026-01-05",
        "2026-01-19",
        "2026-07-05",
        "2027-01-05",
        "2027-07-05",
    ]
    assert days(answer) == ["2026-01-05", "2026-01-20", "2026-07-06", "2027-01-05", "2027-07-06"]


def test_the_json_has_the_same_keys_for_every_dose() -> None:
    answer = told(*OCRELIZUMAB, "--count", "3", "--calendar", "us")

    assert list(answer) == ["regimen", "version", "doses", "request"]
    assert (answer["regimen"], answer["version"], answer["request"]) == ("ocrelizumab-iv", 2, None)
    assert answer["doses"][2] == THIRD


def test_reasons_are_sentences_in_spanish_too() -> None:
    answer = told(*OCRELIZUMAB, "--count", "3", "--calendar", "us", "--language", "es")

    assert answer["doses"][1]["reasons"][0] == (
        "Toca 2 semanas después de el primer día de la orden (lun 5 ene 2026)."
    )


def test_given_and_partial_doses_change_what_follows() -> None:
    late = told(*OCRELIZUMAB, "--count", "4", "--given", "1=2026-01-05", "--given", "2=2026-01-20",
                "--given", "3=2026-07-27")  # fmt: skip
    part = told(*OCRELIZUMAB, "--given", "1=2026-01-05:part")
    less = told(*OCRELIZUMAB, "--given", "1=2026-01-05:150")
    full = told(*OCRELIZUMAB, "--given", "1=2026-01-05:300")
    none = told(*OCRELIZUMAB, "--given", "1=2026-01-05:none")

    assert days(late)[3] == "2027-01-27"
    assert [a["doses"][1]["status"] for a in (part, less, full, none)] == [
        "review",
        "review",
        "ok",
        "ok",
    ]


def test_a_missed_dose_is_late_and_named_by_ordinal_or_day() -> None:
    by_ordinal = told(*OCRELIZUMAB, "--missed", "3", "--calendar", "us", "--count", "4")
    by_day = told(*OCRELIZUMAB, "--missed", "2026-07-06", "--calendar", "us", "--count", "4")

    assert by_ordinal == by_day
    third = by_ordinal["doses"][2]
    assert (third["status"], third["due"], third["planned"]) == ("late", "2026-07-05", "2026-07-07")
    assert "as soon as possible" in third["reasons"][-1]


def test_a_missed_day_of_a_course_is_for_the_prescriber() -> None:
    answer = told("--regimen", "alemtuzumab-iv", "--region", "US", "--start", "2026-03-02", "--calendar", "us",
                  "--count", "5", "--missed", "3")  # fmt: skip

    third = answer["doses"][2]
    assert (third["status"], third["planned"]) == ("manual", None)
    assert "Mon, Mar 9, 2026" in third["reasons"][-1]


def test_a_dose_missed_beyond_its_days_falls_out_and_the_others_keep_ordinal_and_day() -> None:
    command = ("--regimen", "efgartigimod-iv", "--region", "US", "--weight", "70", "--calendar", "us",
               "--missed", "2", "--start")  # fmt: skip

    late, lost = told(*command, "2026-03-02"), told(*command, "2026-05-15")

    assert [(d["ordinal"], d["planned"], d["status"]) for d in late["doses"]] == [
        (1, "2026-03-02", "ok"),
        (2, "2026-03-10", "late"),
        (3, "2026-03-16", "ok"),
        (4, "2026-03-23", "ok"),
    ]
    assert "may be given until Thu, Mar 12, 2026" in late["doses"][1]["reasons"][-1]
    assert [(d["ordinal"], d["planned"]) for d in lost["doses"]] == [
        (1, "2026-05-15"),
        (3, "2026-05-29"),
        (4, "2026-06-05"),
    ]


def test_earlier_doses_of_the_drug_need_no_loading_again_and_hold_the_next_back() -> None:
    answer = told("--regimen", "ocrelizumab-sc", "--region", "US", "--earlier",
                  "ocrelizumab-iv=2026-02-10")  # fmt: skip
    by_drug = told(
        "--regimen", "ocrelizumab-sc", "--region", "US", "--earlier", "ocrelizumab=2026-02-10"
    )

    assert days(answer)[0] == "2026-08-10"
    assert answer["doses"][0]["not_before"] == "2026-07-10"
    assert answer == by_drug


def test_another_drug_is_followed_on_the_day_its_next_dose_would_have_been_due() -> None:
    answer = told("--regimen", "ravulizumab-iv", "--region", "US", "--weight", "70", "--count", "3",
                  "--earlier", "eculizumab-iv=2026-03-02")  # fmt: skip

    assert days(answer) == ["2026-03-16", "2026-03-30", "2026-05-25"]


def test_loading_doses_after_earlier_ones_are_for_review() -> None:
    answer = told(*OCRELIZUMAB, "--earlier", "ocrelizumab=2024-02-10")

    assert answer["doses"][0]["status"] == "review"


def test_events_phases_choices_shifts_and_overrides_reach_the_engine() -> None:
    relapse = told("--regimen", "methylprednisolone-ms-relapse", "--region", "US", "--count", "5", "--event",
                   "relapse-order=2026-01-08", "--event", "relapse-onset=2026-01-03", "--override", "run=5")  # fmt: skip
    extended = told("--regimen", "natalizumab-iv", "--region", "US", "--phase", "extended", "--earlier",
                    "natalizumab=2026-12-07")  # fmt: skip
    chosen = told("--regimen", "ublituximab-iv", "--region", "EU", "--start", "2026-03-02", "--given",
                  "1=2026-03-02", "--given", "2=2026-03-23", "--choose", "gap_from=prev_infusion")  # fmt: skip
    shifted = told(*OCRELIZUMAB, "--calendar", "us", "--shift", "following")
    sooner = told("--regimen", "infliximab-iv", "--region", "US", "--start", "2026-01-06", "--weight", "80",
                  "--override", "every=P6W", "--override", "amount=10", "--count", "5")  # fmt: skip
    faster = told(*OCRELIZUMAB, "--override", "rate=no_prior_serious_infusion_reaction")

    assert len(relapse["doses"]) == 5
    assert relapse["doses"][0]["latest"] == "2026-01-18"
    assert days(extended)[0] == "2027-01-18"
    assert days(chosen)[2] == "2026-08-23"
    assert days(shifted)[1] == "2026-01-20"
    assert days(sooner)[3:] == ["2026-03-31", "2026-05-12"]
    assert sooner["doses"][0]["amount"] == 800
    assert faster["doses"][2]["minutes"]["infusion"] == 120


@pytest.mark.parametrize(
    ("wish", "status", "says"),
    [
        ("2026-12-01", "reject", "too early: it must not be given before Sun, Dec 6, 2026"),
        ("2026-12-06", "reject", "the first open day from then on is Mon, Dec 7, 2026"),
        ("2026-12-07", "ok", "earlier than its window, which begins on Wed, Dec 23, 2026"),
        ("2027-01-06", "ok", "Wed, Jan 6, 2027 is allowed."),
    ],
)
def test_a_wished_day_is_allowed_or_refused_with_the_reason(
    wish: str, status: str, says: str
) -> None:
    given = [
        f"--given={n}={day}" for n, day in ((1, "2026-01-05"), (2, "2026-01-20"), (3, "2026-07-06"))
    ]

    answer = told(*OCRELIZUMAB, *given, "--calendar", "us", "--request", wish)["request"]

    assert answer["status"] == status
    assert says in answer["reason"]


def test_a_labels_window_refuses_a_wish() -> None:
    answer = told("--regimen", "eculizumab-iv", "--region", "US", "--start", "2026-01-06", "--given",
                  "1=2026-01-06", "--request", "2026-01-16")  # fmt: skip

    assert answer["request"]["status"] == "reject"
    assert "too late" in answer["request"]["reason"]
