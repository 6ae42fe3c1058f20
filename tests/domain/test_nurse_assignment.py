"""Who looks after whom: even loads, competencies, the usual nurse, first doses apart, few hand-overs."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.chairs import Span
from scheduler.domain.nurse_assignment import Care, Nurse, assign_nurses
from scheduler.domain.nursing import NURSE, NurseShift


def make_nurse(name: str, begins: int = 8, ends: int = 17, *able: str, most: int = 4) -> Nurse:
    shift = NurseShift(shift=Span(begins=begins * 60, ends=ends * 60), competencies=frozenset(able))
    return Nurse(id=name, parts=(shift,), most=most)


def make_care(name: str, begins: int = 9, hours: int = 2, **values: object) -> Care:
    facts = {"load": hours * 60 * NURSE // 4} | values
    return Care(id=name, begins=begins * 60, ends=(begins + hours) * 60, **facts)  # type: ignore[arg-type]  # a test names what it changes


NIA, RUI, JO = make_nurse("Nia"), make_nurse("Rui"), make_nurse("Jo")


def test_work_is_spread_evenly() -> None:
    visits = [make_care(f"v{n}", 8 + 2 * (n % 4)) for n in range(9)]

    found = assign_nurses([NIA, RUI, JO], visits)

    counts = [list(found.nurse_of.values()).count(name) for name in ("Nia", "Rui", "Jo")]
    assert sorted(counts) == [3, 3, 3]


def test_who_is_there_half_the_day_has_half_the_work() -> None:
    visits = [make_care(f"v{n}", 8, 1) for n in range(3)] + [make_care("late", 13, 3)]

    found = assign_nurses([NIA, make_nurse("Jo", 8, 12)], visits)

    assert found.nurse_of["late"] == "Nia"
    assert list(found.nurse_of.values()).count("Jo") >= 2


def test_a_visit_goes_to_who_may_do_it_and_to_nobody_else() -> None:
    port = make_care("port", competencies=frozenset({"port"}))
    chemo = make_care("chemo", competencies=frozenset({"chemotherapy"}))

    found = assign_nurses([NIA, make_nurse("Rui", 8, 17, "port")], [port, chemo])

    assert found.nurse_of == {"port": "Rui", "chemo": None}


def test_patients_stay_with_their_usual_nurse_where_loads_allow() -> None:
    visits = [
        make_care("a", usual="Rui"),
        make_care("b", usual="Nia"),
        make_care("c"),
        make_care("d"),
    ]

    found = assign_nurses([NIA, RUI], visits)

    assert (found.nurse_of["a"], found.nurse_of["b"]) == ("Rui", "Nia")
    assert sorted(map(str, found.nurse_of.values())) == ["Nia", "Nia", "Rui", "Rui"]


def test_first_doses_are_not_all_with_one() -> None:
    visits = [make_care(f"first{n}", 8 + 3 * n, first=True) for n in range(3)]

    found = assign_nurses([NIA, RUI, JO], [*visits, *(make_care(f"v{n}") for n in range(3))])

    assert len({found.nurse_of[visit.id] for visit in visits}) == 3


def test_when_somebody_is_out_only_her_visits_are_handed_over() -> None:
    visits = [make_care(f"v{n}", 8 + n % 4, current=("Nia", "Rui", "Jo")[n % 3]) for n in range(9)]

    found = assign_nurses([RUI, JO], visits)

    assert set(found.hand_overs) == {"v0", "v3", "v6"}
    assert set(found.nurse_of.values()) == {"Rui", "Jo"}


@given(
    st.lists(
        st.tuples(st.integers(7, 14), st.integers(1, 4), st.booleans(), st.booleans()), max_size=24
    )
)
def test_nobody_has_more_patients_than_she_may_while_another_has_room(
    stays: list[tuple[int, int, bool, bool]],
) -> None:
    nurses = [make_nurse(name, 7, 19, "port", most=8) for name in ("Nia", "Rui", "Jo")]
    visits = [
        make_care(f"v{n}", at, hours, first=first, competencies=frozenset({"port"} if port else ()))
        for n, (at, hours, first, port) in enumerate(stays)
    ]

    found = assign_nurses(nurses, visits)

    assert found.nurse_of.keys() == {visit.id for visit in visits}
    for nurse in nurses:
        mine = [visit for visit in visits if found.nurse_of[visit.id] == nurse.id]
        for minute in range(7 * 60, 19 * 60, 30):
            assert sum(visit.begins <= minute < visit.ends for visit in mine) <= nurse.most
