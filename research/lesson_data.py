"""What a lesson says of how good the model is: observed figures inside the range of eight in ten runs.

``python -m research.lesson_data`` writes ``lessons.json`` of the page. A test counts again, and fails where the file
says another number.
"""

import json

import sim
from sim.engine.web import page_folder
from sim.inference.parameter_sets import retained_sets
from sim.report.figures.history_figures import beside_history, count_in_band

RUNS, SEED = 1000, 1
FILE = "lessons.json"


def count_lessons() -> dict[str, object]:
    """Return how many observed figures lie inside, of how many, in all and by picture."""
    panels = beside_history(sim.ensemble("hindcast", runs=RUNS, seed=SEED)).panels
    inside, figures = (int(count) for count in count_in_band(panels))
    by_panel = [[panel.title, *(int(count) for count in count_in_band([panel]))] for panel in panels]
    return {
        "inside": inside, "figures": figures, "pictures": by_panel,
        "runs": RUNS, "seed": SEED, "sets": len(retained_sets().weights),
    }  # fmt: skip


if __name__ == "__main__":
    text = json.dumps(count_lessons(), indent=2) + "\n"
    (page_folder() / FILE).write_text(text, encoding="utf-8")
