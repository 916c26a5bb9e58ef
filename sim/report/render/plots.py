"""Pictures for print: what :mod:`sim.report.figures.data` says, drawn with matplotlib."""

from collections.abc import Sequence

from matplotlib import rc_context

from sim.analysis.pairs import Pair
from sim.engine.ensemble import Ensemble
from sim.engine.mesa.single_run import Run
from sim.report.figures import ensembles as charts
from sim.report.figures import hindcast as history
from sim.report.figures import single_run
from sim.report.figures.data import Chart, Figure, Lanes
from sim.report.render.chart import draw_chart
from sim.report.render.lanes import draw_lanes
from sim.report.render.network import draw_network
from sim.report.render.sheet import Picture


def draw(figure: Figure) -> Picture:
    """Draw any picture."""
    with rc_context({"text.parse_math": False}):  # a dollar in a name is a dollar
        if isinstance(figure, Chart):
            return draw_chart(figure)
        return draw_lanes(figure) if isinstance(figure, Lanes) else draw_network(figure)


def story(run: Run) -> Picture:
    """Draw the story of one run: a lane per capital and lever, the war shaded, events marked."""
    return draw(single_run.story(run))


def capitals(run: Run, dates: Sequence[str] | str = ()) -> Picture:
    """Draw the five capitals and the flows between them at dates (YYYY-MM), or at four that tell most."""
    return draw(single_run.capitals(run, [dates] if isinstance(dates, str) else dates))


def fan(many: Ensemble, name: str = "reengagement", control: Ensemble | None = None) -> Picture:
    """Draw the fan of one series over all runs, beside the world without an end, which an API ensemble carries."""
    return draw(charts.fan(many, name, control if control is not None else getattr(many, "control", None)))


def pair(two: Pair, name: str = "reengagement") -> Picture:
    """Draw two scenarios' fans and their difference."""
    return draw(charts.pair(two, name))


def hindcast(many: Ensemble) -> Picture:
    """Draw the model beside what was observed, January 2019 to August 2024."""
    return draw(history.hindcast(many))
