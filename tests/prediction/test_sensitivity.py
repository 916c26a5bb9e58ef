"""Indices of a sweep find what matters, and do not order what chance may have ordered."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.intervals import NORMAL
from sim.inference.designs import DESIGNS, uniform
from sim.prediction import sensitivity
from sim.storage.study_errors import StudyError
from sim.studies.sweep_file import load_sweep

VARY = {"postwar_need": uniform(0, 1.6), "foresight": uniform(2, 12), "precision": uniform(100, 450)}


def study(design: str, points: int, missing: bool = False) -> SimpleNamespace:
    """Return a study whose effect is 10 times the first factor's place, once the second's, and nothing of the third."""
    frame = DESIGNS["latin" if design == "latin" else design](VARY, points, 1)
    effect = 10 * frame["postwar_need"] / 1.6 + (frame["foresight"] - 2) / 10
    outcomes = pd.DataFrame({"point": frame.index, sensitivity.MEASURE: effect})
    outcomes.loc[0, sensitivity.MEASURE] = np.nan if missing else outcomes.loc[0, sensitivity.MEASURE]
    return SimpleNamespace(
        store=SimpleNamespace(manifest={"design": design}), design=frame, outcomes=outcomes, folder="made"
    )


def test_morris_finds_the_size_of_each_step() -> None:
    indices = sensitivity.indices(study("morris", 20))
    assert indices["mu_star"].to_dict() == pytest.approx({"postwar_need": 10.0, "foresight": 1.0, "precision": 0.0})
    assert indices["rank"].to_dict() == {"postwar_need": 1, "foresight": 2, "precision": 3}


def test_sobol_finds_the_share_of_the_spread() -> None:
    indices = sensitivity.indices(study("sobol", 512))
    assert indices["ST"]["postwar_need"] == pytest.approx(100 / 101, abs=0.02)
    assert indices["S1"]["foresight"] == pytest.approx(1 / 101, abs=0.02)


def noisy(design: str, points: int, runs: int, wide: float) -> SimpleNamespace:
    """Return the same study with runs that scatter about each point, and with a shift that all points share."""
    scattered, chance = study(design, points), np.random.default_rng(5)
    every = pd.concat([scattered.outcomes] * runs, ignore_index=True)
    shared = np.repeat(chance.normal(0.0, 50.0, runs), len(scattered.outcomes))
    every[sensitivity.MEASURE] += shared + chance.normal(0.0, wide, len(every))
    scattered.outcomes = every
    return scattered


def test_a_number_that_does_nothing_has_the_index_that_noise_gives_it() -> None:
    """The third of the factors does nothing, so its index is noise alone, and the dummy's has to be the same."""
    for design, points, value in (("morris", 200, "mu_star"), ("sobol", 1024, "ST")):
        indices = sensitivity.indices(noisy(design, points, 10, 3.0))
        assert indices[value][sensitivity.DUMMY] == pytest.approx(indices[value]["precision"], rel=0.15)
        assert indices["rank"][sensitivity.DUMMY] > indices["rank"]["postwar_need"]
    step = np.abs(np.random.default_rng(1).normal(0.0, 3.0 * (2.0 / 10) ** 0.5, 100_000)).mean() / (2.0 / 3.0)
    indices = sensitivity.indices(noisy("morris", 200, 10, 3.0))
    assert indices["mu_star"][sensitivity.DUMMY] == pytest.approx(step, rel=0.1)


def test_the_share_of_noise_is_that_of_the_means_and_not_of_what_all_points_share() -> None:
    spread = np.var(study("sobol", 512).outcomes[sensitivity.MEASURE])
    share = sensitivity.noise_share(noisy("sobol", 512, 10, 3.0))
    assert share == pytest.approx(0.9 / (spread + 0.9), rel=0.1)
    assert np.isnan(sensitivity.noise_share(study("sobol", 16)))  # a run a point
    assert sensitivity.DUMMY not in sensitivity.indices(study("sobol", 16)).index


@pytest.mark.parametrize(("values", "halves", "ranks"), [
    ([], [], []), ([5.0], [9.0], [1]), ([5.0, 4.0, 1.0], [0.6, 0.6, 0.1], [1, 1, 3]), ([5.0, 4.0], [0.5, 0.5], [1, 1]),
    ([5.0, 4.0], [0.5, 0.4], [1, 2]), ([5.0, 4.0, 3.0, 1.0], [0.6, 0.6, 0.6, 0.1], [1, 1, 1, 4]),
    ([5.0, 1.0, 0.9], [0.1, 0.1, 0.1], [1, 2, 2]),
])  # fmt: skip
def test_factors_that_chance_may_have_ordered_share_a_rank(
    values: list[float], halves: list[float], ranks: list[int]
) -> None:
    assert sensitivity._ranks(np.array(values), np.array(halves)) == ranks


def test_the_dummy_has_the_indices_of_steps_that_are_noise() -> None:
    """Morris: steps of 1 and 2 either way, two for a factor. Sobol: about a mean of 1 and a variance of 1, one each."""
    steps = np.array([1.0, -1.0, 2.0, -2.0]) * 2.0 / 3.0
    assert sensitivity._dummy("morris", steps, np.zeros(4), 1) == pytest.approx(
        [1.5, NORMAL * 0.5 / 2.0**0.5, 0.0, 2.5**0.5]
    )
    values, steps = np.array([0.0, 0.0, 4.0, 4.0]), np.array([1.0, -1.0, 2.0, 0.0])  # -2, 2, 4, 0 and 0.5, 0.5, 2, 0
    first, total = np.array([-0.5, 0.5, 1.0, 0.0]), np.array([0.125, 0.125, 0.5, 0.0])
    wanted = [0.25, NORMAL * first.std(), 0.1875, NORMAL * total.std()]
    assert sensitivity._dummy("sobol", steps, values, 2) == pytest.approx(wanted)
    half = sensitivity._dummy("sobol", steps, values, 6)  # half a step for a factor
    assert half[1::2] == pytest.approx([NORMAL * 2.0**0.5 * first.std(), NORMAL * 2.0**0.5 * total.std()])


def test_halves_are_every_other_run_that_was_judged_less_what_all_points_share() -> None:
    runs = pd.DataFrame([(0, 1.0), (0, 2.0), (0, np.nan), (0, 3.0), (0, 4.0), (1, 5.0), (1, 1.0), (1, 9.0)],
                        columns=["point", sensitivity.MEASURE])  # fmt: skip
    asked = SimpleNamespace(outcomes=runs, design=pd.DataFrame(index=[0, 1]))
    assert sensitivity._halves(asked).tolist() == [-3.5, 3.5]  # type: ignore[arg-type]  # -1 and 6 apart
    means = np.var([2.5, 5.0])
    assert sensitivity.noise_share(asked) == min(3.5**2 / 4.0 / means, 1.0) == 1.0  # type: ignore[arg-type]
    runs.loc[5:, sensitivity.MEASURE] += 20.0
    assert sensitivity.noise_share(asked) == pytest.approx(3.5**2 / 4.0 / np.var([2.5, 25.0]))  # type: ignore[arg-type]


def test_other_designs_and_unjudged_points_are_refused() -> None:
    with pytest.raises(StudyError, match="latin design"):
        sensitivity.indices(study("latin", 20))
    with pytest.raises(StudyError, match="1 of 80 points"):
        sensitivity.indices(study("morris", 20, missing=True))


@pytest.mark.parametrize("name", ["sensitivity-morris", "sensitivity-sobol"])
def test_the_shipped_sweeps_keep_every_ordering(name: str) -> None:
    asked = load_sweep(name)
    assert asked.left_out == 0 and asked.design in sensitivity.INDEX
