"""Does the filter find what is known? Made-up histories with a record of their own, and where the truth ranks in it.

``python -m research.recovery RECORDS PARTICLES`` takes a run of so many parameter sets for the truth, writes
down of each what coders and statisticians would have seen, filters that, and ranks the truth among the particles. If
the filter is right, ranks are uniform, and intervals of 50, 80 and 95% hold as many truths (Talts et al. 2018).
"""

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.stats import kstest

from sim.engine.ensemble import SERIES, Ensemble
from sim.engine.experiment import Experiment
from sim.engine.plan import Support
from sim.engine.sets import equally_weighted
from sim.inference import coding, filtering, measurements
from sim.inference.filtering import FilterSettings
from sim.inference.measurements import WATCHED, Discrepancy, Figure, Values
from sim.inference.parameter_sets import retained_sets
from sim.model.moves import BUNDLES, LEVERS
from sim.registers.record import LAST, cells

RANKED = (*WATCHED, "warmth_beijing_pyongyang", "warmth_moscow_pyongyang", "tension", "trust", "pact", "influence")
INTERVALS = (0.5, 0.8, 0.95)
_PLACE = {lever.field: place for place, lever in enumerate(LEVERS)}
_SETTINGS = FilterSettings(particles=8_192)


@dataclass(frozen=True)
class Histories:
    """How much is tried: made-up histories, how each is filtered, and its last month.

    Where the parameters are known, all particles have those of the truth, and its states alone are looked for: what is
    amiss then lies in the likelihood or the resampling, and not in how parameter sets are weighed.
    """

    records: int = 50
    settings: FilterSettings = _SETTINGS
    as_of: str = LAST
    known: bool = False


def ranks(size: Histories, experiment: Experiment) -> pd.DataFrame:
    """Return where the truth ranks among the particles: a row a history, a column a state, from 0 to 1.

    The truths have sets that the filter is not given.

    Parameters
    ----------
    size
        How many histories, and what the filter is asked.
    experiment
        The sets and the seed; the world is that of the month that the histories end in.
    """
    asked = experiment.replace(scenario=filtering.known_world(size.as_of))
    scenario, sets, seed = asked.scenario, asked.sets, asked.seed
    processes = filtering.learn_discrepancies(asked)
    border, rows = filtering.border_of(scenario), []
    order = np.random.default_rng([seed, 4]).permutation(len(sets))
    true, others = (equally_weighted(sets.values.iloc[part], sets.source) for part in np.split(order, [size.records]))
    histories = asked.replace(sets=true, seed=seed + 1).runs_of_every_set(1).ensemble()
    for number in range(size.records):
        chance = np.random.default_rng([seed, 3, number])
        truth = histories.select(np.array([number]))
        figures = measurements.Measurements(
            int(np.prod(size.settings.shape)), border, processes, measure_run(truth, border, processes, chance)
        )
        over = equally_weighted(true.values.iloc[[number]], true.source) if size.known else others
        turn = asked.replace(sets=over, seed=seed + 2 + number)
        known = filtering.through(turn, code_run(truth, chance), figures, size.settings)
        assert known.sets.states is not None
        states = known.sets.states.series[:, -1]
        rank = {}
        for name in RANKED:
            values, at = states[:, SERIES.index(name)], np.float32(truth.array(name)[0, -1])
            below, equal = (values < at).mean(), (values == at).mean()
            rank[name] = below + equal * chance.random()  # a state at its bound ties with others
        rows.append(rank)
    return pd.DataFrame(rows)


def code_run(truth: Ensemble, chance: Generator) -> Support:
    """Return a record of a run: the cells of the real one, as its first coding that has them would have read them."""
    learnt, horizon = coding.estimate_coding(), truth.played.shape[1]
    support = np.ones((horizon, len(LEVERS) + 1, len(BUNDLES)))

    def read(month: int, lever: str, confidence: str) -> None:
        confusion = learnt.confusion(lever, confidence)
        option = chance.choice(len(confusion), p=confusion[:, truth.played[0, month, _PLACE[lever]]])
        support[month, _PLACE[lever], : len(confusion)] = confusion[option]

    for cell in cells():
        if cell.month < horizon and cell.lever not in coding.ACTS:
            read(cell.month, cell.lever, cell.confidence[0])
    for lever, seen in learnt.seen.items():
        for month in (month for month in range(horizon) if not coding.out_of_hand(lever, month)):
            if chance.random() < seen[truth.played[0, month, _PLACE[lever]]]:
                read(month, lever, "medium")
                support[month, _PLACE[lever], : len(seen)] *= seen
            else:
                support[month, _PLACE[lever], : len(seen)] = 1.0 - seen
    support[:, len(LEVERS)] = coding.of_bundles(support)
    return Support.of(support)


def measure_run(truth: Ensemble, border: Values, processes: dict[str, Discrepancy], chance: Generator) -> list[Figure]:
    """Return figures of a run, of the series and months of the real ones."""
    figures = []
    past = {name: list(truth.array(name).T) for name in WATCHED}
    past[measurements.REST] = [np.array([chance.uniform(*processes["share"].rest)])] * len(border)
    for name, process in processes.items():
        measure, kalman = measurements.MEASURES[name], measurements.Kalman(1, process, border[0])
        gap = float(np.sqrt(kalman.variance) * chance.standard_normal())
        there = {figure.month: figure for figure in measurements.series_figures(name) if figure.month < len(border)}
        for month in range(len(border)):
            if month and (not measure.yearly or month % 12 == 0):
                gap = process.kept * gap + process.fresh(float(border[month])) * chance.standard_normal()
            if month in there:
                own = float(measure.of(measurements.until(past, month))[0]) + process.by_month[month % 12]
                value = own + gap + measure.error * chance.standard_normal()
                figures.append(Figure(name, month, value, there[month].known))
    return figures


def summary(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return by state how many truths the intervals hold, and how likely ranks so uneven are by chance."""
    rows = {
        name: [*((abs(column - 0.5) <= width / 2).mean() for width in INTERVALS), kstest(column, "uniform").pvalue]
        for name, column in ranked.items()
    }
    return pd.DataFrame(rows, index=[*(f"{width:.0%}" for width in INTERVALS), "p"]).T


if __name__ == "__main__":
    records, count = (int(word) for word in sys.argv[1:3])
    known = Experiment(filtering.known_world(LAST), retained_sets(), 20240816)
    table = summary(ranks(Histories(records, FilterSettings(count)), known))
    print(table.round(3).to_string())
    print(f"all: {table.iloc[:, :3].mean().round(3).to_dict()}")
