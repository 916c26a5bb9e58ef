"""Other programs drive the model as one of their own: EMA Workbench and SALib, the real libraries."""

import runpy
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol as analysed
from SALib.sample import sobol as sampled

import sim

EXAMPLE = Path(__file__).parents[2] / "examples" / "prim_with_ema.py"
SHORT = sim.load("war-ends-early").with_(months={"to": "2027-06"})
OUTCOME = "reengagement_last_year"


@pytest.fixture(scope="module")
def ema() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of engines that are not installed, said at import
        import ema_workbench

    return ema_workbench


def test_outcomes_are_the_means_of_the_worlds_that_an_ensemble_simulates() -> None:
    varied = sim.vary(SHORT, {"postwar_need": sim.uniform(0.0, 1.6)}, runs=20, seed=4)
    outcomes = varied.outcomes(pd.DataFrame({"postwar_need": [0.1, 1.5]}))
    many = sim.ensemble(SHORT.with_(postwar_need=1.5), runs=20, seed=4)
    assert outcomes.loc[1, OUTCOME] == pytest.approx(many.outcomes[OUTCOME].mean(), rel=1e-12)
    assert outcomes.loc[0, OUTCOME] != outcomes.loc[1, OUTCOME]


def test_salib_samples_and_analyses_in_the_units_of_the_model() -> None:
    varied = sim.vary(SHORT, {"tension_gain": sim.prior("tension_gain"), "noise_sd": sim.prior("noise_sd")}, runs=16)
    problem = varied.to_salib()
    assert problem["names"] == ["tension_gain", "noise_sd"] and problem["num_vars"] == 2
    sample = sampled.sample(problem, 4, calc_second_order=False)
    (low, high) = problem["bounds"][0]
    assert low <= sample[:, 0].min() < sample[:, 0].max() <= high
    tensions = varied.of_sample(sample, "tension_mean")
    assert len(tensions) == len(sample) and np.std(tensions) > 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sample this small has wide intervals, and SALib divides by them
        indices = analysed.analyze(problem, tensions, calc_second_order=False)
    assert indices["ST"][0] > indices["ST"][1]  # how steep tension answers, against noise that averages out


def test_salib_is_refused_what_varies_by_steps() -> None:
    with pytest.raises(ValueError, match=r"war\.ends: SALib draws from ranges"):
        sim.vary(SHORT, {"war.ends": sim.values("2025-01", "2026-01")}).to_salib()


def test_ema_performs_experiments_on_the_model_as_its_own(ema) -> None:
    varied = sim.vary(
        SHORT, {"postwar_need": sim.uniform(0.0, 1.6), "war.ends": sim.values("2025-01", "2026-01")}, runs=16, seed=4
    )
    tried, outcomes = ema.perform_experiments(varied.to_ema(), 4)
    assert set(tried["war_ends"]) <= {"2025-01", "2026-01"} and tried["postwar_need"].between(0.0, 1.6).all()
    points = pd.DataFrame({"postwar_need": tried["postwar_need"], "war.ends": tried["war_ends"]})
    assert outcomes[OUTCOME] == pytest.approx(varied.outcomes(points)[OUTCOME].to_numpy(), rel=1e-12)


def test_the_example_with_prim_runs(ema, capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runpy.run_path(str(EXAMPLE))["main"](24)
    printed = capsys.readouterr().out
    assert "of 24 experiments" in printed and "density" in printed
