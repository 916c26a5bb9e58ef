"""What is forecast: figures and recorded events of the months after one that is known."""

from typing import NamedTuple

from sim.model import months

NUMBER, EVENT = "number", "event"
MONOPOLY = 95.0  # %, Beijing's share of recorded trade as in T5
HALF, SITTING = 6, 24  # months
ARMS_SOURCE = "the containers that South Korea's military intelligence counts"  # services differ by a factor of three
UNITS = {"trade": "million USD", "growth": "%", "share": "%"}
BY_HALF = {
    "summit": "Kim and Xi meet",
    "slight": "Pyongyang slights Beijing openly",
    "missile": "Pyongyang launches a ballistic missile",
    "veto": "Moscow shields Pyongyang at the United Nations, by a veto or a draft for relief",
    "nuclear-test": "Pyongyang tests a nuclear weapon",
}
_FIRST, _LATER = ("summit", "slight"), ("missile", "veto", "nuclear-test")  # asked from the first sitting on, and later
_Asked = tuple[str, str, str, str, int, int]  # a question but for the month as of which it is asked


class Question(NamedTuple):
    """What is asked.

    Attributes
    ----------
    first, last
        The months that it is about, since 2019-01.
    as_of
        The last month that was known when it was asked.
    """

    id: str
    kind: str
    unit: str
    says: str
    first: int
    last: int
    as_of: int

    @property
    def about(self) -> str:
        """What it is about, whenever: ``trade`` of ``trade/2025-03``."""
        return self.id.split("/")[0]


def questions_on(as_of: int, to: int) -> list[Question]:
    """Return what is asked of the months after one, in the order of the table: two years at a time, then later ideas.

    Parameters
    ----------
    as_of, to
        The last month that is known, and the last that is asked about.
    """
    asked: list[_Asked] = []
    for first in range(as_of + 1, to + 1, SITTING):
        asked += _sitting(first, min(first + SITTING - 1, to), later=first > as_of + 1)
    asked += [question for about in _LATER for question in _by_half(about, as_of + 1, to)]
    return [Question(*question, as_of) for question in asked]


def _sitting(first: int, last: int, later: bool) -> list[_Asked]:
    """Return what the first sitting asked, of these months."""
    begin, end = months.name(first), months.name(last)
    span = f"from {begin} to {end}" if later else f"by {end}"
    years = [december for december in range(first, last + 1) if december % 12 == 11]
    asked = [
        (f"trade/{name}", NUMBER, UNITS["trade"], f"trade with China in {name}", month, month)
        for month, name in ((month, months.name(month)) for month in range(first, last + 1))
    ]
    asked += [_by_year("growth", NUMBER, UNITS["growth"], "growth of the Northern economy in {}", at) for at in years]
    asked += [_by_year("share", NUMBER, UNITS["share"], "China's share of recorded trade in {}", at) for at in years]
    least = f"China's share of recorded trade in {{}} is at least {MONOPOLY:g}%"
    asked += [_by_year("monopoly", EVENT, "", least, at) for at in years]
    asked += [question for about in _FIRST for question in _by_half(about, first, last)]
    joint = "Beijing joins a three-way act with Moscow and Pyongyang"
    halved = f"arms to Russia, by {ARMS_SOURCE}, fall to half of their peak"
    return [
        *asked,
        (f"three-way/{begin}", EVENT, "", f"{joint} {span}", first, last),
        (f"arms-halved/{begin}", EVENT, "", f"{halved} or less {span}", first, last),
    ]


def _by_year(about: str, kind: str, unit: str, says: str, december: int) -> _Asked:
    year = months.name(december)[:4]
    return (f"{about}/{year}", kind, unit, says.format(year), december - 11, december)


def _by_half(about: str, first: int, last: int) -> list[_Asked]:
    """Return a question each half-year that is over by the last month."""
    return [
        (
            f"{about}/{months.name(start)}", EVENT, "",
            f"{BY_HALF[about]}, {months.name(start)} to {months.name(start + HALF - 1)}",
            start, start + HALF - 1,
        )
        for start in range(first, last - HALF + 2, HALF)
    ]  # fmt: skip
