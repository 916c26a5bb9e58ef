"""Mesa's own page with this model: step it, watch three series, change a parameter.

    pip install 'mesa[viz]'
    solara run examples/mesa_page.py

Mesa's extra pins an older Starlette than the program's own page needs, so give it an environment of its own.
"""

from mesa.visualization import SolaraViz, make_plot_component

from sim.engine.agents import Peninsula

PARAMETERS = {
    "scenario": {
        "type": "Select",
        "value": "war-ends-early",
        "values": ["baseline", "war-ends-early", "war-ends-late"],
    },
    "seed": {"type": "InputText", "value": 7, "label": "Seed"},
    "grievance": {"type": "SliderFloat", "value": 3.5, "min": 0.0, "max": 4.0, "step": 0.1, "label": "Grievance (φ)"},
    "postwar_need": {
        "type": "SliderFloat",
        "value": 0.4,
        "min": 0.0,
        "max": 1.6,
        "step": 0.1,
        "label": "Post-war need",
    },
}
SERIES = ("reengagement", "china_flow", "arms_flow")

page = SolaraViz(
    Peninsula("war-ends-early", seed=7, trace=False),
    components=[make_plot_component(name) for name in SERIES],
    model_params=PARAMETERS,
    name="Driftback (uncalibrated)",
)
