"""How fast runs are simulated, engine beside engine, in one run on one machine: ``python -m benchmarks.engines``.

Each row runs the baseline over its 168 months. The rows take turns, so that a busy or throttled machine slows all of
them alike; the best turn of each counts. Compiling is not timed: it is paid once for a version of the rules. Another
row is another entry of ``ROWS``. The projection alone, beside C, is timed by ``python -m benchmarks.projection``.
"""

import os
import platform
from collections.abc import Callable
from functools import partial
from tempfile import TemporaryDirectory
from time import perf_counter

import mesa
import pandas as pd

import sim
from sim.engine.experiment import Experiment
from sim.engine.mesa.agents import Peninsula
from sim.scenario import load

SCENARIO = load("baseline")
TURNS = 5
SEED = 1
Simulating = Callable[[int], object]  # simulates so many runs


def mesa_loop(runs: int, trace: bool) -> None:
    """Simulate runs one after the other in the Mesa engine."""
    for run in range(runs):
        Peninsula(SCENARIO, seed=SEED, run=run, trace=trace).run_model()


def batch_run(runs: int) -> None:
    """Simulate runs with Mesa's own batch runner, without a trace."""
    mesa.batch_run(
        Peninsula,
        {"scenario": [SCENARIO], "seed": SEED, "run": list(range(runs)), "trace": False},
        number_processes=1,
        max_steps=SCENARIO.horizon,
        display_progress=False,
    )


def replay(runs: int) -> None:
    """Simulate runs of a stored sweep again, each checked against what was stored."""
    with TemporaryDirectory() as folder:
        study = sim.sweep(SCENARIO, pd.DataFrame({"foresight": [5.0]}), out=folder, runs=runs, seed=SEED, jobs=1)
        for number in range(runs):
            study.replay(number)


def compiled(runs: int, threads: int) -> None:
    """Simulate an ensemble in the compiled engine."""
    Experiment(SCENARIO, seed=SEED, runs=range(runs), jobs=threads).ensemble()


# What is timed: its name, how it simulates runs, and how many at a turn (a second or so). The first is the yardstick.
ROWS: tuple[tuple[str, Simulating, int], ...] = (
    ("Mesa's loop, every decision kept", partial(mesa_loop, trace=True), 1),
    ("Mesa's loop, no trace", partial(mesa_loop, trace=False), 1),
    ("Mesa's batch_run, no trace", batch_run, 1),
    ("a sweep's run replayed", replay, 1),
    ("compiled, one thread", partial(compiled, threads=1), 3200),
    ("compiled, two threads", partial(compiled, threads=2), 6400),
)


def best_rates() -> list[float]:
    """Return the runs a second of each row's best turn."""
    best = [0.0] * len(ROWS)
    for _, simulating, _ in ROWS:
        simulating(1)  # compiles, imports, fills caches
    for _ in range(TURNS):
        for place, (_, simulating, runs) in enumerate(ROWS):
            start = perf_counter()
            simulating(runs)
            best[place] = max(best[place], runs / (perf_counter() - start))
    return best


def main() -> None:
    """Print a row for each way of simulating runs."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{SCENARIO.horizon} months a run; {machine}")
    rates = best_rates()
    print(f"{'':36}{'runs/s':>10}{'against the first':>20}")
    for (name, _, _), rate in zip(ROWS, rates, strict=True):
        print(f"{name:36}{rate:10.2f}{rate / rates[0]:19.1f}x")


if __name__ == "__main__":
    main()
