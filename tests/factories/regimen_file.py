"""A fictional regimen file, and variations of it."""

FICTIONAL = """\
id = "fictumab-iv"
ingredient = "fictumab"
title = "Fictumab IV"
route = "IV"
regions = ["US", "EU"]
status = "draft"
label_date = "2026-01"

[overhead]
basis = "policy"
intake = 15
iv_start = 10
discharge = 5
turnover = 15

[[product]]
name = "Fictor"
vials = [100, 400]

[[phase]]
id = "induction"
kind = "induction"
anchor = "start"
offsets = ["P0D", "P14D"]
reanchor = "never"
amount = { value = 5, unit = "mg", per = "kg", maximum = 500 }
window = { early = "P0D", late = "P3D", basis = "label" }

[[phase]]
id = "maintenance"
kind = "maintenance"
anchor = "induction.1"
first = "P8W"
every = "P8W"
reanchor = "always"
amount = { unit = "mg", tiers = [{ value = 300, kg_to = 60 }, { value = 600, kg_above = 60 }] }
window = { early = "P3D", late = "P7D", basis = "policy" }
min_gap = { value = "P6W", from = "prev_infusion", basis = "practice" }
review_gap = "P16W"

[[visit]]
when = "induction"
premedication = 30
infusion = 120
observation = 60

[[visit]]
when = "3.."
premedication = 0
infusion = 60
observation = 30

[[requirement]]
id = "tb"
what = "tuberculosis screen"
before = "first"
max_age = "P6M"

[[requirement]]
id = "infection"
what = "no fever or infection today"
before = "each"
at_chair = true

[source]
schedule = "S1"
tiers = "M"

[sources]
S1 = "The fictional label, 2026-01"
"""


def changed(old: str, new: str) -> str:
    """Return the fictional file with a part of it replaced; the part must be there."""
    assert old in FICTIONAL, old
    return FICTIONAL.replace(old, new, 1)
