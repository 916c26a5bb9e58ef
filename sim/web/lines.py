"""The Python lines that make again what the page shows."""

from pprint import pformat

from sim.analysis.definitions import WITHIN
from sim.model import months
from sim.web.controls import changes
from sim.web.state import RUNS, Fork, State, World, based_on

# For each picture, the lines that make its numbers from `many`, `pin` and `control`.
DATA = {
    "fan": """\
series = many.series("{series}")
data = series.quantile([0.1, 0.25, 0.5, 0.75, 0.9]).T
data.columns = ["10%", "25%", "50%", "75%", "90%"]
data["pinned median"] = pin.series("{series}").median()
""",
    "drifted": """\
time = many.drift.time[many.drift.judged]
data = pd.DataFrame({{name: [(time[name] <= month).mean() for month in range({within} + 1)] for name in time}})
""",
    "options": """\
moves = many.moves("{lever}")
data = moves.apply(lambda month: month.value_counts(normalize=True)).T.fillna(0.0)
""",
    "capitals": """\
from sim.engine.ensemble import SERIES

names = [name for name in SERIES if name.startswith("warmth_") or name.endswith("_flow") or "workers" in name]
data = pd.DataFrame({{"median": {{name: many.series(name)["{month}"].median() for name in names}}}})
""",
}

# For the pictures of one run, from `run`; and for a game.
OF_ONE = {
    "story": """\
data = run.moves
""",
    "capitals-of-one": """\
from sim.report.figures.single_run import capitals

data = capitals(run, ["{month}"]).data
""",
    "fork": """\
other = sim.run(run.scenario.with_(moves=[{move}]), seed=seed, number=number)
data = pd.DataFrame({{"as it was": run.series["reengagement"], "after the change": other.series["reengagement"]}})
""",
    "debrief-chart": """\
import pandas as pd

from sim.web import game as games
from sim.web.state import read

game = games.of(read({query!r})[0])
data = games.debrief(*games.ended(game))
""",
}
NAMES = (*DATA, *OF_ONE)


def of(name: str, state: State) -> str:
    """Return the lines that make the numbers of one picture; they end in ``data``."""
    if name == "debrief-chart":
        return OF_ONE[name].format(query=state.query())
    start, after = (_start(state), DATA) if name in DATA else (_start_of_one(state), OF_ONE)
    move = Fork.read(state.fork).move if state.fork else {}
    return start + after[name].format(
        series=state.series, lever=state.lever, within=WITHIN, month=months.name(state.month), move=move
    )


def all_lines(state: State) -> str:
    """Return the lines that make the world, its comparison and its pictures."""
    return _start(state) + (
        "pair = sim.compare(world, pinned, runs=runs, seed=seed)\n"
        f'print(pair.effect("reengagement"))\npair.plot("{state.series}")\n'
        "print(many.drift.share)\nmany.plot()\n"
    )


def _start(state: State) -> str:
    return (
        "import pandas as pd\n\nimport sim\nfrom sim.scenario import loads\n\n"
        f"world = {_scenario(state.world)}\npinned = {_scenario(state.pin)}\n"
        f"runs, seed = {RUNS}, {state.seed}\n"
        "many, pin = (sim.ensemble(each, runs=runs, seed=seed) for each in (world, pinned))\n\n"
    )


def _start_of_one(state: State) -> str:
    return (
        "import pandas as pd\n\nimport sim\nfrom sim.scenario import loads\n\n"
        f"world = {_scenario(state.world)}\nnumber, seed = {state.run}, {state.seed}\n"
        "run = sim.run(world, seed=seed, number=number)\n\n"
    )


def _scenario(world: World) -> str:
    base = based_on(world.base)
    named = not world.base.startswith("yaml.")
    start = f"sim.load({world.base!r})" if named else f"loads({pformat(base.to_yaml(), width=100)})"
    changed = changes(base, dict(world.values))
    if not changed:
        return start
    said = ",\n".join(f"    {key}={pformat(value, width=100)}" for key, value in changed.items())
    return f"{start}.with_(\n    name={world.scenario().name!r},\n{said},\n)"
