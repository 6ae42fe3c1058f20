"""Who is on which drug in the demonstration, and on which day each next dose falls due.

About 24 visits on an open day follow from the number of patients on each interval: a 4-weekly drug brings one
of 20 open days' share, a 6-monthly one of about 125.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Patients on one regimen.

    Args:
        regimen: Its id in the formulary.
        product: What is ordered.
        indication: Where the regimen has several.
        continuing: Patients on treatment when the center begins to use the scheduler.
        starting: Patients who start while the demonstration looks back, or soon after.
        months, weeks: The interval, by which the next due days are spread.
        weight: Whether amounts need a weight.
        shorter: A shorter visit that most orders of patients on treatment name.
        known: How many earlier doses are on record.
    """

    regimen: str
    product: str
    continuing: int
    starting: int
    indication: str = ""
    months: int = 0
    weeks: int = 0
    weight: bool = False
    shorter: str = ""
    known: int = 2


WITHOUT_REACTION = "no_prior_hypersensitivity"
MIX = (
    Share(
        regimen="ocrelizumab-iv",
        product="Ocrevus",
        continuing=276,
        starting=30,
        months=6,
        shorter="no_prior_serious_infusion_reaction",
    ),
    Share(
        regimen="natalizumab-iv",
        product="Tysabri",
        continuing=278,
        starting=12,
        weeks=4,
        shorter=WITHOUT_REACTION,
        known=13,
    ),
    Share(
        regimen="natalizumab-iv",
        product="Tyruko",
        continuing=78,
        starting=4,
        weeks=4,
        shorter=WITHOUT_REACTION,
        known=13,
    ),
    Share(regimen="ublituximab-iv", product="Briumvi", continuing=74, starting=12, weeks=24),
    Share(regimen="alemtuzumab-iv", product="Lemtrada", continuing=0, starting=4, months=12),
    Share(
        regimen="mitoxantrone-iv",
        product="Novantrone",
        continuing=8,
        starting=2,
        months=3,
        weight=True,
    ),
    Share(
        regimen="methylprednisolone-ms-relapse", product="Solu-Medrol", continuing=0, starting=26
    ),
    Share(
        regimen="infliximab-iv",
        product="Inflectra",
        continuing=26,
        starting=3,
        weeks=8,
        weight=True,
    ),
    Share(regimen="vedolizumab-iv", product="Entyvio", continuing=20, starting=3, weeks=8),
    Share(regimen="iron-sucrose-iv", product="Venofer", continuing=0, starting=6),
    Share(regimen="zoledronic-acid-yearly", product="Reclast", continuing=8, starting=0, months=12),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What one patient is treated with.

    Args:
        share: The regimen.
        next_due: Of a patient on treatment, the day the next dose is due.
        first_day: Of a new start, its first day.
    """

    share: Share
    next_due: date | None = None
    first_day: date | None = None

    @property
    def earlier(self) -> tuple[date, ...]:
        """The days of the last doses before the center used the scheduler, the oldest first."""
        if self.next_due is None:
            return ()
        share, due = self.share, self.next_due
        back = range(share.known, 0, -1)
        return tuple(
            due - relativedelta(months=share.months * n, weeks=share.weeks * n) for n in back
        )


def treatments(dice: Random, open_days: Sequence[date]) -> list[Treatment]:
    """Return a treatment for each patient, due days spread evenly over the open days.

    Args:
        dice: Decides the order and where within the spread each begins.
        open_days: From the first simulated day to a year later.
    """
    made = [one for share in MIX for one in _of_share(share, dice, open_days)]
    dice.shuffle(made)
    return made


def _of_share(share: Share, dice: Random, open_days: Sequence[date]) -> Iterator[Treatment]:
    first = open_days[0]
    span = relativedelta(months=share.months, weeks=share.weeks)
    within = [day for day in open_days if day < first + span]
    offset = dice.random()
    for n in range(share.continuing):
        place = (n + offset) * len(within) / share.continuing
        yield Treatment(share=share, next_due=within[int(place) % len(within)])
    months_of_starts = [day for day in open_days if day < first + timedelta(days=130)]
    for n in range(share.starting):
        place = (n + offset) * len(months_of_starts) / share.starting
        yield Treatment(share=share, first_day=months_of_starts[int(place) % len(months_of_starts)])
