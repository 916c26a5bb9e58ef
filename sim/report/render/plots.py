"""Pictures for print: what :mod:`sim.report.figures.data` says, drawn with matplotlib."""

from matplotlib import rc_context

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
