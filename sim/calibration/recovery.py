"""Does the filter find what is known? Made-up histories with a record of their own, and where the truth ranks in it.

``python -m sim.calibration.recovery RECORDS PARTICLES`` takes as many runs of the initial particles for the truth,
writes down of each what coders and statisticians would have seen, filters that, and ranks the truth among the
particles. If the filter is right, ranks are uniform, and intervals of 50, 80 and 95% hold as many truths (Talts et al.
2018).
"""

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kstest

from sim.article.record import LAST, cells
from sim.calibration import coding, filtering, measurements
from sim.calibration.filtering import FilterSettings
from sim.calibration.measurements import WATCHED, Figure
from sim.calibration.parameter_sets import standing
from sim.engine.ensemble import SERIES, Ensemble, simulate
from sim.engine.plan import Support
from sim.model.moves import BUNDLES, LEVERS
from sim.scenario.source import Source

RANKED = (*WATCHED, "warmth_beijing_pyongyang", "warmth_moscow_pyongyang", "tension", "trust", "pact", "influence")
INTERVALS = (0.5, 0.8, 0.95)
_PLACE = {lever.field: place for place, lever in enumerate(LEVERS)}


@dataclass(frozen=True)
class Histories:
    """How much is tried: made-up histories, particles of each, and its last month.

    Where the parameters are known, all particles have those of the truth, and its states alone are looked for: what is
    amiss then lies in the likelihood or the resampling, and not in how parameter sets are kept apart.
    """

    records: int = 50
    particles: int = 4_096
    as_of: str = LAST
    known: bool = False


def ranks(size: Histories, seed: int, jobs: int = 1) -> pd.DataFrame:
    """Return where the truth ranks among the particles: a row a history, a column a state, from 0 to 1.

    Half of the truths have retained sets, the others fresh draws.
    """
    scenario, sets = filtering.world(size.as_of), standing()
    processes = filtering.learnt(scenario, sets, seed, jobs)
    border, found = filtering.border_of(scenario), []
    truths = filtering.begun(scenario, sets, max(size.records, 2), seed + 1, jobs)
    places = np.linspace(0, len(truths) - 1, size.records).astype(np.int64)
    own = {name: values[places] for name, values in truths.parameters().items()}
    histories = simulate(scenario, size.records, seed + 1, jobs, own, Source.RETAINED)
    for number in range(size.records):
        chance = np.random.default_rng([seed, 3, number])
        truth = histories.select(np.array([number]))
        seen = measured(truth, border, processes, chance)
        particles = filtering.begun(scenario, sets, size.particles, seed + 2 + number, jobs)
        if size.known:
            particles.normal = np.repeat(truths.normal[[places[number]]], size.particles, axis=0)
        figures = measurements.Measurements(size.particles, border, processes, seen)
        known = filtering.through(particles, coded(truth, chance), figures, FilterSettings(size.particles))
        assert known.sets.states is not None
        states = known.sets.states.series[:, -1]
        rank = {}
        for name in RANKED:
            values, true = states[:, SERIES.index(name)], np.float32(truth.array(name)[0, -1])
            below, equal = (values < true).mean(), (values == true).mean()
            rank[name] = below + equal * chance.random()  # a state at its bound ties with others
        found.append(rank)
    return pd.DataFrame(found)


def coded(truth: Ensemble, chance: np.random.Generator) -> Support:
    """Return a record of a run: the cells of the real one, as its first coding that has them would have read them."""
    learnt, horizon = coding.estimated(), truth.played.shape[1]
    support = np.ones((horizon, len(LEVERS) + 1, len(BUNDLES)))
    for cell in cells():
        if cell.month < horizon and cell.lever not in coding.ACTS:
            _read(support, truth, learnt, cell.month, cell.lever, cell.confidence[0], chance)
    for lever, seen in learnt.seen.items():
        for month in range(horizon):
            if coding.shut(lever, month):
                continue
            if chance.random() < seen[truth.played[0, month, _PLACE[lever]]]:
                _read(support, truth, learnt, month, lever, "medium", chance)
                support[month, _PLACE[lever], : len(seen)] *= seen
            else:
                support[month, _PLACE[lever], : len(seen)] = 1.0 - seen
    support[:, len(LEVERS)] = coding.of_bundles(support)
    return Support.of(support)


def _read(
    support: NDArray[np.float64], truth: Ensemble, learnt: coding.Coding, month: int, lever: str, confidence: str,
    chance: np.random.Generator,
) -> None:  # fmt: skip
    confusion = learnt.confusion(lever, confidence)
    read = chance.choice(len(confusion), p=confusion[:, truth.played[0, month, _PLACE[lever]]])
    support[month, _PLACE[lever], : len(confusion)] = confusion[read]


def measured(
    truth: Ensemble,
    border: NDArray[np.float64],
    processes: dict[str, measurements.Discrepancy],
    chance: np.random.Generator,
) -> list[Figure]:
    """Return figures of a run, of the series and months of the real ones."""
    found = []
    past = {name: list(truth.array(name).T) for name in WATCHED}
    for name, process in processes.items():
        measure, kalman = measurements.MEASURES[name], measurements.Kalman(1, process, border[0])
        gap = float(np.sqrt(kalman.variance) * chance.standard_normal())
        there = {figure.month: figure for figure in measurements.figures(name) if figure.month < len(border)}
        for month in range(len(border)):
            if month and (not measure.yearly or month % 12 == 0):
                gap = process.kept * gap + process.fresh(float(border[month])) * chance.standard_normal()
            if month in there:
                until = {series: each[: month + 1] for series, each in past.items()}
                value = float(measure.of(until)[0]) + gap + measure.error * chance.standard_normal()
                found.append(Figure(name, month, value, there[month].known))
    return found


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Return by state how many truths the intervals hold, and how likely ranks so uneven are by chance."""
    rows = {
        name: [*((abs(column - 0.5) <= width / 2).mean() for width in INTERVALS), kstest(column, "uniform").pvalue]
        for name, column in found.items()
    }
    return pd.DataFrame(rows, index=[*(f"{width:.0%}" for width in INTERVALS), "p"]).T


if __name__ == "__main__":
    records, count = (int(word) for word in sys.argv[1:3])
    told = summary(ranks(Histories(records, count), 20240816, 2))
    print(told.round(3).to_string())
    print(f"all: {told.iloc[:, :3].mean().round(3).to_dict()}")
