"""The thousand pairs that the page opens with: simulated once and shipped, so that the answer is there at once.

``python -m sim.web.first_pairs`` writes ``first.json``. A test simulates them again; the page's engine gives the same.
"""

import json
from pathlib import Path

import numpy as np

from sim.analysis.definitions import CAUSAL_POINTS, WITHIN
from sim.analysis.pairs import Effect, paired_effect
from sim.engine.ensemble import Pair
from sim.engine.experiment import Experiment
from sim.engine.web.modules import shipped_fingerprint
from sim.inference.parameter_sets import sets_for
from sim.report.text.answer import headline, levels_after
from sim.scenario import Scenario, load
from sim.web import read_from_package, read_from_page, verdict_file

FILE = "first.json"
RUNS, SEED = 1000, 1


def pairs_of(scenario: Scenario) -> tuple[Pair, Effect]:
    """Simulate the pairs that the page shows of a scenario; return them with the effect in points, two years on."""
    pair = Experiment(scenario, sets_for(scenario), SEED, range(RUNS)).with_control(("reengagement",))
    return pair, paired_effect(pair)


def simulate_first_pairs() -> dict[str, object]:
    """Simulate the pairs and return what the first view says of them.

    Effects are points of 100, two years after the war's end, in the order of ``runs``.
    """
    pair, effect = pairs_of(load(read_from_page("controls.json")["base"]))
    values, runs = effect.values.to_numpy(), effect.values.index.to_numpy()
    at = pair.one.war_end[runs] + WITHIN
    with_end, without = (float(many.array("reengagement")[runs, at].mean()) for many in (pair.one, pair.other))
    clear = float((values >= CAUSAL_POINTS).mean())
    word = read_from_package(verdict_file.FILE)["word"]
    return {
        "fingerprint": shipped_fingerprint(),
        "answer": headline(word, pair.one.war_end[runs], clear, effect.mean),
        "levels": levels_after(with_end, without),
        "typical": round(float(np.median(values)), 6),
        "mean": round(effect.mean, 6),
        "clear": clear,
        "further": float((values <= -CAUSAL_POINTS).mean()),
        "runs": runs.tolist(),
        "effects": values.round(6).tolist(),
    }


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(json.dumps(simulate_first_pairs()) + "\n", encoding="utf-8")
