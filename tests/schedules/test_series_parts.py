"""``scheduler series``: one part alone, the trace of every date, and a center's own calendar."""

from pathlib import Path

from tests.schedules.commanding import OCRELIZUMAB, days, run, told


def test_limits_count_what_was_given_and_the_opening_balance() -> None:
    mitoxantrone = (
        "--regimen",
        "mitoxantrone-iv",
        "--region",
        "US",
        "--start",
        "2026-01-30",
        "--count",
        "5",
    )

    answer = told(*mitoxantrone, "--prior", "100")
    limits = told(*mitoxantrone, "--prior", "100", "--only", "limits")["limits"]

    assert [dose["status"] for dose in answer["doses"]] == ["ok", "ok", "ok", "block", "block"]
    assert (limits[0]["allowed"], limits[0]["last_due"], limits[0]["first_over"]) == (
        3,
        "2026-07-30",
        4,
    )


IRON = ("--regimen", "iron-sucrose-iv", "--region", "US", "--override", "amount=200")


def test_limits_count_what_was_given_elsewhere_in_the_same_course() -> None:
    earlier = (
        "--earlier",
        "iron sucrose=2026-01-05:300",
        "--earlier",
        "iron sucrose=2026-01-08:300",
    )
    doses = told(*IRON, *earlier)["doses"]
    limits = told(*IRON, *earlier, "--only", "limits")["limits"]

    assert [dose["status"] for dose in doses] == ["ok", "ok", "block"]
    assert (limits[0]["allowed"], limits[0]["first_over"]) == (2, doses[2]["ordinal"])


RAVULIZUMAB = ("--regimen", "ravulizumab-iv", "--region", "US", "--weight", "70")


def test_one_known_dose_says_how_to_ask_where_loading_is_not_over() -> None:
    """After the loading dose the next is due in two weeks; after any other one in eight."""
    asked = (*RAVULIZUMAB, "--earlier", "ravulizumab=2026-01-05", "--count", "1")
    again = (*RAVULIZUMAB, "--start", "2026-01-05", "--given", "1=2026-01-05", "--count", "2")

    assert told(*asked)["hint"] == (
        "Earlier doses known: 1; the regimen begins with 1 loading dose. If loading is not over, ask with --start, the day"
        " of its first dose, and --given for each dose that was given."
    )
    assert run(*asked).output.strip().endswith("for each dose that was given.")
    assert days(told(*asked), "due") == ["2026-03-02"]
    assert days(told(*again), "due")[1] == "2026-01-19"
    assert "hint" not in told(*again)


LECANEMAB = ("--regimen", "lecanemab-iv", "--region", "US", "--start", "2026-01-05", "--count", "7")
NATALIZUMAB = ("--regimen", "natalizumab-iv", "--region", "US", "--start", "2026-01-05")


def test_requirements_alone_have_dates_of_their_own() -> None:
    needs = told(*LECANEMAB, "--only", "requirements")["requirements"]

    mri = [row for row in needs if row["id"] == "mri-aria"]
    assert [(row["ordinal"], row["earliest"], row["latest"]) for row in mri] == [
        (3, "2026-01-19", "2026-02-02"),
        (5, "2026-02-16", "2026-03-02"),
        (7, "2026-03-16", "2026-03-30"),
    ]


def test_checks_minutes_and_doses_alone() -> None:
    checks = told(*NATALIZUMAB, "--count", "4", "--only", "monitors")["monitors"]
    minutes = told(*NATALIZUMAB, "--only", "minutes")["minutes"]
    doses = told(*NATALIZUMAB, "--only", "doses")

    assert checks[0]["days"] == ["2026-04-05", "2026-07-05"]
    assert (minutes[0]["patient"], minutes[0]["chair"]) == (150, 165)
    assert list(doses) == ["regimen", "version", "doses"]


def test_explain_prints_rule_source_and_arithmetic_of_every_date() -> None:
    shown = run(*OCRELIZUMAB, "--count", "3", "--calendar", "us", "--explain").output
    steps = {step["what"]: step for step in told(*OCRELIZUMAB, "--explain")["doses"][2]["trace"]}

    assert "2026-01-05 (dose 1) + 6 months = 2026-07-05" in shown
    assert steps["Not before"] == {
        "what": "Not before",
        "result": "2026-06-19",
        "arithmetic": "2026-01-19 (dose 2) + 5 months = 2026-06-19",
        "rule": "5 months after the last given dose",
        "basis": "label",
        "source": "S01 https://ocrevus-hcp.com/dosing/administration.html",
    }
    assert steps["Window"]["basis"] == "policy"


def test_a_calendar_file_names_closed_days_spans_and_open_weekdays(tmp_path: Path) -> None:
    file = tmp_path / "days.txt"
    file.write_text(
        "open mon tue thu\n2026-01-05..2026-01-06 # moved\n2026-01-19\n", encoding="utf-8"
    )

    answer = told(*OCRELIZUMAB, "--count", "2", "--calendar", str(file))

    assert days(answer) == ["2026-01-08", "2026-01-20"]
