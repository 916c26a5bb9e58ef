"""The picture of what is left of an impulse, a panel a series, a line an impulse."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from research import impulse
from research.impulse import SHOWN, YEAR, Response, months_until_gone
from sim.model import months
from sim.report.figures.data import Band, Chart, Head, Line, Panel, Span
from sim.report.style import percent, sentence, words

ROLES = dict(zip(impulse.IMPULSES, ("Pyongyang", "Beijing", "main"), strict=True))
DRAWN = tuple(name for name in SHOWN if name != impulse.REENGAGEMENT)  # which is made of the others
LOW, HIGH = 0.1, 0.9  # of the sets, between which a band lies
_SAID = {  # what has no words of its own, or others where a difference is meant
    impulse.STANCE: ("Pyongyang's stance to Beijing", "-1 slight to 1 court"),
    impulse.SLIGHTS: ("Pyongyang slights Beijing", "share of runs"),
}


def said(name: str) -> tuple[str, str]:
    """Return the title of a series and its unit."""
    return _SAID[name] if name in _SAID else (words(name).title, words(name).unit)


def chart(answers: Mapping[str, Mapping[str, Response]], source: str) -> Chart:
    """Return what each impulse changes, month by month: the mean over the sets, and where eight in ten sets lie."""
    time = np.arange(YEAR.start, months.index(impulse.HORIZON) + 1, dtype=np.float64)
    title = _title(answers)
    subtitle = (
        f"What an impulse of a year changes while the war goes on and every driver is held: the mean difference to the "
        f"same runs without it. Grey: its year. In colour: {percent(HIGH - LOW)} of the parameter sets."
    )
    panels = tuple(_panel(name, {which: among[name] for which, among in answers.items()}, time) for name in DRAWN)
    data = pd.DataFrame(
        {f"{said(name)[0]}, {which}": responses[name].mean for which, responses in answers.items() for name in DRAWN},
        index=pd.Index([months.name(int(month)) for month in time], name="month"),
    )
    text = " ".join(f"{sentence(which)}: {_largest(responses)}." for which, responses in answers.items())
    return Chart(Head(title, subtitle, source, f"{title}. {text}"), panels, data, columns=2)


def _panel(name: str, answers: Mapping[str, Response], time: np.ndarray) -> Panel:
    edges = {which: np.quantile(response.means, (LOW, HIGH), axis=0) for which, response in answers.items()}
    return Panel(
        *said(name),
        (YEAR.start - 6, int(time[-1]) + 1),
        tuple(Line(which, time, response.mean, ROLES[which]) for which, response in answers.items()),
        tuple(Band("", time, low, high, ROLES[which], faint=True) for which, (low, high) in edges.items()),
        spans=(Span(YEAR.start, YEAR.stop, "impulse"),),
        zero=True,
    )


def _title(answers: Mapping[str, Mapping[str, Response]]) -> str:
    moving = [(name, among[name]) for among in answers.values() for name in SHOWN if among[name].moves(name)]
    until = [months_until_gone(response.mean, impulse.GONE, response.error) for _, response in moving]
    twice = {
        said(name)[0] for name, response in moving if impulse.returns(response.mean, response.error) > impulse.ONCE
    }
    if twice:
        return f"After an impulse comes back more than once: {', '.join(sorted(twice))}"
    if None in until:
        return "Nothing comes back twice, but some of what an impulse changes stays"
    years = -(-(max(month for month in until if month is not None) - len(YEAR)) // 12)
    return f"{years} years after an impulse nine tenths of all that it changed are gone, and nothing comes back twice"


def _largest(answers: Mapping[str, Response]) -> str:
    largest = {name: response.mean[np.abs(response.mean).argmax()] for name, response in answers.items()}
    return ", ".join(f"{said(name)[0]} at most {value:+.2f}" for name, value in largest.items())
