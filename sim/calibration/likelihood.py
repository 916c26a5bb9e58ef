"""How likely each parameter set makes the record: a particle filter of its own for every set, all at once.

What is recorded of moves and figures is taken in as :mod:`sim.calibration.filtering` takes it in, but parameters stay
as they are, and particles are resampled among those of their own set alone. No set wins copies of another: each keeps
its own likelihood, whose noise more particles make smaller.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from sim.article.record import LAST
from sim.calibration import coding, filtering, measurements
from sim.calibration.measurements import WATCHED, Measurements
from sim.calibration.parameter_sets import Sets, standing
from sim.engine.blocks import REMEMBERED, Steps
from sim.engine.ensemble import by_run
from sim.engine.plan import plan

_STATES = [REMEMBERED.index(f"world.{name}") for name in WATCHED]


def of_record(sets: Sets, particles: int, seed: int, jobs: int = 1, as_of: str = LAST) -> NDArray[np.float64]:
    """Return the log-likelihood of all that was recorded, one a set, in nats.

    Parameters
    ----------
    particles
        Runs of each set.
    as_of
        The last month of the record that counts, YYYY-MM.
    """
    scenario, chance = filtering.world(as_of), np.random.default_rng([seed, 1])
    border, processes = filtering.border_of(scenario), filtering.learnt(scenario, standing(), seed, jobs)
    runs = np.arange(len(sets) * particles)
    figures = Measurements(len(runs), border, processes, measurements.known(scenario.horizon - 1))
    values = sets.values.drop(columns=list(scenario.parameters), errors="ignore")
    own = {str(name): np.repeat(values[name].to_numpy(np.float64), particles) for name in values}
    record = coding.record(scenario.horizon)
    steps = Steps(plan(scenario), seed, runs, ("log_evidence",), by_run(scenario, own), jobs, None, record)
    weights = np.full((len(sets), particles), -np.log(particles))
    found = np.zeros(len(sets))
    for _ in range(scenario.horizon):
        (moves,), _played = steps.step()
        seen = figures.weigh(dict(zip(WATCHED, steps.memory[_STATES], strict=True)))
        weights += (moves + sum(seen.values())).reshape(weights.shape)
        gained = logsumexp(weights, axis=1)
        found, weights = found + gained, weights - gained[:, None]
        parents = _resampled(weights, chance)
        steps.memory = steps.memory[:, parents]
        figures.select(parents)
    return found


def _resampled(weights: NDArray[np.float64], chance: np.random.Generator) -> NDArray[np.int64]:
    """Return the parents of all particles; sets whose effective size falls below half are resampled, and even again."""
    particles = weights.shape[1]
    parents, shares = np.arange(weights.size).reshape(weights.shape), np.exp(weights)
    for place in np.flatnonzero(1.0 / (shares**2).sum(axis=1) < 0.5 * particles):
        times = filtering.drawn(shares[place], float(chance.random()))
        parents[place] = np.repeat(parents[place], times)
        weights[place] = -np.log(particles)
    return parents.ravel()
