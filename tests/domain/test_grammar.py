"""Reading regimen files: what cannot be right is refused with file, line, place and a sentence."""

from decimal import Decimal

import pytest

from scheduler.domain.dates import Interval
from scheduler.domain.grammar import GrammarError, regimen_from_text, stored_regimen
from scheduler.domain.regimen import MissedAction
from tests.factories.regimen_file import FICTIONAL, changed


def refusal(text: str) -> str:
    with pytest.raises(GrammarError) as refused:
        regimen_from_text(text, file="fictumab.toml")
    return str(refused.value)


def test_a_whole_file_becomes_values() -> None:
    rule = regimen_from_text(FICTIONAL, file="fictumab.toml")

    assert [phase.id for phase in rule.phases] == ["induction", "maintenance"]
    assert rule.phases[1].every == Interval(days=56, weeks_written=True)
    assert [tier.holds(Decimal(60)) for tier in rule.phases[1].amounts[0].tiers] == [True, False]
    assert rule.phases[0].missed.action is MissedAction.AS_SOON_AS_POSSIBLE


PHASE = "phase maintenance"
NEITHER = f"{PHASE}: it says neither offsets, nor every, nor spread"
NUMBERED = "requirement.0.numbers: numbers or from_dose belong to before = numbered"
# where the file is refused, when it is not where it was changed: what is missing stands nowhere
AT = {NEITHER: 'id = "maintenance"', NUMBERED: '[[requirement]]\nid = "tb"'}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('route = "IV"', 'route = "IV"\nspeed = 3', "speed: nobody knows this key"),
        (
            'reanchor = "always"',
            'reanchor = "always"\ntempo = 3',
            "phase maintenance.tempo: nobody knows this key",
        ),
        ('[source]\nschedule = "S1"', "[source]", "source: name the source of the schedule"),
        ('tiers = "M"', 'tiers = "S9"', "source.tiers: 'S9' is not among the sources"),
        (
            'window = { early = "P3D", late = "P7D", basis = "policy" }',
            'window = { early = "P3D", late = "P7D" }',
            "phase maintenance.window.basis: it is missing",
        ),
        (
            'min_gap = { value = "P6W", from = "prev_infusion", basis = "practice" }',
            'min_gap = { value = "P6W", from = "prev_infusion" }',
            "phase maintenance.min_gap.basis: it is missing",
        ),
        ('late = "P7D"', 'late = "P54D"', f"{PHASE}: its window is wider than its interval"),
        ('early = "P3D"', 'early = "-P3D"', f"{PHASE}: its window is negative"),
        (
            'anchor = "induction.1"',
            'anchor = "loading.1"',
            f"{PHASE}: it is anchored on loading.1, which does not exist",
        ),
        (
            'anchor = "induction.1"',
            'anchor = "induction.3"',
            f"{PHASE}: it is anchored on induction.3, which does not exist",
        ),
        (
            'value = "P6W", from',
            'value = "P2M", from',
            f"{PHASE}: its minimum gap is longer than its interval",
        ),
        (
            'from = "prev_infusion"',
            'from = "loading.2"',
            f"{PHASE}: its minimum gap counts from loading.2, which does not exist",
        ),
        (
            "kg_above = 60",
            "kg_above = 50",
            "phase maintenance: two weight bands overlap at 50 kg",
        ),
        (
            "kg_above = 60",
            "kg_from = 60",
            "phase maintenance: two weight bands overlap at 60 kg",
        ),
        (
            'kind = "induction"\nanchor = "start"',
            'kind = "induction"\nanchor = "maintenance.1"',
            "phase induction: anchors run in a circle: induction -> maintenance -> induction",
        ),
        (
            'anchor = "induction.1"',
            'anchor = "maintenance.1"',
            f"{PHASE}: anchors run in a circle: maintenance -> maintenance",
        ),
        ('every = "P8W"', 'every = "P0W"', f"{PHASE}: its interval must be longer than nothing"),
        ('every = "P8W"', 'every = "P8W"\ncount = 0', f"{PHASE}: it has no doses"),
        (
            'every = "P8W"',
            'every = "P8W"\nuntil = "P4W"',
            f"{PHASE}: it ends before its interval has passed once",
        ),
        (
            'every = "P8W"',
            'every = "P8W"\nrun = { days = 60 }',
            f"{PHASE}: its run is longer than its interval",
        ),
        (
            'review_gap = "P16W"',
            'review_gap = "P7W"',
            f"{PHASE}: its review gap is shorter than its interval",
        ),
        (
            'first = "P8W"',
            'offsets = ["P0D"]',
            f"{PHASE}: it says more than one of offsets, every and spread",
        ),
        (
            'first = "P8W"\nevery = "P8W"\n',
            "",
            NEITHER,
        ),
        (
            '["P0D", "P14D"]',
            '["-P7D", "P0D"]',
            "phase induction: each negative offset needs a task, in their order",
        ),
        (
            'reanchor = "always"',
            'missed = { action = "give_until" }',
            f"{PHASE}: give_until and until belong together",
        ),
        (
            'basis = "practice"',
            'basis = "ambiguous"',
            f"{PHASE}: an ambiguous gap needs a choice between readings",
        ),
        ('status = "draft"', 'status = "approved"', "status: a file enters as a draft"),
        ('id = "maintenance"', 'id = "induction"', "phase induction: there are two of the name"),
        ('every = "P8W"', 'every = "8 weeks"', "phase maintenance.every: '8 weeks' is not a span"),
        ("infusion = 60", 'infusion = "long"', "visit 2.infusion: 'long' is not of the right kind"),
        ("infusion = 60", "infusion = true", "visit 2.infusion: True is not of the right kind"),
        ('when = "3.."', 'when = "later"', "visit.1.when: 'later' is no phase and no range"),
        ('before = "first"', 'before = "numbered"', NUMBERED),
        ('title = "Fictumab IV"', "title = Fictumab", "it is no TOML: Invalid value"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_with_file_line_and_sentence(
    old: str, new: str, says: str
) -> None:
    place = AT.get(says, old)
    text = changed(old, new)
    end = FICTIONAL.index(place) + len(new if place is old else "")
    line = text[:end].count("\n") + 1

    sentence = refusal(text)

    assert sentence.startswith(f"fictumab.toml, line {line}: {says}")
    assert sentence.endswith(".")


def test_phases_for_overlapping_weights_are_refused() -> None:
    light = FICTIONAL.replace('review_gap = "P16W"', "select = { kg_from = 40 }", 1)
    heavy = light.split("[[phase]]")[2].split("[[visit]]")[0]
    heavy = heavy.replace('"maintenance"\nkind', '"heavy"\nkind').replace(
        "kg_from = 40", "kg_from = 90"
    )

    text = light.replace("[[visit]]", f"[[phase]]{heavy}[[visit]]", 1)

    assert "phase heavy: its weight band overlaps that of maintenance" in refusal(text)
    apart = text.replace("select = { kg_from = 40 }", "select = { kg_from = 40, kg_below = 90 }", 1)
    assert len(regimen_from_text(apart, file="apart.toml").phases) == 3


def test_a_version_that_a_plan_has_is_read_whatever_the_loader_refuses_since() -> None:
    text = changed("kg_above = 60", "kg_above = 50")

    assert "overlap" in refusal(text)
    assert stored_regimen(text, file="fictumab.toml").id == "fictumab-iv"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "Fict', 'title = "\\u0000Fict', "title: it holds a character that is no writing"),
        ('title = "Fict', 'title = "\\u202eFict', "title: it holds a character that is no writing"),
        ('title = "Fict', f'title = "{"x" * 1001}', "title: it is too long; at most 1000"),
        ('route = "IV"', 'route = "IV"\nspeed = nan', "speed: it is no number to calculate with"),
        ('route = "IV"', 'route = "IV"\nspeed = inf', "speed: it is no number to calculate with"),
        ('route = "IV"', 'route = "IV"\nspeed = -5', "speed: it is below 0"),
        ('route = "IV"', f'route = "IV"\nspeed = {"9" * 4000}', "speed: it is too large"),
        ('route = "IV"', 'route = "IV"\nspan = "P101Y"', "span: it is longer than a hundred years"),
        ('route = "IV"', 'route = "IV"\nspan = "-P99999999D"', "span: it is longer than a hundred"),
        ('route = "IV"', f'route = "IV"\nx = {"[" * 50}{"]" * 50}', "x: it is nested too deeply"),
        ('route = "IV"', f'route = "IV"\nx.{"a." * 40}a = 1', "it is nested too deeply"),
        ('route = "IV"', f'route = "IV"\nx = {"9" * 5000}', "nested too deeply, or too large"),
        ('route = "IV"', f'route = "IV"\nx = {"[" * 5000}', "nested too deeply, or too large"),
        ('route = "IV"', f'route = "IV"\nx.{"a." * 20_000}a = 1', "more than 50 dots in one line"),
        ('route = "IV"', f'route = "IV"\n# {"x" * 100_000}', "it is too long; at most 100,000"),
    ],
)
def test_nothing_is_read_that_could_not_be_computed_stored_or_shown(
    old: str, new: str, says: str
) -> None:
    assert says in refusal(changed(old, new))
