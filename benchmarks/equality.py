"""The two engines side by side: every number of every month must be the same to the last bit.

``python -m benchmarks.equality`` runs every scenario under every variant with 20 seeds in both engines (some two hours
of one core, nearly all of it Mesa's); ``--sample`` runs the sample of the tests (some two minutes).
"""

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from sim.engine.ensemble import SERIES
from sim.engine.experiment import Experiment
from sim.engine.mesa.agents import Peninsula
from sim.model import months
from sim.model.moves import MOVE_FIELDS
from sim.model.variants import VARIANTS
from sim.scenario import Scenario, load

SCENARIOS = tuple(sorted(path.stem for path in (Path(__file__).parents[1] / "scenarios").glob("*.yaml")))
SEEDS = range(20)
COMPARED = (*SERIES, *MOVE_FIELDS)
# The article's month lies well inside, and so do the first scripted moves and an end of the war in 2025.
SHORT = {"to": "2026-06"}
# No shipped world moves every driver, scripts a part of the deal alone, or leaves a claim out; this one does.
EVERYTHING = Path(__file__).with_name("everything.yaml")


@dataclass(frozen=True)
class Case:
    """One run that both engines live."""

    name: str
    scenario: Scenario
    seed: int
    run: int

    @property
    def variant(self) -> str:
        """The name of the variant."""
        return self.scenario.variant.name


def matrix() -> Iterator[Case]:
    """Return every scenario under every variant with every seed."""
    for name in SCENARIOS:
        for variant in VARIANTS:
            scenario = load(name).with_(variant=variant)
            yield from (Case(name, scenario, seed, 3 * seed + 1) for seed in SEEDS)


def sample() -> Iterator[Case]:
    """Return the covering sample: all scenarios, all variants, all drivers, two runs a scenario, one of them whole.

    The variants go round, so that each is also simulated over a whole horizon, past every scripted end of the war.
    """
    variants = tuple(VARIANTS)
    for place, name in enumerate(sorted(SCENARIOS, key=lambda name: -load(name).horizon)):
        for turn in range(2):
            scenario = load(name).with_(variant=variants[(place + 5 * turn) % len(variants)])
            short = turn > 0 and scenario.horizon > months.index(SHORT["to"])
            yield Case(name, scenario.with_(months=SHORT) if short else scenario, place, 1000 * turn)
    for place, variant in enumerate(variants):
        yield Case(EVERYTHING.stem, load(EVERYTHING).with_(variant=variant), 2**40 + place, place)


def compare(case: Case) -> list[str]:
    """Simulate a case in both engines and return where they differ: "month series", in order of time."""
    model = Peninsula(case.scenario, seed=case.seed, run=case.run, trace=False)
    model.run_model()
    one = model.datacollector.get_model_vars_dataframe()[list(COMPARED)].to_numpy(float)
    many = Experiment(case.scenario, seed=case.seed, runs=range(case.run, case.run + 1), jobs=1).ensemble()
    other = np.column_stack([many.array(name)[0] for name in COMPARED])
    if one.shape != other.shape or model.war_end != many.war_end[0]:
        raise AssertionError(f"{one.shape} months and series against {other.shape}, or not the same end of the war")
    # As integers, for a NaN and a zero of the other sign are differences too.
    apart = np.ascontiguousarray(one).view(np.int64) != other.view(np.int64)
    return [f"{months.name(month)} {COMPARED[series]}" for month, series in np.argwhere(apart)]


def main() -> int:
    """Print a row a scenario, and how many numbers differ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", action="store_true", help="the covering sample of the tests alone")
    cases = list(sample() if parser.parse_args().sample else matrix())
    Experiment(load("hindcast")).ensemble()  # compiles before the workers set out
    differing, numbers = 0, 0
    print(f"{'scenario':38}{'runs':>6}{'numbers':>12}{'differing':>11}")
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        results = zip(cases, pool.map(compare, cases, chunksize=4), strict=True)
        for name, group in groupby(results, lambda result: result[0].name):
            compared = list(group)
            size = sum(case.scenario.horizon * len(COMPARED) for case, _ in compared)
            places = sum(len(apart) for _, apart in compared)
            print(f"{name:38}{len(compared):6}{size:12,}{places:11,}", flush=True)
            for case, apart in compared:
                if apart:
                    print(f"    {case.variant}, seed {case.seed}, run {case.run}: {len(apart)}, first {apart[0]}")
            differing, numbers = differing + places, numbers + size
    print(f"{len(cases):,} runs, {numbers:,} numbers, {differing:,} differ")
    return int(differing > 0)


if __name__ == "__main__":
    raise SystemExit(main())
