"""Mesa's own page with this model: step it, watch three series, change a parameter.

    pip install 'mesa[viz]' 'ipyvuetify<2' solara-assets
    solara run examples/mesa_page.py

Mesa's extra and the program's own page do not go together, so give this one an environment of its own. The second
package is what Mesa 3.3 draws with; the third is needed where there is no network.
"""

from mesa.visualization import SolaraViz, make_plot_component

from sim import Peninsula

SERIES = ("reengagement", "china_flow", "arms_flow")


class Shown(Peninsula):
    """The model with the parameters that the page offers: Mesa wants each by its name."""

    def __init__(
        self, scenario: str = "war-ends-early", seed: int = 7, grievance: float = 24.8, postwar_need: float = 0.4
    ) -> None:
        super().__init__(scenario, seed=int(seed), trace=False, grievance=grievance, postwar_need=postwar_need)


PARAMETERS = {
    "scenario": {"type": "Select", "value": "war-ends-early", "values": ["war-ends-early", "baseline"]},
    "seed": {"type": "InputText", "value": 7, "label": "Seed"},
    "grievance": {"type": "SliderFloat", "value": 24.8, "min": 12.0, "max": 36.0, "step": 1.0, "label": "Grievance"},
    "postwar_need": {"type": "SliderFloat", "value": 0.4, "min": 0.0, "max": 1.6, "step": 0.1, "label": "Need after"},
}

page = SolaraViz(
    Shown(),
    components=[make_plot_component(name) for name in SERIES],
    model_params=PARAMETERS,
    name="Driftback (uncalibrated: one of the parameter sets that history has not ruled out)",
)
page  # Solara shows what a file's last line names  # noqa: B018
