"""Months are counted from January 2019, which is 0; outside they are written YYYY-MM."""

FIRST_YEAR = 2019


def index(month: str) -> int:
    """Return the number of the month written YYYY-MM.

    Raises
    ------
    ValueError
        If the text is not a month, or lies before 2019-01.
    """
    year, _, number = month.partition("-")
    if not (len(year) == 4 and len(number) == 2 and (year + number).isdecimal() and 1 <= int(number) <= 12):
        raise ValueError(f"{month!r} is not a month; write it as YYYY-MM, for example 2024-06")
    if int(year) < FIRST_YEAR:
        raise ValueError(f"{month} lies before {FIRST_YEAR}-01, the first month of the simulation")
    return (int(year) - FIRST_YEAR) * 12 + int(number) - 1


def name(month: int) -> str:
    """Return YYYY-MM for a month's number."""
    return f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02d}"
