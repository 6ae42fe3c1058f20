"""Day numbers and months, worked out without the standard library's dates (Fliegel and Van Flandern, 1968)."""

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def number_of(year: int, month: int, day: int) -> int:
    """Return the Julian day number of a day of the Gregorian calendar."""
    a = (14 - month) // 12
    y, m = year + 4800 - a, month + 12 * a - 3
    return day + (153 * m + 2) // 5 + 365 * y + y // 4 - y // 100 + y // 400 - 32045


def day_of(number: int) -> tuple[int, int, int]:
    """Return year, month and day of a Julian day number."""
    f = number + 1401 + (((4 * number + 274277) // 146097) * 3) // 4 - 38
    e = 4 * f + 3
    g = (e % 1461) // 4
    h = 5 * g + 2
    month = (h // 153 + 2) % 12 + 1
    return e // 1461 - 4716 + (14 - month) // 12, month, (h % 153) // 5 + 1


def is_leap(year: int) -> bool:
    """Say whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def length_of(year: int, month: int) -> int:
    """Return how many days a month has."""
    return 29 if month == 2 and is_leap(year) else LENGTHS[month - 1]


def months_on(number: int, months: int) -> tuple[int, bool]:
    """Return the day some months later, clamped to the month's end, and whether it had to be."""
    year, month, day = day_of(number)
    while months > 0:
        year, month, months = (
            (year + 1, 1, months - 1) if month == 12 else (year, month + 1, months - 1)
        )
    last = length_of(year, month)
    return number_of(year, month, min(day, last)), day > last


def due_after(number: int, months: int) -> int:
    """Return a due day: it clamps."""
    return months_on(number, months)[0]


def allowed_after(number: int, months: int) -> int:
    """Return the first day allowed after a gap of months: it rolls to the first of the next month."""
    day, clamped = months_on(number, months)
    return day + 1 if clamped else day
