"""One run of a scenario as a text: month by month what moved, what was exchanged, and where things stood."""

from pathlib import Path

from sim.engine.experiment import Experiment
from sim.model.moves import DEAL, LEVERS
from sim.scenario import load

FOLDER = Path(__file__).parent
SEED = 7
WORLDS = ("hindcast", "war-ends-early", "moscow-never-buys", "three-way-bloc", "great-flood")
SHOWN = {
    "reengagement": 1,
    "china_flow": 2,
    "arms_flow": 2,
    "russia_flow": 2,
    "economy": 3,
    "warmth_beijing_pyongyang": 1,
    "warmth_moscow_pyongyang": 1,
    "warmth_beijing_washington": 1,
    "tension": 2,
    "allied_buildup": 2,
    "influence": 2,
}


def text_of(name: str) -> str:
    """Return the text of a scenario's world under the one seed."""
    history = Experiment(load(name), seed=SEED).run(0)
    lines = [
        f"{name}, seed {SEED}. A line a month: states, then moves that changed, then the exchange where there is one.",
        "states: " + ", ".join(SHOWN),
    ]
    before = None
    for month, moves in history.moves.iterrows():
        states = " ".join(f"{history.series.loc[month, state]:.{digits}f}" for state, digits in SHOWN.items())
        changed = [
            f"{lever.capital} {lever.name} {moves[lever.field]}"
            for lever in LEVERS
            if lever not in DEAL and (before is None or moves[lever.field] != before[lever.field])
        ]
        if moves["deal_arms"] != "none":
            changed.append("exchange " + "/".join(moves[lever.field] for lever in DEAL))
        lines.append(f"{month}  {states}  {'; '.join(changed)}".rstrip())
        before = moves
    return "\n".join(lines) + "\n"
