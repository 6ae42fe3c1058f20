"""The board draws what the facts say: places, names, states, turnover, curves, counts, lists."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.appointments import AppointmentStatus, DayStep
from scheduler.web.desk.board_blocks import short_name
from scheduler.web.desk.board_facts import CurveFact, MissingFact
from scheduler.web.desk.board_grid import make_grid
from scheduler.web.desk.board_view import BoardView, Choice, build
from scheduler.web.desk.panel_view import PanelFacts, build_panel
from scheduler.web.desk.states import StatusFacts, VisitState, visit_state
from tests.factories.board import DAY, at, make_chairs, make_day_facts, make_visit
from tests.web.bare_pages import FakeLinks, render


def board(**changes: object) -> BoardView:
    return build(make_day_facts(**changes), Choice())  # type: ignore[arg-type]


def page(view: BoardView) -> str:
    return render("desk/day.html", board=view, panel=None, links=FakeLinks())


def test_a_visit_stands_at_its_quarter_hours() -> None:
    view = board(visits=(make_visit(starts="9:00", ends="11:00"),))

    place = view.blocks[0].place

    assert (place.column, place.width) == (6, 8)


def test_minutes_inside_a_quarter_hour_take_the_whole_of_it() -> None:
    view = board(visits=(make_visit(starts="9:10", ends="10:05"),))

    place = view.blocks[0].place

    assert (place.column, place.width) == (6, 5)


def test_a_visit_before_opening_widens_the_grid() -> None:
    view = board(visits=(make_visit(starts="6:45", ends="8:00"),))

    assert view.grid.clock(0) == "6:45"
    assert view.blocks[0].place.column == 0


@given(first=st.integers(0, 90), length=st.integers(1, 96))
def test_every_visit_of_the_day_has_room_on_the_grid(first: int, length: int) -> None:
    begins = at("0:00") + timedelta(minutes=15 * first)
    ends = min(begins + timedelta(minutes=15 * length), at("23:59"))

    grid = make_grid(DAY, [(begins, ends)])
    place = grid.place(begins, ends)

    assert place is not None
    assert 0 <= place.column < place.end <= grid.slots <= 96


def test_an_hour_is_written_where_it_begins() -> None:
    hours = board().hours

    assert [(hour.column, hour.words) for hour in hours[:2]] == [(2, "8:00"), (6, "9:00")]


def test_the_now_line_knows_thirds_of_a_slot() -> None:
    now = board(now=at("10:40")).now

    assert now is not None
    assert (now.column, now.third, now.words) == (12, 2, "10:40")


def test_another_day_has_no_now_line() -> None:
    assert board(now=at("10:40") + timedelta(days=1)).now is None


@pytest.mark.parametrize(
    ("name", "width", "flags", "shown"),
    [
        ("Walt Henriksen", 4, 0, "Walt H."),
        ("Emil Castrowyn", 5, 0, "Emil Castrowyn"),
        ("Emil Castrowyn", 5, 1, "Emil C."),
        ("Beatriz Thornquist", 6, 0, "Beatriz T."),
        ("Beatriz Thornquist", 7, 0, "Beatriz Thornquist"),
        ("Beatriz Thornquist", 7, 1, "Beatriz T."),
        ("Cher", 1, 2, "Cher"),
    ],
)
def test_a_name_is_written_out_where_it_fits_beside_its_icons(
    name: str, width: int, flags: int, shown: str
) -> None:
    assert short_name(name, width, flags) == shown


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (StatusFacts(status=AppointmentStatus.PENDING), VisitState.TENTATIVE),
        (StatusFacts(status=AppointmentStatus.BOOKED), VisitState.BOOKED),
        (StatusFacts(status=AppointmentStatus.BOOKED, confirmed=True), VisitState.CONFIRMED),
        (
            StatusFacts(status=AppointmentStatus.ARRIVED, step=DayStep.INFUSING),
            VisitState.INFUSING,
        ),
        (StatusFacts(status=AppointmentStatus.FULFILLED), VisitState.DONE),
        (
            StatusFacts(status=AppointmentStatus.FULFILLED, not_treated=True),
            VisitState.NOT_TREATED,
        ),
        (StatusFacts(status=AppointmentStatus.NO_SHOW), VisitState.NO_SHOW),
    ],
)
def test_status_and_last_step_make_the_state(facts: StatusFacts, state: VisitState) -> None:
    assert visit_state(facts) is state


def test_turnover_follows_the_visit_and_stops_at_the_next() -> None:
    first = make_visit(starts="9:00", ends="10:00", turnover=30)
    following = make_visit("Bo Lind", "10:15", "11:00", number=2)

    view = board(visits=(first, following))

    turnover = view.blocks[0].turnover
    assert turnover is not None
    assert (turnover.column, turnover.width) == (10, 1)


def test_a_no_show_leaves_nothing_to_clean() -> None:
    view = board(visits=(make_visit(status=AppointmentStatus.NO_SHOW),))

    assert view.blocks[0].turnover is None


def test_a_visit_over_its_time_grows_to_now_and_says_so() -> None:
    visit = make_visit(
        starts="9:00", ends="10:00", status=AppointmentStatus.ARRIVED, step=DayStep.OBSERVATION
    )

    block = board(visits=(visit,), now=at("10:25")).blocks[0]

    assert block.over == "25 min over"
    assert block.place.width == 6


def test_who_has_not_come_ten_minutes_after_the_start_is_late() -> None:
    visit = make_visit(starts="9:00", ends="10:00")

    assert board(visits=(visit,), now=at("9:12")).blocks[0].late == "12 min late"
    assert board(visits=(visit,), now=at("9:05")).blocks[0].late == ""


def test_what_is_missing_shows_before_the_dose_only() -> None:
    missing = (MissingFact(icon="shield", words="REMS missing"),)
    done = make_visit(missing=missing, status=AppointmentStatus.FULFILLED)
    coming = make_visit("Bo Lind", "12:00", "13:00", number=2, missing=missing)

    blocks = board(visits=(done, coming)).blocks

    assert [block.not_ready for block in blocks] == [False, True]


def test_what_is_pending_is_shown_but_is_not_yet_a_problem() -> None:
    visit = make_visit(
        starts="12:00",
        ends="13:00",
        missing=(MissingFact(icon="card", words="PA pending", pending=True),),
    )

    block = board(visits=(visit,)).blocks[0]

    assert block.missing
    assert not block.problem


def test_counts_are_filters_that_dim_the_rest() -> None:
    view = build(make_day_facts(), Choice(show="waiting"))

    bright = [block.fact.name for block in view.blocks if not block.dim]
    count = {count.code: count.number for count in view.counts}
    assert bright == ["Imani Castellan"]
    assert count == {
        "all": 26,
        "expected": 13,
        "waiting": 1,
        "in-chair": 6,
        "done": 4,
        "lost": 2,
        "not-ready": 2,
    }


def test_a_quarter_hour_over_its_limit_is_a_sentence_above_the_board() -> None:
    view = board()

    assert view.over_title == "Over capacity at 13:15."
    assert view.over_words == "Acuity 9.4 of 9, IV starts 3 of 2 (Hale leaves at 13:00)."


def test_nobody_is_told_of_a_limit_that_was_passed_hours_ago() -> None:
    curve = CurveFact(
        name="IV starts", unit="IV starts", used=(3.0,) + (0.0,) * 39, allowed=(2.0,) * 40
    )

    view = board(curves=(curve,))

    assert view.over_title == ""
    assert view.curves[0].bars[0].look == "ch-over"
    assert view.curves[0].worst is None


def test_the_curves_say_the_same_as_a_table() -> None:
    view = board()

    line = next(line for line in view.curve_rows if line.at == "13:15")

    assert line.cells == ("7 of 8", "9.4 of 9", "3 of 2")


def test_the_strip_knows_the_open_days_before_and_after() -> None:
    view = board()

    assert view.previous is not None
    assert view.next is not None
    assert (view.previous.day, view.next.day) == (16, 18)
    assert view.strip[-1].closed == "Spring closure"


def test_the_list_for_the_chairside_begins_with_who_waits() -> None:
    cards = board().cards

    assert cards[0].block.fact.name == "Imani Castellan"
    assert cards[0].block.next is not None
    assert cards[0].block.next.words == "Seat in Chair 3"


def test_many_chairs_are_drawn_compact() -> None:
    assert board(chairs=make_chairs(30)).compact
    assert not board().compact


def test_the_page_writes_no_style_and_no_script_of_its_own() -> None:
    html = page(board())

    assert "style=" not in html
    assert "onclick" not in html
    assert "<script>" not in html


def test_every_visit_says_its_state_in_words() -> None:
    html = page(board())

    for words in ("Discharged", "Infusing", "Observation", "No-show", "Not treated", "Tentative"):
        assert f"<b>{words}</b>" in html
    assert "15 min over" in html
    assert "REMS missing" in html


def test_a_closed_day_says_why() -> None:
    facts = make_day_facts(visits=())
    closed = build(
        type(facts)(day=facts.day, now=facts.now, opens=None, closes=None, closed="Thanksgiving"),
        Choice(),
    )

    assert "Center closed (Thanksgiving)" in page(closed)


def test_the_panel_sets_planned_beside_real_times() -> None:
    view = build(make_day_facts(), Choice(selected=UUID(int=10)))
    assert view.selected is not None

    panel = build_panel(view.selected, PanelFacts(born="June 4, 1987", allergies="latex, hives"))
    html = render("desk/day.html", board=view, panel=panel, links=FakeLinks())

    assert (panel.steps[0].planned, panel.steps[0].real) == ("10:45", "10:31")
    assert panel.minutes == 270
    assert "latex, hives" in html
    assert "Seat in Chair 3" in html


def test_paper_has_a_line_per_visit() -> None:
    html = render(
        "desk/print_day.html", board=board(), links=FakeLinks(), printed="Printed 10:40", phones=""
    )

    assert html.count('<th scope="row">') == 26
    assert "as of revision 214" in html
